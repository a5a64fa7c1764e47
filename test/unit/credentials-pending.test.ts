/** Pending credentials as bytes, early updates, and what the reader is given: bounds, copies, damage. */

import { createTypeScriptHasher } from '../../src/hashing/typescript-hasher.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCredentialReader } from '../../src/transparency/credentials/create-credential-reader.js';
import type {
  SettledCredential,
  VerifiedCredential,
} from '../../src/transparency/credentials/credential-reader.js';
import { KT_128_SHA256_P256 } from '../../src/suites.js';
import { check } from '../support/property.js';
import { ALICE, clientOf, codeOf, grow, hex, logOf, utf8 } from './client-world.js';
import { readerOf, stateBytes, walked } from './credential-world.js';
import { PAPER_SUITE } from './paper-suite.js';

type Provisional = Extract<VerifiedCredential, { readonly kind: 'provisional' }>;
type Unsettled = Exclude<SettledCredential, { readonly outcome: 'verified' }>;

const at =
  (...positions: readonly number[]) =>
  (position: number): number =>
    positions.includes(position) ? 1 : 0;

/** Alice’s version 2 is in the last entry, 12; an update leads to 13, which is distinguished once there are 16. */
async function pendingWorld() {
  const log = await logOf(13, { windowMs: 35 }, at(2, 5, 12));
  const bob = await walked(log);
  const credential = await log.credential(ALICE, 11);
  const { pending } = readerOf(log, bob).verify(credential, { label: ALICE }) as Provisional;
  await grow(log, 4, at());
  const asked = { version: 2, treeSize: 13, terminal: 12, distinguished: 13 };
  const update = await log.credentialUpdate(ALICE, asked);
  const informed = readerOf(log, await walked(log, bob));
  return { log, bob, uninformed: readerOf(log, bob), informed, credential, pending, update };
}

describe('as bytes', () => {
  test('it begins with its version and its log, and is the credential, what it rests on, and an early update', async () => {
    const { log, bob, uninformed, credential, pending, update } = await pendingWorld();
    const id = hex(stateBytes(bob)).slice(4, 68);
    const length = credential.length.toString(16).padStart(8, '0');
    expect(hex(pending).startsWith(`0001${id}${length}${hex(credential)}`)).toBe(true);
    // Three full subtrees and as many entries, of 12 log entries: 8 and 4.
    expect(pending.length).toBe(2 + 32 + 4 + credential.length + (1 + 2 * 32) + (1 + 2 * 40) + 1);
    const queued = uninformed.settle(pending, { update }) as Unsettled;
    expect(hex(queued.pending)).toBe(
      `${hex(pending).slice(0, -2)}01${update.length.toString(16).padStart(8, '0')}${hex(update)}`,
    );
    expect(log.size).toBe(17);
  });

  test('shortened or lengthened it is none', async () => {
    const { uninformed, pending } = await pendingWorld();
    for (let length = 0; length < pending.length; length += 7) {
      expect(codeOf(() => uninformed.settle(pending.subarray(0, length)))).toBe('ERR_STORED_STATE');
    }
    expect(codeOf(() => uninformed.settle(Uint8Array.of(...pending, 0)))).toBe('ERR_STORED_STATE');
    expect(codeOf(() => uninformed.settle(new Uint8Array(2 ** 22 + 1)))).toBe('ERR_STORED_STATE');
  });

  test('any changed byte is damage, or leaves what the program stored', async () => {
    const { informed, uninformed, pending, update } = await pendingWorld();
    const { pending: queued } = uninformed.settle(pending, { update }) as Unsettled;
    check(
      fc.property(
        fc.nat({ max: queued.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (position, difference) => {
          const damaged = Uint8Array.from(queued);
          damaged[position] = ((damaged[position] as number) + difference) % 256;
          let settled: SettledCredential;
          try {
            settled = informed.settle(damaged);
          } catch (error) {
            const { name, code } = error as Error & { readonly code: string };
            expect(`${name} ${code}`).toMatch(/^StateError ERR_(?:STORED_STATE|STATE_LOG)$/);
            return;
          }
          if (settled.outcome !== 'verified') expect(settled.isUpdateRefused).toBe(true);
        },
      ),
    );
  });

  test('a standard credential is not one that is pending', async () => {
    const { log, bob, uninformed, credential, pending } = await pendingWorld();
    const standard = await log.credential(ALICE, 11, { cut: 12 });
    expect(readerOf(log, bob).verify(standard, { label: ALICE }).kind).toBe('standard');
    const length = (bytes: Uint8Array): string => bytes.length.toString(16).padStart(8, '0');
    const whole = hex(pending).replace(
      `${length(credential)}${hex(credential)}`,
      `${length(standard)}${hex(standard)}`,
    );
    expect(codeOf(() => uninformed.settle(new Uint8Array(Buffer.from(whole, 'hex'))))).toBe(
      'ERR_STORED_STATE',
    );
  });
});

describe('an update that comes early', () => {
  test('takes the place of an earlier one, and is dropped where it was wrong', async () => {
    const { log, uninformed, informed, pending, update } = await pendingWorld();
    const wrong = await log.credentialUpdate(
      ALICE,
      { version: 2, treeSize: 13, terminal: 12, distinguished: 13 },
      { patch: ({ monitor }) => ({ monitor: { ...monitor, prefixProofs: [] } }) },
    );
    const first = uninformed.settle(pending, { update: wrong }) as Unsettled;
    const second = uninformed.settle(first.pending, { update }) as Unsettled;
    expect(informed.settle(second.pending).outcome).toBe('verified');
    // Kept for as long as nothing else comes.
    const still = uninformed.settle(first.pending) as Unsettled;
    expect([hex(still.pending), still.isUpdateRefused]).toEqual([hex(first.pending), false]);
    const dropped = informed.settle(first.pending) as Unsettled;
    expect([dropped.outcome, dropped.isUpdateRefused]).toEqual(['waiting', true]);
    expect(hex(dropped.pending)).toBe(hex(pending));
    expect(informed.settle(first.pending, { update }).outcome).toBe('verified');
    expect(codeOf(() => informed.settle(first.pending, { update: wrong }))).toBe('ERR_PROOF_SEARCHES');
    expect(informed.settle(second.pending, { update: wrong }).outcome).toBe('verified');
  });

  test('that is none is refused at once', async () => {
    const { uninformed, pending } = await pendingWorld();
    expect(codeOf(() => uninformed.settle(pending, { update: new Uint8Array(3) }))).toBe('ERR_TRUNCATED');
  });
});

test('an early update that cannot be read any more is damage', async () => {
  const { uninformed, informed, pending, update } = await pendingWorld();
  const { pending: queued } = uninformed.settle(pending, { update }) as Unsettled;
  // The count of its timestamps: more than there are bytes for.
  queued[queued.length - update.length] = 255;
  expect(codeOf(() => informed.settle(queued))).toBe('ERR_STORED_STATE');
  expect((uninformed.settle(queued) as Unsettled).outcome).toBe('waiting');
});

test('an engine that fails is no damage', async () => {
  const { log, bob, pending } = await pendingWorld();
  const failing = {
    ...createTypeScriptHasher(),
    hashLeaves: (): never => {
      throw new Error('the engine failed');
    },
  };
  const state = stateBytes(bob);
  const reader = createCredentialReader(log.configurationBytes, {
    suite: PAPER_SUITE,
    state,
    hasher: failing,
  });
  expect(() => reader.settle(pending)).toThrow('the engine failed');
});

test('over a gap, the first known entry from the end of the credential’s tree on is what counts', async () => {
  // 16 to 22 come quickly, so that 19, where version 0 is first seen, is distinguished only once 23 is there.
  const log = await logOf(16, { windowMs: 20 }, at());
  const base = log.nowMs;
  const bob = await walked(log);
  for (let i = 1; i <= 7; i++) {
    await log.append(base + i, i === 2 ? [{ label: 'alice', values: ['new'] }] : []);
  }
  const found = readerOf(log, bob).verify(await log.credential(ALICE, 15), { label: ALICE }) as Provisional;
  const { needed } = readerOf(log, bob).settle(found.pending) as Unsettled;
  expect([needed.treeSize, needed.terminal]).toEqual([23, 19]);
  await log.append(base + 50);
  expect(readerOf(log, await walked(log)).settle(found.pending).outcome).toBe('verified');
  for (const stop of [20, 21]) {
    const gap = readerOf(log, await walked(log, clientOf(log), { stop }));
    const asked = gap.settle(found.pending) as Unsettled;
    expect([asked.outcome, asked.needed.distinguished]).toEqual(['expired', 22]);
    const update = await log.credentialUpdate(ALICE, {
      version: 0,
      treeSize: 23,
      terminal: 19,
      distinguished: 22,
    });
    expect(gap.settle(found.pending, { update }).outcome).toBe('verified');
  }
});

test('a credential whose entry is no more recent has expired, and can be verified all the same', async () => {
  const { log, bob, pending, update } = await pendingWorld();
  await grow(log, 4, at());
  const client = await walked(log, bob);
  const two = readerOf(log, client, { count: 2 });
  const expired = two.settle(pending) as Unsettled;
  expect([expired.outcome, expired.needed.distinguished, expired.isUpdateRefused]).toEqual([
    'expired',
    13,
    false,
  ]);
  expect(readerOf(log, client).settle(pending).outcome).toBe('waiting');
  expect(two.settle(expired.pending, { update }).outcome).toBe('verified');
});

test('what the program gives and gets is copied, and arguments are checked', async () => {
  const { log, bob, informed, credential, pending, update } = await pendingWorld();
  const state = stateBytes(bob);
  const reader = createCredentialReader(log.configurationBytes, { suite: PAPER_SUITE, state });
  state.fill(0);
  const bytes = Uint8Array.from(credential);
  const found = reader.verify(bytes, { label: ALICE }) as Provisional;
  bytes.fill(0);
  expect(hex(found.pending)).toBe(hex(pending));
  const frozen = [found, reader, informed.settle(pending, { update }), reader.settle(pending)];
  expect(frozen.map((each) => Object.isFrozen(each))).toEqual([true, true, true, true]);
  const verify = (given: object): string => codeOf(() => reader.verify(credential, given as never));
  const cases: readonly (readonly [outcome: string, code: string])[] = [
    [verify({ label: ALICE, clockMs: log.nowMs }), 'accepted'],
    [verify({ label: ALICE, clockMs: -1 }), 'ERR_ARGUMENT_RANGE'],
    [verify({ label: 'alice' }), 'ERR_ARGUMENT_TYPE'],
    [verify({ label: new Uint8Array(256) }), 'ERR_ARGUMENT_RANGE'],
    [verify({ label: new Uint8Array(255) }), 'ERR_CREDENTIAL_LABEL'],
    [verify({}), 'ERR_ARGUMENT_TYPE'],
    [codeOf(() => reader.verify(credential, undefined as never)), 'ERR_ARGUMENT_TYPE'],
    [codeOf(() => reader.verify('x' as never, { label: ALICE })), 'ERR_ARGUMENT_TYPE'],
    [codeOf(() => reader.settle('x' as never)), 'ERR_ARGUMENT_TYPE'],
    [codeOf(() => reader.settle(pending, { update: 'x' as never })), 'ERR_ARGUMENT_TYPE'],
    [codeOf(() => reader.fromSearch('x' as never, credential)), 'ERR_ARGUMENT_TYPE'],
    [codeOf(() => reader.fromSearch(ALICE, 'x' as never)), 'ERR_ARGUMENT_TYPE'],
    [codeOf(() => reader.fromSearch(new Uint8Array(256), credential)), 'ERR_ARGUMENT_RANGE'],
    [codeOf(() => reader.at('x' as never)), 'ERR_ARGUMENT_TYPE'],
    [codeOf(() => reader.at(new Uint8Array(9))), 'ERR_STORED_STATE'],
    [codeOf(() => reader.at(undefined).verify(credential, { label: ALICE })), 'ERR_CREDENTIAL_EARLY'],
    [codeOf(() => createCredentialReader(log.configurationBytes, null as never)), 'ERR_ARGUMENT_TYPE'],
    [
      codeOf(() => createCredentialReader(log.configurationBytes, { suite: KT_128_SHA256_P256 })),
      'ERR_CIPHER_SUITE',
    ],
    [
      codeOf(() =>
        createCredentialReader(log.configurationBytes, { suite: PAPER_SUITE, recent: { count: 0 } }),
      ),
      'ERR_ARGUMENT_RANGE',
    ],
  ];
  expect(cases.map(([outcome]) => outcome)).toEqual(cases.map(([, code]) => code));
  expect(reader.configuration).toEqual(clientOf(log).configuration);
  expect(utf8('alice')).toEqual(ALICE);
});
