export { pack } from './pack.ts';
export type { Pack, PackRequest } from './request.ts';
