import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { interval, length, overlaps, parse } from '../src/interval.js';

describe('an interval', () => {
  it('is read from clock times', () => {
    assert.deepEqual(parse('08:30-09:15'), { start: 510, end: 555 });
  });

  it('must end after it starts', () => {
    assert.throws(() => interval(10, 10), RangeError);
  });

  it('has a length in minutes', () => {
    assert.equal(length(interval(480, 540)), 60);
  });

  it('does not overlap the one that follows it', () => {
    assert.equal(overlaps(interval(0, 10), interval(10, 20)), false);
    assert.equal(overlaps(interval(10, 20), interval(0, 10)), false);
  });

  it('does not overlap one that is far from it', () => {
    assert.equal(overlaps(interval(0, 10), interval(50, 60)), false);
    assert.equal(overlaps(interval(50, 60), interval(0, 10)), false);
  });

  it('overlaps one that shares a part with it', () => {
    assert.equal(overlaps(interval(0, 10), interval(5, 15)), true);
    assert.equal(overlaps(interval(0, 10), interval(2, 3)), true);
  });
});
