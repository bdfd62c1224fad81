/** Hosts that count the silence of a call give up after some; well below any of them. */
const EVERY_MS = 8_000;

/** Sends one progress notification. */
export type Notify = (progress: number, message: string) => void;

export interface Reporter {
  readonly report: (message: string) => void;
  readonly stop: () => void;
}

/**
 * Tells a host how a call goes: every message at once, and at least every 8 s the last one with the seconds since
 * the call began. The figure only grows. After `stop` nothing is sent any more.
 */
export function reportTo(notify: Notify | null, doing: string): Reporter {
  if (notify === null) return { report: () => {}, stop: () => {} };
  const started = performance.now();
  let progress = 0;
  let last = doing;
  let stopped = false;
  const send = (message: string): void => {
    if (stopped) return;
    progress += 1;
    notify(progress, message);
    timer.refresh();
  };
  const timer = setTimeout(() => send(`${last} (${Math.round((performance.now() - started) / 1000)} s)`), EVERY_MS);
  timer.unref();
  return {
    report: (message) => {
      last = message;
      send(message);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
