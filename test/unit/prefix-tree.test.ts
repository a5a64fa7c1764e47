/** Stored prefix trees: what is read and written, what is shared, what is found out. */
import {
  createPrefixTree,
  type NodeStore,
  type PrefixTreeHead,
  verifyPrefixProof,
} from 'contact-key-verification/prefix.js';
import { describe, expect, test } from 'vitest';
import { encodeJournal, parseJournal } from '../../src/prefix/journal.js';
import { keyAt, leafAt, leavesOf, named, watchedStore } from '../support/prefix-tree.js';

const keysOf = (leaves: readonly { readonly vrfOutput: Uint8Array }[]): Uint8Array[] =>
  leaves.map(({ vrfOutput }) => vrfOutput);
const pagesIn = (keys: Iterable<string>): string[] => [...keys].filter((key) => !key.endsWith('!'));

describe.each([1, 2, 3, 4, 5])('with %i levels in a page', (levelsPerPage) => {
  test('a batch takes one read for each level of pages, whatever its size', async () => {
    const store = watchedStore();
    const tree = createPrefixTree({ store, levelsPerPage });
    const head = await tree.update(undefined, { position: 0, added: leavesOf(500) });
    for (const count of [1, 10, 255]) {
      store.reads.length = 0;
      const { proof } = await tree.prove(head, keysOf(leavesOf(count)));
      const deepest = Math.max(...proof.results.map(({ depth }) => depth));
      expect(store.reads.length).toBeLessThanOrEqual(Math.ceil(deepest / levelsPerPage));
      store.reads.length = 0;
      await tree.update(head, { position: 1, added: leavesOf(count, 'new') });
      expect(pagesIn(store.reads.flat()).length).toBeGreaterThan(0);
      // The journal is read beside the first page.
      expect(store.reads.length).toBeLessThanOrEqual(Math.ceil((deepest + 20) / levelsPerPage) + 1);
    }
  });

  test('what does not change is shared, and old trees stay readable', async () => {
    const store = watchedStore();
    const tree = createPrefixTree({ store, levelsPerPage });
    const leaves = leavesOf(300);
    const old = await tree.update(undefined, { position: 5, added: leaves });
    const before = store.entries.size;
    const proof = await tree.prove(old, keysOf(leaves.slice(0, 50)));
    const head = await tree.update(old, { position: 9, added: [leafAt('', 'one more')] });
    expect(store.entries.size - before).toBeLessThan(20);
    expect(head).toMatchObject({ position: 9 });
    expect(await tree.prove(old, keysOf(leaves.slice(0, 50)))).toEqual(proof);
    // Nothing that was there was written again.
    expect(pagesIn(store.writes.flat().slice(before)).every((key) => key.startsWith('00000000000009-'))).toBe(
      true,
    );
  });

  test('journals come before pages, and every page is in one', async () => {
    const store = watchedStore();
    const tree = createPrefixTree({ store, levelsPerPage });
    const old = await tree.update(undefined, { position: 0, added: leavesOf(40) });
    await tree.update(old, { position: 1, added: leavesOf(40, 'new') });
    expect(store.writes.map((keys) => keys.some((key) => key.endsWith('!')))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    for (const [i, name] of [
      [0, '00000000000000'],
      [2, '00000000000001'],
    ] as const) {
      const journal = parseJournal(store.entries.get(`${name}!`) as Uint8Array);
      const written = (store.writes[i + 1] as string[]).map((key) => key.slice(15)).sort();
      expect(journal.lines.map(({ path }) => path).sort()).toEqual(written);
    }
  });
});

test('an entry without changes is the tree before, and reads nothing', async () => {
  const store = watchedStore();
  const tree = createPrefixTree({ store });
  const empty = await tree.update(undefined, { position: 3 });
  expect(empty).toEqual({ position: 3, root: new Uint8Array(32) });
  const head = await tree.update(empty, { position: 4, added: leavesOf(3) });
  store.reads.length = 0;
  expect(await tree.update(head, { position: 5, added: [], removed: [] })).toBe(head);
  expect(store.reads).toEqual([]);
});

test('in memory where no store is given', async () => {
  const tree = createPrefixTree();
  const head = await tree.update(undefined, { position: 0, added: leavesOf(10) });
  const { proof, commitments } = await tree.prove(head, keysOf(leavesOf(10)));
  expect(verifyPrefixProof(head.root, leavesOf(10), proof).map(({ commitment }) => commitment)).toEqual(
    commitments,
  );
});

describe('a store that does not hold the tree is found out', () => {
  const leaves = leavesOf(200);

  async function broken(change: (key: string, page: Uint8Array) => Uint8Array | undefined): Promise<unknown> {
    const store = watchedStore();
    const honest = createPrefixTree({ store });
    const head = await honest.update(undefined, { position: 0, added: leaves });
    const lying: NodeStore = {
      ...store,
      getMany: async (keys) =>
        (await store.getMany(keys)).map((page, i) => page && change(keys[i] as string, page)),
    };
    const tree = createPrefixTree({ store: lying });
    const update = await tree
      .update(head, { position: 1, added: [leafAt('', 'new')] })
      .catch((error: unknown) => error);
    const proof = await tree.prove(head, keysOf(leaves.slice(0, 20))).catch((error: unknown) => error);
    expect((update as { code: string }).code).toBe((proof as { code: string }).code);
    return (proof as { code: string }).code;
  }

  const isBelow = (key: string): boolean => key.length > 15;
  test.each<[string, (key: string, page: Uint8Array) => Uint8Array | undefined]>([
    ['a missing page', (key, page) => (isBelow(key) ? undefined : page)],
    [
      'one bit of a page',
      (_, page) => Uint8Array.from(page, (byte, i) => (i === page.length - 20 ? byte ^ 1 : byte)),
    ],
    ['an empty page', () => new Uint8Array(0)],
    ['a page of other levels', (_, page) => Uint8Array.from(page, (byte, i) => (i === 0 ? 3 : byte))],
    ['a page that is cut', (_, page) => page.slice(0, -1)],
    ['a page that is longer', (_, page) => Uint8Array.from([...page, 0])],
    ['a page of nothing', () => Uint8Array.of(4, 0)],
    ['a page that is a reference', () => Uint8Array.of(4, 3, ...new Uint8Array(39))],
    ['an unknown node', () => Uint8Array.of(4, 9)],
    ['a page that is too deep', () => Uint8Array.of(4, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0)],
    [
      'the page of another place',
      (key, page) => (isBelow(key) ? Uint8Array.of(4, 1, ...new Uint8Array(64)) : page),
    ],
  ])('%s', async (_, change) => {
    expect(await broken(change)).toBe('ERR_STORED_STATE');
  });

  test('but a page that is what it was is taken', async () => {
    expect(await broken((_, page) => page)).toBeUndefined();
  });
});

describe('pruning', () => {
  test('leaves the kept trees whole and the older ones unreadable', async () => {
    const store = watchedStore();
    const tree = createPrefixTree({ store });
    const heads: PrefixTreeHead[] = [];
    for (let position = 0; position < 600; position++) {
      const [gone] = leavesOf(1, `${position - 7}`);
      const removed = position >= 7 && position % 3 === 0 && gone !== undefined ? [gone.vrfOutput] : [];
      const added = leavesOf(2, `${position}`);
      heads.push(await tree.update(heads.at(-1), { position, added, removed }));
    }
    const asked = keysOf(leavesOf(2, '500'));
    const kept = [550, 599].map((i) => heads[i] as PrefixTreeHead);
    const before = await Promise.all(kept.map((head) => tree.prove(head, asked)));
    await tree.prune({ from: 0, keep: kept[0] as PrefixTreeHead });
    expect(await Promise.all(kept.map((head) => tree.prove(head, asked)))).toEqual(before);
    await expect(tree.prove(heads[500], asked)).rejects.toMatchObject({ code: 'ERR_STORED_STATE' });

    // Again, and from where it ended: the pages are then those of one tree.
    await tree.prune({ from: 0, keep: kept[0] as PrefixTreeHead });
    await tree.prune({ from: 551, keep: kept[1] as PrefixTreeHead });
    expect([...store.entries.keys()].filter((key) => key.endsWith('!'))).toEqual([]);
    const paths = pagesIn(store.entries.keys()).map((key) => key.slice(15));
    expect(new Set(paths).size).toBe(paths.length);
    expect((await tree.prove(kept[1], asked)).proof).toEqual(before[1]?.proof);
  });

  test('refuses to guess where a journal is missing', async () => {
    const store = watchedStore();
    const tree = createPrefixTree({ store });
    let head: PrefixTreeHead | undefined;
    for (let position = 0; position < 4; position++) {
      head = await tree.update(head, { position, added: leavesOf(3, `${position}`) });
    }
    await store.deleteMany(['00000000000002!']);
    const before = store.entries.size;
    await expect(tree.prune({ from: 0, keep: head as PrefixTreeHead })).rejects.toMatchObject({
      code: 'ERR_STORED_STATE',
    });
    expect(store.entries.size).toBe(before);
  });

  test('of a tree that was emptied and grew again takes all of the old one', async () => {
    const store = watchedStore();
    const tree = createPrefixTree({ store });
    const leaves = leavesOf(30);
    const full = await tree.update(undefined, { position: 0, added: leaves });
    const empty = await tree.update(full, { position: 1, removed: keysOf(leaves) });
    expect(empty.root).toEqual(new Uint8Array(32));
    const head = await tree.update(empty, { position: 2, added: leavesOf(1, 'new') });
    await tree.prune({ from: 0, keep: head });
    expect([...store.entries.keys()]).toEqual(['00000000000002-']);
  });
});

describe('journals', () => {
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

  test('come back as they were', () => {
    for (const base of [undefined, 0, 2 ** 53 - 1]) {
      const lines = [
        { path: '', replaced: undefined },
        { path: '0v', replaced: 2 ** 53 - 1 },
      ];
      expect(parseJournal(encodeJournal({ base, lines }))).toEqual({ base, lines });
    }
  });

  test.each([
    ['nothing', ''],
    ['no end', '\n0'],
    ['another base', '12\n'],
    ['another path', '\nw\n'],
    ['another position', '\n0 12\n'],
    ['what pruning leaves', 'pruned\n'],
  ])('of %s are refused', (_, text) => {
    expect(() => parseJournal(bytes(text))).toThrow(expect.objectContaining({ code: 'ERR_STORED_STATE' }));
  });

  test('that are no text are refused', () => {
    expect(() => parseJournal(Uint8Array.of(0xff))).toThrow(
      expect.objectContaining({ code: 'ERR_STORED_STATE' }),
    );
  });
});

describe('arguments', () => {
  const bad = <T>(value: unknown): T => value as T;
  const leaf = leafAt('0');
  const tree = createPrefixTree();
  const later: PrefixTreeHead = { position: 7, root: named('root') };

  test.each<[string, string, () => unknown]>([
    ['ERR_ARGUMENT_TYPE', 'options', () => createPrefixTree(bad(null))],
    ['ERR_ARGUMENT_TYPE', 'a store', () => createPrefixTree({ store: bad('store') })],
    ['ERR_ARGUMENT_TYPE', 'levels', () => createPrefixTree({ levelsPerPage: bad('4') })],
    ['ERR_ARGUMENT_RANGE', 'no levels', () => createPrefixTree({ levelsPerPage: 0 })],
    ['ERR_ARGUMENT_RANGE', 'six levels', () => createPrefixTree({ levelsPerPage: 6 })],
  ])('%s: %s', (code, _, run) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });

  test.each<[string, string, () => Promise<unknown>]>([
    ['ERR_ARGUMENT_TYPE', 'no changes', () => tree.update(undefined, bad(undefined))],
    ['ERR_ARGUMENT_TYPE', 'added', () => tree.update(undefined, { position: 0, added: bad({}) })],
    ['ERR_ARGUMENT_TYPE', 'an added leaf', () => tree.update(undefined, { position: 0, added: [bad(null)] })],
    ['ERR_ARGUMENT_TYPE', 'a removed key', () => tree.update(undefined, { position: 0, removed: [bad(1)] })],
    ['ERR_ARGUMENT_TYPE', 'a head', () => tree.update(bad('head'), { position: 0 })],
    ['ERR_ARGUMENT_TYPE', 'keys', () => tree.prove(undefined, bad('keys'))],
    ['ERR_ARGUMENT_TYPE', 'a range', () => tree.prune(bad(null))],
    ['ERR_ARGUMENT_TYPE', 'a kept tree', () => tree.prune({ from: 0, keep: bad(undefined) })],
    ['ERR_ARGUMENT_RANGE', 'a negative position', () => tree.update(undefined, { position: -1 })],
    [
      'ERR_ARGUMENT_RANGE',
      'a position that is no integer',
      () => tree.update(undefined, { position: 2 ** 53 }),
    ],
    ['ERR_ARGUMENT_RANGE', 'the position of the tree before', () => tree.update(later, { position: 7 })],
    [
      'ERR_ARGUMENT_RANGE',
      'a key added twice',
      () => tree.update(undefined, { position: 0, added: [leaf, leaf] }),
    ],
    [
      'ERR_ARGUMENT_RANGE',
      'a key removed twice',
      () => tree.update(undefined, { position: 0, removed: [leaf.vrfOutput, leaf.vrfOutput] }),
    ],
    ['ERR_ARGUMENT_RANGE', '256 keys', () => tree.prove(undefined, keysOf(leavesOf(256)))],
    ['ERR_ARGUMENT_RANGE', 'a negative start', () => tree.prune({ from: -1, keep: later })],
    ['ERR_LENGTH', 'a key of 31 bytes', () => tree.prove(undefined, [new Uint8Array(31)])],
    ['ERR_LENGTH', 'a root of 31 bytes', () => tree.prove({ ...later, root: new Uint8Array(31) }, [])],
    [
      'ERR_LENGTH',
      'a commitment of no bytes',
      () => tree.update(undefined, { position: 0, added: [{ ...leaf, commitment: new Uint8Array(0) }] }),
    ],
    [
      'ERR_PREFIX_ABSENT',
      'a key removed from no tree',
      () => tree.update(undefined, { position: 0, removed: [leaf.vrfOutput] }),
    ],
    ['ERR_STORED_STATE', 'a tree that is not there', () => tree.prove(later, [keyAt('')])],
  ])('%s: %s', async (code, _, run) => {
    await expect(run()).rejects.toMatchObject({ code });
  });

  test('a refused change stores nothing', async () => {
    const store = watchedStore();
    const watched = createPrefixTree({ store });
    const head = await watched.update(undefined, { position: 0, added: [leaf] });
    const before = new Map(store.entries);
    await expect(watched.update(head, { position: 1, added: [leaf] })).rejects.toMatchObject({
      code: 'ERR_PREFIX_PRESENT',
    });
    expect(store.entries).toEqual(before);
  });
});
