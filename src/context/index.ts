export { pack } from './pack.ts';
export type { Pack, PackRequest, Rerank } from './request.ts';
