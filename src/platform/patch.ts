export { parsePatch } from './patch-apply.ts';
export { readPatch } from './patch-intake.ts';
export { renderPatch } from './patch-render.ts';
