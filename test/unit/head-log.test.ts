/** The operator's side of a head log: what it appends, signs, sends, takes, shows and keeps. */

import { describe, expect, test } from 'vitest';
import {
  openCheckpoint,
  openEntryBundle,
  parseCheckpointText,
  parseNote,
  planRoot,
  planTiles,
  encodeTilePath,
  verifyTiles,
} from '../../src/log.js';
import { KT_128_SHA256_P256 } from '../../src/suites.js';
import { openHeadLog, parseAddCheckpoint, type WitnessedHead } from '../../src/witnesses.js';
import { signerOf } from '../support/log-notes.js';
import { createWorld } from './operator-world.js';
import {
  CopyableStore,
  HEADS_ORIGIN,
  HEADS_SIGNER,
  PlainHeads,
  QUICK,
  WINDOW_MS,
  WitnessedWorld,
  witnessOf,
} from './witness-world.js';
import { Model } from './operator-model.js';

const expectRefused = (work: Promise<unknown>, code: string): Promise<unknown> =>
  expect(work).rejects.toMatchObject({ code });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('an operator’s distinguished heads', () => {
  test.each([QUICK, KT_128_SHA256_P256])('are those of the log as it was, signed ($name)', async (suite) => {
    const world = createWorld({ suite, windowMs: WINDOW_MS, store: new CopyableStore() });
    const operator = await world.open();
    await expectRefused(operator.distinguishedHeads(), 'ERR_NOT_READY');
    const model = new Model(WINDOW_MS);
    const roots: string[] = [];
    const seen: WitnessedHead[] = [];
    for (let i = 0; i < 24; i++) {
      const nowMs = 1000 + 37 * i;
      roots.push(hex((await operator.insert([], { nowMs })).root));
      model.insert([], nowMs);
      const all = await operator.distinguishedHeads();
      expect(all.map(({ position }) => position)).toEqual(model.distinguished());
      // Who asks for what is new has missed nothing, whenever he asks.
      if (i % 5 === 0) seen.push(...(await operator.distinguishedHeads(seen.at(-1)?.position)));
    }
    seen.push(...(await operator.distinguishedHeads(seen.at(-1)?.position)));
    const reopened = await world.open();
    const all = await reopened.distinguishedHeads();
    expect(seen).toEqual(all);
    for (const { position, root, timestampMs } of all) {
      expect(hex(root)).toBe(roots[position]);
      expect(timestampMs).toBe(1000 + 37 * position);
    }
    await expectRefused(reopened.distinguishedHeads(24), 'ERR_ARGUMENT_RANGE');
    await expectRefused(reopened.distinguishedHeads(-1), 'ERR_ARGUMENT_RANGE');
    expect(await reopened.distinguishedHeads(23)).toEqual([]);
  });

  test('are not signed where the store has another log than was signed', async () => {
    for (const key of [
      'log-node-0-00000000000003',
      'log-node-2-00000000000000',
      'log-node-1-00000000000002',
    ]) {
      const world = await WitnessedWorld.open();
      await world.grow(8, 200);
      const value = world.store.values.get(key) as Uint8Array;
      value[0] = (value[0] as number) + 1;
      await expectRefused(world.operator.distinguishedHeads(), 'ERR_STORED_STATE');
    }
    const world = await WitnessedWorld.open();
    await world.grow(8, 200);
    const entry = world.store.values.get('log-entry-00000000000003') as Uint8Array;
    entry[7] = (entry[7] as number) + 1;
    // Opened again, so that the entry is read again.
    await expectRefused((await world.world.open()).distinguishedHeads(), 'ERR_STORED_STATE');
  });

  test('come 256 at a time', async () => {
    const world = await WitnessedWorld.open({}, 0);
    await world.grow(260, 1);
    expect(await world.operator.distinguishedHeads()).toHaveLength(256);
    expect(await world.operator.distinguishedHeads(255)).toHaveLength(4);
  });
});

describe('a head log', () => {
  test('serves tiles, entries and checkpoint as tlog-tiles has them, of several tiles', async () => {
    const world = await WitnessedWorld.open({}, 0);
    await world.grow(300, 1);
    expect(await world.heads.read('checkpoint')).toBeUndefined();
    await world.append();
    await world.append();
    await world.heads.signCheckpoint();
    const note = (await world.heads.read('checkpoint')) as Uint8Array;
    const head = openCheckpoint(note, { origin: HEADS_ORIGIN, keys: [HEADS_SIGNER.key] });
    expect(head.treeSize).toBe(300);
    const plan = planTiles({ treeSize: 300, nodes: planRoot(300).nodes });
    const tiles = await Promise.all(plan.tiles.map((tile) => world.heads.read(encodeTilePath(tile))));
    verifyTiles(head, plan, tiles as Uint8Array[]);

    const full = (await world.heads.read('tile/0/000')) as Uint8Array;
    const entries = [
      ...openEntryBundle((await world.heads.read('tile/entries/000')) as Uint8Array, full),
      ...openEntryBundle(
        (await world.heads.read('tile/entries/001.p/44')) as Uint8Array,
        (await world.heads.read('tile/0/001.p/44')) as Uint8Array,
      ),
    ];
    const plain = new PlainHeads(entries);
    expect(plain.head()).toEqual({ treeSize: 300, root: head.root });
    for (const path of ['tile/0/000', 'tile/1/000.p/1', 'tile/0/001.p/7', 'tile/entries/000.p/9'])
      expect(await world.heads.read(path)).toEqual(plain.file(path));
    for (const path of [
      'tile/0/001',
      'tile/0/002',
      'tile/1/000',
      'tile/2/000.p/1',
      'tile/entries/001.p/45',
      'tile/entries/002',
      'checkpoints',
      '',
      'tile/0/000.p/0',
      '/checkpoint',
    ])
      expect(await world.heads.read(path)).toBeUndefined();
    await expectRefused(world.heads.read(7 as never), 'ERR_ARGUMENT_TYPE');
  });

  test('appends only what the log signed, in order', async () => {
    const world = await WitnessedWorld.open();
    await world.grow(20);
    const all = await world.operator.distinguishedHeads();
    const [first, second, third] = all as [WitnessedHead, WitnessedHead, WitnessedHead];
    await world.heads.append([first, second]);
    const other = await world.fork();
    const root = new Uint8Array(32).fill(3);
    const cases: readonly [string, readonly WitnessedHead[]][] = [
      ['ERR_HEAD_LOG_ORDER', [second]],
      ['ERR_HEAD_LOG_ORDER', [first]],
      ['ERR_HEAD_LOG_ORDER', [third, second]],
      ['ERR_TIMESTAMP_ORDER', [{ ...third, timestampMs: second.timestampMs - 1 }]],
      ['ERR_SIGNATURE', [{ ...third, root }]],
      ['ERR_SIGNATURE', [{ ...third, signature: new Uint8Array(64) }]],
      ['ERR_SIGNATURE', [{ ...third, position: third.position + 1 }]],
      ['ERR_ARGUMENT_RANGE', [third, { ...(all[3] as WitnessedHead), timestampMs: 2 ** 60 }]],
      ['ERR_ARGUMENT_TYPE', 'heads' as never],
    ];
    for (const [code, heads] of cases) {
      await expectRefused((async () => other.heads.append(heads))(), code);
      expect(other.heads.treeSize).toBe(2);
      expect(other.heads.newest).toEqual(second);
    }
    await other.heads.append([{ ...third, timestampMs: second.timestampMs }]);
    expect(other.heads.treeSize).toBe(3);
    await world.heads.append([]);
    expect(world.heads.treeSize).toBe(2);
  });

  test('shows a checkpoint once enough witnesses cosigned, and keeps cosignatures that come later', async () => {
    const [a, b, c] = [witnessOf(0), witnessOf(1), witnessOf(2)] as const;
    const policy = { threshold: 2, keys: [a.key, b.key, c.key] };
    const world = await WitnessedWorld.open({ witnesses: policy });
    await expectRefused(world.heads.signCheckpoint(), 'ERR_NOT_READY');
    await world.grow(12);
    await world.append();
    await expectRefused(world.heads.submit(a.key), 'ERR_NOT_READY');
    const bare = await world.heads.signCheckpoint();
    const shown = async (): Promise<readonly string[]> => {
      const note = await world.heads.read('checkpoint');
      if (note === undefined) return [];
      return openCheckpoint(note, {
        origin: HEADS_ORIGIN,
        keys: [HEADS_SIGNER.key],
        witnesses: policy,
      }).cosignedBy.map(({ name }) => name.slice(-1));
    };
    expect(await world.ask([a])).toEqual([{ outcome: 'cosigned', isPublished: false }]);
    expect(await shown()).toEqual([]);
    expect(await world.ask([a])).toEqual([{ outcome: 'cosigned', isPublished: false }]);
    expect(await world.ask([b])).toEqual([{ outcome: 'cosigned', isPublished: true }]);
    expect(await shown()).toEqual(['0', '1']);
    expect(await world.ask([c])).toEqual([{ outcome: 'cosigned', isPublished: true }]);
    expect(await shown()).toEqual(['0', '1', '2']);
    // What is sent has the log's signature alone.
    const { body } = await world.heads.submit(a.key);
    expect(parseAddCheckpoint(body)).toEqual({ oldSize: world.heads.treeSize, proof: [], checkpoint: bare });

    // A new one takes its place only with as many witnesses; answers to the one before come too late.
    const { take, body: late } = await world.heads.submit(c.key);
    await world.grow(12);
    await world.append();
    await world.heads.signCheckpoint();
    expect(await take(await c.addCheckpoint(late, world))).toEqual({
      outcome: 'cosigned',
      isPublished: false,
    });
    const treeSize = async (): Promise<number> =>
      parseCheckpointText(parseNote((await world.heads.read('checkpoint')) as Uint8Array).text).treeSize;
    expect(await treeSize()).toBeLessThan(world.heads.treeSize);
    await world.ask([a]);
    expect(await treeSize()).toBeLessThan(world.heads.treeSize);
    await world.ask([b]);
    expect(await treeSize()).toBe(world.heads.treeSize);
    expect(await shown()).toEqual(['0', '1']);
  });

  test('finds out what a witness has, and that the witness has more than it should', async () => {
    const witness = witnessOf(0);
    const world = await WitnessedWorld.open();
    await world.grow(12);
    await world.round([witness]);
    const backup = world.store.copy();
    const treeSize = world.heads.treeSize;
    await world.grow(12);
    await world.round([witness]);
    // A program that starts anew does not know what the witness has.
    const again = await world.reopen();
    await again.heads.signCheckpoint();
    const submission = await again.heads.submit(witness.key);
    const answer = await witness.addCheckpoint(submission.body, world);
    expect(await submission.take(answer)).toEqual({ outcome: 'conflict', treeSize: again.heads.treeSize });
    expect(await again.ask([witness])).toEqual([{ outcome: 'cosigned', isPublished: true }]);

    const restored = new WitnessedWorld(backup);
    await restored.reopen();
    restored.nowMs = world.nowMs;
    expect(restored.heads.treeSize).toBe(treeSize);
    await restored.heads.signCheckpoint();
    const ahead = { outcome: 'ahead', treeSize: again.heads.treeSize };
    expect(await restored.ask([witness])).toEqual([ahead]);
    expect(await restored.ask([witness])).toEqual([ahead]);
  });

  test('takes no answer that is false, and none for another', async () => {
    const witness = witnessOf(0);
    const world = await WitnessedWorld.open({ witnesses: { threshold: 1, keys: [witness.key] } });
    await world.grow(12);
    await world.append();
    await world.heads.signCheckpoint();
    const { body, take } = await world.heads.submit(witness.key);
    const other = await witnessOf(1).addCheckpoint(body, world);
    await expectRefused(take(other), 'ERR_NOTE_UNSIGNED');
    const own = await witness.addCheckpoint(body, world);
    const text = Buffer.from(own.body).toString();
    await expectRefused(take({ status: 200, body: Buffer.from(`${text.slice(0, -9)}!`) }), 'ERR_NOTE_FORMAT');
    const changed = `${text.slice(0, -20)}AAAA${text.slice(-16)}`;
    await expectRefused(take({ status: 200, body: Buffer.from(changed) }), 'ERR_SIGNATURE');
    expect(await take({ status: 429, body: new Uint8Array(0) })).toEqual({ outcome: 'refused', status: 429 });
    expect(await world.heads.read('checkpoint')).toBeUndefined();
    expect(await take(own)).toEqual({ outcome: 'cosigned', isPublished: true });
    await expectRefused(world.heads.submit(HEADS_SIGNER.key), 'ERR_ARGUMENT_RANGE');
    await expectRefused(world.heads.submit('nonsense'), 'ERR_KEY_FORMAT');
  });

  test('is opened with what makes sense only', async () => {
    const { world, store } = await WitnessedWorld.open();
    const open = (options: object): Promise<unknown> =>
      openHeadLog(world.bytes, {
        suite: QUICK,
        origin: HEADS_ORIGIN,
        signers: [HEADS_SIGNER],
        store: store.copy(),
        ...options,
      });
    const cosigner = signerOf('witness.example/x', 'cosignature', 40);
    await expectRefused(open({ origin: '' }), 'ERR_ARGUMENT_RANGE');
    await expectRefused(open({ origin: 'a\nb' }), 'ERR_ARGUMENT_RANGE');
    await expectRefused(open({ origin: 7 }), 'ERR_ARGUMENT_TYPE');
    await expectRefused(open({ signers: [] }), 'ERR_ARGUMENT_RANGE');
    await expectRefused(open({ signers: [HEADS_SIGNER, HEADS_SIGNER] }), 'ERR_ARGUMENT_RANGE');
    await expectRefused(open({ signers: undefined }), 'ERR_ARGUMENT_TYPE');
    // The public key of the log's signer, as a witness's.
    await expectRefused(open({ witnesses: { threshold: 1, keys: [cosigner.key] } }), 'ERR_ARGUMENT_RANGE');
    await expectRefused(
      open({ witnesses: { threshold: 2, keys: [witnessOf(1).key] } }),
      'ERR_ARGUMENT_RANGE',
    );
    await expectRefused(openHeadLog(world.bytes, undefined as never), 'ERR_ARGUMENT_TYPE');
    const other = createWorld({ suite: KT_128_SHA256_P256 });
    await expectRefused(
      openHeadLog(other.bytes, {
        suite: KT_128_SHA256_P256,
        origin: HEADS_ORIGIN,
        signers: [HEADS_SIGNER],
        store: store.copy(),
      }),
      'ERR_STATE_LOG',
    );
  });

  test('notices a damaged store', async () => {
    const world = await WitnessedWorld.open();
    await world.grow(20);
    await world.round();
    const { treeSize } = world.heads;
    const nodes = [...world.store.values.keys()].filter((key) => key.startsWith('heads-node-'));
    const edge = planRoot(treeSize).nodes.map(
      ({ level, index }) => `heads-node-${level}-${index.toString(16).padStart(14, '0')}`,
    );
    for (const key of nodes) {
      const store = world.store.copy();
      store.values.set(key, new Uint8Array(32));
      const open = new WitnessedWorld(store).openHeads();
      if (edge.includes(key)) await expectRefused(open, 'ERR_STORED_STATE');
      else expect((await open).treeSize).toBe(treeSize);
    }
    const damages: readonly [string, Uint8Array | undefined][] = [
      ['heads-checkpoint', new Uint8Array(3)],
      [edge[0] as string, undefined],
      [edge[0] as string, new Uint8Array(31)],
      [`heads-entry-${(treeSize - 1).toString(16).padStart(14, '0')}`, undefined],
    ];
    for (const [key, value] of damages) {
      const store = world.store.copy();
      if (value === undefined) store.values.delete(key);
      else store.values.set(key, value);
      await expectRefused(new WitnessedWorld(store).openHeads(), 'ERR_STORED_STATE');
    }
    world.store.values.delete('heads-entry-00000000000001');
    await expectRefused(world.heads.read(`tile/entries/000.p/${treeSize}`), 'ERR_STORED_STATE');
  });
});

describe('a head log whose program ends at any write', () => {
  test.each(['before', 'after'])('%s it', async (end) => {
    const store = new CopyableStore();
    const first = await new WitnessedWorld(store).reopen();
    await first.grow(14);
    let signed = new Map<number, string>();
    const sign = (message: Uint8Array): Uint8Array => {
      const { treeSize, root } = parseCheckpointText(Buffer.from(message).toString());
      // Of no size are two checkpoints that differ ever signed.
      expect(signed.get(treeSize) ?? hex(root)).toBe(hex(root));
      signed.set(treeSize, hex(root));
      return HEADS_SIGNER.sign(message);
    };
    const signers = [{ key: HEADS_SIGNER.key, sign }];

    /** A round that ends at its n-th write. @returns whether it came so far */
    const endsAt = async (at: number): Promise<boolean> => {
      signed = new Map();
      const world = new WitnessedWorld(store.copy());
      world.nowMs = first.nowMs;
      await world.reopen({ signers });
      let writes = 0;
      world.store.onWrite = (side) => {
        if (side === end) writes++;
        if (writes > at) throw new Error('the program has ended');
      };
      const ended = await world.round([witnessOf(0)]).then(
        () => false,
        () => true,
      );
      expect(ended).toBe(writes > at);
      // It starts again, and the log has grown.
      const again = new WitnessedWorld(world.store.copy());
      again.nowMs = world.nowMs;
      await again.reopen({ signers });
      await again.round([witnessOf(0)]);
      await again.grow(5, 35);
      await again.round([witnessOf(0)]);
      const heads = await again.operator.distinguishedHeads();
      expect(again.heads.treeSize).toBe(heads.length);
      expect(again.heads.newest).toEqual(heads.at(-1));
      return ended;
    };

    let ends = 0;
    while (await endsAt(ends)) ends++;
    expect(ends).toBeGreaterThan(10);
  });

  test('or whose store fails once, and goes on', async () => {
    const world = await WitnessedWorld.open();
    await world.grow(20);
    const heads = await world.operator.distinguishedHeads();
    const { length } = heads;
    let writes = 0;
    for (let failing = 1; failing < 4 * length; failing++) {
      const store = world.store.copy();
      const log = await new WitnessedWorld(store).openHeads();
      writes = 0;
      // The write is done, and reported as failed.
      const { putNew } = store;
      store.putNew = async (entry) => {
        const isNew = await putNew.call(store, entry);
        writes++;
        if (writes === failing) throw new Error('the connection was lost');
        return isNew;
      };
      for (let tries = 0; log.treeSize < length && tries < 3; tries++) {
        const after = log.newest?.position ?? -1;
        await log.append(heads.filter(({ position }) => position > after)).catch(() => undefined);
      }
      expect(log.treeSize).toBe(length);
      expect(log.newest).toEqual(heads.at(-1));
    }
  });

  test('or that is not alone', async () => {
    const world = await WitnessedWorld.open();
    await world.grow(20);
    const heads = await world.operator.distinguishedHeads();
    const other = await world.openHeads();
    await world.heads.append(heads.slice(0, 2));
    // The other program takes what is there before it appends.
    await expectRefused(other.append(heads.slice(0, 2)), 'ERR_HEAD_LOG_ORDER');
    expect(other.newest).toEqual(heads[1]);
    // At the same time: one of them decides, the other signs nothing.
    const results = await Promise.allSettled([
      world.heads.append(heads.slice(2, 4)),
      other.append(heads.slice(2, 4)),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find((result) => result.status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'ERR_STORED_STATE' } });
    await world.heads.append([]);
    await other.append([]);
    expect([world.heads.newest, other.newest]).toEqual([heads[3], heads[3]]);
    expect(await world.heads.signCheckpoint()).toEqual(await other.signCheckpoint());
  });
});
