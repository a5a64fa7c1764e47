/** What an auditor remembers and stores, number by number: the bounds that a history seldom meets. */

import { describe, expect, test } from 'vitest';
import type { AuditorState } from '../../src/transparency/auditor/auditor-state.js';
import {
  decodeAuditorState,
  encodeAuditorState,
} from '../../src/transparency/auditor/auditor-state-encoding.js';
import { emptyMemory, openMemory } from '../../src/transparency/auditor/insertion-memory.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { after, AuditedLog, auditorOf, codeOf, headOf, leafOf } from './auditor-world.js';
import { createWorld } from './operator-world.js';

const key = (first: number): Uint8Array => new Uint8Array(32).fill(first, 0, 1);
const keys = (...firsts: readonly number[]): Uint8Array => new Uint8Array(Buffer.concat(firsts.map(key)));

describe('a memory', () => {
  test('finds every key of an entry, and none between', () => {
    for (let count = 1; count <= 9; count++) {
      const memory = openMemory(emptyMemory(0), 100);
      memory.remember({ position: 4, keys: keys(...Array.from({ length: count }, (_, i) => 10 + 2 * i)) });
      for (let i = 0; i < count; i++) {
        expect(codeOf(() => memory.assertShown(key(10 + 2 * i), 3))).toBe('ERR_REMOVED_EARLY');
      }
      for (let i = 0; i <= count; i++) {
        expect(codeOf(() => memory.assertShown(key(9 + 2 * i), 3))).toBe('accepted');
      }
    }
  });

  test('tells keys apart by their last byte, too', () => {
    const last = (byte: number): Uint8Array => new Uint8Array(32).fill(byte, 31);
    const memory = openMemory(emptyMemory(0), 100);
    memory.remember({ position: 0, keys: new Uint8Array(Buffer.concat([2, 4, 6].map(last))) });
    const found = [1, 2, 3, 4, 5, 6, 7].map((byte) => codeOf(() => memory.assertShown(last(byte), 0)));
    expect(found.map((code) => code === 'ERR_REMOVED_EARLY')).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((byte) => byte % 2 === 0),
    );
  });

  test('that began with the second entry knows nothing where none is distinguished', () => {
    const asked = (from: number): string =>
      codeOf(() => openMemory(emptyMemory(from), 9).assertShown(key(1), undefined));
    expect([0, 1, 2, 3].map(asked)).toEqual([
      'accepted',
      ...Array.from({ length: 3 }, () => 'ERR_REMOVED_UNKNOWN'),
    ]);
  });

  test('knows from where on it knows', () => {
    const memory = openMemory(emptyMemory(0), 3);
    memory.remember({ position: 5, keys: keys(1, 2) });
    memory.remember({ position: 6, keys: keys(3, 4) });
    const closed = memory.close();
    expect([closed.from, closed.insertions.map(({ position }) => position)]).toEqual([6, [6]]);
    const asked = (shown: number | undefined): string => codeOf(() => memory.assertShown(key(9), shown));
    expect([asked(undefined), asked(4), asked(5)]).toEqual([
      'ERR_REMOVED_UNKNOWN',
      'ERR_REMOVED_UNKNOWN',
      'accepted',
    ]);
  });

  test('that keeps nothing, and one that everything was shown of', () => {
    const none = openMemory(emptyMemory(0), 0);
    none.remember({ position: 0, keys: keys(1) });
    expect(none.close()).toEqual({ from: 1, insertions: [] });
    const shown = openMemory(emptyMemory(0), 10);
    shown.remember({ position: 0, keys: keys(1) });
    shown.remember({ position: 1, keys: keys(2) });
    shown.forgetShown(undefined);
    expect(shown.close().insertions).toHaveLength(2);
    shown.forgetShown(0);
    expect(codeOf(() => shown.assertShown(key(1), 0))).toBe('accepted');
    expect(codeOf(() => shown.assertShown(key(2), 0))).toBe('ERR_REMOVED_EARLY');
    expect(shown.close()).toEqual({ from: 0, insertions: [{ position: 1, keys: keys(2) }] });
  });
});

describe('a stored state', () => {
  const world = createWorld({ maxAuditorLagMs: 1000 });
  const log = openLog(world.bytes, world.suite);
  const hash = new Uint8Array(32);
  const headAt = (treeSize: number): AuditorState['head'] => ({
    treeSize,
    timestampMs: 1006,
    signature: new Uint8Array(64),
  });
  const good: AuditorState = {
    treeSize: 7,
    fullSubtrees: [hash, hash, hash],
    frontier: [3, 5, 6].map((position) => ({ position, timestampMs: 1000 + position })),
    prefixTree: hash,
    memory: {
      from: 4,
      insertions: [
        { position: 4, keys: keys(1, 2) },
        { position: 6, keys: keys(1) },
      ],
    },
    head: headAt(7),
  };
  const read = (state: AuditorState): string =>
    codeOf(() => decodeAuditorState(log, encodeAuditorState(log, state)));
  const at = (...positions: readonly number[]): AuditorState['memory'] => ({
    from: 4,
    insertions: positions.map((position) => ({ position, keys: keys(1) })),
  });
  const timed = (...times: readonly number[]): AuditorState['frontier'] =>
    times.map((timestampMs, i) => ({ position: [3, 5, 6, 7][i] as number, timestampMs }));
  const holding = (held: Uint8Array): AuditorState['memory'] => ({
    from: 4,
    insertions: [{ position: 5, keys: held }],
  });

  test('is read as it was written', () => {
    expect(decodeAuditorState(log, encodeAuditorState(log, good))).toEqual(good);
    expect(read({ ...good, head: undefined, memory: { from: 7, insertions: [] } })).toBe('accepted');
    expect(read({ ...good, frontier: timed(5, 5, 5) })).toBe('accepted');
  });

  test.each<[string, Partial<AuditorState>]>([
    [
      'of no entries',
      { treeSize: 0, fullSubtrees: [], frontier: [], memory: emptyMemory(0), head: undefined },
    ],
    ['with a full subtree less', { fullSubtrees: [hash, hash] }],
    ['with a full subtree more', { fullSubtrees: [hash, hash, hash, hash] }],
    ['with a timestamp less', { frontier: timed(1, 2) }],
    ['with a timestamp more', { frontier: timed(1, 2, 3, 4) }],
    ['with timestamps that decrease', { frontier: timed(1, 3, 2) }],
    ['that remembers from beyond its end', { memory: { from: 8, insertions: [] } }],
    ['with an insertion before it remembers', { memory: at(3) }],
    ['with two insertions of one entry', { memory: at(5, 5) }],
    ['with insertions out of order', { memory: at(6, 5) }],
    ['with an insertion beyond its end', { memory: at(7) }],
    ['with a key twice', { memory: holding(keys(1, 1)) }],
    ['with keys out of order', { memory: holding(keys(2, 1)) }],
    ['with half a key', { memory: holding(keys(1, 2).slice(0, 48)) }],
    ['with a head of no entries', { head: headAt(0) }],
    ['with a head beyond its end', { head: headAt(8) }],
  ])('%s is refused', (_, damage) => {
    expect(read({ ...good, ...damage })).toBe('ERR_STORED_STATE');
  });

  test('keeps its last head while nothing may be signed', async () => {
    const told = new AuditedLog();
    const updates: Uint8Array[] = [];
    for (let i = 0; i < 4; i++) updates.push(await told.add({ timestampMs: 1000, added: [leafOf(`${i}`)] }));
    const old = after(auditorOf(world), updates.slice(0, 1));
    const newestHead = headOf(world, 4, 1000, told.root);
    const state = auditorOf(world).apply(updates.slice(0, 1)).after;
    const restored = auditorOf(world, { state, newestHead }).apply(updates[1] as Uint8Array);
    expect(restored.head).toBeUndefined();
    expect(auditorOf(world, { state: restored.after }).head).toEqual(old.head);
  });
});
