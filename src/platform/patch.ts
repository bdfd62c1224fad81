export { parsePatch } from './patch-apply.ts';
export { renderPatch } from './patch-render.ts';
