import { length, overlaps, parse } from './interval.js';

/** One room and its bookings of one day. */
export class Room {
  #bookings = [];

  constructor(opening = '08:00-18:00') {
    this.opening = parse(opening);
  }

  /** Books the room, or returns the booking that is in the way. */
  book(who, when) {
    const wanted = { who, ...parse(when) };
    const conflict = this.#bookings.find((booking) => overlaps(booking, wanted));
    if (conflict) return { ok: false, conflict: conflict.who };
    this.#bookings.push(wanted);
    this.#bookings.sort((a, b) => a.start - b.start);
    return { ok: true };
  }

  /** Free stretches of at least `minimum` minutes within the opening hours. */
  free(minimum = 15) {
    const gaps = [];
    let from = this.opening.start;
    for (const booking of this.#bookings) {
      if (booking.start - from >= minimum) gaps.push({ start: from, end: booking.start });
      from = Math.max(from, booking.end);
    }
    if (this.opening.end - from >= minimum) gaps.push({ start: from, end: this.opening.end });
    return gaps;
  }

  /** Share of the opening hours that is booked, 0 to 1. */
  utilisation() {
    const booked = this.#bookings.reduce((sum, booking) => sum + length(booking), 0);
    return booked / length(this.opening);
  }
}
