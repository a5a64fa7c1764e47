/**
 * Lists that the helpers refuse to make, before any key has signed anything: a succession or a list that cannot
 * follow must never exist.
 */

import {
  deriveFirstPosition,
  deriveNextPosition,
  deriveRemovedKeyIds,
  type Device,
  type DeviceListDraft,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftMessagingKeyChange,
  draftReset,
  draftVerificationChange,
  type LocalSigner,
  signDeviceEntry,
  signDeviceList,
  verifyDeviceList,
} from 'contact-key-verification/keys.js';
import { describe, expect, test } from 'vitest';
import { BOB, codeOf, entryOf } from '../support/accounts.js';
import { ecKey, edKey, type TestKey } from '../support/list-forge.js';
import {
  A0,
  A1,
  A2,
  ANEW,
  chainKey,
  chainList,
  LAPTOP,
  MALLORY,
  PHONE,
  TABLET,
  tellStory,
} from '../support/list-story.js';

const { rekeyed, removed, added, rotated } = tellStory();
const KEYS = { laptop: LAPTOP, phone: PHONE, tablet: TABLET, mallory: MALLORY } as const;
type Id = keyof typeof KEYS;

const publicKey = (key: TestKey): TestKey['own']['publicKey'] => key.own.publicKey;
const entry = (id: Id, position: Parameters<typeof entryOf>[1], messaging?: string): Device =>
  entryOf({ id, key: KEYS[id].own }, position, messaging);
/** Everybody signs, and every signature is counted. */
let signatures = 0;
const counting = (key: TestKey): LocalSigner => ({
  publicKey: key.own.publicKey,
  sign(message) {
    signatures++;
    return key.own.sign(message);
  },
});
const EVERYBODY = [A0, A1, A2, ANEW, LAPTOP, PHONE, TABLET, MALLORY, chainKey(64), chainKey(65)].map(
  counting,
);
/** The code with which a list cannot be made; no key has signed by then. */
function refusal(draft: () => DeviceListDraft): string {
  signatures = 0;
  const code = codeOf(() => signDeviceList(draft(), EVERYBODY));
  expect(signatures).toBe(0);
  // The draft itself is refused, not only its signing.
  expect(codeOf(draft)).toBe(code);
  return code;
}

describe('refused before anything is signed', () => {
  const next = deriveNextPosition(added);
  const rotation = deriveNextPosition(added, publicKey(A2));
  const add = (devices: readonly Device[], removedKeyIds: readonly Uint8Array[] = []): string =>
    refusal(() => draftDeviceAddition(added, { author: 'phone', devices, removedKeyIds }));

  test('an entry made for another place in the chain', () => {
    expect(add([entry('laptop', deriveNextPosition(removed))])).toBe('ERR_ARGUMENT_RANGE');
    expect(add([entry('laptop', deriveNextPosition(rotated))])).toBe('ERR_ARGUMENT_RANGE');
    expect(add([entry('laptop', rotation)])).toBe('ERR_ARGUMENT_RANGE');
    const start = deriveFirstPosition({ identifier: BOB, accountKey: publicKey(A0) });
    const late = deriveFirstPosition({ identifier: BOB, accountKey: publicKey(A0), sequence: 1 });
    expect(refusal(() => draftFirstList(start, [entry('laptop', late)]))).toBe('ERR_ARGUMENT_RANGE');
    const beginning = { accountKey: publicKey(ANEW), devices: [entry('phone', next)], removedKeyIds: [] };
    expect(refusal(() => draftReset(added, beginning))).toBe('ERR_ARGUMENT_RANGE');
  });

  test('a change that changes nothing', () => {
    expect(add([])).toBe('ERR_ARGUMENT_RANGE');
    const nothing = { author: 'phone', devices: [] };
    expect(refusal(() => draftMessagingKeyChange(added, nothing))).toBe('ERR_ARGUMENT_RANGE');
  });

  test('an entry that its device did not sign, or signed for another identifier', () => {
    const elsewhere = deriveFirstPosition({ identifier: 'tel:+1', accountKey: publicKey(A1), sequence: 4 });
    expect(add([entry('laptop', elsewhere)])).toBe('ERR_DEVICE_POSSESSION');
    const honest = entry('laptop', next);
    expect(add([{ ...honest, messagingKeys: new Uint8Array(3) }])).toBe('ERR_DEVICE_POSSESSION');
    expect(add([{ ...honest, signingKey: publicKey(MALLORY) }])).toBe('ERR_DEVICE_POSSESSION');
    const renewed = { ...entry('phone', next), possession: honest.possession };
    const change = { author: 'phone', devices: [renewed] };
    expect(refusal(() => draftMessagingKeyChange(added, change))).toBe('ERR_DEVICE_POSSESSION');
  });

  test('a device that is listed already, by id or by key, or twice', () => {
    const named = (id: string, key: TestKey): Device => entryOf({ id, key: key.own }, next);
    expect(add([named('phone', LAPTOP)])).toBe('ERR_ARGUMENT_RANGE');
    expect(add([named('phone 2', PHONE)])).toBe('ERR_KEY_REUSED');
    expect(add([named('x', LAPTOP), named('x', MALLORY)])).toBe('ERR_ARGUMENT_RANGE');
    expect(add([named('x', LAPTOP), named('y', LAPTOP)])).toBe('ERR_KEY_REUSED');
  });

  test('a signing key that was removed once, under whatever id', () => {
    const gone = deriveRemovedKeyIds(rekeyed, removed);
    expect(add([entryOf({ id: 'watch', key: LAPTOP.own }, next)], gone)).toBe('ERR_ARGUMENT_RANGE');
    const again = deriveNextPosition(added, publicKey(ANEW));
    const change = { accountKey: publicKey(ANEW), devices: [entry('laptop', again)], removedKeyIds: gone };
    expect(refusal(() => draftReset(added, change))).toBe('ERR_ARGUMENT_RANGE');
  });

  test('an account key in another role, or one that was in force before', () => {
    const to = (key: TestKey): string =>
      refusal(() => draftAccountKeyChange(added, { author: 'phone', nextAccountKey: publicKey(key) }));
    expect(to(A1)).toBe('ERR_ARGUMENT_RANGE');
    expect(to(A0)).toBe('ERR_KEY_REUSED');
    expect(to(TABLET)).toBe('ERR_KEY_REUSED');
    expect(add([entryOf({ id: 'x', key: A0.own }, next)])).toBe('ERR_KEY_REUSED');
    expect(add([entryOf({ id: 'x', key: A1.own }, next)])).toBe('ERR_KEY_REUSED');
    const begin = (key: TestKey): string =>
      refusal(() => draftReset(rotated, { accountKey: publicKey(key), devices: [], removedKeyIds: [] }));
    expect(begin(A0)).toBe('ERR_KEY_REUSED');
    expect(begin(A1)).toBe('ERR_KEY_REUSED');
  });

  test('an author that the current list does not have', () => {
    for (const author of ['laptop', '', 'phone\0']) {
      const change = { author, verification: false };
      expect(refusal(() => draftVerificationChange(added, change))).toBe('ERR_ARGUMENT_RANGE');
    }
    const lost = { author: 'tablet', ids: ['tablet'], nextAccountKey: publicKey(A2) };
    expect(refusal(() => draftDeviceRemoval(added, lost))).toBe('ERR_ARGUMENT_RANGE');
  });

  test('a removal of nobody, of a stranger, or that says neither rotate nor retired', () => {
    const remove = (change: object): string =>
      refusal(() => draftDeviceRemoval(added, { author: 'phone', ...change } as never));
    expect(remove({ ids: [], retired: true })).toBe('ERR_ARGUMENT_RANGE');
    expect(remove({ ids: ['laptop'], retired: true })).toBe('ERR_ARGUMENT_RANGE');
    expect(remove({ ids: ['tablet', 'laptop'], retired: true })).toBe('ERR_ARGUMENT_RANGE');
    expect(remove({ ids: ['tablet'] })).toBe('ERR_ARGUMENT_RANGE');
    expect(remove({ ids: ['tablet'], retired: false })).toBe('ERR_ARGUMENT_RANGE');
    expect(remove({ ids: ['tablet'], retired: 'yes' })).toBe('ERR_ARGUMENT_RANGE');
    expect(remove({ ids: ['tablet'], nextAccountKey: undefined })).toBe('ERR_ARGUMENT_RANGE');
    expect(remove({ ids: ['tablet'], retired: true, nextAccountKey: publicKey(A1) })).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });

  test('messaging keys of a device that is not there, with another signing key, or twice', () => {
    const change = (...devices: readonly Device[]): string =>
      refusal(() => draftMessagingKeyChange(added, { author: 'phone', devices }));
    expect(change(entry('laptop', next))).toBe('ERR_ARGUMENT_RANGE');
    expect(change(entryOf({ id: 'phone', key: MALLORY.own }, next))).toBe('ERR_ARGUMENT_RANGE');
    expect(change(entry('phone', next, 'one'), entry('phone', next, 'two'))).toBe('ERR_ARGUMENT_RANGE');
  });

  test('verification that already is what it would become', () => {
    expect(refusal(() => draftVerificationChange(added, { author: null, verification: true }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });
});

test('a full chain: the device that joined under the oldest key gives a fresh entry', () => {
  const [old, recent] = [ecKey('of the oldest key'), edKey('of a later key')];
  const devices = [
    { id: 'old', key: old, since: 0 },
    { id: 'recent', key: recent, since: 9 },
  ];
  const full = verifyDeviceList(chainList(64, devices), { identifier: BOB });
  const nextAccountKey = publicKey(chainKey(65));
  const change = { author: 'recent', nextAccountKey };
  expect(refusal(() => draftAccountKeyChange(full, change))).toBe('ERR_ARGUMENT_RANGE');
  expect(refusal(() => draftDeviceRemoval(full, { ...change, author: null, ids: ['recent'] }))).toBe(
    'ERR_ARGUMENT_RANGE',
  );
  const comeback = { author: 'recent', ids: ['old'], nextAccountKey: publicKey(chainKey(0)) };
  expect(refusal(() => draftDeviceRemoval(full, comeback))).toBe('ERR_KEY_REUSED');

  const fresh = signDeviceEntry(
    deriveNextPosition(full, nextAccountKey),
    { id: 'old', messagingKeys: new Uint8Array(4) },
    old.own,
  );
  const signers = [...EVERYBODY, counting(recent)];
  const after = signDeviceList(draftAccountKeyChange(full, { ...change, devices: [fresh] }), signers);
  expect(after.successions).toHaveLength(64);
  expect(after.devices.map(({ since }) => since)).toEqual([65, 9]);
  const lost = { author: 'recent', ids: ['old'], nextAccountKey };
  expect(signDeviceList(draftDeviceRemoval(full, lost), signers).devices).toEqual([full.devices[1]]);
});
