import { ecmascript } from '../ecmascript.ts';

/** TypeScript with JSX. */
export const language = ecmascript('tsx', ['.tsx'], 'tsx');
