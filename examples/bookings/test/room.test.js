import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Room } from '../src/room.js';

describe('a room', () => {
  it('can be booked', () => {
    assert.deepEqual(new Room().book('Ada', '09:00-10:00'), { ok: true });
  });

  it('says who is in the way', () => {
    const room = new Room();
    room.book('Ada', '09:00-10:00');
    assert.deepEqual(room.book('Grace', '09:30-10:30'), { ok: false, conflict: 'Ada' });
    assert.deepEqual(room.book('Grace', '08:30-09:30'), { ok: false, conflict: 'Ada' });
    assert.deepEqual(room.book('Grace', '09:15-09:45'), { ok: false, conflict: 'Ada' });
  });

  it('can be booked right before another booking', () => {
    const room = new Room();
    room.book('Ada', '09:00-10:00');
    assert.deepEqual(room.book('Grace', '08:00-09:00'), { ok: true });
  });

  it('can be booked right after another booking', () => {
    const room = new Room();
    room.book('Ada', '09:00-10:00');
    assert.deepEqual(room.book('Grace', '10:00-11:00'), { ok: true });
  });

  it('lists the free stretches of the day', () => {
    const room = new Room('08:00-12:00');
    room.book('Ada', '09:00-10:00');
    room.book('Grace', '10:00-11:00');
    assert.deepEqual(room.free(), [
      { start: 480, end: 540 },
      { start: 660, end: 720 },
    ]);
  });

  it('leaves out stretches that are too short', () => {
    const room = new Room('08:00-10:00');
    room.book('Ada', '08:10-10:00');
    assert.deepEqual(room.free(), []);
  });

  it('knows how much of the day is booked', () => {
    const room = new Room('08:00-12:00');
    room.book('Ada', '09:00-10:00');
    assert.equal(room.utilisation(), 0.25);
  });
});
