import type { z } from 'zod';
import { MaestroError } from '../domain/errors.ts';
import { inputSchemaOf, type JsonSchema } from './json-schema.ts';
import type { Tool } from './tool.ts';

/** Arguments as a tool takes them, and the names that it does not know. */
export interface ReadArguments {
  readonly args: Record<string, unknown>;
  readonly ignored: readonly string[];
}

/**
 * Reads what a host sent: other names for the same thing, nulls, one text for a list of texts and JSON in a text are
 * understood; unknown names are left out and reported. Throws `usage` naming every argument that is wrong.
 */
export function readArguments(tool: Tool, sent: unknown): ReadArguments {
  const { properties = {} } = inputSchemaOf(tool.input());
  const known: Record<string, unknown> = {};
  const ignored: string[] = [];
  for (const [name, value] of Object.entries(asObject(tool, sent, properties))) {
    if (value === null || value === undefined) continue;
    const own = properties[name] ? name : tool.aliases?.[name];
    if (own === undefined) ignored.push(name);
    else if (own === name || known[own] === undefined) known[own] = understood(value, properties[own]!);
  }
  const result = tool.input().safeParse(known);
  if (!result.success) throw wrong(tool, result.error.issues, properties);
  return { args: result.data, ignored };
}

function asObject(tool: Tool, sent: unknown, properties: Readonly<Record<string, JsonSchema>>): object {
  if (sent === undefined || sent === null) return {};
  if (typeof sent === 'object' && !Array.isArray(sent)) return sent;
  throw wrong(tool, [{ path: [], message: 'the arguments must be an object' }], properties);
}

/** A value in the type that was meant; as it is where that is not plain. */
function understood(value: unknown, { type, items, enum: choices }: JsonSchema): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (choices !== undefined) return (choices as readonly unknown[]).includes(text) ? text : text.toLowerCase();
  if (type === 'string') return value;
  const json = /^[[{]/.test(text) ? parsed(text) : undefined;
  if (json !== undefined) return json;
  if (type === 'array' && items?.type === 'string') return [value];
  if (/^-?\d+(\.\d+)?$/.test(text) && (type === 'integer' || type === 'number')) return Number(text);
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>;

function wrong(tool: Tool, issues: readonly Issue[], properties: Readonly<Record<string, JsonSchema>>): MaestroError {
  const what = issues.slice(0, 5).map(({ path, message }) => {
    const name = path.map(String).join('.');
    return name === '' ? message : `${name}: ${message}`;
  });
  const required = (inputSchemaOf(tool.input()).required ?? []).join(', ');
  const takes = `${tool.name} takes ${Object.keys(properties).join(', ')}${required && `; required: ${required}`}`;
  return new MaestroError('usage', what.join('; '), `correct this and call again. ${takes}.`);
}
