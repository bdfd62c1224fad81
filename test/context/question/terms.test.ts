import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashTerm, partsOf, stem, termsOf } from '../../../src/context/question/terms.ts';

describe('the terms of a word', () => {
  it('are the whole and its parts, so that every way of writing a name meets', () => {
    expect(termsOf('parseXMLHeader')).toEqual(['=parsexmlheader', 'pars', 'xml', 'head']);
    expect(termsOf('parse_xml_header')).toEqual(termsOf('parseXMLHeader'));
  });

  it('are one term for a word of one part', () => {
    expect(termsOf('Redirects')).toEqual(['redirect']);
  });

  it('are none for stop words, single characters and what is far too long', () => {
    expect(termsOf('return')).toEqual([]);
    expect(termsOf('x')).toEqual([]);
    expect(termsOf('a'.repeat(65))).toEqual([]);
  });

  it('keep what is beyond ASCII', () => {
    expect(termsOf('größenAngabe')).toEqual(['=größenangabe', 'größen', 'angab']);
    expect(termsOf('日本語')).toEqual(['日本語']);
  });

  it('never throw, are never empty texts, and are the same each time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (word) => {
        const terms = termsOf(word);
        expect(terms.every((term) => term.length > 0)).toBe(true);
        expect(termsOf(word)).toEqual(terms);
      }),
    );
  });
});

describe('stemming', () => {
  it('brings the forms of a word together', () => {
    for (const forms of [
      ['parse', 'parses', 'parsed', 'parsing', 'parser', 'parsers'],
      ['migrate', 'migrates', 'migrated', 'migrating', 'migration', 'migrations'],
      ['run', 'runs', 'running', 'runner'],
      ['query', 'queries', 'querying'],
      ['cookie', 'cookies'],
    ]) {
      expect(new Set(forms.map(stem)).size, forms.join()).toBe(1);
    }
  });

  it('leaves short words and words that are no words alone', () => {
    expect(stem('bus')).toBe('bus');
    expect(stem('class')).toBe('class');
    expect(stem('utf8')).toBe('utf8');
  });
});

describe('the parts of a name', () => {
  it('are cut at case, underscores, and digits', () => {
    expect(partsOf('HTTPServer_name2')).toEqual(['http', 'server', 'name', '2']);
    expect(partsOf('__init__')).toEqual(['init']);
    expect(partsOf('$scope')).toEqual(['scope']);
  });
});

describe('the hash of a term', () => {
  it('is a whole number below 2^32', () => {
    fc.assert(
      fc.property(fc.string(), (term) => {
        const hash = hashTerm(term);
        expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true);
      }),
    );
  });

  it('tells words apart', () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `word${i}`);
    expect(new Set(words.map(hashTerm)).size).toBeGreaterThan(19_990);
  });
});
