/** A model server on loopback that follows a script; see the program itself for its steps. */
export function startFakeModelServer(options: { readonly script: unknown; readonly port?: number }): Promise<{
  readonly url: string;
  modelRequests(): unknown[];
  close(): Promise<void>;
}>;
