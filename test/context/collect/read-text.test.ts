import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LARGEST_FILE, readBytes, textOf } from '../../../src/context/collect/read-text.ts';
import { plainFolder } from '../workspace-of.ts';

describe('the bytes of a file', () => {
  it('are read whole up to the limit, and not at all beyond it', () => {
    const root = plainFolder({ 'a.txt': 'héllo', 'limit.txt': Buffer.alloc(10), 'empty.txt': '' });
    expect(String(readBytes(join(root, 'a.txt')))).toBe('héllo');
    expect(readBytes(join(root, 'limit.txt'), 10)).toHaveLength(10);
    expect(readBytes(join(root, 'limit.txt'), 9)).toBe('too large');
    expect(readBytes(join(root, 'empty.txt'))).toHaveLength(0);
    expect(LARGEST_FILE).toBe(1024 * 1024);
  });

  it('are never those behind a link, of a folder, of a pipe, or of what is not there', () => {
    const root = plainFolder({ 'a.txt': 'a' });
    symlinkSync('a.txt', join(root, 'link.txt'));
    mkdirSync(join(root, 'folder'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    for (const name of ['link.txt', 'folder', 'pipe', 'none.txt', 'a.txt/x'])
      expect(readBytes(join(root, name)), name).toBe('unreadable');
  });
});

describe('the text of bytes', () => {
  it('has what is no UTF-8 replaced, and keeps line ends and marks as they are', () => {
    expect(textOf(Buffer.from([97, 0xff, 98, 0xc3]))).toBe('a\ufffdb\ufffd');
    expect(textOf(Buffer.from('\ufeffa\r\nb\n\nc'))).toBe('\ufeffa\r\nb\n\nc');
    expect(textOf(Buffer.alloc(0))).toBe('');
  });

  it('is none where a NUL byte stands near the beginning', () => {
    expect(textOf(Buffer.from('abc\0def'))).toBe('binary');
    expect(textOf(Buffer.from('a', 'utf16le'))).toBe('binary');
    expect(textOf(Buffer.concat([Buffer.from('x = 1\n'.repeat(2_000)), Buffer.from([0])]))).toContain('x = 1');
  });

  it('is minified where lines are as long as only a machine writes them', () => {
    expect(textOf(Buffer.from('a=1;'.repeat(2_000)))).toBe('minified');
    expect(textOf(Buffer.from(`${'a=1;'.repeat(500)}\n`.repeat(10)))).toBe('minified');
    expect(textOf(Buffer.from(`${'a=1;'.repeat(50)}\n`.repeat(100)))).toContain('a=1;');
    expect(textOf(Buffer.from('a=1;'.repeat(900)))).toContain('a=1;');
  });
});
