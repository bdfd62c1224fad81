import { describe, expect, it } from 'vitest';
import { withoutBoilerplate } from '../../../src/context/question/clean.ts';

describe('cleaning an issue', () => {
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
});
