import { describe, expect, it } from 'vitest';
import { fencesIn } from '../../src/platform/patch-fences.ts';

const fences = (text: string) =>
  fencesIn(text.split('\n')).map(({ info, content, closed }) => ({ info, content: content.join('|'), closed }));

describe('the fences of a text', () => {
  it('are found with what they say and hold', () => {
    expect(fences('text\n```js path=a\none\ntwo\n```\ntext\n~~~\nthree\n~~~')).toEqual([
      { info: 'js path=a', content: 'one|two', closed: true },
      { info: '', content: 'three', closed: true },
    ]);
  });

  it('end only at their own mark, as long or longer', () => {
    expect(fences('````md\n```\ninner\n```\n~~~~\n`````')).toEqual([
      { info: 'md', content: '```|inner|```|~~~~', closed: true },
    ]);
    expect(fences('```\n```js\n```')).toEqual([{ info: '', content: '```js', closed: true }]);
  });

  it('reach to the end when they are not closed', () => {
    expect(fences('```js\none\n')).toEqual([{ info: 'js', content: 'one|', closed: false }]);
  });

  it('are no code spans, and not too far in', () => {
    expect(fences('```code``` in a line\n    ```js\n')).toEqual([]);
    expect(fences('   ```js\none\n   ```\r\n')).toEqual([{ info: 'js', content: 'one', closed: true }]);
  });

  it('know their lines', () => {
    expect(fencesIn(['a', '```', 'b', '```', 'c'])).toMatchObject([{ start: 1, end: 4 }]);
    expect(fencesIn(['```'])).toMatchObject([{ start: 0, end: 1, closed: false, content: [] }]);
  });
});
