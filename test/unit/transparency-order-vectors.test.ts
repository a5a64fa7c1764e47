/** The published search order. No door offers it: walks over proofs rest on it, and they are what a program sees. */

import { createHash, type Hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isExpired } from '../../src/transparency/walks/distinguished.js';
import { isDistinguished, rightmostDistinguished } from './distinguished-of.js';
import {
  baseLadder,
  interpretLadder,
  monitoringLadder,
  searchLadder,
  type ShownVersions,
} from '../../src/transparency/walks/ladder.js';
import {
  directPath,
  frontier,
  leftChild,
  rightChild,
  searchRoot,
} from '../../src/transparency/walks/search-tree.js';
import { updateView } from '../../src/transparency/walks/update-view.js';
import { outcome } from '../support/log-tree.js';
import { type Fields, number, PUBLISHED } from '../vectors/files.js';

const published = PUBLISHED.find(({ file }) => file === 'keytrans-order');
if (published === undefined) throw new Error('the search order is not published');

const orNone = (value: unknown): number | undefined => (value === null ? undefined : number(value));
const numbers = (value: unknown): number[] => (value as unknown[]).map(number);
const shownIn = (input: Fields): ShownVersions => ({
  leftIncluded: new Set(numbers(input['leftIncluded'])),
  rightAbsent: new Set(numbers(input['rightAbsent'])),
});

const add = (digest: Hash, values: readonly number[]): void => {
  for (const value of values) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    digest.update(bytes);
  }
};

const distinguishedOf = (timestamps: readonly number[], windowMs: number): number[] =>
  timestamps.flatMap((_, position) =>
    isDistinguished(position, timestamps.length, windowMs, (entry) => timestamps[entry] as number)
      ? [position]
      : [],
  );

const JUDGES: Readonly<Record<string, (input: Fields) => Fields>> = {
  SearchTree: (input) => {
    const size = number(input['treeSize']);
    return { root: searchRoot(size), frontier: frontier(size) };
  },
  SearchTreeEntry: (input) => {
    const [size, position] = [number(input['treeSize']), number(input['position'])];
    return {
      left: leftChild(position) ?? null,
      right: rightChild(position, size) ?? null,
      directPath: directPath(position, size),
    };
  },
  UpdateView: (input) => ({
    positions: updateView(number(input['treeSize']), orNone(input['advertisedSize'])),
  }),
  DistinguishedEntries: (input) => {
    const [timestamps, windowMs] = [numbers(input['timestamps']), number(input['windowMs'])];
    const rightmost = rightmostDistinguished(
      timestamps.length,
      windowMs,
      (entry) => timestamps[entry] as number,
    );
    return { distinguished: distinguishedOf(timestamps, windowMs), rightmost: rightmost ?? null };
  },
  Expiry: (input) => {
    const times = [number(input['timestampMs']), number(input['rightmostTimestampMs'])] as const;
    return { expired: isExpired(...times, orNone(input['maximumLifetimeMs'])) };
  },
  BaseLadder: (input) => ({ versions: baseLadder(number(input['version'])) }),
  MonitoringLadder: (input) => ({ versions: monitoringLadder(number(input['target'])) }),
  SearchLadder: (input) => {
    const [target, greatest] = [number(input['target']), orNone(input['greatest'])];
    const versions = searchLadder(target, greatest, shownIn(input));
    const results = versions.map((version) => version <= (greatest ?? -1));
    const { verdict, versions: again } = interpretLadder(target, results, shownIn(input));
    expect(again).toEqual(versions);
    return { versions, verdict };
  },
  LadderResults: (input) => ({
    ...interpretLadder(number(input['target']), input['results'] as boolean[], shownIn(input)),
  }),
  SearchTrees: (input) => {
    const [entries, views, distinguished] = [0, 1, 2].map(() => createHash('sha256')) as [Hash, Hash, Hash];
    for (let size = 1; size <= number(input['trees']); size++) {
      add(entries, [size, searchRoot(size)]);
      for (let position = 0; position < size; position++) {
        add(entries, [leftChild(position) ?? size, rightChild(position, size) ?? size]);
      }
      for (let advertised = 1; advertised <= size; advertised++) {
        const view = updateView(size, advertised);
        add(views, [size, advertised, view.length, ...view]);
      }
      const found = distinguishedOf(
        Array.from({ length: size }, (_, i) => i * i),
        5 * size,
      );
      add(distinguished, [size, found.length, ...found]);
    }
    return {
      entries: entries.digest('hex'),
      views: views.digest('hex'),
      distinguished: distinguished.digest('hex'),
    };
  },
  Ladders: (input) => {
    const [base, monitoring, search] = [0, 1, 2].map(() => createHash('sha256')) as [Hash, Hash, Hash];
    const versions = number(input['versions']);
    for (let target = 0; target < versions; target++) {
      for (const [digest, ladder] of [
        [base, baseLadder(target)],
        [monitoring, monitoringLadder(target)],
      ] as const) {
        add(digest, [ladder.length, ...ladder]);
      }
      for (let greatest = -1; greatest < versions; greatest++) {
        const ladder = searchLadder(target, greatest === -1 ? undefined : greatest);
        add(search, [ladder.length, ...ladder]);
      }
    }
    return {
      base: base.digest('hex'),
      monitoring: monitoring.digest('hex'),
      search: search.digest('hex'),
    };
  },
};

const judge = (structure: string, input: Fields): Fields => {
  const one = JUDGES[structure];
  if (one === undefined) throw new Error(`nothing judges ${structure}`);
  return one(input);
};

describe('the library', () => {
  test.each(published.valid)('accepts: $name', ({ structure, input, output }) => {
    expect(judge(structure, input)).toEqual(output);
  });

  test.each(published.invalid)('refuses: $name', ({ structure, input, code }) => {
    expect(outcome(() => judge(structure, input))).toBe(code);
  });

  test('judges every structure that is published', () => {
    expect(Object.keys(JUDGES).sort()).toEqual(
      [...new Set(published.valid.map(({ structure }) => structure))].sort(),
    );
  });
});
