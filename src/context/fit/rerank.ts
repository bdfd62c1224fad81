import { redact } from '../../domain/redaction.ts';
import type { RankedFile, Ranking } from '../rank/rank.ts';
import type { Rerank, Reranked } from '../request.ts';
import { outlineOf } from './outline.ts';
import { openSource } from './source.ts';

const MOST_FILES = 40;
const MOST_NAMES = 60;
const MOST_CHARACTERS = 1_500;

/**
 * Asks once for a better order of the best 40 files, over their outlines, secrets taken out. Files that the answer names
 * come first, in its order; the beliefs stay with the places. Without a usable answer everything is as it was, and why.
 */
export async function rerankFiles(
  root: string,
  ranking: Ranking,
  rerank: Rerank | undefined,
): Promise<{ ranking: Ranking; reranked: Reranked | null }> {
  if (!rerank) return { ranking, reranked: null };
  const best = ranking.files.slice(0, MOST_FILES);
  const outlines = best.flatMap((ranked) => {
    const source = openSource(root, ranked, false);
    if (typeof source === 'string') return [];
    return [{ path: ranked.path, outline: outlineOf(source, MOST_NAMES, MOST_CHARACTERS) }];
  });
  const { text, errors } = ranking.question;
  const kept = (why: string) => ({ ranking, reranked: { used: false, why } });
  let order: readonly string[] | null;
  try {
    order = await rerank(redact([text, errors].filter(Boolean).join('\n\n')).text, outlines);
  } catch (error) {
    return kept(`it failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (order === null) return kept('there was no answer');
  const wanted = new Set(order);
  const named = [...wanted].flatMap((path) => best.filter((file) => file.path === path));
  if (named.length === 0) return kept('the answer named none of the files');
  const files = [...named, ...best.filter(({ path }) => !wanted.has(path)), ...ranking.files.slice(MOST_FILES)];
  return { ranking: { ...ranking, files: withBeliefsOf(files, ranking.files) }, reranked: { used: true, why: null } };
}

function withBeliefsOf(files: readonly RankedFile[], places: readonly RankedFile[]): RankedFile[] {
  return files.map((file, i) => ({ ...file, belief: places[i]!.belief }));
}
