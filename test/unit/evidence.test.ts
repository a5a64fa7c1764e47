/** Evidence of all kinds: made of what users were shown, and checked by somebody who has nothing but the bytes. */

import { describe, expect, test } from 'vitest';
import type { CipherSuite } from '../../src/suites.js';
import type { Configuration } from '../../src/transparency/wire/configuration.js';
import { createConfrontation, openKeptHeads } from '../../src/transparency/client/confrontation.js';
import { openSignedHeads } from '../../src/transparency/client/exported-heads.js';
import { openVersionProof } from '../../src/transparency/client/exported-version.js';
import {
  compareSignedHeads,
  encodeSignedHeads,
  verifySignedHeads,
} from '../../src/transparency/evidence/signed-heads.js';
import { compareSignedValues } from '../../src/transparency/evidence/two-values.js';
import { verifyEvidence } from '../../src/transparency/evidence/verify-evidence.js';
import {
  compareVersionProofs,
  encodeVersionProof,
  verifyVersionProof,
} from '../../src/transparency/evidence/version-proof.js';
import { recentBy } from '../../src/transparency/walks/distinguished-heads.js';
import { ALICE, clientOf, codeOf, grow, hex, logOf, searched, text, utf8 } from './client-world.js';
import {
  ALL_SUITES,
  auditorHeadOf,
  evidenceOf,
  headOf,
  headsShown,
  judge,
  misbehaviorOf,
  sideOf,
  treeOf,
  versionShown,
} from './evidence-world.js';
import type { HonestLog } from './honest-log.js';

const MODES: readonly Configuration['mode'][] = [
  'contactMonitoring',
  'thirdPartyManagement',
  'thirdPartyAuditing',
];
const TEN = recentBy({ count: 10 }, undefined);

/** Two logs under one configuration that went apart at a size. */
async function forkAt(
  size: number,
  options: Parameters<typeof logOf>[1] & object,
): Promise<readonly [HonestLog, HonestLog]> {
  const log = await logOf(size, options);
  return [log, log.fork()];
}

const SCENES = ALL_SUITES.flatMap((suite) => MODES.map((mode) => [suite.name, mode, suite] as const)).filter(
  ([, mode], i) => i < MODES.length || mode !== 'thirdPartyAuditing',
);

describe.each(SCENES)('%s, %s', (_, mode, suite: CipherSuite) => {
  const options = { suite, mode };

  test('two users compare signed heads of a fork', async () => {
    const [log, fork] = await forkAt(10, options);
    await grow(log, 20);
    await grow(fork, 27, (position) => (position === 11 ? 1 : 0));
    const own = await headsShown(log);
    const message = encodeSignedHeads(await headsShown(fork));
    const peer = verifySignedHeads(log.configurationBytes, message, { suite });
    const error = misbehaviorOf(() => compareSignedHeads(own, peer));
    expect(error.code).toBe('ERR_LOG_FORK');
    const facts = judge(log, error.evidence);
    if (facts.kind !== 'fork') throw new Error(facts.kind);
    expect(facts.accused).toEqual(['log']);
    expect(facts.size).toBeGreaterThan(10);
    expect(facts.heads.map(({ treeSize }) => treeSize)).toEqual([30, 37]);
    expect(facts.heads.map(({ root }) => hex(root))).toEqual([log.rootAt(30), fork.rootAt(37)].map(hex));
    expect(facts.heads.map(({ rootAtSize }) => hex(rootAtSize))).toEqual(
      [log, fork].map((each) => hex(each.rootAt(facts.size))),
    );
    expect(facts.configuration).toEqual(log.configuration);
    expect(Object.isFrozen(facts) && Object.isFrozen(facts.heads) && facts.heads.every(Object.isFrozen)).toBe(
      true,
    );
  });

  test('users of one log agree, or have no size in common', async () => {
    const log = await logOf(30, options);
    const older = await headsShown(log);
    await grow(log, 7);
    const newer = await headsShown(log);
    expect(compareSignedHeads(older, newer)).toEqual({
      outcome: 'same',
      treeSize: Math.max(...older.sizes.filter((size) => newer.sizes.includes(size))),
    });
    const alone = verifySignedHeads(
      log.configurationBytes,
      encodeSignedHeads({ head: headOf(log, 3), sizes: [], nodes: [log.rootAt(3)] }),
      { suite },
    );
    expect(compareSignedHeads(alone, newer)).toEqual({ outcome: 'apart' });
    expect(alone.roots.map(({ treeSize, root }) => [treeSize, hex(root)])).toEqual([[3, hex(log.rootAt(3))]]);
  });

  test('two lists of one sequence, both proven', async () => {
    const [log, fork] = await forkAt(10, options);
    await log.append(log.nowMs + 10, [{ label: 'bob', values: ['his key'] }]);
    await fork.append(fork.nowMs + 15, [{ label: 'bob', values: ['another key'] }]);
    const [own, peer] = [
      await versionShown(log, 0, {}, utf8('bob')),
      await versionShown(fork, undefined, {}, utf8('bob')),
    ];
    const kept = verifyVersionProof(log.configurationBytes, encodeVersionProof(own), { suite });
    const error = misbehaviorOf(() => compareVersionProofs(kept, peer));
    expect(error.code).toBe('ERR_VERSION_CHANGED');
    const facts = judge(log, error.evidence);
    if (facts.kind !== 'changedVersion') throw new Error(facts.kind);
    expect([text(facts.label), facts.version, facts.accused]).toEqual(['bob', 0, ['log']]);
    expect(facts.versions.map(({ value }) => text(value as Uint8Array))).toEqual(['his key', 'another key']);
    expect(facts.versions.map(({ position }) => position)).toEqual([10, 10]);
    expect(facts.versions.map(({ treeSize }) => treeSize)).toEqual([11, 11]);
    expect(facts.versions.map(({ timestampMs }) => timestampMs)).toEqual([log.nowMs, fork.nowMs]);
  });

  test('evidence is against one log, by a suite that the program has', async () => {
    const [log, fork] = await forkAt(3, options);
    await grow(log, 1);
    await grow(fork, 1, () => 2);
    const [first, second] = [sideOf(log, 4, 4), sideOf(fork, 4, 4)];
    const bytes = evidenceOf(log, { kind: 'fork', size: 4, first, second });
    expect(judge(log, bytes).kind).toBe('fork');
    const other = await logOf(1, { ...options, windowMs: 101 });
    expect(codeOf(() => judge(other, bytes))).toBe('ERR_EVIDENCE_LOG');
    expect(codeOf(() => verifyEvidence(bytes, { suites: [] }))).toBe('ERR_CIPHER_SUITE');
  });
});

const [[, , PAPER]] = SCENES as [(typeof SCENES)[number]];

describe('forks', () => {
  test.each([
    ['two heads of one size', 8, 8, 8],
    ['two heads of one size that is no power of two', 7, 7, 7],
    ['a head that contradicts an earlier one', 7, 12, 7],
    ['the same, the later one first', 12, 7, 7],
    ['two logs that went apart before', 11, 13, 6],
    ['two of one size that went apart before', 13, 13, 6],
  ])('%s', async (_, left, right, size) => {
    const [log, fork] = await forkAt(4, { suite: PAPER });
    await grow(log, 20);
    await grow(fork, 20, (position) => (position === 4 ? 1 : 0));
    const [first, second] = [sideOf(log, left, size), sideOf(fork, right, size)];
    const facts = judge(log, evidenceOf(log, { kind: 'fork', size, first, second }));
    if (facts.kind !== 'fork') throw new Error(facts.kind);
    expect([facts.size, ...facts.heads.map(({ treeSize }) => treeSize)]).toEqual([size, left, right]);
  });

  test('an auditor and a log that differ: one of them has lied, and the evidence does not say which', async () => {
    const [log, fork] = await forkAt(4, { suite: PAPER, mode: 'thirdPartyAuditing' });
    await grow(log, 20);
    await grow(fork, 20, (position) => (position === 4 ? 1 : 0));
    const audited = sideOf(fork, 9, 6, auditorHeadOf(fork, 9));
    const accuse = (first: typeof audited, second: typeof audited): readonly string[] =>
      judge(log, evidenceOf(log, { kind: 'fork', size: 6, first, second })).accused;
    expect(accuse(sideOf(log, 12, 6), audited)).toEqual(['log', 'auditor']);
    expect(accuse(audited, sideOf(log, 12, 6))).toEqual(['auditor', 'log']);
    expect(accuse(sideOf(log, 9, 6, auditorHeadOf(log, 9)), audited)).toEqual(['auditor']);
    const heads = [
      { head: auditorHeadOf(fork, 9), sizes: [], nodes: [fork.rootAt(9)] },
      { head: headOf(log, 9), sizes: [], nodes: [log.rootAt(9)] },
    ].map((each) => verifySignedHeads(log.configurationBytes, encodeSignedHeads(each), { suite: PAPER }));
    const [a, b] = heads as [(typeof heads)[number], (typeof heads)[number]];
    expect(judge(log, misbehaviorOf(() => compareSignedHeads(a, b)).evidence).accused).toEqual([
      'auditor',
      'log',
    ]);
  });

  test('the smallest size that shows it is the one that counts', async () => {
    const [log, fork] = await forkAt(9, { suite: PAPER });
    await grow(log, 20);
    await grow(fork, 20, (position) => (position === 10 ? 1 : 0));
    const heads = [log, fork].map((each) => {
      const [four, twelve] = [4, 12].map((size) => sideOf(each, 20, size).nodes);
      expect(four?.length).toBeGreaterThan(1);
      const sizes = [4, 12, 16];
      const tree = treeOf(each);
      const nodes = [
        tree.value([0, 4]),
        tree.value([4, 8]),
        tree.value([8, 12]),
        tree.value([12, 16]),
        tree.value([16, 20]),
      ];
      expect(twelve?.map(hex)).toContain(hex(nodes[2] as Uint8Array));
      return verifySignedHeads(
        log.configurationBytes,
        encodeSignedHeads({ head: headOf(each, 20), sizes, nodes }),
        { suite: PAPER },
      );
    });
    const [a, b] = heads as [(typeof heads)[number], (typeof heads)[number]];
    const facts = judge(log, misbehaviorOf(() => compareSignedHeads(a, b)).evidence);
    expect(facts).toMatchObject({ kind: 'fork', size: 12 });
  });

  test('heads of two configurations are not compared', async () => {
    const own = await headsShown(await logOf(30, { suite: PAPER }));
    const peer = await headsShown(await logOf(30, { suite: PAPER, windowMs: 90 }));
    expect(codeOf(() => compareSignedHeads(own, peer))).toBe('ERR_ARGUMENT_RANGE');
  });

  test('signed heads of a user who came back reach back to what was seen before', async () => {
    const log = await logOf(20, { suite: PAPER });
    const client = await searched(log);
    await grow(log, 23);
    const { request, verify } = client.distinguishedHeads();
    const response = await log.distinguished(request, TEN);
    const { before: state, heads } = verify(response, { nowMs: log.nowMs });
    const exchange = { request, response, state };
    const shown = openSignedHeads(log.configurationBytes, exchange, { suite: PAPER });
    const sizes = new Set([...heads.map(({ position }) => position + 1), 20, 43]);
    expect(shown.roots.map(({ treeSize }) => treeSize)).toEqual([...sizes].sort((a, b) => a - b));
    for (const { treeSize, root } of shown.roots) expect(hex(root)).toBe(hex(log.rootAt(treeSize)));
    expect(verifySignedHeads(log.configurationBytes, encodeSignedHeads(shown), { suite: PAPER })).toEqual(
      shown,
    );
    const stranger = { ...exchange, state: undefined };
    expect(codeOf(() => openSignedHeads(log.configurationBytes, stranger, { suite: PAPER }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });
});

describe('confronting a log', () => {
  async function confront(own: HonestLog, told: HonestLog, state: Uint8Array | undefined) {
    const { suite } = own.options;
    const options = { suite, state: state as Uint8Array };
    const { request, verify } = createConfrontation(own.configurationBytes, options);
    const response = await told.distinguished(request, TEN);
    return () => verify(response);
  }

  /** The state of a client that has seen a log. */
  const stateOf = async (log: HonestLog): Promise<Uint8Array | undefined> =>
    (await searched(log)).forget(utf8('nobody')).before;

  test.each([1, 2, 5, 13, 16, 31])('a log of %i entries that goes on honestly', async (size) => {
    const log = await logOf(size, { suite: PAPER });
    const state = await stateOf(log);
    for (let i = 0; i < 20; i++) {
      const run = await confront(log, log, state);
      expect(run()).toMatchObject({ outcome: 'same' });
      await grow(log, 1);
      if (log.size >= size * 2) break;
    }
  });

  test('a log that has gone another way since', async () => {
    const [log, fork] = await forkAt(10, { suite: PAPER });
    await grow(log, 10);
    await grow(fork, 25, (position) => (position === 10 ? 1 : 0));
    const run = await confront(log, fork, await stateOf(log));
    const facts = judge(log, misbehaviorOf(run).evidence);
    expect(facts).toMatchObject({ kind: 'fork', size: 16, heads: [{ treeSize: 20 }, { treeSize: 35 }] });
  });

  test('a log that has two heads of one size', async () => {
    const [log, fork] = await forkAt(19, { suite: PAPER });
    await grow(log, 1);
    await grow(fork, 1, () => 1);
    const run = await confront(log, fork, await stateOf(log));
    expect(judge(log, misbehaviorOf(run).evidence)).toMatchObject({ kind: 'fork', size: 20 });
  });

  test('what is kept can be shown to others without asking the log', async () => {
    const [log, fork] = await forkAt(10, { suite: PAPER });
    await grow(log, 19);
    await grow(fork, 25, () => 2);
    const state = (await stateOf(log)) as Uint8Array;
    const kept = openKeptHeads(log.configurationBytes, { suite: PAPER, state });
    expect(kept.roots.map(({ treeSize, root }) => [treeSize, hex(root)])).toEqual(
      [16, 24, 28, 29].map((size) => [size, hex(log.rootAt(size))]),
    );
    expect(compareSignedHeads(kept, await headsShown(log)).outcome).toBe('same');
    const theirs = await headsShown(fork);
    expect(judge(log, misbehaviorOf(() => compareSignedHeads(kept, theirs)).evidence).kind).toBe('fork');
  });

  test('what the log answers can be held against what others were shown', async () => {
    const [log, fork] = await forkAt(10, { suite: PAPER });
    await grow(log, 20);
    await grow(fork, 25, () => 2);
    const run = await confront(log, log, await stateOf(log));
    const theirs = await headsShown(fork);
    expect(judge(log, misbehaviorOf(() => compareSignedHeads(run().heads, theirs)).evidence).kind).toBe(
      'fork',
    );
  });

  test('a client that has seen nothing has nothing to confront with', async () => {
    const log = await logOf(5, { suite: PAPER });
    const { before, after } = clientOf(log).forget(ALICE);
    expect(before).toBe(undefined);
    const options = { suite: PAPER, state: after };
    expect(codeOf(() => createConfrontation(log.configurationBytes, options))).toBe('ERR_NOT_READY');
  });

  test('an answer that nobody has signed is no evidence', async () => {
    const [log, fork] = await forkAt(10, { suite: PAPER });
    await grow(log, 10);
    await grow(fork, 10, () => 1);
    const { request, verify } = createConfrontation(log.configurationBytes, {
      suite: PAPER,
      state: (await stateOf(log)) as Uint8Array,
    });
    const forged = await fork.distinguished(request, TEN, {
      patch: (given) => {
        if (given.fullTreeHead.headType === 'same') throw new Error('same');
        const { treeHead } = given.fullTreeHead;
        const signature = Uint8Array.from(treeHead.signature, (byte) => byte ^ 1);
        return { ...given, fullTreeHead: { ...given.fullTreeHead, treeHead: { ...treeHead, signature } } };
      },
    });
    expect(codeOf(() => verify(forged))).toBe('ERR_SIGNATURE');
  });

  test('what was signed under another configuration cannot be held against this one', async () => {
    const options = { suite: PAPER, mode: 'thirdPartyAuditing' } as const;
    const log = await logOf(20, options);
    const state = (await stateOf(log)) as Uint8Array;
    const next = await logOf(1, { ...options, auditorStartPos: 7 });
    expect(codeOf(() => createConfrontation(next.configurationBytes, { suite: PAPER, state }))).toBe(
      'ERR_SIGNATURE',
    );
  });

  test('timestamps that decrease, and are signed', async () => {
    const log = await logOf(20, { suite: PAPER });
    const state = (await stateOf(log)) as Uint8Array;
    const times = [log.nowMs + 10, log.nowMs + 50, log.nowMs + 30];
    for (const timestampMs of times) await log.append(timestampMs, []);
    const error = misbehaviorOf(await confront(log, log, state));
    expect(error.code).toBe('ERR_TIME_REVERSED');
    const facts = judge(log, error.evidence);
    if (facts.kind !== 'reversedTime') throw new Error(facts.kind);
    expect([facts.treeSize, facts.accused]).toEqual([23, ['log']]);
    const [first, second] = facts.entries;
    expect(first.position).toBeLessThan(second.position);
    expect(first.timestampMs).toBeGreaterThan(second.timestampMs);
    for (const { position, timestampMs } of facts.entries) {
      expect(log.entries[position]?.timestampMs).toBe(timestampMs);
    }
  });
});

describe('versions', () => {
  test('of a returning user; where the answer relies on what was kept, a newcomer has to ask', async () => {
    const log = await logOf(24, { suite: PAPER });
    const client = await searched(log);
    const open = async (): Promise<string> => {
      const { request, verify } = client.search(ALICE);
      const response = await log.search(request);
      const { before: state } = verify(response, { nowMs: log.nowMs });
      const exchange = { request, response, state };
      return codeOf(() => {
        const proof = openVersionProof(log.configurationBytes, exchange, { suite: PAPER });
        expect(compareVersionProofs(proof, proof)).toEqual({ outcome: 'same' });
      });
    };
    expect(await open()).toBe('ERR_NOT_READY');
    await grow(log, 24);
    expect(await open()).toBe('accepted');
  });

  test('every version of a label, and its greatest: proven in an entry that holds it', async () => {
    const log = await logOf(40, { suite: PAPER });
    for (let version = 0; version < 14; version++) {
      const proof = await versionShown(log, version);
      expect(text(proof.value as Uint8Array)).toBe(`alice at ${version * 3} 0`);
      expect(proof.position).toBeGreaterThanOrEqual(version * 3);
      expect(proof.timestampMs).toBe(log.entries[proof.position]?.timestampMs);
      expect(proof.treeSize).toBe(40);
    }
    expect((await versionShown(log)).version).toBe(13);
    const [five, six] = [await versionShown(log, 5), await versionShown(log, 6)];
    expect(compareVersionProofs(five, six)).toEqual({ outcome: 'apart' });
    const user = await versionShown(log, 0, {}, utf8('user 3'));
    expect(compareVersionProofs(await versionShown(log, 0), user)).toEqual({ outcome: 'apart' });
  });

  test('that are changed in the log itself', async () => {
    const log = await logOf(20, { suite: PAPER });
    const before = await versionShown(log);
    const key = log.vrfOutput(ALICE, 6);
    const opening = new Uint8Array(16).fill(7);
    const history = log
      .versionsOf(ALICE)
      .map((stored, version) => (version === 6 ? { ...stored, value: utf8('another'), opening } : stored));
    const commitment = log.commitmentOf(ALICE, 6, history) as Uint8Array;
    for (let i = 0; i < 20; i++) {
      const changes = i === 0 ? [{ vrfOutput: key, commitment }] : [];
      await log.appendLeaves(log.nowMs + 10, changes, i === 0 ? [key] : []);
    }
    const after = await versionShown(log, undefined, { history });
    const facts = judge(log, misbehaviorOf(() => compareVersionProofs(before, after)).evidence);
    expect(facts).toMatchObject({ kind: 'changedVersion', version: 6 });
  });

  test('of two configurations are not compared', async () => {
    const own = await versionShown(await logOf(9, { suite: PAPER }));
    const peer = await versionShown(await logOf(9, { suite: PAPER, windowMs: 90 }));
    expect(codeOf(() => compareVersionProofs(own, peer))).toBe('ERR_ARGUMENT_RANGE');
  });
});

describe('signed values', () => {
  test.each(ALL_SUITES)('$name: two that are signed as one version', async (suite) => {
    const [log, fork] = await forkAt(1, { suite, mode: 'thirdPartyManagement' });
    await grow(log, 3);
    await grow(fork, 3, () => 1);
    const signed = (each: HonestLog, version: number) => {
      const { value, suffix } = each.versionsOf(ALICE)[version] as ReturnType<
        HonestLog['versionsOf']
      >[number];
      return { value: value as Uint8Array, signature: suffix.signature as Uint8Array };
    };
    const compare = (first: ReturnType<typeof signed>, second: ReturnType<typeof signed>) =>
      compareSignedValues(
        log.configurationBytes,
        { label: ALICE, version: 1, values: [first, second] },
        { suite },
      );
    const [own, peer] = [signed(log, 1), signed(fork, 1)];
    expect(compare(own, own)).toEqual({ outcome: 'same' });
    const error = misbehaviorOf(() => compare(own, peer));
    expect(error.code).toBe('ERR_VALUE_SIGNED_TWICE');
    const facts = judge(log, error.evidence);
    if (facts.kind !== 'twoValues') throw new Error(facts.kind);
    expect([text(facts.label), facts.version, facts.accused]).toEqual(['alice', 1, ['serviceOperator']]);
    expect(facts.values.map(text)).toEqual(['alice at 3 0', 'alice at 1 0']);
    expect(codeOf(() => compare(own, signed(log, 0)))).toBe('ERR_VALUE_SIGNATURE');
    expect(codeOf(() => compare(signed(log, 0), own))).toBe('ERR_VALUE_SIGNATURE');
  });

  test('a log without a manager has none', async () => {
    const log = await logOf(1, { suite: PAPER });
    const values = [
      { value: utf8('a'), signature: new Uint8Array(64) },
      { value: utf8('b'), signature: new Uint8Array(64) },
    ] as const;
    const compared = { label: ALICE, version: 0, values };
    expect(codeOf(() => compareSignedValues(log.configurationBytes, compared, { suite: PAPER }))).toBe(
      'ERR_VALUE_SIGNATURE',
    );
  });
});
