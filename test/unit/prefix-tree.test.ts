/** Stored prefix trees: what is read and written, what is shared, what is found out. */
import {
  createPrefixTree,
  type NodeStore,
  type PrefixLeaf,
  type PrefixTreeHead,
  verifyPrefixProof,
} from 'contact-key-verification/prefix.js';
import { describe, expect, test } from 'vitest';
import { encodeJournal, parseJournal } from '../../src/prefix/journal.js';
import { PAGES_AT_ONCE } from '../../src/prefix/update.js';
import { keyAt, leafAt, leavesOf, named, watchedStore } from '../support/prefix-tree.js';

const keysOf = (leaves: readonly { readonly vrfOutput: Uint8Array }[]): Uint8Array[] =>
  leaves.map(({ vrfOutput }) => vrfOutput);
const pagesIn = (keys: Iterable<string>): string[] => [...keys].filter((key) => !key.endsWith('!'));

/** A page by its nodes, and so many zeros for its leaves and references. */
function pageOf(nodes: readonly number[], zeros: number, levels = 4): Uint8Array {
  const page = new Uint8Array(4 * Math.ceil((1 + nodes.length) / 4) + zeros);
  page.set([levels, ...nodes]);
  return page;
}
/** Four levels to the left, and a reference at their end. With the level byte these are 10 bytes: references at 12. */
const toReference = [2, 2, 2, 2, 3, 0, 0, 0, 0];

/** A tree that changes batch by batch, only the newest kept; removals are given before the additions. */
function grownTree(levelsPerPage: number) {
  const store = watchedStore();
  const tree = createPrefixTree({ store, levelsPerPage });
  let head: PrefixTreeHead | undefined;
  async function change(removed: readonly PrefixLeaf[], added: readonly PrefixLeaf[], step: number) {
    const from = head?.position ?? -1;
    let position = from;
    const make = async (changes: { added?: PrefixLeaf[]; removed?: Uint8Array[] }): Promise<void> => {
      position++;
      head = await tree.update(head, { position, ...changes });
    };
    for (let i = 0; i < removed.length; i += step) {
      await make({ removed: keysOf(removed.slice(i, i + step)) });
    }
    for (let i = 0; i < added.length; i += step) await make({ added: added.slice(i, i + step) });
    await tree.prune({ from: Math.max(from, 0), keep: head as PrefixTreeHead });
    return head as PrefixTreeHead;
  }
  return { store, tree, change };
}
const pathsIn = (keys: Iterable<string>): string[] =>
  pagesIn(keys)
    .map((key) => key.slice(15))
    .sort();

describe.each([1, 2, 3, 4, 5])('with %i levels in a page', (levelsPerPage) => {
  test('keys that share 254 bits are kept in a store in memory', async () => {
    const tree = createPrefixTree({ levelsPerPage });
    const [left, right] = ['0', '1'].map((bit) => leafAt('01'.repeat(127) + bit, 'deep'));
    const added = [left, right] as PrefixLeaf[];
    const head = await tree.update(undefined, { position: 0, added });
    const { proof, commitments } = await tree.prove(head, keysOf(added));
    expect(proof.results.map(({ depth }) => depth)).toEqual([255, 255]);
    expect(commitments).toEqual(added.map(({ commitment }) => commitment));
  });

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

  test('a tree has the same pages however it came about, also where removals make it small', async () => {
    const [one, other] = [grownTree(levelsPerPage), grownTree(levelsPerPage)];
    let leaves: readonly PrefixLeaf[] = [];
    for (let round = 0; round < 8; round++) {
      const removed = leaves.filter((_, i) => i % 3 === round % 3 || round === 7);
      const added = round < 4 ? leavesOf(round === 0 ? 120 : 9, `round ${round}`) : [];
      leaves = [...leaves.filter((leaf) => !removed.includes(leaf)), ...added];
      const head = await one.change(removed, added, 1000);
      expect((await other.change(removed, added, 5)).root).toEqual(head.root);
      expect(pathsIn(one.store.entries.keys())).toEqual(pathsIn(other.store.entries.keys()));
      const { commitments } = await one.tree.prove(head, keysOf(leaves));
      expect(commitments).toEqual(leaves.map(({ commitment }) => commitment));
    }
    expect(one.store.entries.size).toBe(0);
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

describe('a batch that reaches more pages than are worked on at a time', () => {
  const all = leavesOf(9000);
  const removed = all.filter((_, i) => i % 4 === 0);
  const added = leavesOf(3000, 'new');

  test.each([1, 4])('makes the same tree, of the same pages, with %i levels in a page', async (levels) => {
    const [one, other] = [grownTree(levels), grownTree(levels)];
    const old = await one.change([], all, all.length);
    await other.change([], all, 500);
    one.store.reads.length = 0;
    const head = await one.tree.update(old, { position: 9, added, removed: keysOf(removed) });
    const most = Math.max(...one.store.reads.map((keys) => keys.length));
    expect(most).toBe(levels === 1 ? PAGES_AT_ONCE : 638);
    await one.tree.prune({ from: 0, keep: head });
    expect(head.root).toEqual((await other.change(removed, added, 500)).root);
    expect(pathsIn(one.store.entries.keys())).toEqual(pathsIn(other.store.entries.keys()));
    const asked = [all[1], removed[0], added[0]].map((leaf) => (leaf as PrefixLeaf).vrfOutput);
    const { commitments } = await one.tree.prove(head, asked);
    expect(commitments).toEqual([all[1]?.commitment, undefined, added[0]?.commitment]);
  });

  test('is refused whole where one page of it is damaged, or one change cannot be made', async () => {
    const store = watchedStore();
    const tree = createPrefixTree({ store, levelsPerPage: 1 });
    const old = await tree.update(undefined, { position: 0, added: all });
    const before = store.entries.size;
    const present = { position: 1, added: [...added, all[4321] as PrefixLeaf] };
    await expect(tree.update(old, present)).rejects.toMatchObject({ code: 'ERR_PREFIX_PRESENT' });
    const last = pagesIn(store.entries.keys()).reduce((a, b) => (a > b ? a : b));
    const lying: NodeStore = {
      ...store,
      getMany: async (keys) =>
        (await store.getMany(keys)).map((page, i) =>
          keys[i] === last ? page?.map((byte, at) => (at === page.length - 1 ? byte ^ 1 : byte)) : page,
        ),
    };
    const damaged = createPrefixTree({ store: lying, levelsPerPage: 1 });
    const replaced = all.map(({ vrfOutput }) => ({ vrfOutput, commitment: named('other') }));
    await expect(
      damaged.update(old, { position: 1, added: replaced, removed: keysOf(all) }),
    ).rejects.toMatchObject({ code: 'ERR_STORED_STATE' });
    expect(store.entries.size).toBe(before);
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
    ['a page that is cut', (_, page) => page.slice(0, -1)],
    ['a page that is longer', (_, page) => Uint8Array.from([...page, 0])],
    ['another whole page', () => pageOf([1], 64)],
    ['the page of another place', (key, page) => (isBelow(key) ? pageOf([1], 64) : page)],
  ])('%s', async (_, change) => {
    expect(await broken(change)).toBe('ERR_STORED_STATE');
  });

  test.each<[string, Uint8Array]>([
    ['other levels', new Uint8Array(0)],
    ['other levels', pageOf([1], 64, 3)],
    ['without a node', pageOf([0], 0)],
    ['unknown node', pageOf([9], 0)],
    ['ends too soon', Uint8Array.of(4, 2, 1, 2)],
    ['another length', pageOf([1], 63)],
    ['another length', pageOf([1], 68)],
    ['something in between', Uint8Array.from(pageOf([1], 64), (byte, i) => (i === 3 ? 1 : byte))],
    ['where no page ends', pageOf([3], 40)],
    ['where no page ends', pageOf([2, 2, 2, 2, 2, 3, 0, 0, 0, 0, 0], 40)],
    ['no position', Uint8Array.from(pageOf(toReference, 40), (byte, i) => (i === 44 ? 0x20 : byte))],
    [
      'too deep',
      pageOf(
        Array.from({ length: 801 }, (_, i) => (i < 400 ? 2 : 0)),
        0,
      ),
    ],
    ['another page', pageOf([1], 64)],
  ])('a page with %s', async (problem, page) => {
    const store: NodeStore = { ...watchedStore(), getMany: async (keys) => keys.map(() => page) };
    const tree = createPrefixTree({ store });
    const head = { position: 0, root: named('root') };
    await expect(tree.prove(head, [keyAt('0000')])).rejects.toMatchObject({
      code: 'ERR_STORED_STATE',
      message: expect.stringContaining(problem),
    });
  });

  test('a store that leads on for ever', async () => {
    const page = pageOf(toReference, 40);
    const store: NodeStore = { ...watchedStore(), getMany: async (keys) => keys.map(() => page) };
    const tree = createPrefixTree({ store });
    const key = new Uint8Array(32);
    const head = { position: 0, root: named('root') };
    const tooDeep = { code: 'ERR_STORED_STATE', message: expect.stringContaining('too deep') };
    await expect(tree.prove(head, [key])).rejects.toMatchObject(tooDeep);
    const added = [{ vrfOutput: key, commitment: named('') }];
    await expect(tree.update(head, { position: 1, added })).rejects.toMatchObject(tooDeep);
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
