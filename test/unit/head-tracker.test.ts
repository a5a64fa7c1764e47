/** A user's side of a head log: what is read, what is refused and with which code, what comparing finds, what is kept. */

import { describe, expect, test } from 'vitest';
import { parseNote, signCheckpoint } from '../../src/log.js';
import { KT_128_SHA256_P256 } from '../../src/suites.js';
import {
  createHeadTracker,
  type HeadTracker,
  type HeadTrackerOptions,
  type ProvenHead,
} from '../../src/witnesses.js';
import { signerOf } from '../support/log-notes.js';
import { createWorld, type World } from './operator-world.js';
import {
  codeOf,
  COSIGNERS,
  digest,
  entryOf,
  HEADS_ORIGIN,
  HEADS_SIGNER,
  PlainHeads,
  QUICK,
  START_MS,
  WINDOW_MS,
  WitnessedWorld,
} from './witness-world.js';

const world: World = createWorld({ suite: QUICK, windowMs: WINDOW_MS });
const NOW_MS = START_MS + 1000;
const witnesses = { threshold: 2, keys: COSIGNERS.map(({ key }) => key) };

function trackerOf(options: Partial<HeadTrackerOptions> = {}, of: World = world): HeadTracker {
  return createHeadTracker(of.bytes, {
    suite: of.suite,
    origin: HEADS_ORIGIN,
    keys: [HEADS_SIGNER.key],
    witnesses,
    maxAgeMs: 5000,
    maxLagMs: 1000,
    ...options,
  });
}

/** Bytes of an entry. */
const ENTRY_BYTES = 2 + 32 + 8 + 8 + 32 + 2 + 64;

/** Positions 1, 4, 7, …, ten milliseconds apart. */
const positionOf = (i: number): number => 1 + 3 * i;
const timeOf = (i: number): number => START_MS + 10 * i;
const honest = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => entryOf(world, positionOf(i), timeOf(i)));
const provenOf = (i: number): ProvenHead => ({
  position: positionOf(i),
  timestampMs: timeOf(i),
  root: digest(`root ${positionOf(i)}`),
});
const proven = (from: number, to: number): { heads: ProvenHead[] } => ({
  heads: Array.from({ length: to - from }, (_, i) => provenOf(from + i)),
});

function read(tracker: HeadTracker, heads: PlainHeads, treeSize?: number): HeadTracker {
  const { paths, verify } = tracker.open(heads.note(COSIGNERS, NOW_MS, treeSize), { nowMs: NOW_MS });
  return tracker.at(verify(paths.map((path) => heads.file(path))).after);
}

describe('reading a head log', () => {
  test('begins at the last entry, and goes on with all that come', () => {
    const heads = new PlainHeads(honest(600));
    for (const start of [1, 2, 255, 256, 257, 512]) {
      const first = trackerOf().open(heads.note(COSIGNERS, NOW_MS, start), { nowMs: NOW_MS });
      const begun = first.verify(first.paths.map((path) => heads.file(path)));
      expect([begun.treeSize, begun.heads.map(({ position }) => position), begun.before]).toEqual([
        start,
        [positionOf(start - 1)],
        undefined,
      ]);
      let tracker = trackerOf({ state: begun.after });
      let known = start;
      for (const treeSize of [start, start + 1, 258, 511, 513, 600].filter((size) => size >= start)) {
        const { paths, verify } = tracker.open(heads.note(COSIGNERS, NOW_MS, treeSize), { nowMs: NOW_MS });
        const result = verify(paths.map((path) => heads.file(path)));
        expect(result.heads.map(({ position }) => position)).toEqual(
          Array.from({ length: Math.max(0, treeSize - known) }, (_, i) => positionOf(known + i)),
        );
        if (treeSize === known) expect(paths).toEqual([]);
        tracker = tracker.at(result.after);
        known = Math.max(known, treeSize);
        if (treeSize < known) break;
      }
    }
  });

  test('asks for entries alone, and takes the full bundle where the partial one is gone', () => {
    const heads = new PlainHeads(honest(300));
    const tracker = read(trackerOf(), heads, 200);
    const { paths, verify } = tracker.open(heads.note(COSIGNERS, NOW_MS, 220), { nowMs: NOW_MS });
    expect(paths).toEqual(['tile/entries/000.p/220']);
    expect(verify([heads.file('tile/entries/000')]).heads).toHaveLength(20);
    const over = tracker.open(heads.note(COSIGNERS, NOW_MS, 300), { nowMs: NOW_MS });
    expect(over.paths).toEqual(['tile/entries/000', 'tile/entries/001.p/44']);
    const begin = trackerOf().open(heads.note(COSIGNERS, NOW_MS, 300), { nowMs: NOW_MS });
    expect(begin.paths).toEqual(['tile/1/000.p/1', 'tile/0/001.p/44', 'tile/entries/001.p/44']);
  });

  const damages: readonly [name: string, code: string, damage: (entries: Uint8Array[]) => void][] = [
    [
      'another log',
      'ERR_HEAD_LOG_OTHER',
      (e) => void (e[5] = entryOf(createWorld({ suite: KT_128_SHA256_P256 }), 16, timeOf(5))),
    ],
    ['an earlier log entry', 'ERR_HEAD_LOG_ORDER', (e) => void (e[5] = entryOf(world, 12, timeOf(5)))],
    ['the same log entry again', 'ERR_HEAD_LOG_ORDER', (e) => void (e[5] = e[4] as Uint8Array)],
    [
      'the same log entry with another root',
      'ERR_HEAD_MISMATCH',
      (e) => void (e[5] = entryOf(world, 13, timeOf(5), digest('other'))),
    ],
    ['an earlier time', 'ERR_TIMESTAMP_ORDER', (e) => void (e[5] = entryOf(world, 16, timeOf(4) - 1))],
    ['a false signature', 'ERR_SIGNATURE', (e) => flip(e[5] as Uint8Array, 90)],
    ['a root that was not signed', 'ERR_SIGNATURE', (e) => flip(e[5] as Uint8Array, 60)],
    ['a position that was not signed', 'ERR_SIGNATURE', (e) => flip(e[5] as Uint8Array, 40)],
    ['another version', 'ERR_VERSION', (e) => flip(e[5] as Uint8Array, 1)],
    [
      'bytes at its end',
      'ERR_TRAILING_BYTES',
      (e) => void (e[5] = new Uint8Array([...(e[5] as Uint8Array), 0])),
    ],
    ['bytes missing', 'ERR_TRUNCATED', (e) => void (e[5] = (e[5] as Uint8Array).subarray(0, -1))],
    ['too many bytes', 'ERR_TOO_LARGE', (e) => void (e[5] = new Uint8Array(1025))],
    ['nothing', 'ERR_TRUNCATED', (e) => void (e[5] = new Uint8Array(0))],
  ];
  function flip(bytes: Uint8Array, at: number): void {
    bytes[at] = (bytes[at] as number) ^ 3;
  }

  test.each(damages)('refuses an entry that is %s: %s', (_, code, damage) => {
    const entries = honest(9);
    damage(entries);
    const heads = new PlainHeads(entries);
    const tracker = read(trackerOf(), heads, 5);
    expect(codeOf(() => read(tracker, heads, 8))).toBe(code);
    expect(codeOf(() => read(tracker, heads, 6))).toBe(code);
    expect(codeOf(() => read(tracker, new PlainHeads(honest(9)), 6))).toBe('accepted');
    // Who begins there sees what an entry says by itself.
    const alone = codeOf(() => read(trackerOf(), heads, 6));
    const byItself = !['ERR_HEAD_LOG_ORDER', 'ERR_HEAD_MISMATCH', 'ERR_TIMESTAMP_ORDER'].includes(code);
    expect(alone).toBe(byItself ? code : 'accepted');
  });

  test('refuses files that are not those of the checkpoint, and a checkpoint that does not extend the last', () => {
    const heads = new PlainHeads(honest(300));
    const tracker = read(trackerOf(), heads, 20);
    const note = heads.note(COSIGNERS, NOW_MS, 30);
    const open = (of: HeadTracker, files: readonly Uint8Array[], bytes = note): string =>
      codeOf(() => of.open(bytes, { nowMs: NOW_MS }).verify(files));
    const good = heads.file('tile/entries/000.p/30');
    expect(open(tracker, [good])).toBe('accepted');
    expect(open(tracker, [])).toBe('ERR_ARGUMENT_RANGE');
    expect(open(tracker, [good, good])).toBe('ERR_ARGUMENT_RANGE');
    expect(open(tracker, ['x' as never])).toBe('ERR_ARGUMENT_TYPE');
    expect(open(tracker, 'x' as never)).toBe('ERR_ARGUMENT_TYPE');
    expect(open(tracker, [heads.file('tile/entries/000.p/29')])).toBe('ERR_TRUNCATED');
    expect(open(tracker, [heads.file('tile/entries/000.p/31')])).toBe('ERR_TRUNCATED');
    expect(open(tracker, [heads.file('tile/entries/000')])).toBe('accepted');
    const swapped = new PlainHeads(heads.entries);
    [swapped.entries[21], swapped.entries[22]] = [
      heads.entries[22] as Uint8Array,
      heads.entries[21] as Uint8Array,
    ];
    expect(open(tracker, [swapped.file('tile/entries/000.p/30')])).toBe('ERR_PROOF_ROOT');
    // What a user knows already is not looked at again.
    const before = new PlainHeads(heads.entries);
    before.entries[3] = new Uint8Array(2);
    expect(open(tracker, [before.file('tile/entries/000.p/30')])).toBe('accepted');
    const rewritten = before.note(COSIGNERS, NOW_MS, 30);
    expect(open(tracker, [before.file('tile/entries/000.p/30')], rewritten)).toBe('ERR_PROOF_ROOT');
    const [tile, bundle] = ['tile/0/000.p/30', 'tile/entries/000.p/30'].map((path) => heads.file(path));
    expect(open(trackerOf(), [tile as Uint8Array, bundle as Uint8Array])).toBe('accepted');
    expect(open(trackerOf(), [before.file('tile/0/000.p/30'), bundle as Uint8Array])).toBe('ERR_TILE_ROOT');
    const last = new PlainHeads(heads.entries);
    last.entries[29] = entryOf(world, 1000, timeOf(29));
    expect(open(trackerOf(), [tile as Uint8Array, last.file('tile/entries/000.p/30')])).toBe(
      'ERR_PROOF_ROOT',
    );
  });

  test('refuses a checkpoint that goes back, or has another face', () => {
    const heads = new PlainHeads(honest(30));
    const other = new PlainHeads([...honest(19), entryOf(world, 200, timeOf(19))]);
    const tracker = read(trackerOf(), heads, 20);
    const open = (note: Uint8Array, of = tracker): string => codeOf(() => of.open(note, { nowMs: NOW_MS }));
    expect(open(heads.note(COSIGNERS, NOW_MS, 19))).toBe('ERR_HEAD_ORDER');
    expect(open(other.note(COSIGNERS, NOW_MS))).toBe('ERR_HEAD_MISMATCH');
    // Both sides are there to be shown.
    const kept = tracker.checkpoint as Uint8Array;
    expect(parseNote(kept)).toEqual(parseNote(heads.note(COSIGNERS, NOW_MS, 20)));
    kept.fill(0);
    expect(parseNote(tracker.checkpoint as Uint8Array)).toEqual(parseNote(heads.note(COSIGNERS, NOW_MS, 20)));
    expect(trackerOf().checkpoint).toBeUndefined();
    expect(open(heads.note(COSIGNERS, NOW_MS, 0), trackerOf())).toBe('ERR_HEAD_EMPTY');
    expect(open(heads.note(COSIGNERS, NOW_MS, 0))).toBe('ERR_HEAD_EMPTY');
  });

  test('refuses a checkpoint without its signatures, or too old', () => {
    const heads = new PlainHeads(honest(3));
    const [a, b] = COSIGNERS as [(typeof COSIGNERS)[0], (typeof COSIGNERS)[0]];
    const draft = { origin: HEADS_ORIGIN, ...heads.head() };
    const stranger = signerOf(HEADS_ORIGIN, 'ed25519', 41);
    const open = (note: Uint8Array, nowMs = NOW_MS, options: Partial<HeadTrackerOptions> = {}): string =>
      codeOf(() => trackerOf(options).open(note, { nowMs }));
    const note = heads.note([a, b], NOW_MS);
    expect(open(note)).toBe('accepted');
    expect(open(heads.note([a], NOW_MS))).toBe('ERR_WITNESSES');
    expect(open(signCheckpoint(draft, [stranger, a, b], { nowMs: NOW_MS }))).toBe('ERR_NOTE_UNSIGNED');
    expect(
      open(signCheckpoint({ ...draft, origin: 'example.com/x' }, [HEADS_SIGNER, a, b], { nowMs: NOW_MS })),
    ).toBe('ERR_CHECKPOINT_ORIGIN');
    expect(open(note, NOW_MS + 5000)).toBe('accepted');
    expect(open(note, NOW_MS + 5001)).toBe('ERR_CHECKPOINT_TIME');
    expect(open(note, NOW_MS - 1)).toBe('ERR_CHECKPOINT_TIME');
    expect(open(note, NOW_MS - 1000, { maxAheadMs: 1000 })).toBe('accepted');
    expect(open(note, NOW_MS - 1001, { maxAheadMs: 1000 })).toBe('ERR_CHECKPOINT_TIME');
  });

  test('keeps the lines of trusted keys alone', () => {
    const heads = new PlainHeads(honest(3));
    const junk = Array.from({ length: 60 }, (_, i) => signerOf(`junk.example/${i}`, 'ed25519', 90));
    const note = heads.note([...COSIGNERS, ...junk], NOW_MS);
    const { paths, verify } = trackerOf().open(note, { nowMs: NOW_MS });
    const tracker = trackerOf({ state: verify(paths.map((path) => heads.file(path))).after });
    expect(parseNote(tracker.checkpoint as Uint8Array)).toEqual(parseNote(heads.note(COSIGNERS, NOW_MS)));
  });

  test('reads 4,096 entries at once, and keeps as many to compare', { timeout: 60_000 }, () => {
    const heads = new PlainHeads(honest(4099));
    const first = read(trackerOf(), heads, 1);
    const note = heads.note(COSIGNERS, NOW_MS, 4098);
    expect(codeOf(() => first.open(note, { nowMs: NOW_MS }))).toBe('ERR_HEAD_LOG_GAP');
    // One waits already.
    expect(codeOf(() => read(first, heads, 4097))).toBe('ERR_STATE_LIMIT');
    const second = read(first, heads, 4096);
    expect(codeOf(() => read(second, heads, 4097))).toBe('ERR_STATE_LIMIT');
    const { after } = second.compare(proven(0, 10), { nowMs: NOW_MS });
    expect(codeOf(() => read(second.at(after), heads, 4097))).toBe('accepted');
  });
});

describe('comparing', () => {
  const heads = new PlainHeads(honest(40));
  const nowMs = timeOf(30);
  /** Begun at entry 9, read up to 19. */
  const tracker = read(read(trackerOf({ maxLagMs: 100 }), heads, 10), heads, 20);
  const compare = (of: { heads: readonly ProvenHead[] }, at = nowMs - 60, with_ = tracker) =>
    with_.compare(of, { nowMs: at });

  test('finds the same', () => {
    expect(compare(proven(5, 20))).toMatchObject({ outcome: 'same', matched: provenOf(19), pending: 0 });
    expect(compare(proven(5, 25))).toMatchObject({ outcome: 'same', matched: provenOf(19), pending: 0 });
    expect(compare(proven(5, 18))).toMatchObject({ outcome: 'same', matched: provenOf(17), pending: 2 });
    expect(compare(proven(9, 10), timeOf(9) + 100)).toMatchObject({ outcome: 'same', pending: 10 });
    const same = compare(proven(5, 20));
    expect(Object.isFrozen(same)).toBe(true);
    expect(same.before).toEqual(compare(proven(5, 20)).before);
    // With a stop: nothing new is nothing wrong, as long as what is common is recent.
    const after = tracker.at(same.after);
    expect(compare({ heads: [] }, nowMs - 60, after)).toMatchObject({
      outcome: 'same',
      matched: provenOf(19),
    });
    expect(compare({ heads: [] }, timeOf(19) + 100, after)).toMatchObject({ outcome: 'same' });
    expect(compare({ heads: [] }, timeOf(19) + 101, after)).toMatchObject({
      outcome: 'head-log-late',
      newestMs: timeOf(19),
    });
  });

  test('tells contradictions apart, and keeps the state as it was', () => {
    const change = (i: number, to: Partial<ProvenHead>): { heads: ProvenHead[] } => {
      const of = proven(5, 20);
      const at = of.heads.findIndex(({ position }) => position === positionOf(i));
      of.heads[at] = { ...(of.heads[at] as ProvenHead), ...to };
      return of;
    };
    const without = (i: number): { heads: ProvenHead[] } => ({
      heads: proven(5, 20).heads.filter(({ position }) => position !== positionOf(i)),
    });
    const withMore = (position: number): { heads: ProvenHead[] } => ({
      heads: [...proven(5, 20).heads, { ...provenOf(12), position }].sort((a, b) => a.position - b.position),
    });
    const root = digest('another');
    const cases: readonly [string, { heads: ProvenHead[] }, object][] = [
      ['other-root', change(12, { root }), { witnessed: provenOf(12), proven: { ...provenOf(12), root } }],
      [
        'other-time',
        change(12, { timestampMs: 5 }),
        { witnessed: provenOf(12), proven: { ...provenOf(12), timestampMs: 5 } },
      ],
      ['foreign', without(12), { witnessed: provenOf(12) }],
      ['omitted', withMore(positionOf(12) + 1), { proven: { position: positionOf(12) + 1 } }],
      ['other-root', change(9, { root }), {}],
      ['other-root', change(19, { root }), {}],
      ['omitted', withMore(positionOf(19) - 1), {}],
      ['omitted', withMore(positionOf(9) + 1), {}],
    ];
    for (const [outcome, of, details] of cases) {
      const result = compare(of);
      expect(result).toMatchObject({ outcome, ...details });
      expect(result.after).toEqual(result.before);
    }
    // What lies before the first entry that was read, or after the last, says nothing.
    for (const of of [
      change(8, { root }),
      without(8),
      withMore(positionOf(9) - 1),
      withMore(positionOf(19) + 1),
    ])
      expect(compare(of).outcome).toBe('same');
    // What was compared is compared again, where the list covers it.
    const after = tracker.at(compare(proven(5, 20)).after);
    expect(compare(change(19, { root }), nowMs - 60, after).outcome).toBe('other-root');
    expect(compare(change(18, { root }), nowMs - 60, after).outcome).toBe('same');
  });

  test('says who is late', () => {
    const lateMs = timeOf(19) + 101;
    expect(compare(proven(5, 40), lateMs)).toMatchObject({ outcome: 'head-log-late', newestMs: timeOf(19) });
    expect(compare({ heads: [] }, lateMs)).toMatchObject({ outcome: 'head-log-late', newestMs: timeOf(19) });
    // Heads of the head log that the user's log should have shown by now.
    expect(compare(proven(5, 12), timeOf(11) + 101)).toMatchObject({
      outcome: 'log-late',
      witnessed: provenOf(12),
    });
    expect(compare({ heads: [] }, timeOf(10) + 101)).toMatchObject({
      outcome: 'log-late',
      witnessed: provenOf(11),
    });
    expect(compare(proven(5, 12), timeOf(11) + 100)).toMatchObject({ outcome: 'same' });
    // What was found is kept, although it is old.
    const { after } = compare(proven(5, 12), timeOf(11) + 101);
    expect(compare({ heads: [] }, timeOf(11) + 100, tracker.at(after))).toMatchObject({
      outcome: 'same',
      pending: 8,
    });
  });

  test('says what was not compared', () => {
    expect(compare(proven(12, 20))).toMatchObject({
      outcome: 'gap',
      skipped: 3,
      pending: 0,
      matched: provenOf(19),
    });
    expect(compare(proven(10, 12), timeOf(12))).toMatchObject({ outcome: 'gap', skipped: 1, pending: 8 });
    expect(compare(proven(9, 20)).outcome).toBe('same');
    // Nothing in common is no gap yet: what waits goes on waiting.
    const { outcome, after } = compare(proven(20, 25));
    expect(outcome).toBe('head-log-late');
    expect(compare(proven(9, 20), nowMs - 60, tracker.at(after)).outcome).toBe('same');
    // Where there was something in common before, the entry of then is not among them.
    const compared = tracker.at(compare(proven(5, 15)).after);
    expect(compare(proven(17, 20), nowMs - 60, compared)).toMatchObject({ outcome: 'gap', skipped: 2 });
    expect(compare(proven(15, 20), nowMs - 60, compared)).toMatchObject({ outcome: 'same' });
  });

  test('takes heads in order, after something was read', () => {
    const good = proven(5, 20);
    const refused: readonly [string, unknown, unknown][] = [
      ['ERR_ARGUMENT_TYPE', undefined, { nowMs }],
      ['ERR_ARGUMENT_TYPE', { heads: 'x' }, { nowMs }],
      ['ERR_ARGUMENT_TYPE', { heads: [undefined] }, { nowMs }],
      ['ERR_ARGUMENT_RANGE', { heads: [...good.heads].reverse() }, { nowMs }],
      ['ERR_ARGUMENT_RANGE', { heads: [provenOf(1), provenOf(1)] }, { nowMs }],
      ['ERR_ARGUMENT_RANGE', { heads: [{ ...provenOf(1), position: -1 }] }, { nowMs }],
      ['ERR_ARGUMENT_RANGE', { heads: [{ ...provenOf(1), timestampMs: 0.5 }] }, { nowMs }],
      ['ERR_ARGUMENT_TYPE', { heads: [{ ...provenOf(1), root: 'x' }] }, { nowMs }],
      ['ERR_ARGUMENT_TYPE', good, undefined],
      ['ERR_ARGUMENT_TYPE', good, {}],
      ['ERR_ARGUMENT_RANGE', good, { nowMs: -1 }],
    ];
    for (const [code, of, time] of refused)
      expect(codeOf(() => tracker.compare(of as never, time as never))).toBe(code);
    expect(codeOf(() => trackerOf().compare(good, { nowMs }))).toBe('ERR_NOT_READY');
  });
});

describe('a tracker', () => {
  const heads = new PlainHeads(honest(20));
  const begun = read(trackerOf(), heads, 10);
  const { after: state } = read(begun, heads, 14).compare(proven(5, 12), { nowMs: NOW_MS });

  test('is stored and loaded, at every stage', () => {
    expect(read(trackerOf({ state }), heads, 20).compare(proven(5, 20), { nowMs: NOW_MS }).outcome).toBe(
      'same',
    );
    expect(trackerOf({ state }).at(undefined).checkpoint).toBeUndefined();
    const copy = Uint8Array.from(state);
    const tracker = trackerOf({ state: copy });
    copy.fill(0);
    expect(tracker.compare({ heads: [] }, { nowMs: NOW_MS }).before).toEqual(state);
  });

  test('refuses a state with a bit changed in what can be checked', () => {
    const { text } = parseNote(trackerOf({ state }).checkpoint as Uint8Array);
    const note = 2 + 32 + 2 + HEADS_ORIGIN.length;
    const edge = note + 3 + (trackerOf({ state }).checkpoint as Uint8Array).length;
    // Version, log and origin; the checkpoint's length and text; the edge of 14 = 8 + 4 + 2 entries, and the rest's form.
    const checked: readonly (readonly [number, number])[] = [
      [0, note + 3 + text.length],
      [edge, edge + 1 + 3 * 32 + 1 + 2 + 32],
    ];
    for (const [begin, end] of checked) {
      for (let at = begin; at < end; at++) {
        const changed = Uint8Array.from(state);
        changed[at] = (changed[at] as number) ^ 0x04;
        expect([at, codeOf(() => trackerOf({ state: changed }))]).toEqual([
          at,
          expect.stringMatching(/^ERR_(STORED_STATE|STATE_LOG)$/),
        ]);
      }
    }
  });

  test('refuses a state whose entries are not in order, of another log, or too many', () => {
    const first = state.length - 2 * ENTRY_BYTES;
    const swapped = Uint8Array.from(state);
    swapped.set(state.subarray(first + ENTRY_BYTES), first);
    swapped.set(state.subarray(first, first + ENTRY_BYTES), first + ENTRY_BYTES);
    const twice = Uint8Array.from(state);
    twice.set(state.subarray(first, first + ENTRY_BYTES), first + ENTRY_BYTES);
    const earlier = Uint8Array.from(state);
    new DataView(earlier.buffer).setBigUint64(first + ENTRY_BYTES + 42, BigInt(START_MS));
    const foreign = Uint8Array.from(state);
    foreign[first + 5] = (foreign[first + 5] as number) ^ 1;
    const version = Uint8Array.from(state);
    version[first + 1] = 2;
    const none = new Uint8Array([...state.subarray(0, first - 2 - ENTRY_BYTES - 1), 0, 0, 0]);
    for (const bytes of [swapped, twice, earlier, foreign, version, none])
      expect(codeOf(() => trackerOf({ state: bytes }))).toBe('ERR_STORED_STATE');
  });

  test('refuses every state that is cut short or has bytes at its end', () => {
    for (let length = 0; length < state.length; length += 3)
      expect(codeOf(() => trackerOf({ state: state.subarray(0, length) }))).toBe('ERR_STORED_STATE');
    expect(codeOf(() => trackerOf({ state: state.subarray(0, -1) }))).toBe('ERR_STORED_STATE');
    expect(codeOf(() => trackerOf({ state: new Uint8Array([...state, 0]) }))).toBe('ERR_STORED_STATE');
  });

  test('refuses a state of another log, or of another head log', () => {
    const other = createWorld({ suite: KT_128_SHA256_P256 });
    expect(codeOf(() => trackerOf({ state }, other))).toBe('ERR_STATE_LOG');
    expect(codeOf(() => trackerOf({ state, origin: 'example.com/headz' }))).toBe('ERR_STATE_LOG');
    expect(codeOf(() => trackerOf({ state: 'x' as never }))).toBe('ERR_ARGUMENT_TYPE');
  });

  test('is made with what makes sense only', () => {
    const refused: readonly [string, object][] = [
      ['ERR_ARGUMENT_TYPE', { origin: 7 }],
      ['ERR_ARGUMENT_RANGE', { origin: '' }],
      ['ERR_ARGUMENT_RANGE', { keys: [] }],
      ['ERR_ARGUMENT_TYPE', { witnesses: undefined }],
      ['ERR_ARGUMENT_RANGE', { witnesses: { threshold: 4, keys: witnesses.keys } }],
      ['ERR_ARGUMENT_RANGE', { maxAgeMs: -1 }],
      ['ERR_ARGUMENT_TYPE', { maxAgeMs: undefined }],
      ['ERR_ARGUMENT_RANGE', { maxLagMs: 0.5 }],
      ['ERR_ARGUMENT_TYPE', { maxLagMs: undefined }],
      ['ERR_ARGUMENT_RANGE', { maxAheadMs: -1 }],
      ['ERR_CIPHER_SUITE', { suite: KT_128_SHA256_P256 }],
    ];
    for (const [code, options] of refused) expect(codeOf(() => trackerOf(options))).toBe(code);
    expect(codeOf(() => createHeadTracker(world.bytes, undefined as never))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => trackerOf().open(heads.note(COSIGNERS, NOW_MS), undefined as never))).toBe(
      'ERR_ARGUMENT_TYPE',
    );
    expect(codeOf(() => trackerOf().open(heads.note(COSIGNERS, NOW_MS), { nowMs: -1 }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    const asText = { keys: ['x'] };
    expect(codeOf(() => trackerOf(asText))).toBe('ERR_KEY_FORMAT');
  });

  test('follows groups of witnesses', async () => {
    const live = await WitnessedWorld.open();
    expect(
      codeOf(() =>
        live.tracker([], { witnesses: { threshold: 1, groups: [{ threshold: 1, keys: witnesses.keys }] } }),
      ),
    ).toBe('accepted');
    const [a, b, c] = COSIGNERS.map(({ key }) => key);
    const grouped = {
      threshold: 2,
      groups: [
        { threshold: 1, keys: [a, b] },
        { threshold: 1, keys: [c] },
      ],
    } as HeadTrackerOptions['witnesses'];
    const tracker = trackerOf({ witnesses: grouped });
    const note = (indices: readonly number[]): Uint8Array =>
      heads.note(
        indices.map((i) => COSIGNERS[i] as (typeof COSIGNERS)[0]),
        NOW_MS,
      );
    expect(codeOf(() => tracker.open(note([0, 1]), { nowMs: NOW_MS }))).toBe('ERR_WITNESSES');
    expect(codeOf(() => tracker.open(note([1, 2]), { nowMs: NOW_MS }))).toBe('accepted');
  });
});
