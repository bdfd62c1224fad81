import { describe, expect, it } from 'vitest';
import { addresses } from '../../scripts/bundle/addresses.ts';
import { bundle, printed, tree } from './bundled.ts';

const THINGS = {
  'src/platform/load-definitions.ts': "export async function loadDefinitions() { throw new Error('the source') }",
  'src/app/things/b.ts': "export const thing: string = 'b'; export const other = 1;",
  'src/app/things/a.ts': "export const thing: string = 'a'; export const rest = 2;",
  'src/app/things/notes.md': 'not a module',
};

const main = (code: string): Record<string, string> => ({
  ...THINGS,
  'src/app/main.ts': `import { loadDefinitions } from '../platform/load-definitions.ts';\n${code}`,
});

async function result(files: Record<string, string>): Promise<unknown> {
  const root = tree(files);
  const out = `${root}out`;
  return printed(await bundle(`${root}src/app/main.ts`, out, [addresses(`${root}src/`, `${out}/`)]));
}

describe('a folder of definitions in a bundle', () => {
  it('holds what its files export, in the order of their names', async () => {
    const code = `const all = await loadDefinitions<string>(new URL('./things/', import.meta.url), 'thing');
      console.log(JSON.stringify(all));`;
    expect(await result(main(code))).toEqual(['a', 'b']);
  });

  it('is found under a name, and more than once', async () => {
    const code = `const THINGS = new URL('./things/', import.meta.url);
      const again = new URL('../app/things/', import.meta.url);
      console.log(JSON.stringify([
        await loadDefinitions(THINGS, 'thing'), await loadDefinitions(again, 'thing'), THINGS.href === again.href,
      ]));`;
    expect(await result(main(code))).toEqual([['a', 'b'], ['a', 'b'], true]);
  });

  it('says which folder has a file without the definition', async () => {
    const code = `await loadDefinitions(new URL('./things/', import.meta.url), 'other');`;
    await expect(result(main(code))).rejects.toThrow("maestro:app/things/ must export a 'other'");
  });

  it('is refused when it was not there at build time', async () => {
    const code = `await loadDefinitions(new URL('file:///somewhere/else/'), 'thing');`;
    await expect(result(main(code))).rejects.toThrow('file:///somewhere/else/ was not listed');
  });
});

describe('an address in a bundle', () => {
  it('of a file beside the source leads there from the bundle', async () => {
    const code = `import { readFileSync } from 'node:fs';
      const read = (url: URL) => readFileSync(url, 'utf8');
      const folder = new URL('../../runtime/', import.meta.url);
      console.log(JSON.stringify([
        read(new URL('../../runtime/data.txt', import.meta.url)), read(new URL('data.txt', folder)), folder.href.endsWith('/runtime/'),
      ]));`;
    expect(await result({ ...main(code), 'runtime/data.txt': 'here' })).toEqual(['here', 'here', true]);
  });

  it('of the folder above the source leads to the folder above the bundle', async () => {
    const code = `import { fileURLToPath } from 'node:url';
      const paths = [new URL('../..', import.meta.url), new URL('../../', import.meta.url)];
      console.log(JSON.stringify(paths.map((url) => url.href.replace(/.*bundled-\\w+/, ''))));`;
    expect(await result(main(code))).toEqual(['/', '/']);
  });

  it('of a single file of the source ends the build: the file is gone afterwards', async () => {
    const code = `console.log(new URL('./things/a.ts', import.meta.url).href);`;
    await expect(result(main(code))).rejects.toThrow('reads ./things/a.ts, which is not there in a bundle');
  });

  it.each(['new URL(somewhere, import.meta.url)', 'import.meta.dirname'])(
    'in another form ends the build: %s',
    async (form) => {
      await expect(result(main(`console.log(${form});`))).rejects.toThrow(
        'uses import.meta in a way that a bundle changes',
      );
    },
  );

  it('is left alone outside of the source', async () => {
    const files = {
      ...main(`import { own } from '../../lib/own.ts'; console.log(JSON.stringify(own.endsWith('/out/beside.txt')));`),
      'lib/own.ts': `export const own = new URL('./beside.txt', import.meta.url).href;`,
    };
    expect(await result(files)).toBe(true);
  });
});
