/** An auditor's life: batches, stored states, lost states, an auditor who begins late, signers, and what is no auditor. */

import { describe, expect, test } from 'vitest';
import { createAuditor, type Auditor } from '../../src/auditor.js';
import { createTypeScriptHasher, type TreeHasher } from '../../src/log.js';
import { evaluatePrefixUpdates } from '../../src/prefix/evaluate-update.js';
import { createWasmHasher } from '../../src/wasm.js';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import { encodeAuditorUpdate, parseAuditorUpdate } from '../../src/transparency/wire/auditor-update.js';
import { parseAuditorTreeHead } from '../../src/transparency/wire/tree-head.js';
import { after, AuditedLog, auditorOf, changed, codeOf, headOf, isHeadOf, leafOf } from './auditor-world.js';
import { bytesOf, createWorld, SUITES } from './operator-world.js';

const world = createWorld({ maxAuditorLagMs: 1000 });

/** A log of some entries, each a little later than the one before, and their updates. */
async function logOf(entries: number): Promise<{ log: AuditedLog; updates: Uint8Array[] }> {
  const log = new AuditedLog();
  const updates: Uint8Array[] = [];
  for (let i = 0; i < entries; i++) {
    const added = i % 4 === 3 ? [] : [leafOf(`${i} a`), leafOf(`${i} b`)];
    const removed = i > 16 && i % 5 === 0 ? [leafOf(`${i - 15} a`)] : [];
    const isThere = removed.filter((leaf) => log.updates.some((update) => knows(update.added, leaf)));
    updates.push(await log.add({ timestampMs: 1000 + 40 * i, added, removed: isThere }));
  }
  return { log, updates };
}

const knows = (
  leaves: readonly { vrfOutput: Uint8Array }[],
  { vrfOutput }: { vrfOutput: Uint8Array },
): boolean => leaves.some((leaf) => Buffer.compare(leaf.vrfOutput, vrfOutput) === 0);

describe('an auditor', () => {
  test.each(SUITES)('of $name signs the root of every size, one by one as in any batches', async (suite) => {
    const suited = createWorld({ suite, maxAuditorLagMs: 1000 });
    const { log, updates } = await logOf(70);
    let one = auditorOf(suited);
    const states: Uint8Array[] = [];
    for (const [i, update] of updates.entries()) {
      const { head, root, treeSize, timestampMs, before, after: next } = one.apply(update);
      expect([treeSize, timestampMs]).toEqual([i + 1, 1000 + 40 * i]);
      expect(root).toEqual(log.rootAt(i + 1));
      expect(isHeadOf(suited, head as Uint8Array, root)).toBe(true);
      expect(before === undefined).toBe(i === 0);
      states.push(next);
      one = one.at(next);
      expect([one.treeSize, one.root, one.head]).toEqual([i + 1, root, head]);
    }
    for (const sizes of [[70], [1, 69], [64, 6], [65, 5], [3, 64, 3]]) {
      let done = 0;
      let many = auditorOf(suited, { hasher: createWasmHasher() });
      for (const size of sizes) {
        many = after(many, updates.slice(done, done + size));
        done += size;
      }
      expect([many.treeSize, many.root]).toEqual([70, log.root]);
    }
    expect(auditorOf(suited).apply(updates).after).toEqual(states.at(-1));
  });

  test('takes many updates and large ones, in one call', async () => {
    const log = new AuditedLog();
    const updates: Uint8Array[] = [];
    const counts = [...Array.from({ length: 520 }, () => 0), 255, 255, 3, 255, 0, 255, 1];
    for (const [i, count] of counts.entries()) {
      const added = Array.from({ length: count }, (_, j) => leafOf(`${i} ${j}`));
      updates.push(await log.add({ timestampMs: 1000, added }));
    }
    expect(auditorOf(world).apply(updates).root).toEqual(log.root);
  });

  test.each<[string, number[], number[]]>([
    ['257 entries of one change', Array.from({ length: 257 }, () => 1), [256, 1]],
    ['entries with 512 changes in all', [255, 255, 2, 1], [3, 1]],
    ['an entry that would be the 513th change', [255, 255, 3], [2, 1]],
    ['large entries', [255, 255, 255, 255, 255], [2, 2, 1]],
    ['changes of both kinds', [255, -100, 255, 3], [2, 2]],
    ['a removal that would be the 513th change', [255, 8, -250], [2, 1]],
    ['513 entries of one change', Array.from({ length: 513 }, () => 1), [256, 256, 1]],
    ['changes of both kinds, counted together', [255, -250, 8], [2, 1]],
  ])('hashes small updates together and large ones by themselves: %s', async (_, counts, runs) => {
    const log = new AuditedLog();
    const updates: Uint8Array[] = [];
    for (const [i, count] of counts.entries()) {
      const changes = Array.from({ length: Math.abs(count) }, (__, j) => leafOf(`${count < 0 ? 0 : i} ${j}`));
      // What an entry removes, the first one added, and it has been shown.
      const timestampMs = 1000 * (i + 1);
      updates.push(
        await log.add({ timestampMs, ...(count < 0 ? { removed: changes } : { added: changes }) }),
      );
    }
    /** How many nodes of prefix trees the engine was given, call by call. */
    let calls: string[] = [];
    const engine = createTypeScriptHasher();
    const hasher: TreeHasher = {
      ...engine,
      name: engine.name,
      hashPairs(hashes, tags) {
        if (tags.right === undefined) calls.push(`${tags.left}: ${hashes.length / 64}`);
        return engine.hashPairs(hashes, tags);
      },
    };
    const whole = auditorOf(world, { hasher }).apply(updates);
    const together = calls;
    calls = [];
    let done = 0;
    for (const run of runs) {
      evaluatePrefixUpdates(log.updates.slice(done, done + run), { hasher });
      done += run;
    }
    expect(done).toBe(updates.length);
    expect(together).toEqual(calls);
    expect(whole.root).toEqual(log.root);
  });

  test('begins with nothing, and is not changed by what it does', async () => {
    const { updates } = await logOf(2);
    const auditor = auditorOf(world);
    expect([auditor.treeSize, auditor.root, auditor.head]).toEqual([0, undefined, undefined]);
    const first = auditor.apply(updates[0] as Uint8Array);
    expect(auditor.apply(updates[0] as Uint8Array)).toEqual(first);
    expect(auditor.treeSize).toBe(0);
    expect(first.before).toBeUndefined();
    const second = auditor.at(first.after);
    expect(second.apply(updates[1] as Uint8Array).before).toEqual(first.after);
    expect(Object.isFrozen(auditor) && Object.isFrozen(first)).toBe(true);
    second.root?.fill(0);
    expect(second.root).toEqual(auditor.at(first.after).root);
    expect(second.apply(updates[1] as Uint8Array).before).toEqual(first.after);
    const kept = second.apply(updates[1] as Uint8Array);
    kept.before?.fill(0);
    expect(second.apply(updates[1] as Uint8Array).before).toEqual(first.after);
    expect(codeOf(() => second.apply([]))).toBe('ERR_ARGUMENT_RANGE');
    first.after.fill(0);
    first.root.fill(0);
    expect(second.treeSize).toBe(1);
    expect(second.at(undefined).treeSize).toBe(0);
  });

  test('takes all of a batch, or none', async () => {
    const { log, updates } = await logOf(5);
    const auditor = auditorOf(world);
    const broken = [...updates.slice(0, 4), updates[0] as Uint8Array];
    expect(codeOf(() => auditor.apply(broken))).toBe('ERR_TIMESTAMP_ORDER');
    expect(auditor.apply(updates).root).toEqual(log.root);
  });

  test('reports the first false update of a batch, whatever comes after', async () => {
    const { log, updates } = await logOf(3);
    const present = await log.tell({ timestampMs: 2000, added: [leafOf('0 a')] });
    const early = encodeAuditorUpdate({ ...(await log.tell({ timestampMs: 1 })) });
    const all = [...updates, early, encodeAuditorUpdate(present)];
    expect(codeOf(() => auditorOf(world).apply(all))).toBe('ERR_TIMESTAMP_ORDER');
  });

  test('has a state that does not grow with the log', async () => {
    const log = new AuditedLog();
    let auditor: Auditor = auditorOf(world);
    const sizes: number[] = [];
    for (let i = 0; i < 260; i++) {
      const update = await log.add({ timestampMs: 1000 + 150 * i, added: [leafOf(String(i))] });
      const { after: next } = auditor.apply(update);
      sizes.push(next.length);
      auditor = auditor.at(next);
    }
    // Beside a leaf or two, what grows is the number of one bits of the size: 40 bytes each.
    expect(Math.max(...sizes)).toBeLessThan(8 * 40 + 42 * 2 + 200);
    expect(sizes[255]).toBeLessThan(400);
  });

  test('keeps as many insertions as it is told', async () => {
    const log = new AuditedLog();
    const crowd = (name: string): ReturnType<typeof leafOf>[] =>
      Array.from({ length: 10 }, (_, i) => leafOf(`${name} ${i}`));
    await log.add({ timestampMs: 1000 });
    const updates = [encodeAuditorUpdate(log.updates[0] as never)];
    for (const name of ['a', 'b', 'c'])
      updates.push(await log.add({ timestampMs: 1001, added: crowd(name) }));
    const sizeOf = (insertionsKept: number): number =>
      auditorOf(world, { insertionsKept }).apply(updates).after.length;
    // Entry 1 is the root of the search tree and shown by itself; those of 2 and 3 are remembered.
    expect(sizeOf(20) - sizeOf(0)).toBe(2 * (8 + 2 + 320));
    expect(sizeOf(19) - sizeOf(0)).toBe(8 + 2 + 320);
    expect(sizeOf(65_536)).toBe(sizeOf(20));
  });
});

describe('a clock', () => {
  test('bounds how far a log entry is ahead, inclusively', async () => {
    const { updates } = await logOf(1);
    const { maxAheadMs } = world.configuration;
    const apply = (nowMs: number) => auditorOf(world).apply(updates, { nowMs });
    expect(apply(1000 - maxAheadMs).treeSize).toBe(1);
    expect(apply(10 ** 12).treeSize).toBe(1);
    const later = { ...(await new AuditedLog().tell({ timestampMs: 1001 })) };
    const bytes = encodeAuditorUpdate(later);
    expect(codeOf(() => auditorOf(world).apply(bytes, { nowMs: 0 }))).toBe('ERR_HEAD_AHEAD');
    expect(codeOf(() => auditorOf(world).apply(bytes, { nowMs: -1 }))).toBe('ERR_ARGUMENT_RANGE');
  });
});

describe('a lost state', () => {
  test('is made again from the log, and nothing is signed until the newest head is reached', async () => {
    const { log, updates } = await logOf(6);
    const newestHead = auditorOf(world).apply(updates.slice(0, 4)).head as Uint8Array;
    let auditor = auditorOf(world, { newestHead });
    const heads: (Uint8Array | undefined)[] = [];
    for (const update of updates) {
      const { head, after: next } = auditor.apply(update);
      heads.push(head);
      auditor = auditor.at(next);
    }
    expect(heads.map((head) => head !== undefined)).toEqual([false, false, false, true, true, true]);
    expect(heads[3]).toEqual(newestHead);
    expect(isHeadOf(world, heads[5] as Uint8Array, log.root)).toBe(true);
    // Past the head in one batch.
    expect(auditorOf(world, { newestHead }).apply(updates).treeSize).toBe(6);
  });

  test('does not sign the newest head a second time', async () => {
    const { updates } = await logOf(3);
    const newestHead = auditorOf(world).apply(updates).head as Uint8Array;
    const signer = (): never => {
      throw new Error('asked to sign');
    };
    expect(auditorOf(world, { newestHead, signer }).apply(updates).head).toEqual(newestHead);
  });

  test('is noticed by a head of its own size, or a larger one; a smaller head says nothing', async () => {
    const { log, updates } = await logOf(4);
    const state = auditorOf(world).apply(updates.slice(0, 3)).after;
    const opened = (newestHead: Uint8Array): string => codeOf(() => auditorOf(world, { state, newestHead }));
    const root = log.rootAt(3);
    expect(opened(headOf(world, 3, 1080, root))).toBe('accepted');
    expect(opened(headOf(world, 3, 1080, log.rootAt(2)))).toBe('ERR_AUDITOR_SIGNATURE');
    expect(opened(headOf(world, 3, 1081, root))).toBe('ERR_AUDITOR_SIGNATURE');
    expect(opened(headOf(world, 2, 1040, root))).toBe('accepted');
    expect(codeOf(() => auditorOf(world, { newestHead: headOf(world, 0, 0, root) }))).toBe('accepted');
    const ahead = auditorOf(world, { state, newestHead: headOf(world, 4, 1120, log.root) });
    expect(ahead.apply(updates[3] as Uint8Array).head).toBeDefined();
    const forged = auditorOf(world, { state, newestHead: headOf(world, 4, 1120, root) });
    expect(codeOf(() => forged.apply(updates[3] as Uint8Array))).toBe('ERR_AUDITOR_SIGNATURE');
  });

  test('of which nothing is known goes unnoticed: two heads of one size are the price', async () => {
    const [honest, other] = [await logOf(1), new AuditedLog()];
    const told = await other.add({ timestampMs: 1000, added: [leafOf('another')] });
    const [a, b] = [auditorOf(world).apply(honest.updates), auditorOf(world).apply(told)];
    expect(parseAuditorTreeHead(a.head as Uint8Array).treeSize).toBe(1);
    expect(b.head).not.toEqual(a.head);
  });
});

describe('a signer', () => {
  const { suite } = world;

  test('may answer later', async () => {
    const { updates, log } = await logOf(2);
    const signer = (tbs: Uint8Array): Promise<Uint8Array> => Promise.resolve(world.signAsAuditor(tbs));
    const auditor = createAuditor(world.bytes, { suite, signer });
    const { head, after: next } = await auditor.applyAsync(updates);
    expect(isHeadOf(world, head as Uint8Array, log.root)).toBe(true);
    expect(next).toEqual(auditorOf(world).apply(updates).after);
    expect(await auditorOf(world).applyAsync(updates)).toEqual(auditorOf(world).apply(updates));
    expect(codeOf(() => auditor.apply(updates))).toBe('ERR_ARGUMENT_TYPE');
    const newestHead = head as Uint8Array;
    const again = createAuditor(world.bytes, { suite, signer, newestHead });
    const [first, second] = updates as [Uint8Array, Uint8Array];
    const partly = await again.applyAsync(first);
    expect(partly.head).toBeUndefined();
    expect((await again.at(partly.after).applyAsync(second)).head).toEqual(newestHead);
    const never = (): never => {
      throw new Error('asked to sign');
    };
    const silent = auditorOf(world, { newestHead, signer: never });
    expect((await silent.applyAsync(updates)).head).toEqual(newestHead);
    await expect(auditor.applyAsync([])).rejects.toMatchObject({ code: 'ERR_ARGUMENT_RANGE' });
  });

  test('with another key is refused, as is what it throws', async () => {
    const { updates } = await logOf(1);
    const other = createAuditor(world.bytes, { suite, signer: world.sign });
    expect(codeOf(() => other.apply(updates))).toBe('ERR_SIGNATURE');
    const failing = auditorOf(world, {
      signer: () => {
        throw new RangeError('no key today');
      },
    });
    expect(() => failing.apply(updates)).toThrow('no key today');
  });

  test('cannot change what is signed', async () => {
    const { updates } = await logOf(1);
    const signer = (tbs: Uint8Array): Uint8Array => {
      const signature = world.signAsAuditor(tbs);
      tbs.fill(0);
      return signature;
    };
    expect(auditorOf(world, { signer }).apply(updates).head).toEqual(auditorOf(world).apply(updates).head);
  });
});

describe('an auditor who begins in the middle', () => {
  const START = 5;
  const late = createWorld({ maxAuditorLagMs: 1000, auditorStartPos: START });

  test('goes on from what a user would see', async () => {
    const operator = await late.open();
    await expect(operator.auditorStart()).rejects.toMatchObject({ code: 'ERR_NOT_READY' });
    for (let i = 0; i < 9; i++) {
      const updates = [{ label: bytesOf(`label ${i}`), values: [bytesOf('value')] }];
      await operator.insert(updates, { nowMs: 1000 + 10 * i });
      if (i < START - 1)
        await expect(operator.auditorStart()).rejects.toMatchObject({ code: 'ERR_NOT_READY' });
    }
    let auditor = auditorOf(late, { start: await operator.auditorStart() });
    expect(auditor.treeSize).toBe(START);
    while (auditor.treeSize < 9) {
      const { head, after: next } = auditor.apply(await operator.auditorUpdate(auditor.treeSize));
      await operator.takeAuditorHead(head as Uint8Array);
      auditor = auditor.at(next);
    }
    expect(auditor.root).toEqual(operator.head?.root);
  });

  test('needs to be told where, once', async () => {
    expect(codeOf(() => auditorOf(late))).toBe('ERR_ARGUMENT_TYPE');
    const operator = await late.open();
    for (let i = 0; i < START; i++) await operator.insert([], { nowMs: 1000 });
    const start = await operator.auditorStart();
    const auditor = auditorOf(late, { start });
    const state = auditor.apply(
      encodeAuditorUpdate(await new AuditedLog().tell({ timestampMs: 1000 })),
    ).after;
    expect(auditorOf(late, { state }).treeSize).toBe(START + 1);
    expect(codeOf(() => auditorOf(late, { state }).at(undefined))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => auditorOf(world, { start }))).toBe('ERR_ARGUMENT_RANGE');
    const cut = start.slice(0, -1);
    expect(codeOf(() => auditorOf(late, { start: cut }))).toBe('ERR_TRUNCATED');
    // One timestamp less than the frontier has entries.
    const short = new Uint8Array([1, ...start.slice(9)]);
    expect(codeOf(() => auditorOf(late, { start: short }))).toBe('ERR_PROOF_TIMESTAMPS');
  });

  test('does not know of earlier leaves whether they were shown, until an entry from its start on shows them', async () => {
    const log = new AuditedLog();
    const operator = await late.open();
    for (let i = 0; i < START; i++) await operator.insert([], { nowMs: 1000 });
    // The same log goes on by hand: so far it has no leaves.
    const start = await operator.auditorStart();
    const auditor = auditorOf(late, { start });
    const first = await log.add({ timestampMs: 1000, added: [leafOf('seen'), leafOf('too')] });
    const early = await log.tell({ timestampMs: 1050, removed: [leafOf('seen')] });
    const told = auditor.at(auditor.apply(first).after);
    expect(codeOf(() => told.apply(encodeAuditorUpdate(early)))).toBe('ERR_REMOVED_EARLY');
    const unseen = await unseenLeaf();
    expect(codeOf(() => unseen.auditor.apply(unseen.at(1010)))).toBe('ERR_REMOVED_UNKNOWN');
    expect(unseen.auditor.apply(unseen.at(1110)).treeSize).toBe(START + 2);
  });

  /** An auditor who began when a leaf was there already, and the leaf's removal. */
  async function unseenLeaf(): Promise<{ auditor: Auditor; at: (timestampMs: number) => Uint8Array }> {
    const operator = await late.open();
    const nowMs = 1000;
    for (let i = 0; i < START - 1; i++) await operator.insert([], { nowMs });
    await operator.insert([{ label: bytesOf('unseen'), values: [bytesOf('value')] }], { nowMs });
    await operator.insert([], { nowMs: 1005 });
    const start = auditorOf(late, { start: await operator.auditorStart() });
    const auditor = start.at(start.apply(await operator.auditorUpdate(START)).after);
    const { added } = parseAuditorUpdate(await operator.auditorUpdate(START - 1));
    const proof = { results: [{ resultType: 'inclusion', depth: 0 } as const], elements: [] };
    return {
      auditor,
      at: (timestampMs) => encodeAuditorUpdate({ timestampMs, added: [], removed: added, proof }),
    };
  }
});

describe('what is no auditor', () => {
  const { bytes, suite, signAsAuditor: signer } = world;
  const made = (...args: readonly unknown[]): string =>
    codeOf(() => (createAuditor as (...all: readonly unknown[]) => unknown)(...args));

  test('is refused by its arguments', () => {
    expect(made(bytes, undefined)).toBe('ERR_ARGUMENT_TYPE');
    expect(made(bytes, { suite })).toBe('ERR_ARGUMENT_TYPE');
    expect(made(bytes, { signer })).toBe('ERR_ARGUMENT_TYPE');
    expect(made(bytes, { suite, signer, state: 'state' })).toBe('ERR_ARGUMENT_TYPE');
    expect(made(bytes, { suite, signer, insertionsKept: -1 })).toBe('ERR_ARGUMENT_RANGE');
    expect(made(bytes, { suite, signer, insertionsKept: 2 ** 20 + 1 })).toBe('ERR_ARGUMENT_RANGE');
    expect(made(bytes, { suite, signer, newestHead: new Uint8Array(3) })).toBe('ERR_TRUNCATED');
    expect(made(bytes, { suite: KT_128_SHA256_P256, signer })).toBe('ERR_CIPHER_SUITE');
    expect(made(createWorld().bytes, { suite, signer })).toBe('ERR_DEPLOYMENT_MODE');
    const auditor = auditorOf(world);
    const apply = (...args: readonly unknown[]): string =>
      codeOf(() => (auditor.apply as (...all: readonly unknown[]) => unknown)(...args));
    expect(apply([])).toBe('ERR_ARGUMENT_RANGE');
    expect(apply('update')).toBe('ERR_ARGUMENT_TYPE');
    expect(apply(['update'])).toBe('ERR_ARGUMENT_TYPE');
    expect(apply(new Uint8Array())).toBe('ERR_TRUNCATED');
    expect(apply(new Uint8Array(), null)).toBe('ERR_ARGUMENT_TYPE');
    expect(apply(new Uint8Array(), { nowMs: 0.5 })).toBe('ERR_ARGUMENT_RANGE');
  });

  test('is refused by its stored state', async () => {
    const { updates } = await logOf(7);
    const state = auditorOf(world).apply(updates).after;
    const opened = (damaged: Uint8Array): string => codeOf(() => auditorOf(world, { state: damaged }));
    expect(opened(state)).toBe('accepted');
    expect(opened(state.slice(1))).toBe('ERR_STORED_STATE');
    expect(opened(new Uint8Array())).toBe('ERR_STORED_STATE');
    expect(opened(new Uint8Array([...state, 0]))).toBe('ERR_STORED_STATE');
    expect(opened(changed(state, 1, 2))).toBe('ERR_STORED_STATE');
    expect(opened(changed(state, 2, (state[2] as number) ^ 1))).toBe('ERR_STATE_LOG');
    // The tree size: another number of full subtrees, none at all.
    expect(opened(changed(state, 41, 8))).toBe('ERR_STORED_STATE');
    expect(opened(changed(state, 41, 0))).toBe('ERR_STORED_STATE');
    const times = 42 + 1 + 3 * 32 + 1;
    expect(opened(changed(state, times, 1))).toBe('ERR_STORED_STATE');
    const rememberedFrom = times + 3 * 8 + 32;
    expect(opened(changed(state, rememberedFrom + 7, 8))).toBe('ERR_STORED_STATE');
    // The position of the first insertions, their keys' order, and the head's size.
    const insertions = rememberedFrom + 8 + 4;
    expect(state[insertions - 1]).toBeGreaterThan(0);
    expect(opened(changed(state, insertions + 7, 7))).toBe('ERR_STORED_STATE');
    expect(opened(changed(changed(state, insertions + 10, 255), insertions + 11, 255))).toBe(
      'ERR_STORED_STATE',
    );
    expect(opened(changed(state, insertions + 9, 33))).toBe('ERR_STORED_STATE');
    const head = state.length - 64 - 2 - 16;
    expect(opened(changed(state, head + 15, 8))).toBe('ERR_STORED_STATE');
    expect(opened(changed(state, head + 15, 0))).toBe('ERR_STORED_STATE');
    const elsewhere = createWorld({ suite: KT_128_SHA256_P256, maxAuditorLagMs: 1000 });
    expect(codeOf(() => auditorOf(elsewhere, { state }))).toBe('ERR_STATE_LOG');
    expect(world.suite).toBe(KT_128_SHA256_Ed25519);
  });
});
