import { ecmascript } from '../ecmascript.ts';

/** JavaScript, with JSX. */
export const language = ecmascript('javascript', ['.js', '.mjs', '.cjs', '.jsx'], 'javascript');
