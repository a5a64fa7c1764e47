/** The search order of IETF Key Transparency: positions, versions and times, and nothing hashed but the digests. */
import { createHash, type Hash } from 'node:crypto';
import { uint } from '../../test/reference/encoding.js';
import * as order from '../../test/reference/keytrans-order.js';
import { type Fields, type Json, list, number, VectorFile } from './vector-file.js';

const MAX = 2 ** 53 - 1;
const LAST_VERSION = 2 ** 32 - 1;

const numbers = (value: Json | undefined): number[] => list(value).map((one) => number(one));
const orNull = (value: Json | undefined): number | null => (value === null ? null : number(value));

/** -1 for a label that is absent. */
const greatestOf = (value: Json | undefined): number => orNull(value) ?? -1;

// ------------------------------------------------------------------------------------- judges

function judgeEntry(input: Fields): Fields {
  const [size, position] = [number(input['treeSize']), number(input['position'])];
  return {
    left: order.childOf(() => order.left(position)),
    right: order.childOf(() => order.right(position, size)),
    directPath: order.directPath(position, size),
  };
}

function judgeDistinguished(input: Fields): Fields {
  const distinguished = order.distinguished(numbers(input['timestamps']), number(input['windowMs']));
  return { distinguished, rightmost: distinguished.at(-1) ?? null };
}

function judgeExpiry(input: Fields): Fields {
  const [entry, rightmost] = [number(input['timestampMs']), number(input['rightmostTimestampMs'])];
  return { expired: order.expired(entry, rightmost, orNull(input['maximumLifetimeMs'])) };
}

function judgeSearchLadder(input: Fields): Fields {
  const [target, greatest] = [number(input['target']), greatestOf(input['greatest'])];
  const [left, right] = [numbers(input['leftIncluded']), numbers(input['rightAbsent'])];
  if (left.some((version) => version > greatest) || right.some((version) => version <= greatest)) {
    throw new Error('no log has such entries');
  }
  return {
    versions: order.searchBinaryLadder(target, greatest, left, right),
    verdict: order.verdictOf(target, greatest),
  };
}

function judgeResults(input: Fields): Fields {
  const results = list(input['results']).map((result) => result === true);
  const shown = [numbers(input['leftIncluded']), numbers(input['rightAbsent'])] as const;
  return order.interpret(number(input['target']), results, ...shown);
}

// ------------------------------------------------------------------------------------- in digests

const add = (digest: Hash, values: readonly number[]): void => {
  for (const value of values) digest.update(uint(8, value));
};

/** The definitions stand in the README beside the vectors. */
function digestTrees(input: Fields): Fields {
  const entries = createHash('sha256');
  const views = createHash('sha256');
  const distinguished = createHash('sha256');
  for (let size = 1; size <= number(input['trees']); size++) {
    add(entries, [size, order.root(size)]);
    for (let position = 0; position < size; position++) {
      const left = order.childOf(() => order.left(position)) ?? size;
      const right = order.childOf(() => order.right(position, size)) ?? size;
      add(entries, [left, right]);
    }
    for (let advertised = 1; advertised <= size; advertised++) {
      const view = order.updateView(size, advertised);
      add(views, [size, advertised, view.length, ...view]);
    }
    const timestamps = Array.from({ length: size }, (_, i) => i * i);
    const found = order.distinguished(timestamps, 5 * size);
    add(distinguished, [size, found.length, ...found]);
  }
  return {
    entries: entries.digest('hex'),
    views: views.digest('hex'),
    distinguished: distinguished.digest('hex'),
  };
}

function digestLadders(input: Fields): Fields {
  const versions = number(input['versions']);
  const [base, monitoring, search] = [createHash('sha256'), createHash('sha256'), createHash('sha256')];
  const addLadder = (digest: Hash, ladder: readonly number[]): void =>
    add(digest, [ladder.length, ...ladder]);
  for (let target = 0; target < versions; target++) {
    addLadder(base, order.baseBinaryLadder(target));
    addLadder(monitoring, order.monitoringBinaryLadder(target));
    for (let greatest = -1; greatest < versions; greatest++) {
      addLadder(search, order.searchBinaryLadder(target, greatest));
    }
  }
  return {
    base: base.digest('hex'),
    monitoring: monitoring.digest('hex'),
    search: search.digest('hex'),
  };
}

// ------------------------------------------------------------------------------------- cases

export function keytransOrder(): VectorFile {
  const file = new VectorFile(
    'keytrans-order',
    'The search order of IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a): search trees, update views, distinguished and expired entries, binary ladders.',
    {
      SearchTree: ({ treeSize }) => ({
        root: order.root(number(treeSize)),
        frontier: order.frontier(number(treeSize)),
      }),
      SearchTreeEntry: judgeEntry,
      UpdateView: ({ treeSize, advertisedSize }) => ({
        positions: order.updateView(number(treeSize), orNull(advertisedSize)),
      }),
      DistinguishedEntries: judgeDistinguished,
      Expiry: judgeExpiry,
      BaseLadder: ({ version }) => ({ versions: order.baseBinaryLadder(number(version)) }),
      MonitoringLadder: ({ target }) => ({ versions: order.monitoringBinaryLadder(number(target)) }),
      SearchLadder: judgeSearchLadder,
      LadderResults: judgeResults,
      SearchTrees: digestTrees,
      Ladders: digestLadders,
    },
  );
  addTrees(file);
  addTimes(file);
  addLadders(file);
  addResults(file);
  file.valid('SearchTrees', 'all search trees to 300', { trees: 300 });
  file.valid('Ladders', 'all ladders below 200', { versions: 200 });
  return file;
}

function addTrees(file: VectorFile): void {
  for (const treeSize of [1, 2, 3, 7, 8, 14, 21, 50, 2 ** 31, 2 ** 32 + 3, 2 ** 52 + 1, MAX]) {
    file.valid('SearchTree', `search tree of ${treeSize}`, { treeSize });
  }
  for (const [position, treeSize] of [
    [0, 1],
    [4, 14],
    [11, 14],
    [13, 14],
    [7, 12],
    [2 ** 31 - 1, 2 ** 31 + 2],
    [2 ** 32 + 1, 2 ** 40],
    [2 ** 52 - 1, MAX],
    [MAX - 2, MAX],
    [MAX - 1, MAX],
  ] as const) {
    file.valid('SearchTreeEntry', `entry ${position} of ${treeSize}`, { treeSize, position });
  }
  for (const [advertisedSize, treeSize] of [
    [null, 1],
    [null, 14],
    [1, 1],
    [4, 13],
    [5, 14],
    [16, 21],
    [20, 21],
    [49, 50],
    [50, 50],
    [2 ** 32 + 1, 2 ** 40 + 12_345],
    [1, MAX],
    [2 ** 52, MAX],
  ] as const) {
    file.valid('UpdateView', `view from ${advertisedSize ?? 'nothing'} to ${treeSize}`, {
      treeSize,
      advertisedSize,
    });
  }
}

function addTimes(file: VectorFile): void {
  const every = (count: number, step: number): number[] => Array.from({ length: count }, (_, i) => i * step);
  for (const [name, timestamps, windowMs] of [
    ['one entry, window 0', [5], 0],
    ['one entry at exactly the window', [5], 5],
    ['one entry before the window has passed', [5], 6],
    ['the worked example', [10, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 25, 30], 10],
    ['fifty entries, evenly', every(50, 1000), 8000],
    ['fifty entries, all at one time', every(50, 0), 0],
    ['a long silence', [...every(9, 1), 1000, 1001, 1002, 5000], 900],
    ['window 0', every(9, 3), 0],
  ] as const) {
    file.valid('DistinguishedEntries', `distinguished: ${name}`, { timestamps, windowMs });
  }
  for (const [name, timestampMs, rightmostTimestampMs, maximumLifetimeMs] of [
    ['exactly the lifetime', 1000, 2000, 1000],
    ['one millisecond short of it', 1001, 2000, 1000],
    ['no lifetime', 0, MAX, null],
    ['the longest lifetime', 0, MAX, MAX],
    ['the last entry', 2000, 2000, 1],
  ] as const) {
    file.valid('Expiry', `expiry: ${name}`, { timestampMs, rightmostTimestampMs, maximumLifetimeMs });
  }
}

function addLadders(file: VectorFile): void {
  const versions = [0, 1, 2, 6, 7, 100, 2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, LAST_VERSION - 1, LAST_VERSION];
  for (const version of versions) {
    file.valid('BaseLadder', `base ladder of ${version}`, { version });
    file.valid('MonitoringLadder', `monitoring ladder of ${version}`, { target: version });
  }
  for (const [target, greatest, leftIncluded, rightAbsent] of [
    [2, 2, [], []],
    [2, 2, [0, 1, 2], []],
    [6, null, [], []],
    [6, null, [], [0]],
    [6, 2, [], []],
    [6, 6, [0, 1, 3], [7]],
    [6, 6, [0, 1, 3, 5, 6], [7]],
    [6, 7, [3], []],
    [5, 100, [0, 1, 3, 7], []],
    [100, 5, [], [127]],
    [2 ** 31 - 1, 2 ** 31 - 1, [], []],
    [LAST_VERSION - 1, LAST_VERSION, [], []],
    [LAST_VERSION, LAST_VERSION, [], []],
    [LAST_VERSION, 2 ** 31, [], []],
  ] as const) {
    const omitted =
      leftIncluded.length + rightAbsent.length === 0
        ? ''
        : `, ${[...leftIncluded].join(' ') || 'nothing'} on the left, ${[...rightAbsent].join(' ') || 'nothing'} absent on the right`;
    file.valid(
      'SearchLadder',
      `search for ${target} where ${greatest ?? 'nothing'} is the greatest${omitted}`,
      {
        target,
        greatest,
        leftIncluded,
        rightAbsent,
      },
    );
  }
}

function addResults(file: VectorFile): void {
  const [yes, no] = [true, false];
  for (const [name, target, results, leftIncluded, rightAbsent] of [
    ['the target is the greatest', 6, [yes, yes, yes, no, yes, yes], [], []],
    ['the label is absent', 6, [no], [], []],
    ['the greatest is below', 6, [yes, yes, no], [], []],
    ['the greatest is above', 6, [yes, yes, yes, yes], [], []],
    ['decided by what was shown on the left', 5, [], [0, 1, 3, 7], []],
    ['decided by what was shown on the right', 6, [yes, yes], [], [3]],
    ['everything omitted', 2, [], [0, 1, 2], [3]],
    ['the last version', LAST_VERSION, Array.from({ length: 33 }, () => yes), [], []],
    ['a lower version is gone from a later entry', 6, [no], [1], []],
    ['a version on both sides that the ladder does not reach', 6, [yes, no], [3], [3]],
  ] as const) {
    file.valid('LadderResults', `results: ${name}`, { target, leftIncluded, rightAbsent, results });
  }
  const length = (of: string, damage: string, results: readonly boolean[]): void =>
    file.invalid(`results: ${of}`, 'ERR_LADDER_LENGTH', damage, { results });
  length('the target is the greatest', 'no result', []);
  length('the target is the greatest', 'the last result is missing', [yes, yes, yes, no, yes]);
  length('the target is the greatest', 'a result more', [yes, yes, yes, no, yes, yes, yes]);
  length('the greatest is below', 'a result after the one that decides', [yes, yes, no, no]);
  length('everything omitted', 'a result of what was omitted', [yes]);
  const conflict = (of: string, damage: string, change: Fields): void =>
    file.invalid(`results: ${of}`, 'ERR_LADDER_CONFLICT', damage, change);
  conflict('decided by what was shown on the left', 'a version that is absent on the right, too', {
    rightAbsent: [3],
  });
  conflict('decided by what was shown on the right', 'a version that is on the left, too', {
    leftIncluded: [3],
  });
}
