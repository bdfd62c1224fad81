export { type PackDependencies, pack } from './pack.ts';
export type { LeftOut, Pack, PackedFile, PackRequest, Range } from './request.ts';
export { DEFAULT_BUDGET } from './request.ts';
