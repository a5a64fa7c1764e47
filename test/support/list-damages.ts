/**
 * Named damages: a list of Bob's with exactly one thing made wrong, signed again with every key its forger holds, and
 * the one code with which it is refused.
 */

import { type VerifiedDeviceList, verifyDeviceList } from 'contact-key-verification/keys.js';
import { expect, test } from 'vitest';
import { BOB, codeOf } from './accounts.js';
import {
  type DevicePieces,
  forge,
  type ListPieces,
  sequencePiece,
  type SuccessionPieces,
  type TestKey,
} from './list-forge.js';
import { A0, A1, A2, ANEW, LAPTOP, MALLORY, PHONE, TABLET } from './list-story.js';

/** Forgers, by what they hold. */
export const ALL: readonly TestKey[] = [A0, A1, A2, ANEW, LAPTOP, PHONE, TABLET, MALLORY];
export const ACCOUNT: readonly TestKey[] = [A0, A1, A2, ANEW, MALLORY];
export const NEWEST: readonly TestKey[] = [A2, ANEW, MALLORY];

export const phone = (p: ListPieces): DevicePieces => p.devices[0] as DevicePieces;
export const tablet = (p: ListPieces): DevicePieces => p.devices[1] as DevicePieces;
export const oldest = (p: ListPieces): SuccessionPieces => p.successions[0] as SuccessionPieces;
export const newest = (p: ListPieces): SuccessionPieces => p.successions[1] as SuccessionPieces;
export const entryFields = (p: ListPieces, device: DevicePieces): Uint8Array[] => [
  p.identifier,
  device.id,
  device.signingKey,
  device.messagingKeys,
  device.joined,
  device.since,
];

export type Damage = readonly [
  name: string,
  base: VerifiedDeviceList,
  held: readonly TestKey[],
  change: (pieces: ListPieces) => unknown,
];

/** At first sight. */
export function refuses(code: string, damages: readonly Damage[]): void {
  test.each(damages)(`${code}: %s`, (_, base, held, change) => {
    const bytes = forge(base.encoded, held, change);
    expect(bytes).not.toEqual(Buffer.from(base.encoded));
    expect(codeOf(() => verifyDeviceList(bytes, { identifier: BOB }))).toBe(code);
  });
}

/**
 * After the list before, which accepts the undamaged one. By itself the damaged list passes: what refuses it
 * is what was known before.
 */
export function refusesAfter(code: string, stored: VerifiedDeviceList, damages: readonly Damage[]): void {
  test.each(damages)(`${code}: %s`, (_, base, held, change) => {
    const bytes = forge(base.encoded, held, change);
    expect(() => verifyDeviceList(base.encoded, { identifier: BOB, stored })).not.toThrow();
    expect(() => verifyDeviceList(bytes, { identifier: BOB })).not.toThrow();
    expect(codeOf(() => verifyDeviceList(bytes, { identifier: BOB, stored }))).toBe(code);
    expect(codeOf(() => verifyDeviceList(bytes, { identifier: BOB, stored: stored.encoded }))).toBe(code);
  });
}

/** Makes an entry say that it joined under this key at this sequence. */
export function freshAt(device: DevicePieces, account: TestKey, since: number): void {
  device.joined = account.id;
  device.since = sequencePiece(since);
}
