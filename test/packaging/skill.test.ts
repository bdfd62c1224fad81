import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withTables } from '../../docs/skill-tables.ts';
import { createCounter } from '../../src/context/fit/o200k.ts';
import { STAGE_ORDER } from '../../src/domain/stage.ts';
import { loadSurface } from '../../src/mcp/surface.ts';

const SKILLS = fileURLToPath(new URL('../../skills/', import.meta.url));
const FOLDER = `${SKILLS}maestro-workflow/`;
const text = readFileSync(`${FOLDER}SKILL.md`, 'utf8');
const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text)!;
const fields = Object.fromEntries(
  head!.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
);
const { tools } = await loadSurface();

describe('the skill', () => {
  it('has the fields of the Agent Skills specification, within its limits', () => {
    expect(Object.keys(fields)).toEqual(['name', 'description', 'license', 'compatibility']);
    expect(fields.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(readdirSync(SKILLS)).toEqual([fields.name]);
    expect(fields.description!.length).toBeLessThanOrEqual(1_024);
    expect(fields.compatibility!.length).toBeLessThanOrEqual(500);
  });

  it('says in its description what it is for and when to use and to skip it', () => {
    expect(fields.description).toMatch(/Use when /);
    expect(fields.description).toMatch(/Skip /);
  });

  it('has fewer than 500 lines and 5,000 tokens to read at once', () => {
    expect(body!.split('\n').length).toBeLessThan(500);
    expect(createCounter()(body!)).toBeLessThan(5_000);
  });

  it('explains every tool and every stage', () => {
    expect(tools).toHaveLength(7);
    for (const { name } of tools) expect(body).toContain(`| \`${name}\` |`);
    for (const stage of STAGE_ORDER) expect(body).toContain(`| \`${stage}\` |`);
  });

  it('names only tools that there are, and only arguments that they take', () => {
    const pages = [
      text,
      ...readdirSync(`${FOLDER}references`).map((name) => readFileSync(`${FOLDER}references/${name}`, 'utf8')),
    ];
    const told = pages.join('\n').replace(/"[^"]*"|<[^>]*>/g, '');
    const calls = told.matchAll(/(maestro_[a-z_]+)(?:\(([^)]*)\))?/g);
    let named = 0;
    for (const [, name, args] of calls) {
      if (name === 'maestro_' || args === undefined) continue;
      const tool = tools.find((one) => one.name === name);
      expect(tool, name).toBeDefined();
      const taken = Object.keys(tool!.input().shape);
      for (const [, argument] of args.matchAll(/(?:^|, )([a-z_]+)(?=:|,|$)/g)) {
        named++;
        expect(taken, `${name}(${args})`).toContain(argument);
      }
    }
    expect(named).toBeGreaterThan(20);
  });

  it('refers only to pages that there are, one level deep', () => {
    const links = [...body!.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      expect(link).toMatch(/^references\/[a-z-]+\.md$/);
      expect(readFileSync(FOLDER + link, 'utf8')).not.toBe('');
    }
  });
});

describe('the tables in the skill', () => {
  it('come between their markers, whatever stood there, and nothing else changes', async () => {
    const page = 'before\n<!-- begin: budget -->\nold\n<!-- end: budget -->\nafter <!-- begin: here -->\n';
    const made = await withTables(page);
    expect(made).toMatch(
      /^before\n<!-- begin: budget -->\n\| limit \|[\s\S]*\n<!-- end: budget -->\nafter <!-- begin: here -->\n$/,
    );
    expect(made).not.toContain('old');
    expect(await withTables(made)).toBe(made);
  });

  it('must be known by name', async () => {
    await expect(withTables('<!-- begin: nothing -->\n<!-- end: nothing -->')).rejects.toThrow(/no table is called/);
  });
});
