/** Half-open intervals [start, end) in minutes since midnight. */
export function interval(start, end) {
  if (!(start < end)) throw new RangeError(`an interval must end after it starts: ${start}..${end}`);
  return { start, end };
}

export function parse(text) {
  const [start, end] = text.split('-').map(minutes);
  return interval(start, end);
}

export function overlaps(a, b) {
  return a.start <= b.end && b.start < a.end;
}

export function length({ start, end }) {
  return end - start;
}

function minutes(clock) {
  const [hours, rest] = clock.trim().split(':').map(Number);
  return hours * 60 + rest;
}
