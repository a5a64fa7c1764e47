/** Credentials between users: standard and provisional, settled early, late and not at all. */

import { describe, expect, test } from 'vitest';
import type {
  SettledCredential,
  VerifiedCredential,
} from '../../src/transparency/credentials/credential-reader.js';
import { ALICE, clientOf, codeOf, grow, hex, logOf, STEP_MS, text, utf8 } from './client-world.js';
import { distinguishedOf, knownTo, readerOf, stateBytes, TEN, walked } from './credential-world.js';
import type { HonestLog } from './honest-log.js';

const MODES = ['contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'] as const;

type Provisional = Extract<VerifiedCredential, { readonly kind: 'provisional' }>;
type Unsettled = Exclude<SettledCredential, { readonly outcome: 'verified' }>;

/** Alice has versions at these entries, and no others. */
const at =
  (...positions: readonly number[]) =>
  (position: number): number =>
    positions.includes(position) ? 1 : 0;

async function provisionalOf(
  log: HonestLog,
  position: number,
): Promise<{ bob: Awaited<ReturnType<typeof walked>>; verified: Provisional; bytes: Uint8Array }> {
  const bob = await walked(log);
  const bytes = await log.credential(ALICE, position);
  const verified = readerOf(log, bob).verify(bytes, { label: ALICE });
  expect(verified.kind).toBe('provisional');
  return { bob, bytes, verified: verified as Provisional };
}

describe.each(MODES)('in mode %s', (mode) => {
  test('a standard credential is verified at once, and has nothing left to do', async () => {
    const log = await logOf(14, { mode, windowMs: 35 }, at(2, 5));
    const bob = await walked(log);
    const position = distinguishedOf(log).at(-1) as number;
    const bytes = await log.credential(ALICE, position);
    const verified = readerOf(log, bob).verify(bytes, { label: ALICE });
    expect(verified).toEqual({
      kind: 'standard',
      label: ALICE,
      version: 1,
      value: utf8('alice at 5 0'),
      position,
      timestampMs: log.entries[position]?.timestampMs,
    });
  });

  test('a provisional one is settled where its terminal entry becomes distinguished', async () => {
    // 11 stands on the frontier of 12 entries, and becomes distinguished as the log grows.
    const log = await logOf(12, { mode, windowMs: 80 }, at(2, 9));
    const before = distinguishedOf(log);
    const { bob, verified } = await provisionalOf(log, before.at(-1) as number);
    expect(text(verified.value)).toBe('alice at 9 0');
    const waiting = readerOf(log, bob).settle(verified.pending) as Unsettled;
    expect(waiting.outcome).toBe('waiting');
    expect(hex(waiting.pending)).toBe(hex(verified.pending));
    const { terminal } = waiting.needed;
    expect(terminal).toBe(11);
    while (!distinguishedOf(log).includes(terminal)) await grow(log, 1, at());
    const settled = readerOf(log, await walked(log, bob)).settle(waiting.pending);
    expect(settled).toEqual({ outcome: 'verified', label: ALICE, version: 1, value: verified.value });
  });

  test('and where it does not, by an update, early or in time', async () => {
    // 12 is the last entry, and stands below 13 as soon as there is one.
    const log = await logOf(13, { mode, windowMs: 35 }, at(2, 12));
    const { bob, verified } = await provisionalOf(log, distinguishedOf(log).at(-1) as number);
    const waiting = readerOf(log, bob).settle(verified.pending) as Unsettled;
    expect(waiting.needed).toEqual({
      label: ALICE,
      version: 1,
      treeSize: 13,
      terminal: 12,
      distinguished: undefined,
    });
    let end: number | undefined;
    while (end === undefined) {
      await grow(log, 1, at());
      end = distinguishedOf(log).find((position) => position >= 12);
    }
    expect(end).toBeGreaterThan(12);
    const update = await log.credentialUpdate(ALICE, { ...waiting.needed, distinguished: end });
    // Bob has not walked yet: it is kept.
    const queued = readerOf(log, bob).settle(waiting.pending, { update }) as Unsettled;
    expect(queued.outcome).toBe('waiting');
    expect(queued.pending.length).toBe(waiting.pending.length + 4 + update.length);
    const informed = readerOf(log, await walked(log, bob));
    expect(informed.settle(queued.pending).outcome).toBe('verified');
    expect(informed.settle(waiting.pending, { update }).outcome).toBe('verified');
    const asking = informed.settle(waiting.pending) as Unsettled;
    expect(asking.needed.distinguished).toBe(end);
  });

  test('never changes the state of the user, and needs nothing but it', async () => {
    const log = await logOf(13, { mode, windowMs: 35 }, at(2, 12));
    const bob = await walked(log);
    const state = stateBytes(bob);
    const before = hex(state);
    const reader = readerOf(log, bob);
    const { pending } = reader.verify(await log.credential(ALICE, 7), { label: ALICE }) as Provisional;
    reader.settle(pending);
    expect(hex(state)).toBe(before);
    expect(hex(stateBytes(bob))).toBe(before);
  });
});

describe('what a credential rests on', () => {
  test('is a recent entry that the user knows: later ones are for later, others are refused', async () => {
    const log = await logOf(30, { windowMs: 35 }, at(2));
    const early = await walked(log);
    const known = knownTo(log, early);
    await grow(log, 20, at());
    const newer = distinguishedOf(log).at(-1) as number;
    const outcome = (position: number, client = early, recent = TEN): Promise<string> =>
      log
        .credential(ALICE, position)
        .then((bytes) => codeOf(() => readerOf(log, client, recent).verify(bytes, { label: ALICE })));
    expect(await outcome(newer)).toBe('ERR_CREDENTIAL_EARLY');
    expect(await outcome(newer, await walked(log, early))).toBe('accepted');
    expect(await outcome(newer, clientOf(log))).toBe('ERR_CREDENTIAL_EARLY');
    for (const position of known) expect(await outcome(position)).toBe('accepted');
    const between = Array.from({ length: 30 }, (_, i) => i).filter((i) => !known.includes(i) && i >= 2);
    for (const position of between.filter((each) => each < (known.at(-1) as number))) {
      expect(await outcome(position)).toBe('ERR_CREDENTIAL_POSITION');
    }
    const two = { count: 2 };
    expect(await outcome(known.at(-2) as number, early, two)).toBe('accepted');
    expect(await outcome(known.at(-3) as number, early, two)).toBe('ERR_CREDENTIAL_POSITION');
    const within = { withinMs: STEP_MS };
    expect(await outcome(known.at(-2) as number, early, within)).toMatch(/^ERR_CREDENTIAL_/);
  });
});
