import { describe, expect, it } from 'vitest';
import type { Family } from '../../../src/context/collect/kinds.ts';
import { importsOf } from '../../../src/context/index/imports.ts';

const FORMS: ReadonlyArray<readonly [Family, string, readonly string[]]> = [
  ['python', 'from django.db import models, connection as c', ['django/db (models,connection)']],
  ['python', 'from . import views', ['.0 (views)']],
  ['python', 'from ..core.x import (\n    A,\n    B,\n)', ['.1core/x (A,B)']],
  ['python', '# import nothing\nx = 1\nfrom a import b  # import c\nif y:\n    import d\n', ['a (b)', 'd ()']],
  ['python', 'import os.path as p, sys', ['os/path ()', 'sys ()']],
  ['javascript', "const a = require('./lib/a'); import b from '../b.js';", ['.0lib/a ()', '.1b ()']],
  ['typescript', "export { x } from './x.ts';\nconst y = await import('pkg/y');", ['.0x ()', 'pkg/y ()']],
  ['java', 'import static com.acme.A.b;\nimport com.acme.C;', ['com/acme/A/b ()', 'com/acme/C ()']],
  ['csharp', 'using System.Text;', ['System/Text ()']],
  ['go', 'import (\n\t"fmt"\n\talias "github.com/a/b/pkg"\n)', ['fmt ()', 'github.com/a/b/pkg ()']],
  ['rust', 'use crate::parser::lexer;\nmod ast;', ['parser/lexer ()', 'ast ()']],
  ['ruby', "require_relative 'a/b'", ['a/b ()']],
  ['php', 'use App\\Models\\User;', ['App/Models/User ()']],
  ['cpp', '#include "util/x.h"\n#include <vector>', ['util/x ()', 'vector ()']],
];

describe('what a file imports', () => {
  for (const [family, text, expected] of FORMS) {
    it(`is read from ${family}: ${text.replaceAll('\n', ' ')}`, () => {
      const found = importsOf(text, family).map(
        ({ parts, up, names }) => `${up === null ? '' : `.${up}`}${parts.join('/')} (${names.join(',')})`,
      );
      expect(found).toEqual(expected);
    });
  }

  it('is bounded', () => {
    expect(importsOf("import 'a';\n".repeat(1_000), 'javascript')).toHaveLength(200);
  });

  it('is nothing where a language has no imports', () => {
    expect(importsOf('import x', 'prose')).toEqual([]);
  });
});
