'use strict';
// Appends one JSON line a test to the file MAESTRO_REPORT names. Loaded by the reporters beside it.
const { appendFileSync } = require('node:fs');

const MAX_MESSAGE = 20_000;

function record(entry) {
  const file = process.env.MAESTRO_REPORT;
  if (!file) return;
  const message = typeof entry.message === 'string' ? entry.message.slice(0, MAX_MESSAGE) : undefined;
  try {
    appendFileSync(file, `${JSON.stringify({ maestro: 1, ...entry, message })}\n`);
  } catch {
    // A report that cannot be written must not change what the tests do.
  }
}

/** The error as a person would want to read it: message, diff and stack. */
function describe(error) {
  if (error === null || typeof error !== 'object') return String(error);
  const stack = typeof error.stack === 'string' ? error.stack : '';
  const message = typeof error.message === 'string' ? error.message : '';
  return stack.includes(message) ? stack : `${message}\n${stack}`;
}

module.exports = { record, describe };
