/** A value that survives JSON unchanged: what steps commit and events carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
