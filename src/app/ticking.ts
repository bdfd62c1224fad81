const EVERY_MS = 5_000;

/** Progress that is never silent for long. */
export interface Ticking extends AsyncDisposable {
  readonly say: (message: string) => void;
}

/** Hands messages on, and repeats the last one with the seconds gone by every 5 s until it is disposed of. */
export function ticking(tell: (message: string) => void, first = 'working'): Ticking {
  let last = first;
  let since = performance.now();
  const timer = setInterval(() => tell(`${last} (${Math.round((performance.now() - since) / 1000)} s)`), EVERY_MS);
  timer.unref();
  return {
    say: (message) => {
      last = message;
      since = performance.now();
      tell(message);
    },
    [Symbol.asyncDispose]: async () => clearInterval(timer),
  };
}
