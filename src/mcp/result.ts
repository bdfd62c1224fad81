import type { CallToolResult } from '@modelcontextprotocol/server';
import { MaestroError } from '../domain/errors.ts';
import { untrustedLabel } from '../domain/untrusted.ts';
import { type JsonSchema, withoutOptionalNulls } from './json-schema.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { shrink } from './shrink.ts';
import type { Tool } from './tool.ts';

/** Hosts cut longer answers, each in its own way. */
const MOST_CHARACTERS = 10_000;
/** What `more` takes at most. */
const MORE_CHARACTERS = 600;
const MOST_ERROR_CHARACTERS = 2_000;

/**
 * The answer of a call: the same JSON for hosts that show their model the structure and for those that show the text,
 * of at most 10,000 characters. What does not fit is read page by page, by the run's id or by one given here.
 */
export function answer(tool: Tool, outputSchema: JsonSchema, value: object, kept: KeptAnswers): CallToolResult {
  const whole = labelled(tool, stripped(tool, outputSchema, value as Record<string, unknown>));
  const characters = JSON.stringify(whole).length;
  const structuredContent = characters <= MOST_CHARACTERS ? whole : bounded(whole, characters, kept);
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
}

/** Without nulls that say nothing. */
function stripped(tool: Tool, schema: JsonSchema, value: Record<string, unknown>): Record<string, unknown> {
  const answering = (tool.nullsThatAnswer ?? []).filter((field) => value[field] === null);
  const rest = withoutOptionalNulls(value, schema) as Record<string, unknown>;
  return { ...rest, ...Object.fromEntries(answering.map((field) => [field, null])) };
}

/** Says which fields other models wrote. */
function labelled(tool: Tool, value: Record<string, unknown>): Record<string, unknown> {
  const fields = tool.untrusted?.(value) ?? null;
  if (fields === null) return value;
  return { ...value, untrusted: untrustedLabel(fields) };
}

function bounded(whole: Record<string, unknown>, characters: number, kept: KeptAnswers): Record<string, unknown> {
  const run_id = runOf(whole) ?? kept.keep(whole);
  const next = `Cut to fit. All of it: maestro_workflow_state(wait_for: ${JSON.stringify(run_id)}, page: 1)`;
  return { ...shrink(whole, MOST_CHARACTERS - MORE_CHARACTERS), more: { run_id, characters, next } };
}

/** The run whose stored result holds all of an answer. */
function runOf(whole: Record<string, unknown>): string | null {
  const run = whole.run as { run_id?: unknown; result?: unknown } | undefined;
  const id = run?.result ? run.run_id : whole.run_id;
  return typeof id === 'string' ? id : null;
}

/** What came of a call that failed: what happened and what to do now, in the terms of the host's model. */
export function failure(error: unknown, log: (text: string) => void): CallToolResult {
  if (error instanceof MaestroError) return errorText(`${error.code}: ${error.message}\nWhat to do: ${error.remedy}`);
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const what = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : 'unknown';
  return errorText(`defect: Maestro itself failed (${what}). Carry on without this call; its log says more.`);
}

function errorText(text: string): CallToolResult {
  const bounded = text.length > MOST_ERROR_CHARACTERS ? `${text.slice(0, MOST_ERROR_CHARACTERS - 1)}…` : text;
  return { content: [{ type: 'text', text: bounded.toWellFormed() }], isError: true };
}
