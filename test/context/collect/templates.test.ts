import { describe, expect, it } from 'vitest';
import { listWorkspace } from '../../../src/context/collect/listing.ts';
import { plainLine, templateLines } from '../../../src/context/collect/templates.ts';
import { plainFolder } from '../workspace-of.ts';

async function formsOf(files: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const root = plainFolder(files);
  return templateLines(root, await listWorkspace(root, new AbortController().signal));
}

describe('the forms of a repository', () => {
  for (const path of [
    '.github/ISSUE_TEMPLATE.md',
    '.github/issue_template/bug.md',
    '.github/PULL_REQUEST_TEMPLATE.md',
    '.gitlab/issue_templates/Bug.md',
    'docs/ISSUE_TEMPLATE.md',
    'templates/bug-report.md',
    'bug_report.yml',
  ]) {
    it(`are found in ${path}`, async () => {
      expect([...(await formsOf({ [path]: '## Which zebra did you see?\n' }))]).toEqual(['which zebra did you see']);
    });
  }

  it('are not other documents, nor code', async () => {
    const forms = await formsOf({
      'README.md': 'Which zebra did you see?',
      'src/issue.ts': '// Which zebra did you see?',
      'lib/templates/page.html': 'Which zebra did you see?',
    });
    expect(forms.size).toBe(0);
  });

  it('may be forms in YAML: labels, descriptions and placeholders count without their keys', async () => {
    const forms = await formsOf({
      '.github/ISSUE_TEMPLATE/bug.yml':
        'name: Bug report\nbody:\n  - type: textarea\n    attributes:\n      label: Which zebra did you see?\n      description: Stripes, please\n      placeholder: Black on white\n',
    });
    for (const line of ['which zebra did you see', 'stripes please', 'black on white']) expect(forms).toContain(line);
  });

  it('that are very large or no text are passed over', async () => {
    const forms = await formsOf({
      '.github/ISSUE_TEMPLATE/large.md': 'Which zebra did you see?\n'.repeat(10_000),
      '.github/ISSUE_TEMPLATE/binary.md': 'zebra\0zebra',
    });
    expect(forms).not.toContain('which zebra did you see');
  });
});

describe('a line without markup', () => {
  for (const [line, plain] of [
    ['### What **happened**?', 'what happened'],
    ['- [ ] I searched', 'i searched'],
    ['* [x] I searched', 'i searched'],
    ['<!-- I searched -->', 'i searched'],
    ['> _I_ searched:', 'i searched'],
    ['ÜBER Größe 3', 'über größe 3'],
    ['  ', ''],
  ] as const) {
    it(`is ${JSON.stringify(plain)} for ${JSON.stringify(line)}`, () => {
      expect(plainLine(line)).toBe(plain);
    });
  }
});
