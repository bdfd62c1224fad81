import assert from 'node:assert/strict';
import test from 'node:test';
import { discountPercent, subtotal, total, type Line } from '../src/order.ts';

const bolts: Line = { article: 'bolt', quantity: 80, unitPrice: 25 };
const nuts: Line = { article: 'nut', quantity: 20, unitPrice: 10 };

test('an empty order costs nothing', () => assert.equal(total([]), 0));

test('every line counts', () => assert.equal(subtotal([bolts, nuts]), 2200));

test('one line is an order', () => assert.equal(subtotal([bolts]), 2000));

test('a hundred pieces earn a discount', () => {
  assert.equal(discountPercent([bolts, nuts]), 5);
  assert.equal(discountPercent([bolts]), 0);
});

test('the discount is taken off the subtotal', () => assert.equal(total([bolts, nuts]), 2090));
