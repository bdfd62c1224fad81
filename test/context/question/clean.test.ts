import { describe, expect, it } from 'vitest';
import { withoutBoilerplate } from '../../../src/context/question/clean.ts';

describe('cleaning an issue', () => {
  it.each([
    ['blanks before a brace', `${' '.repeat(50_000)}{`],
    ['a heading that does not end', `# a${' '.repeat(50_000)}x`],
    ['words without end', 'version '.repeat(7_000)],
    ['one word without end', 'a'.repeat(50_000)],
  ])('keeps a line of %s as it is, and is done with it', (_, line) => {
    expect(withoutBoilerplate(`lost\n${line}\nfound`)).toBe(`lost\n${line}\nfound`);
  });

  it('knows a line of the template by what it says, however far it is moved in', () => {
    const far = ' '.repeat(600);
    expect(withoutBoilerplate(`lost\n${far}OS: macOS 13\n${far}### Describe the bug\nfound`)).toBe('lost\n\nfound');
  });

  it('takes out comments, check lists, headings of the template and the environment, and keeps what was said', () => {
    const text = [
      'Cookies are lost on redirect',
      '<!-- Please search first -->',
      '- [x] I have searched the tracker',
      '### Describe the bug',
      'The session drops `set-cookie` when it redirects.',
      '### Environment',
      '- OS: Mac',
      'SomethingIrrelevant 4.2',
      '### Additional context',
      'It worked in the release before.',
    ].join('\n');
    const clean = withoutBoilerplate(text);
    expect(clean).toContain('Cookies are lost on redirect');
    expect(clean).toContain('The session drops `set-cookie` when it redirects.');
    expect(clean).toContain('It worked in the release before.');
    for (const noise of ['search', 'Describe', 'Mac', 'SomethingIrrelevant', 'Additional'])
      expect(clean).not.toContain(noise);
  });

  it('understands bold lines as headings', () => {
    const clean = withoutBoilerplate(
      'Title\n**Tell us about your environment**\n\n* **ESLint Version:** 3.1\n\n**What did you do?**\nI ran `no-undef`.',
    );
    expect(clean).not.toMatch(/Tell us|3\.1/);
    expect(clean).toContain('I ran `no-undef`.');
  });

  it('touches nothing inside a code block', () => {
    const block = '```\n# Environment\nversion: 3.1\n- [x] done\n```';
    expect(withoutBoilerplate(`Title\n${block}`)).toContain(block);
  });

  it('keeps a text that has no template as it is', () => {
    const text = 'It fails.\n\nRunning `x --y` prints nothing.';
    expect(withoutBoilerplate(text)).toBe(text);
  });

  it('takes a comment that is never closed to the end', () => {
    expect(withoutBoilerplate('a\n<!-- b\nc').trim()).toBe('a');
  });

  it('takes out the lines that a form of the repository has, with or without its markup', () => {
    const forms = new Set(['which zebra did you see', 'bug fix', 'please include the herd']);
    const clean = withoutBoilerplate(
      'Which zebra did you see?\nA small one.\n[x] Bug fix\n**Please include the herd**\nNone.',
      forms,
    );
    expect(clean.split('\n').filter(Boolean)).toEqual(['A small one.', 'None.']);
  });

  it('keeps a line of a form that stands in a code block', () => {
    const text = 'Title\n```\nbug fix\n```';
    expect(withoutBoilerplate(text, new Set(['bug fix']))).toBe(text);
  });

  it('knows the questions that most forms ask, also where their markup is lost', () => {
    for (const question of ['What did you do?', 'What actually happened?', 'Steps to reproduce:', 'Expected behavior:'])
      expect(withoutBoilerplate(`Zebra\n${question}\nIt fell.`)).toBe('Zebra\n\nIt fell.');
  });

  for (const fact of [
    'Node version: 7.7.2',
    '- numpy: 1.24.1',
    '**Zebra Version:** 3.1',
    'Zebra Version: master',
    'OS: macOS 13.1',
    'npm 6.4.1',
    'Platform: Linux x86_64',
    '* **Python:** 3.9.12',
    'my-own-library: v2.0.0-beta.1',
  ]) {
    it(`takes out what only says which version of something was there: ${fact}`, () => {
      expect(withoutBoilerplate(`The zebra is lost\n${fact}\nafter a redirect`)).toBe(
        'The zebra is lost\nafter a redirect',
      );
    });
  }

  for (const said of [
    'The version of the zebra is read from zebra.json',
    'timeout: 30',
    'It broke in 3.1 and works in 3.0',
    'node.children is empty',
    'Set platform to linux and it hangs',
    'os.path.join gives the wrong separator',
    'rule-name: error',
  ]) {
    it(`keeps what says more: ${said}`, () => {
      expect(withoutBoilerplate(`Title\n${said}\nend`)).toContain(said);
    });
  }
});
