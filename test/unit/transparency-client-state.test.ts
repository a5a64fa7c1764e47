/** The client's state: what is in it, that it is read as it was written, and what is no state. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClientState,
  EMPTY_STATE,
  LABELS_MAX,
  type LabelState,
  mergeVersions,
  neededVersions,
  withLabel,
} from '../../src/transparency/client/client-state.js';
import { createClient } from '../../src/transparency/client/create-client.js';
import { encodeConfiguration } from '../../src/transparency/wire/configuration.js';
import { decodeState, encodeState } from '../../src/transparency/client/state-encoding.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import type { KnownHead } from '../../src/transparency/verifier/verified-proof.js';
import { KT_128_SHA256_P256 } from '../../src/suites.js';
import { check } from '../support/property.js';
import { ALICE, clientOf, codeOf, grow, hex, logOf, owning, searched, utf8 } from './client-world.js';
import type { HonestLog } from './honest-log.js';
import { PAPER_SUITE } from './paper-suite.js';

/** A state with a monitored label, an owned one, and one that is both. */
async function fullState(mode: 'contactMonitoring' | 'thirdPartyAuditing' = 'contactMonitoring') {
  const log = await logOf(27, { mode });
  let client = await owning(log, 15);
  await grow(log, 3);
  for (const label of [ALICE, utf8('user 29'), utf8('user 28')]) {
    const { request, verify } = client.search(label);
    client = client.at(verify(await log.search(request), { nowMs: log.nowMs }).after);
  }
  const trusted = openLog(log.configurationBytes, PAPER_SUITE);
  const bytes = client.forget(utf8('nobody')).after;
  return { log, trusted, bytes, state: decodeState(trusted, bytes) };
}

test('is nothing at first, and then what was written', async () => {
  const { trusted, bytes, state } = await fullState();
  expect(decodeState(trusted, undefined)).toBe(EMPTY_STATE);
  expect(hex(encodeState(trusted, state))).toBe(hex(bytes));
  expect(decodeState(trusted, encodeState(trusted, EMPTY_STATE))).toEqual(EMPTY_STATE);
  expect(state.labels.map(({ label }) => Buffer.from(label).toString())).toEqual([
    'alice',
    'user 28',
    'user 29',
  ]);
});

test('holds the versions of the ladders to come, and no other', async () => {
  const { state } = await fullState();
  for (const kept of state.labels) {
    expect([...kept.versions.keys()]).toEqual(neededVersions(kept));
    for (const { vrfOutput } of kept.versions.values()) expect(vrfOutput).toHaveLength(32);
  }
});

test('is the program’s: what it hands in and gets is copied', async () => {
  const log = await logOf(14);
  const client = await searched(log);
  const state = client.forget(utf8('nobody')).after;
  const other = clientOf(log, state);
  const before = hex(state);
  state.fill(0);
  expect(hex(other.forget(utf8('nobody')).before as Uint8Array)).toBe(before);
  const { before: given } = other.forget(utf8('nobody'));
  given?.fill(0);
  expect(hex(other.forget(utf8('nobody')).before as Uint8Array)).toBe(before);
  const label = Uint8Array.from(ALICE);
  const { request, verify } = client.search(label);
  label.fill(0);
  expect(verify(await log.search(request), { nowMs: log.nowMs }).version).toBe(4);
});

// ------------------------------------------------------------------------------------- damages

describe('what is no state is refused', () => {
  test.each(['contactMonitoring', 'thirdPartyAuditing'] as const)(
    'any changed byte, in mode %s',
    async (mode) => {
      const { trusted, bytes } = await fullState(mode);
      check(
        fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, difference) => {
          const damaged = Uint8Array.from(bytes);
          damaged[at] = ((damaged[at] as number) + difference) % 256;
          let state: ClientState;
          try {
            state = decodeState(trusted, damaged);
          } catch (error) {
            const { name, code } = error as { readonly name: string; readonly code: string };
            expect(`${name} ${code}`).toMatch(/^StateError ERR_(?:STORED_STATE|STATE_LOG)$/);
            return;
          }
          // Another state, as it could have been written.
          expect(hex(encodeState(trusted, state))).toBe(hex(damaged));
        }),
      );
    },
  );

  test('shortened and lengthened bytes', async () => {
    const { trusted, bytes } = await fullState();
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => decodeState(trusted, bytes.subarray(0, length)))).toBe('ERR_STORED_STATE');
    }
    expect(codeOf(() => decodeState(trusted, Uint8Array.of(...bytes, 0)))).toBe('ERR_STORED_STATE');
    expect(codeOf(() => decodeState(trusted, new Uint8Array(2 ** 24 + 1)))).toBe('ERR_STORED_STATE');
  });

  test('a state of another version', async () => {
    const { trusted, bytes } = await fullState();
    for (const version of [0, 3, 255]) {
      bytes[1] = version;
      expect(codeOf(() => decodeState(trusted, bytes))).toBe('ERR_STORED_STATE');
    }
  });

  const damage = (change: (state: ClientState) => ClientState) => change;
  const ofLabel = (change: (kept: LabelState) => Partial<LabelState>) =>
    damage((state) => ({
      ...state,
      labels: state.labels.map((kept, i) => (i === 0 ? { ...kept, ...change(kept) } : kept)),
    }));
  const ofHead = (change: (head: KnownHead) => Partial<KnownHead>) =>
    damage((state) => {
      const head = state.head as KnownHead;
      return { ...state, head: { ...head, ...change(head) } };
    });
  const owned = ({ owned: given }: LabelState) => given as NonNullable<LabelState['owned']>;
  test.each([
    ['labels in another order', damage((state) => ({ ...state, labels: [...state.labels].reverse() }))],
    [
      'a label twice',
      damage((state) => ({ ...state, labels: state.labels.flatMap((each) => [each, each]) })),
    ],
    ['labels without a head', damage((state) => ({ ...state, head: undefined }))],
    ['a label that is neither monitored nor owned', ofLabel(() => ({ monitored: [], owned: undefined }))],
    [
      'a version that no ladder needs',
      ofLabel(({ versions }) => ({ versions: new Map([...versions, [99, versions.get(0) as never]]) })),
    ],
    ['a version too few', ofLabel(({ versions }) => ({ versions: new Map([...versions].slice(1)) }))],
    [
      'versions in another order',
      ofLabel(({ versions }) => ({ versions: new Map([...versions].reverse()) })),
    ],
    [
      'a monitored version without its commitment',
      ofLabel(({ versions }) => ({
        versions: new Map(
          Array.from(versions, ([version, { vrfOutput }]) => [version, { vrfOutput, commitment: undefined }]),
        ),
      })),
    ],
    ['a map in another order', ofLabel(({ monitored }) => ({ monitored: [...monitored, ...monitored] }))],
    ['a monitored entry beyond the tree', ofLabel(() => ({ monitored: [{ position: 30, version: 9 }] }))],
    [
      'two entries of one version',
      damage((state) => ({
        ...state,
        labels: state.labels.map((kept, at) => {
          const [entry] = kept.monitored;
          if (at !== 2 || entry === undefined) return kept;
          return { ...kept, monitored: [{ ...entry, position: entry.position - 1 }, entry] };
        }),
      })),
    ],
    [
      'two versions of one entry',
      damage((state) => ({
        ...state,
        labels: state.labels.map((kept, at) => {
          const [known] = kept.versions.values();
          const [entry] = kept.monitored;
          if (at !== 2 || known === undefined || entry === undefined) return kept;
          return {
            ...kept,
            monitored: [entry, { ...entry, version: 1 }],
            versions: new Map([
              [0, known],
              [1, known],
            ]),
          };
        }),
      })),
    ],
    ['a start beyond the tree', ofLabel((kept) => ({ owned: { ...owned(kept), start: 30, later: [] } }))],
    ['an insertion at the start', ofLabel((kept) => ({ owned: { ...owned(kept), start: 24 } }))],
    [
      'an insertion of no greater version',
      ofLabel((kept) => ({ owned: { ...owned(kept), greatestAtStart: 9 } })),
    ],
    [
      'a label that is not owned and yet partly monitored',
      damage((state) => ({
        ...state,
        labels: state.labels.map((kept, i) => (i === 1 ? { ...kept, isPartial: true } : kept)),
      })),
    ],
    ['a tree of nothing', ofHead(({ treeHead }) => ({ treeHead: { ...treeHead, treeSize: 0 } }))],
    ['a tree of another size', ofHead(({ treeHead }) => ({ treeHead: { ...treeHead, treeSize: 31 } }))],
    [
      'a subtree too many',
      ofHead(({ view }) => ({ view: { ...view, fullSubtrees: [...view.fullSubtrees, new Uint8Array(32)] } })),
    ],
    ['an entry too few', ofHead(({ view }) => ({ view: { ...view, frontier: view.frontier.slice(1) } }))],
    [
      'entries that grow younger to the left',
      ofHead(({ view }) => ({ view: { ...view, frontier: [...view.frontier].reverse() } })),
    ],
    [
      'an auditor’s head in a log without one',
      ofHead(() => ({ auditorTreeHead: { timestampMs: 1, treeSize: 1, signature: new Uint8Array(64) } })),
    ],
  ])('%s', async (_, change) => {
    const { trusted, state } = await fullState();
    const bytes = encodeState(trusted, change(state));
    expect(codeOf(() => decodeState(trusted, bytes))).toBe('ERR_STORED_STATE');
  });

  test('an audited log’s state without the auditor’s head', async () => {
    const { trusted, state } = await fullState('thirdPartyAuditing');
    const head = { ...(state.head as KnownHead), auditorTreeHead: undefined };
    expect(codeOf(() => decodeState(trusted, encodeState(trusted, { ...state, head })))).toBe(
      'ERR_STORED_STATE',
    );
  });

  test('the state of a log whose VRF key is another', async () => {
    const log = await logOf(14);
    const state = (await searched(log)).forget(utf8('nobody')).after;
    const configuration = { ...log.configuration, vrfPublicKey: new Uint8Array(32) };
    const other = (): unknown =>
      createClient(encodeConfiguration(configuration), { suite: PAPER_SUITE, state });
    expect(codeOf(other)).toBe('ERR_STATE_LOG');
  });

  test('the state of a log with another key, suite or mode', async () => {
    const log = await logOf(14);
    const state = (await searched(log)).forget(utf8('nobody')).after;
    for (const other of [
      await logOf(14, { suite: KT_128_SHA256_P256 }),
      await logOf(14, { mode: 'thirdPartyAuditing' }),
      await logOf(14, { mode: 'thirdPartyManagement' }),
    ]) {
      expect(codeOf(() => clientOf(other, state))).toBe('ERR_STATE_LOG');
    }
    const window = await logOf(14, { windowMs: 7 });
    expect(clientOf(window, state).dueMonitors(Number.MAX_SAFE_INTEGER)).toHaveLength(1);
  });
});

describe('the smallest states', () => {
  const known = { vrfOutput: new Uint8Array(32).fill(5), commitment: new Uint8Array(32).fill(6) };
  const entry = (position: number, timestampMs: number) => ({
    position,
    timestampMs,
    prefixTree: new Uint8Array(32).fill(3),
  });
  const headOf = (treeSize: number, ...entries: readonly ReturnType<typeof entry>[]): KnownHead => ({
    treeHead: { treeSize, signature: Uint8Array.of(9) },
    auditorTreeHead: undefined,
    view: { treeSize, fullSubtrees: entries.map(() => new Uint8Array(32).fill(2)), frontier: entries },
  });
  const kept = (change: Partial<LabelState>): LabelState => ({
    label: utf8('a'),
    checkedMs: 4,
    isPartial: false,
    monitored: [],
    owned: undefined,
    versions: new Map([[0, known]]),
    ...change,
  });
  const stateOf = (head: KnownHead, change: Partial<LabelState>): ClientState => ({
    head,
    distinguished: [],
    labels: [kept(change)],
  });
  const one = headOf(1, entry(0, 1));
  const three = headOf(3, entry(1, 1), entry(2, 1));
  const plain = async () => openLog((await logOf(1)).configurationBytes, PAPER_SUITE);

  test('are these bytes', async () => {
    const log = await plain();
    const state = stateOf(one, { monitored: [{ position: 0, version: 0 }] });
    const of = (byte: string): string => byte.repeat(32);
    const expected = [
      ['0002', hex(log.id)],
      // head: tree size, signature; no auditor; one subtree; one entry
      ['01', '0000000000000001', '0001', '09', '00', '01', of('02'), '01', '0000000000000001', of('03')],
      // no distinguished entries are known
      ['0000', '00'],
      // one label, checked at 4, not partial, one monitored, not owned, one version with its commitment
      ['0001', '01', '61', '0000000000000004', '00', '01', '0000000000000000', '00000000', '00'],
      ['0001', '00000000', of('05'), '01', of('06')],
    ];
    expect(hex(encodeState(log, state))).toBe(expected.flat().join(''));
    expect(decodeState(log, encodeState(log, state))).toEqual(state);
  });

  test.each<[name: string, code: string, state: ClientState]>([
    ['entries of one time', 'accepted', stateOf(three, { monitored: [{ position: 0, version: 0 }] })],
    [
      'a start in the last entry',
      'accepted',
      stateOf(three, { owned: { start: 2, greatestAtStart: undefined, later: [] } }),
    ],
    [
      'a start right behind it',
      'ERR_STORED_STATE',
      stateOf(three, { owned: { start: 3, greatestAtStart: undefined, later: [] } }),
    ],
    [
      'a first version after a start without one',
      'accepted',
      stateOf(three, {
        owned: { start: 1, greatestAtStart: undefined, later: [{ position: 2, version: 0 }] },
        versions: new Map([
          [0, known],
          [1, known],
        ]),
      }),
    ],
    [
      'the version of the start once more',
      'ERR_STORED_STATE',
      stateOf(three, {
        owned: { start: 1, greatestAtStart: 0, later: [{ position: 2, version: 0 }] },
        versions: new Map([
          [0, known],
          [1, known],
        ]),
      }),
    ],
    [
      'as many versions as are needed, and not those',
      'ERR_STORED_STATE',
      stateOf(three, {
        owned: { start: 1, greatestAtStart: 0, later: [] },
        versions: new Map([
          [0, known],
          [2, known],
        ]),
      }),
    ],
  ])('%s: %s', async (_, code, state) => {
    const log = await plain();
    expect(codeOf(() => decodeState(log, encodeState(log, state)))).toBe(code);
  });

  test('a label is partly monitored or not', async () => {
    const log = await plain();
    const bytesOf = (isPartial: boolean): Uint8Array =>
      encodeState(
        log,
        stateOf(one, { isPartial, owned: { start: 0, greatestAtStart: undefined, later: [] } }),
      );
    const at = bytesOf(true).findIndex((byte, i) => byte !== bytesOf(false)[i]);
    const other = bytesOf(true);
    other[at] = 2;
    expect(codeOf(() => decodeState(log, bytesOf(true)))).toBe('accepted');
    expect(codeOf(() => decodeState(log, other))).toBe('ERR_STORED_STATE');
  });

  test('of an audited log: none, and none with an auditor’s head of nothing', async () => {
    const log = openLog((await logOf(1, { mode: 'thirdPartyAuditing' })).configurationBytes, PAPER_SUITE);
    expect(decodeState(log, encodeState(log, EMPTY_STATE))).toEqual(EMPTY_STATE);
    const audited = (treeSize: number): ClientState => ({
      head: { ...one, auditorTreeHead: { timestampMs: 1, treeSize, signature: Uint8Array.of(9) } },
      distinguished: [],
      labels: [],
    });
    expect(codeOf(() => decodeState(log, encodeState(log, audited(1))))).toBe('accepted');
    expect(codeOf(() => decodeState(log, encodeState(log, audited(0))))).toBe('ERR_STORED_STATE');
  });

  test('need versions in ascending order', () => {
    const monitored = [{ position: 0, version: 6 }];
    const owned = { start: 0, greatestAtStart: 5, later: [{ position: 1, version: 9 }] };
    expect(neededVersions({ monitored, owned })).toEqual([0, 1, 3, 5, 6, 7, 9, 10, 11, 15]);
  });
});

// ------------------------------------------------------------------------------------- bounds

describe('bounds', () => {
  const head = { treeHead: { treeSize: 1, signature: new Uint8Array(64) } } as unknown as KnownHead;
  const version = { vrfOutput: new Uint8Array(32), commitment: new Uint8Array(32) };
  const known = new Map(Array.from({ length: 2000 }, (_, i) => [i, version]));
  const kept = (monitored: number, later: number): Omit<LabelState, 'versions'> => ({
    label: ALICE,
    checkedMs: 0,
    isPartial: false,
    monitored: Array.from({ length: monitored }, (_, i) => ({ position: i, version: i })),
    owned: {
      start: 0,
      greatestAtStart: 0,
      later: Array.from({ length: later }, (_, i) => ({ position: i + 1, version: i + 1 })),
    },
  });

  test('of monitored versions, of insertions, of labels', () => {
    expect(codeOf(() => withLabel(EMPTY_STATE, head, kept(255, 255), known))).toBe('accepted');
    expect(codeOf(() => withLabel(EMPTY_STATE, head, kept(256, 0), known))).toBe('ERR_STATE_LIMIT');
    expect(codeOf(() => withLabel(EMPTY_STATE, head, kept(0, 256), known))).toBe('ERR_STATE_LIMIT');
    const many = (count: number): ClientState => ({
      head,
      distinguished: [],
      labels: Array.from({ length: count }, (_, i) => ({ label: utf8(String(i)) }) as LabelState),
    });
    expect(codeOf(() => withLabel(many(LABELS_MAX - 1), head, kept(1, 0), known))).toBe('accepted');
    expect(codeOf(() => withLabel(many(LABELS_MAX), head, kept(1, 0), known))).toBe('ERR_STATE_LIMIT');
  });

  test('of bytes', async () => {
    const { trusted, state } = await fullState();
    const [first] = state.labels as [LabelState];
    const labels = Array.from({ length: 60_000 }, (_, i) => ({
      ...first,
      label: utf8(`label ${100_000 + i}`),
    }));
    expect(codeOf(() => encodeState(trusted, { ...state, labels }))).toBe('ERR_STATE_LIMIT');
  });

  test('a version to be monitored needs its commitment, and one to be looked up its VRF output', () => {
    const bare = new Map([[0, { vrfOutput: new Uint8Array(32) }]]);
    const monitored = { ...kept(1, 0), owned: undefined };
    expect(codeOf(() => withLabel(EMPTY_STATE, head, monitored, bare))).toBe('ERR_LADDER_COMMITMENT');
    expect(codeOf(() => withLabel(EMPTY_STATE, head, monitored, new Map()))).toBe('ERR_LADDER_STEPS');
    // One that lacks it is too much, whatever the others have.
    const two = { ...monitored, monitored: [{ position: 0, version: 1 }] };
    const half = new Map([...bare, [1, version]]);
    expect(codeOf(() => withLabel(EMPTY_STATE, head, two, half))).toBe('ERR_LADDER_COMMITMENT');
  });

  test('what is known of a version does not change', () => {
    const one = new Map([[3, version]]);
    const other = new Uint8Array(32).fill(1);
    const merge = (given: object) =>
      codeOf(() => mergeVersions(one, new Map([[3, { ...version, ...given }]])));
    expect(merge({})).toBe('accepted');
    expect(merge({ commitment: undefined })).toBe('accepted');
    expect(mergeVersions(one, new Map([[3, { vrfOutput: version.vrfOutput }]])).get(3)).toEqual(version);
    expect(merge({ commitment: other })).toBe('ERR_RETAINED_VERSION');
    expect(merge({ vrfOutput: other })).toBe('ERR_RETAINED_VERSION');
  });
});

// ------------------------------------------------------------------------------------- arguments, sizes

test('arguments of the wrong kind are refused', async () => {
  const log = await logOf(14);
  const client = clientOf(log);
  const cases: readonly (readonly [run: () => unknown, code: string])[] = [
    [() => createClient(log.configurationBytes, null as never), 'ERR_ARGUMENT_TYPE'],
    [() => createClient(log.configurationBytes, {} as never), 'ERR_ARGUMENT_TYPE'],
    [() => createClient(log.configurationBytes, undefined as never), 'ERR_ARGUMENT_TYPE'],
    [() => client.search(new Uint8Array(255)), 'accepted'],
    [() => client.forget(new Uint8Array(256)), 'ERR_ARGUMENT_RANGE'],
    [() => client.search(ALICE).verify(new Uint8Array(0), null as never), 'ERR_ARGUMENT_TYPE'],
    [() => client.update(ALICE, 5 as never), 'ERR_ARGUMENT_TYPE'],
    [() => createClient('x' as never, { suite: PAPER_SUITE }), 'ERR_ARGUMENT_TYPE'],
    [() => createClient(log.configurationBytes, { suite: KT_128_SHA256_P256 }), 'ERR_CIPHER_SUITE'],
    [() => clientOf(log, 'x' as never), 'ERR_ARGUMENT_TYPE'],
    [() => client.search('alice' as never), 'ERR_ARGUMENT_TYPE'],
    [() => client.search(new Uint8Array(256)), 'ERR_ARGUMENT_RANGE'],
    [() => client.search(ALICE, -1), 'ERR_ARGUMENT_RANGE'],
    [() => client.search(ALICE, 2 ** 32), 'ERR_ARGUMENT_RANGE'],
    [() => client.search(ALICE).verify(new Uint8Array(0), undefined as never), 'ERR_ARGUMENT_TYPE'],
    [() => client.search(ALICE).verify('x' as never, { nowMs: 0 }), 'ERR_ARGUMENT_TYPE'],
    [() => client.initializeOwner(ALICE, -1), 'ERR_ARGUMENT_RANGE'],
    [() => client.dueMonitors(-1), 'ERR_ARGUMENT_RANGE'],
    [() => client.update(ALICE, 'x' as never), 'ERR_ARGUMENT_TYPE'],
    [() => client.update(ALICE, ['x'] as never), 'ERR_ARGUMENT_TYPE'],
  ];
  expect(cases.map(([run]) => codeOf(run))).toEqual(cases.map(([, code]) => code));
});

test('the bytes of a contact and of an owned label, as docs/keytrans.md states them', async () => {
  const guide = readFileSync(new URL('../../docs/keytrans.md', import.meta.url), 'utf8');
  const size = async (log: HonestLog, clientState: Uint8Array): Promise<number> => {
    const trusted = openLog(log.configurationBytes, PAPER_SUITE);
    const state = decodeState(trusted, clientState);
    return clientState.length - encodeState(trusted, { ...state, labels: [] }).length;
  };
  const contact = await logOf(17, { windowMs: 2_000_000 }, (position) => (position < 8 ? 1 : 0));
  const owner = await logOf(27);
  const sizes = {
    monitored: await size(contact, (await searched(contact)).forget(utf8('nobody')).after),
    owned: await size(owner, (await owning(owner, 15)).forget(utf8('nobody')).after),
  };
  expect(sizes).toEqual({ monitored: 307, owned: 699 });
  expect(guide).toContain('| a label of a contact while it is monitored, of eight versions | 307 |');
  expect(guide).toContain('| an owned label, of nine versions | 699 |');
});
