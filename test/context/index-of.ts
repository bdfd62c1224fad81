import { listWorkspace } from '../../src/context/collect/listing.ts';
import { type Index, openIndex } from '../../src/context/index/open-index.ts';
import type { PathIndex } from '../../src/context/question/locations.ts';
import { type Layout, layoutOf } from '../../src/context/rank/layout.ts';
import type { Corpus } from '../../src/context/rank/lexical.ts';
import { folder, plainFolder } from './workspace-of.ts';

/** A folder with these files, its index, and what ranking makes of that. */
export interface Indexed {
  readonly root: string;
  readonly index: Index;
  readonly layout: Layout;
  readonly corpus: Corpus;
  readonly paths: readonly string[];
  readonly pathIndex: PathIndex;
  /** Scores by path, those above nothing. */
  byPath(scores: Float64Array): Record<string, number>;
}

export async function indexed(files: Readonly<Record<string, string>>): Promise<Indexed> {
  const root = plainFolder(files);
  const { files: listed } = await listWorkspace(root, new AbortController().signal);
  const index = await openIndex(folder(), root, listed, () => {});
  const layout = layoutOf(index);
  const { paths } = layout;
  return {
    root,
    index,
    layout,
    corpus: layout.corpus,
    paths,
    pathIndex: layout.pathIndex,
    byPath: (scores) =>
      Object.fromEntries(paths.flatMap((path, i) => (scores[i]! > 0 ? [[path, scores[i]!] as const] : []))),
  };
}
