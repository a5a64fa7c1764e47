/** Searches in all logs up to a size, in digests. */
import { createHash } from 'node:crypto';
import { concat, uint } from '../../test/reference/encoding.js';
import {
  answerSearch,
  retainedAt,
  type World,
  type WorldEntry,
} from '../../test/reference/keytrans-answers.js';
import type { SearchTask, VersionKey } from '../../test/reference/keytrans-searches.js';
import { insert, type Leaf, type Tree } from '../../test/reference/prefix-tree.js';
import { encodeCombined } from './keytrans-search-logs.js';
import { type Fields, hex, number } from './vector-file.js';

const named = (name: string, version: number): Buffer =>
  createHash('sha256')
    .update(concat(Buffer.from(name), uint(8, version)))
    .digest();

const leafOf = (version: number): Leaf & VersionKey => ({
  vrfOutput: named('key', version),
  commitment: named('commitment', version),
});

/** Entry i has the timestamp i^2, and every third brings a version. */
function worldOf(size: number): World {
  let tree: Tree;
  const entries = Array.from({ length: size }, (_, i): WorldEntry => {
    if (i % 3 === 0) tree = insert(tree, leafOf(i / 3));
    return { timestampMs: i * i, tree, greatest: Math.floor(i / 3) };
  });
  return { entries, keyOf: leafOf };
}

export function digestSearches(input: Fields): Fields {
  const size = number(input['trees']);
  const world = worldOf(size);
  const digests = {
    greatest: createHash('sha256'),
    returning: createHash('sha256'),
    fixed: createHash('sha256'),
  };
  for (let treeSize = 1; treeSize <= size; treeSize++) {
    const add = (name: keyof typeof digests, change: Partial<SearchTask>): void => {
      const task: SearchTask = {
        treeSize,
        auditorSize: null,
        retained: null,
        windowMs: 5 * treeSize,
        maximumLifetimeMs: null,
        kind: 'greatest',
        target: Math.floor((treeSize - 1) / 3),
        ...change,
      };
      digests[name].update(encodeCombined(answerSearch(world, task).proof));
    };
    add('greatest', {});
    add('returning', { retained: retainedAt(world, treeSize - Math.floor(treeSize / 3)) });
    add('fixed', { kind: 'fixed', target: Math.floor(treeSize / 7) });
  }
  return {
    greatest: hex(digests.greatest.digest()),
    returning: hex(digests.returning.digest()),
    fixed: hex(digests.fixed.digest()),
  };
}
