/** What a program passes wrongly, what is frozen, and which engine hashes. */

import { beforeAll, describe, expect, test } from 'vitest';
import { createTypeScriptHasher, type TreeHasher } from '../../src/log.js';
import {
  compareSignedHeads,
  compareSignedValues,
  compareVersionProofs,
  createConfrontation,
  encodeSignedHeads,
  encodeVersionProof,
  openKeptHeads,
  openSignedHeads,
  openVersionProof,
  type SignedHeads,
  type SignedValue,
  verifyEvidence,
  verifySignedHeads,
  type VerifiedSignedHeads,
  type VerifiedVersionProof,
  verifyVersionProof,
} from '../../src/evidence.js';
import { encodeConfiguration } from '../../src/transparency/wire/configuration.js';
import { ALICE, clientOf, codeOf, grow, hex, logOf, searched, utf8 } from './client-world.js';
import {
  evidenceOf,
  headOf,
  headsShown,
  misbehaviorOf,
  nodesOf,
  recentOf,
  sideOf,
  versionShown,
} from './evidence-world.js';
import { type Scene, sceneOf } from './evidence-fabrications.js';
import type { HonestLog } from './honest-log.js';
import { SUITES } from './operator-world.js';
import { PAPER_SUITE } from './paper-suite.js';

const suite = PAPER_SUITE;
const wrong: readonly unknown[] = [undefined, null, 5, 'text'];

/** An engine that counts its calls. */
function countingHasher(): TreeHasher & { readonly calls: number } {
  const engine = createTypeScriptHasher();
  let calls = 0;
  return {
    ...engine,
    hashLeaves(...given) {
      calls++;
      return engine.hashLeaves(...given);
    },
    hashPairs(...given) {
      calls++;
      return engine.hashPairs(...given);
    },
    get calls() {
      return calls;
    },
  };
}

describe('a log that grows', () => {
  let log: HonestLog;
  let heads: VerifiedSignedHeads;
  let version: VerifiedVersionProof;
  let state: Uint8Array;
  let walk: { readonly request: Uint8Array; readonly response: Uint8Array };
  let search: { readonly request: Uint8Array; readonly response: Uint8Array };
  beforeAll(async () => {
    log = await logOf(27, { suite });
    heads = await headsShown(log);
    version = await versionShown(log);
    state = (await searched(log)).forget(utf8('nobody')).before as Uint8Array;
    const { recent, isRecent } = recentOf(log, 10);
    const { request } = clientOf(log).distinguishedHeads({ recent });
    walk = { request, response: await log.distinguished(request, isRecent) };
    const asked = clientOf(log).search(ALICE).request;
    search = { request: asked, response: await log.search(asked) };
  });

  test('options and exchanges must be objects', () => {
    const { configurationBytes } = log;
    for (const each of wrong) {
      const runs: readonly (() => unknown)[] = [
        () => verifySignedHeads(configurationBytes, encodeSignedHeads(heads), each as never),
        () => verifyVersionProof(configurationBytes, encodeVersionProof(version), each as never),
        () => openSignedHeads(configurationBytes, walk, each as never),
        () => openSignedHeads(configurationBytes, each as never, { suite }),
        () => openVersionProof(configurationBytes, search, each as never),
        () => openVersionProof(configurationBytes, each as never, { suite }),
        () => openKeptHeads(configurationBytes, each as never),
        () => createConfrontation(configurationBytes, each as never),
        () => compareSignedHeads(each as never, heads),
        () => compareSignedHeads(heads, each as never),
        () => compareVersionProofs(each as never, version),
        () => compareVersionProofs(version, each as never),
        () => compareSignedValues(configurationBytes, each as never, { suite }),
        () =>
          compareSignedValues(
            configurationBytes,
            { label: ALICE, version: 0, values: [{}, {}] as never },
            each as never,
          ),
      ];
      expect(runs.map(codeOf)).toEqual(runs.map(() => 'ERR_ARGUMENT_TYPE'));
    }
  });

  test('everything that is returned is frozen', () => {
    const comparison = compareSignedHeads(heads, heads);
    const same = compareVersionProofs(version, version);
    const { head } = heads;
    const confrontation = createConfrontation(log.configurationBytes, { suite, state });
    const confronted = confrontation.verify(walk.response);
    const all = [heads, head, heads.sizes, heads.nodes, heads.roots, ...heads.roots, comparison];
    const others = [
      version,
      version.proof,
      version.proof.side,
      same,
      confrontation,
      confronted,
      confronted.heads,
    ];
    expect([...all, ...others].filter((each) => !Object.isFrozen(each))).toEqual([]);
    expect(confronted).toEqual({ outcome: 'same', treeSize: 27, heads });
    expect(compareSignedHeads(heads, heads)).toEqual({ outcome: 'same', treeSize: 27 });
  });

  test('the engine that is given hashes', async () => {
    const bytes = encodeSignedHeads(heads);
    const runs: readonly ((hasher: TreeHasher) => unknown)[] = [
      (hasher) => verifySignedHeads(log.configurationBytes, bytes, { suite, hasher }),
      (hasher) => verifyVersionProof(log.configurationBytes, encodeVersionProof(version), { suite, hasher }),
      (hasher) => openSignedHeads(log.configurationBytes, walk, { suite, hasher }),
      (hasher) => openVersionProof(log.configurationBytes, search, { suite, hasher }),
      (hasher) => openKeptHeads(log.configurationBytes, { suite, hasher, state }),
      (hasher) => createConfrontation(log.configurationBytes, { suite, hasher, state }).verify(walk.response),
    ];
    for (const run of runs) {
      const hasher = countingHasher();
      run(hasher);
      expect(hasher.calls).toBeGreaterThan(0);
    }
  });

  test('bytes and objects are kept apart: what the caller changes later changes nothing', () => {
    const bytes = encodeSignedHeads(heads);
    const opened = verifySignedHeads(log.configurationBytes, bytes, { suite });
    const before = opened.nodes.map(hex);
    bytes.fill(0);
    expect(opened.nodes.map(hex)).toEqual(before);
  });

  test.each<[string, string, (given: SignedHeads) => SignedHeads]>([
    ['sizes that fall', 'ERR_HEAD_ORDER', (given) => ({ ...given, sizes: [12, 8] })],
    ['a size twice', 'ERR_HEAD_ORDER', (given) => ({ ...given, sizes: [8, 8] })],
    ['the head’s size again', 'ERR_HEAD_ORDER', (given) => ({ ...given, sizes: [27] })],
    ['a size beyond the head', 'ERR_HEAD_ORDER', (given) => ({ ...given, sizes: [28] })],
    ['a size of no leaves', 'ERR_HEAD_EMPTY', (given) => ({ ...given, sizes: [0, 8] })],
    [
      'a head of no leaves',
      'ERR_HEAD_EMPTY',
      (given) => ({ ...given, sizes: [], head: { ...given.head, treeSize: 0 } }),
    ],
    ['a node too few', 'ERR_PROOF_LENGTH', (given) => ({ ...given, nodes: given.nodes.slice(1) })],
    [
      'a node too many',
      'ERR_PROOF_LENGTH',
      (given) => ({ ...given, nodes: [...given.nodes, new Uint8Array(32)] }),
    ],
    ['two roots', 'ERR_PROOF_LENGTH', (given) => ({ ...given, sizes: [], nodes: given.nodes.slice(0, 2) })],
    [
      'another node',
      'ERR_SIGNATURE',
      (given) => ({ ...given, nodes: given.nodes.map(() => new Uint8Array(32)) }),
    ],
  ])('signed heads with %s: %s', (_, code, bend) => {
    const bytes = encodeSignedHeads(bend(heads));
    expect(codeOf(() => verifySignedHeads(log.configurationBytes, bytes, { suite }))).toBe(code);
  });

  test('signed heads need a node, and are of one version', () => {
    expect(codeOf(() => encodeSignedHeads({ ...heads, nodes: [] }))).toBe('ERR_ARGUMENT_RANGE');
    const bytes = encodeSignedHeads(heads);
    const other = bytes.map((byte, i) => (i === 1 ? 2 : byte));
    expect(codeOf(() => verifySignedHeads(log.configurationBytes, other, { suite }))).toBe('ERR_VERSION');
    const proof = encodeVersionProof(version).map((byte, i) => (i === 1 ? 2 : byte));
    expect(codeOf(() => verifyVersionProof(log.configurationBytes, proof, { suite }))).toBe('ERR_VERSION');
    const large = new Uint8Array(2 ** 20 + 1);
    expect(codeOf(() => verifySignedHeads(log.configurationBytes, large, { suite }))).toBe('ERR_TOO_LARGE');
    const larger = new Uint8Array(2 ** 22 + 1);
    expect(codeOf(() => verifyVersionProof(log.configurationBytes, larger, { suite }))).toBe('ERR_TOO_LARGE');
  });

  test('a request that the state did not make is refused', async () => {
    const { request } = clientOf(log, state).search(ALICE);
    const response = await log.search(request);
    const exchange = { request, response };
    expect(codeOf(() => openVersionProof(log.configurationBytes, exchange, { suite }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    expect(codeOf(() => openVersionProof(log.configurationBytes, { ...search, state }, { suite }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });

  test('a head that a newcomer is said to know', async () => {
    const response = await log.distinguished(walk.request, recentOf(log, 10).isRecent, {
      patch: (given) => ({ ...given, fullTreeHead: { headType: 'same' } }),
    });
    expect(codeOf(() => openSignedHeads(log.configurationBytes, { ...walk, response }, { suite }))).toBe(
      'ERR_HEAD_SAME',
    );
  });

  test('of a user who has this very head, too', async () => {
    const client = clientOf(log, state);
    const { request } = client.distinguishedHeads();
    const response = await log.distinguished(request, recentOf(log, 10).isRecent);
    const shown = openSignedHeads(log.configurationBytes, { request, response, state }, { suite });
    expect(compareSignedHeads(shown, heads)).toEqual({ outcome: 'same', treeSize: 27 });
    expect(shown.sizes).not.toContain(27);
  });

  test('a version that the answer does not show is not proven', async () => {
    const { request } = clientOf(log).search(ALICE, 12);
    const made = log.versionsOf(ALICE)[0] as ReturnType<HonestLog['versionsOf']>[number];
    const claims = Array.from({ length: 13 }, () => made);
    const response = await log.search(request, { claims });
    const exchange = { request, response };
    expect(codeOf(() => openVersionProof(log.configurationBytes, exchange, { suite }))).toBe(
      'ERR_VERSION_ABSENT',
    );
  });

  test('a commitment beside the value that is opened is refused', async () => {
    const response = await log.search(search.request, {
      patch: (given) => ({
        ...given,
        binaryLadder: given.binaryLadder.map((step) => ({ ...step, commitment: new Uint8Array(32) })),
      }),
    });
    expect(codeOf(() => openVersionProof(log.configurationBytes, { ...search, response }, { suite }))).toBe(
      'ERR_LADDER_COMMITMENT',
    );
  });

  test('a proof tells commitments of what it shows, and of nothing else', async () => {
    for (let wanted = 0; wanted < 9; wanted++) {
      const { side } = (await versionShown(log, wanted)).proof;
      expect(side.lookups.map(({ commitment }) => commitment !== undefined)).toEqual(
        side.proof.results.map(({ resultType }) => resultType === 'inclusion'),
      );
    }
  });
});

describe('times', () => {
  const openFrom = async (log: HonestLog, state?: Uint8Array): Promise<() => VerifiedSignedHeads> => {
    const { recent, isRecent } = recentOf(log, 10);
    const { request } = clientOf(log, state).distinguishedHeads({ recent });
    const response = await log.distinguished(request, isRecent);
    return () => openSignedHeads(log.configurationBytes, { request, response, state }, { suite });
  };

  test('that are equal are in order; the first two that are not are the evidence', async () => {
    const log = await logOf(3, { suite });
    for (const timestampMs of [log.nowMs + 50, log.nowMs + 50, log.nowMs + 50])
      await log.append(timestampMs, []);
    expect((await openFrom(log))().roots.length).toBeGreaterThan(0);
    await log.append(log.nowMs - 10, []);
    const error = misbehaviorOf(await openFrom(log));
    expect(verifyEvidence(error.evidence, { suites: [suite] })).toMatchObject({
      kind: 'reversedTime',
      entries: [{ position: 5 }, { position: 6 }],
    });
    const equal = [3, 5].map((position) => {
      const { timestampMs, prefixTree } = log.entries[position] as HonestLog['entries'][number];
      return { position, entry: { timestampMs, prefixTree: prefixTree.root } };
    });
    const [first, second] = equal as [(typeof equal)[number], (typeof equal)[number]];
    const { signature } = headOf(log, 7);
    const bytes = evidenceOf(log, {
      kind: 'reversedTime',
      treeHead: { treeSize: 7, signature },
      first,
      second,
      inclusion: [],
    });
    expect(codeOf(() => verifyEvidence(bytes, { suites: [suite] }))).toBe('ERR_EVIDENCE_AGREES');
  });

  test('that decrease behind what a user had kept are refused: that others cannot see', async () => {
    const log = await logOf(8, { suite });
    const state = (await searched(log)).forget(utf8('nobody')).before as Uint8Array;
    await log.append(log.nowMs - 5, []);
    expect(codeOf(await openFrom(log, state))).toBe('ERR_TIMESTAMP_ORDER');
    expect(misbehaviorOf(await openFrom(log)).code).toBe('ERR_TIME_REVERSED');
  });
});

describe('forms', () => {
  test('evidence of a fork, byte for byte', async () => {
    const log = await logOf(5, { suite });
    const head = headOf(log, 5);
    const [whole, cut] = [sideOf(log, 5, 5), sideOf(log, 5, 3)];
    const sideBytes = (nodes: readonly Uint8Array[]): readonly Uint8Array[] => [
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 64),
      head.signature,
      Uint8Array.of(nodes.length),
      ...nodes,
    ];
    const expected = Buffer.concat([
      Uint8Array.of(0, 1),
      log.configurationBytes,
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 3),
      ...sideBytes(whole.nodes),
      ...sideBytes(cut.nodes),
    ]);
    const bytes = evidenceOf(log, { kind: 'fork', size: 3, first: whole, second: cut });
    expect(hex(bytes)).toBe(hex(expected));
    const countAt = 2 + log.configurationBytes.length + 9 + 11 + 64;
    const none = Uint8Array.from(bytes, (byte, i) => (i === countAt ? 0 : byte));
    expect(codeOf(() => verifyEvidence(none, { suites: [suite] }))).toBe('ERR_LENGTH');
  });

  test('signed heads, byte for byte', async () => {
    const log = await logOf(5, { suite });
    const head = headOf(log, 5);
    const nodes = nodesOf(log, 5, 3);
    const expected = Buffer.concat([
      Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 64),
      head.signature,
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 3, 0, nodes.length),
      ...nodes,
    ]);
    expect(hex(encodeSignedHeads({ head, sizes: [3], nodes }))).toBe(hex(expected));
  });

  test.each(SUITES)('$name is one of the suites that evidence is checked with by default', async (each) => {
    const log = await logOf(3, { suite: each });
    const fork = log.fork();
    await grow(log, 1);
    await grow(fork, 1, () => 2);
    const bytes = evidenceOf(log, {
      kind: 'fork',
      size: 4,
      first: sideOf(log, 4, 4),
      second: sideOf(fork, 4, 4),
    });
    expect(verifyEvidence(bytes).kind).toBe('fork');
  });
});

describe('logs with third parties', () => {
  let managed: Scene;
  beforeAll(async () => {
    managed = await sceneOf(suite, 'thirdPartyManagement');
  });

  test('an auditor that lags takes part in no evidence, and hinders none', async () => {
    const log = await logOf(27, { suite, mode: 'thirdPartyAuditing' });
    const { recent, isRecent } = recentOf(log, 10);
    const { request } = clientOf(log).distinguishedHeads({ recent });
    const { suite: own, configurationBytes } = { suite, configurationBytes: log.configurationBytes };
    for (const auditorSize of [27, 22, 13, 1]) {
      const response = await log.distinguished(request, isRecent, { auditorSize });
      const heads = openSignedHeads(configurationBytes, { request, response }, { suite: own });
      expect(heads.roots.map(({ treeSize, root }) => [treeSize, hex(root)])).toEqual(
        heads.roots.map(({ treeSize }) => [treeSize, hex(log.rootAt(treeSize))]),
      );
      const proof = await versionShown(log, undefined, { auditorSize });
      expect(compareVersionProofs(proof, await versionShown(log))).toEqual({ outcome: 'same' });
    }
  });

  test('a version that changed a lifetime later is no misbehaviour', () => {
    const [first, second] = managed.carol;
    expect(codeOf(() => compareVersionProofs(first, second))).toBe('ERR_ENTRY_EXPIRED');
    expect(codeOf(() => compareVersionProofs(second, first))).toBe('ERR_ENTRY_EXPIRED');
    expect(compareVersionProofs(first, first)).toEqual({ outcome: 'same' });
  });

  test('the lifetime is exact', async () => {
    const options = { suite, windowMs: 40 } as const;
    for (const [lifetimeMs, outcome] of [
      [70, 'ERR_ENTRY_EXPIRED'],
      [71, 'ERR_VERSION_CHANGED'],
    ] as const) {
      const log = await logOf(4, { ...options, lifetimeMs });
      const fork = log.fork();
      await log.append(log.nowMs + 10, [{ label: 'bob', values: ['a'] }]);
      await fork.append(fork.nowMs + 80, [{ label: 'bob', values: ['b'] }]);
      const [own, peer] = [
        await versionShown(log, 0, {}, utf8('bob')),
        await versionShown(fork, 0, {}, utf8('bob')),
      ];
      expect(codeOf(() => compareVersionProofs(own, peer))).toBe(outcome);
      expect(codeOf(() => compareVersionProofs(peer, own))).toBe(outcome);
    }
  });

  test('nothing is evidence where the service operator has the manager’s key', async () => {
    const { log } = managed;
    if (log.configuration.mode !== 'thirdPartyManagement') throw new Error('no manager');
    const config = { ...log.configuration, leafPublicKey: log.configuration.signaturePublicKey };
    const bytes = encodeConfiguration(config);
    const signed = encodeSignedHeads({ head: headOf(log, 4), sizes: [], nodes: nodesOf(log, 4, 4) });
    expect(codeOf(() => verifySignedHeads(bytes, signed, { suite }))).toBe('ERR_EVIDENCE_KEYS');
    const proof = encodeVersionProof(managed.dave);
    expect(codeOf(() => verifyVersionProof(bytes, proof, { suite }))).toBe('ERR_EVIDENCE_KEYS');
    const value: SignedValue = { value: utf8('a'), signature: new Uint8Array(64) };
    const compared = { label: ALICE, version: 0, values: [value, value] as const };
    expect(codeOf(() => compareSignedValues(bytes, compared, { suite }))).toBe('ERR_EVIDENCE_KEYS');
    const other: SignedValue = { ...value, value: utf8('b') };
    const differing = { ...compared, values: [value, other] as const };
    expect(codeOf(() => compareSignedValues(log.configurationBytes, differing, { suite }))).toBe(
      'ERR_VALUE_SIGNATURE',
    );
    expect(compareSignedValues(log.configurationBytes, compared, { suite })).toEqual({ outcome: 'same' });
  });

  test('errors say whose misbehaviour it is, by name and code', async () => {
    const log = await logOf(6, { suite });
    const fork = log.fork();
    await grow(log, 1);
    await grow(fork, 1, () => 2);
    const [own, peer] = [await headsShown(log), await headsShown(fork)];
    const error = misbehaviorOf(() => compareSignedHeads(own, peer));
    expect([error.name, error.code]).toEqual(['MisbehaviorError', 'ERR_LOG_FORK']);
    expect(error.message).not.toBe('');
    const hasher = countingHasher();
    expect(verifyEvidence(error.evidence, { suites: [suite], hasher }).kind).toBe('fork');
    misbehaviorOf(() => compareSignedHeads(own, peer, { hasher }));
    const { evidence } = misbehaviorOf(() => compareSignedHeads(own, peer));
    expect(evidence).not.toBe(error.evidence);
    expect(hex(evidence)).toBe(hex(error.evidence));
    // Over the default suites, too: this one is of paper, and refused as one of theirs.
    const bytes = evidenceOf(log, {
      kind: 'fork',
      size: 6,
      first: sideOf(log, 7, 6),
      second: sideOf(fork, 7, 6),
    });
    expect(['ERR_KEY_POINT', 'ERR_KEY_ORDER', 'ERR_SIGNATURE']).toContain(
      codeOf(() => verifyEvidence(bytes)),
    );
  });
});
