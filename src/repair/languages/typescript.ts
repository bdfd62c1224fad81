import { ecmascript } from '../ecmascript.ts';

/** TypeScript. */
export const language = ecmascript('typescript', ['.ts', '.mts', '.cts'], 'typescript');
