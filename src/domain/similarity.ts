/**
 * Mean cosine of the TF-IDF vectors of every pair of texts, 0..1; null below two texts. Terms are words of letters, digits
 * and `_`, in small letters; tf is the count, idf is ln((1 + N) / (1 + df)) + 1 (as scikit-learn smooths it), so that what all
 * texts share still counts. A text without a term is like no other.
 */
export function lexicalSimilarity(texts: readonly string[]): number | null {
  if (texts.length < 2) return null;
  const counts = texts.map(termCounts);
  const documents = new Map<string, number>();
  for (const terms of counts) for (const term of terms.keys()) documents.set(term, (documents.get(term) ?? 0) + 1);
  const vectors = counts.map((terms) => unitVector(terms, documents, texts.length));
  let sum = 0;
  let pairs = 0;
  for (const [index, vector] of vectors.entries()) {
    for (const other of vectors.slice(index + 1)) {
      sum += dot(vector, other);
      pairs++;
    }
  }
  return Math.min(1, sum / pairs);
}

type Vector = ReadonlyMap<string, number>;

function termCounts(text: string): Vector {
  const counts = new Map<string, number>();
  for (const [term] of text.toLowerCase().matchAll(/[\p{L}\p{N}_]+/gu)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

function unitVector(terms: Vector, documents: Vector, size: number): Vector {
  const weighted = new Map([...terms].map(([term, count]) => [term, count * idf(documents.get(term) ?? 0, size)]));
  const length = Math.sqrt(weighted.values().reduce((sum, weight) => sum + weight * weight, 0));
  return new Map([...weighted].map(([term, weight]) => [term, length === 0 ? 0 : weight / length]));
}

function idf(documents: number, size: number): number {
  return Math.log((1 + size) / (1 + documents)) + 1;
}

function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (const [term, weight] of a) sum += weight * (b.get(term) ?? 0);
  return sum;
}
