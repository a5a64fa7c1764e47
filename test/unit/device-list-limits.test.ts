/**
 * The limits of lists that are made here, and arguments of the wrong type. What cannot become a list is refused before
 * any key has signed.
 */

import {
  deriveFirstPosition,
  deriveNextPosition,
  type Device,
  type DeviceListDraft,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftMessagingKeyChange,
  draftReset,
  draftVerificationChange,
  type ListPosition,
  type LocalSigner,
  signDeviceEntry,
  signDeviceList,
  signDeviceListAsync,
  verifyDeviceList,
} from 'contact-key-verification/keys.js';
import { ArgumentTypeError } from 'contact-key-verification/errors.js';
import { describe, expect, test } from 'vitest';
import { BOB, codeOf, codeOfAsync, entryOf } from '../support/accounts.js';
import { ecKey, forge, sequencePiece } from '../support/list-forge.js';
import { A0, A2, LAPTOP, PHONE, TABLET, tellStory } from '../support/list-story.js';
import { ALL, freshAt, phone } from '../support/list-damages.js';

const { first, added, rotated } = tellStory();

const messagingKeys = new Uint8Array(8);

describe('nothing is signed in vain', () => {
  let signatures = 0;
  const counting = ({ own }: typeof A0): LocalSigner => ({
    publicKey: own.publicKey,
    sign(message) {
      signatures++;
      return own.sign(message);
    },
  });
  const unsigned = async (draft: DeviceListDraft, signers: readonly LocalSigner[]): Promise<string> => {
    signatures = 0;
    const code = codeOf(() => signDeviceList(draft, signers));
    expect(await codeOfAsync(() => signDeviceListAsync(draft, signers))).toBe(code);
    expect(signatures).toBe(0);
    return code;
  };

  test('a signer is missing', async () => {
    const nextAccountKey = ecKey('next').own.publicKey;
    const draft = draftDeviceRemoval(rotated, { author: 'phone', ids: ['tablet'], nextAccountKey });
    const all = [A2, ecKey('next'), PHONE];
    for (const missing of all) {
      const signers = all.filter((key) => key !== missing).map(counting);
      expect(await unsigned(draft, signers.slice(0, 2))).toBe('ERR_ARGUMENT_RANGE');
    }
    expect(await unsigned(draft, [])).toBe('ERR_ARGUMENT_RANGE');
    for (const wrong of [undefined, 'signers', null, 7, {}]) {
      expect(await unsigned(draft, wrong as never)).toBe('ERR_ARGUMENT_TYPE');
    }
    for (const wrong of [undefined, null, {}, { publicKey: A2.own.publicKey }, { sign: () => good() }]) {
      expect(await unsigned(draft, [...all.map(counting), wrong as never])).toBe('ERR_ARGUMENT_TYPE');
    }
  });

  const good = (): Uint8Array => new Uint8Array(64);
  const start = deriveFirstPosition({ identifier: BOB, accountKey: A0.own.publicKey });
  const large = (key: typeof A0, id: string, size: number): Device =>
    signDeviceEntry(start, { id, messagingKeys: new Uint8Array(size) }, key.own);

  test('a list of 65,536 bytes passes, a byte more does not', async () => {
    const rest = signDeviceList(draftFirstList(start, [large(PHONE, 'a', 0), large(LAPTOP, 'b', 0)]), [
      A0.own,
    ]);
    const room = 65_536 - rest.encoded.length;
    const of = (size: number): DeviceListDraft =>
      draftFirstList(start, [large(PHONE, 'a', 40_000), large(LAPTOP, 'b', size - 40_000)]);
    expect(signDeviceList(of(room), [A0.own]).encoded).toHaveLength(65_536);
    expect(await unsigned(of(room + 1), [counting(A0)])).toBe('ERR_ARGUMENT_RANGE');
  });

  test('64 devices pass, 65 do not', () => {
    const entries = Array.from({ length: 65 }, (_, i) =>
      entryOf({ id: `d${i}`, key: ecKey(`d ${i}`).own }, start),
    );
    const list = signDeviceList(draftFirstList(start, entries.slice(0, 64)), [A0.own]);
    expect(list.devices).toHaveLength(64);
    expect(codeOf(() => draftFirstList(start, entries))).toBe('ERR_ARGUMENT_RANGE');
    const one = entryOf({ id: 'x', key: TABLET.own }, deriveNextPosition(list));
    const change = { author: 'd0', devices: [one], removedKeyIds: [] };
    expect(codeOf(() => draftDeviceAddition(list, change))).toBe('ERR_ARGUMENT_RANGE');
  });

  test('an id of 0 or 33 bytes, messaging keys of 65,536', () => {
    const make = (id: string, size = 0): string =>
      codeOf(() => signDeviceEntry(start, { id, messagingKeys: new Uint8Array(size) }, counting(PHONE)));
    signatures = 0;
    expect(make('')).toBe('ERR_ARGUMENT_RANGE');
    expect(make('a'.repeat(33))).toBe('ERR_ARGUMENT_RANGE');
    expect(make('a', 65_536)).toBe('ERR_ARGUMENT_RANGE');
    expect(make('\ud800')).toBe('ERR_UTF8');
    expect(signatures).toBe(0);
  });

  test('no sequence is left after 2^32 - 2', () => {
    const at = (sequence: unknown): string =>
      codeOf(() =>
        deriveFirstPosition({ identifier: BOB, accountKey: A0.own.publicKey, sequence: sequence as number }),
      );
    for (const sequence of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32 - 1, 2 ** 53]) {
      expect(at(sequence)).toBe('ERR_ARGUMENT_RANGE');
    }
    expect(at('1')).toBe('ERR_ARGUMENT_TYPE');
    expect(at(1n)).toBe('ERR_ARGUMENT_TYPE');
    const bytes = forge(first.encoded, ALL, (p) => {
      p.sequence = sequencePiece(2 ** 32 - 2);
      p.devices.shift();
      p.devices.forEach(() => freshAt(phone(p), A0, 2 ** 32 - 2));
    });
    const last = verifyDeviceList(bytes, { identifier: BOB });
    const off = { author: null, verification: false };
    expect(codeOf(() => draftVerificationChange(last, off))).toBe('ERR_ARGUMENT_RANGE');
  });
});

describe('wrong types', () => {
  const position = deriveNextPosition(added);
  const HOSTILE = [undefined, null, 'text', 7, true, Symbol('x')] as never[];

  test.each<[string, (value: never) => unknown]>([
    ['position', (value) => draftFirstList(value, [])],
    ['devices', (value) => draftFirstList(position, value)],
    ['a device', (value) => draftFirstList(position, [value])],
    ['current', (value) => draftVerificationChange(value, { author: null, verification: false })],
    ['change', (value) => draftVerificationChange(added, value)],
    ['change of a reset', (value) => draftReset(added, value)],
    [
      'removedKeyIds',
      (value) => draftDeviceAddition(added, { author: null, devices: [], removedKeyIds: value }),
    ],
    [
      'a removed keyId',
      (value) => draftDeviceAddition(added, { author: null, devices: [], removedKeyIds: [value] }),
    ],
    ['ids', (value) => draftDeviceRemoval(added, { author: null, ids: value, retired: true })],
    ['renewed devices', (value) => draftMessagingKeyChange(added, { author: null, devices: value })],
    ['draft', (value) => signDeviceList(value, [A0.own])],
    [
      'position of a draft',
      (value) => signDeviceList({ position: value } as unknown as DeviceListDraft, [A0.own]),
    ],
    ['position of an entry', (value) => signDeviceEntry(value, { id: 'a', messagingKeys }, PHONE.own)],
    ['device', (value) => signDeviceEntry(position, value, PHONE.own)],
    ['messaging keys', (value) => signDeviceEntry(position, { id: 'a', messagingKeys: value }, PHONE.own)],
    ['signer', (value) => signDeviceEntry(position, { id: 'a', messagingKeys }, value)],
    ['options', (value) => deriveFirstPosition(value)],
    ['account key', (value) => deriveFirstPosition({ identifier: BOB, accountKey: value })],
    ['list', (value) => deriveNextPosition(value)],
  ])('%s', (_, use) => {
    for (const value of HOSTILE) expect(() => use(value)).toThrow(ArgumentTypeError);
  });

  test('what is on or off is a boolean: "off" is not taken for true', () => {
    for (const value of ['off', 0, 1, null] as never[]) {
      const change = { author: null, verification: value };
      expect(() => draftVerificationChange(added, change)).toThrow(ArgumentTypeError);
    }
    expect(() => draftFirstList(position as ListPosition, [], { verification: 'off' as never })).toThrow(
      ArgumentTypeError,
    );
  });

  test('an author is named, or null: forgetting it is no way to the account key alone', () => {
    const change = { verification: false } as never;
    expect(() => draftVerificationChange(added, change)).toThrow(ArgumentTypeError);
  });
});
