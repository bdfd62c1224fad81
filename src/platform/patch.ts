export { parsePatch, type ReadText } from './patch-apply.ts';
export { renderPatch } from './patch-render.ts';
