/** The oracle's judgement of device lists, on a story told by hand and on lists with one thing made wrong. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Device,
  type DeviceList,
  type SignedDeviceList,
  type Succession,
  decodeSignedDeviceList,
  encodeSignedDeviceList,
  keyInForce,
  listId,
} from '../reference/device-list.js';
import { type Verdict, judge } from '../reference/judgement.js';
import { ECDSA_P256_SHA256, ED25519, type KeyPair, keyId, keyPairFrom } from '../reference/keys.js';
import { makeDevice, makeSuccession, signList } from '../reference/list-making.js';
import { otherS } from '../reference/rfc6979.js';

const bob = Buffer.from('tel:+15551234567');
const none = Buffer.alloc(0);
const pair = (name: string, scheme = ED25519): KeyPair =>
  keyPairFrom(scheme, createHash('sha256').update(name).digest());

const [account, account2, phoneKey, laptopKey] = [
  pair('account', ECDSA_P256_SHA256),
  pair('account 2'),
  pair('phone', ECDSA_P256_SHA256),
  pair('laptop'),
];
const tabletKey = pair('tablet');

function entry(id: string, key: KeyPair, under: KeyPair, since: number, messaging = 'keys'): Device {
  const fields = { id: Buffer.from(id), messaging_keys: Buffer.from(messaging), since };
  return makeDevice(bob, key, under.publicKey, fields);
}

/** The list after `before`, in everything the same but what is given. */
function after(before: DeviceList, changes: Partial<DeviceList>): DeviceList {
  return { ...before, sequence: before.sequence + 1, previous: listId(before), ...changes };
}

const firstList: DeviceList = {
  version: 1,
  identifier: bob,
  account_key: account.publicKey,
  successions: [],
  sequence: 0,
  previous: none,
  author: none,
  verification: 1,
  devices: [entry('phone', phoneKey, account, 0)],
};
const first = signList(firstList, account);
// The phone adds a laptop.
const laptop = entry('laptop', laptopKey, account, 1);
const addedList = after(firstList, { author: Buffer.from('phone'), devices: [laptop, ...firstList.devices] });
const added = signList(addedList, account, phoneKey);
// The laptop removes the lost phone and rotates the account key.
const rotatedList = after(addedList, {
  account_key: account2.publicKey,
  successions: [makeSuccession(bob, account, account2.publicKey, 2)],
  author: Buffer.from('laptop'),
  devices: [laptop],
});
const rotated = signList(rotatedList, account2, laptopKey);
// Everything is lost: the owner begins again.
const account3 = pair('account 3');
const resetList = after(rotatedList, {
  account_key: account3.publicKey,
  successions: [],
  previous: none,
  author: none,
  devices: [entry('laptop', laptopKey, account3, 3)],
});
const reset = signList(resetList, account3);

const withOtherS = (succession: Succession): Succession => ({
  ...succession,
  signature: otherS(succession.signature),
});

const bytesOf = encodeSignedDeviceList;
function verdict(signed: SignedDeviceList, stored?: SignedDeviceList, pinned?: KeyPair): Verdict {
  return judge(bytesOf(signed), bob, stored && bytesOf(stored), pinned?.publicKey);
}
function outcome(signed: SignedDeviceList, stored?: SignedDeviceList, pinned?: KeyPair): string {
  const result = verdict(signed, stored, pinned);
  if ('refused' in result) return result.refused;
  return result.kind === 'gap'
    ? `gap ${result.missing.join('-')}`
    : `${result.kind} ${result.mark ?? 'unpinned'}`;
}

describe('a story', () => {
  it('goes on from list to list', () => {
    expect(outcome(first)).toBe('first unpinned');
    expect(outcome(first, first, account)).toBe('same holds');
    expect(outcome(added, first, account)).toBe('next holds');
    expect(outcome(rotated, added, account)).toBe('next moves');
    expect(outcome(rotated, added, account2)).toBe('next holds');
    expect(outcome(reset, rotated, account2)).toBe('reset reset');
    expect(outcome(reset, rotated)).toBe('reset unpinned');
  });

  it('at first sight knows chains but not authors', () => {
    expect(outcome(rotated, undefined, account2)).toBe('first holds');
    expect(outcome(rotated, undefined, account)).toBe('first falls');
    expect(outcome(rotated, undefined, account3)).toBe('first reset');
    const forgedAuthor = { ...rotated, author: Buffer.alloc(64) };
    expect(outcome(forgedAuthor)).toBe('first unpinned');
    expect(outcome(forgedAuthor, added)).toBe('author-signature');
  });

  it('reports gaps, and never goes back', () => {
    expect(outcome(rotated, first)).toBe('gap 1-1');
    expect(outcome(reset, first)).toBe('gap 1-2');
    expect(outcome(first, added)).toBe('rollback');
    const twin = signList({ ...addedList, verification: 0 }, account, phoneKey);
    expect(outcome(twin, first)).toBe('next unpinned');
    expect(outcome(twin, added)).toBe('fork');
  });

  it('lets the mark fall when the account key alone rotates', () => {
    const alone = signList({ ...rotatedList, author: none }, account2);
    expect(outcome(alone, added, account)).toBe('next falls');
  });

  it('calls a reset under the same account key a reset', () => {
    const again = after(addedList, {
      previous: none,
      author: none,
      devices: [entry('phone', phoneKey, account, 2)],
    });
    expect(outcome(signList(again, account), added, account)).toBe('reset reset');
  });

  it('is of one identifier', () => {
    const other = Buffer.from('mailto:bob@example.org');
    expect(judge(bytesOf(first), other, undefined, undefined)).toEqual({ refused: 'other-identifier' });
  });
});

describe('a list with one thing made wrong is refused', () => {
  const good = after(rotatedList, { author: Buffer.from('laptop') });
  const tablet = entry('tablet', tabletKey, account2, 3);
  const named = (changes: Partial<DeviceList>): SignedDeviceList =>
    signList({ ...good, ...changes }, account2, laptopKey);

  it('but not without the wrong thing', () => {
    expect(outcome(named({}), rotated)).toBe('next unpinned');
    expect(outcome(named({ devices: [laptop, tablet] }), rotated)).toBe('next unpinned');
    expect(outcome(named({ verification: 0, devices: [] }), rotated)).toBe('next unpinned');
  });

  it.each<[string, SignedDeviceList]>([
    ['unknown-version', named({ version: 2 })],
    ['number-too-large', named({ sequence: 2 ** 32 - 1 })],
    ['previous-impossible', named({ previous: none })],
    ['previous-impossible', named({ previous: Buffer.alloc(31) })],
    ['previous-wrong', named({ previous: listId(addedList) })],
    ['author-unknown', named({ author: Buffer.from('phone') })],
    ['unknown-value', named({ verification: 2 })],
    ['device-order', named({ devices: [tablet, laptop] })],
    ['device-order', named({ devices: [laptop, entry('laptop', tabletKey, account2, 3)] })],
    ['signing-key-reused', named({ devices: [laptop, entry('tablet', laptopKey, account2, 3)] })],
    ['signing-key-reused', named({ devices: [entry('a', account, account2, 3), laptop] })],
    ['joined-wrong', named({ devices: [laptop, entry('tablet', tabletKey, account, 3)] })],
    ['joined-wrong', named({ devices: [laptop, entry('tablet', tabletKey, account2, 1)] })],
    ['since-impossible', named({ devices: [laptop, entry('tablet', tabletKey, account2, 4)] })],
    ['entry-replayed', named({ devices: [laptop, entry('tablet', tabletKey, account2, 2)] })],
    ['entry-replayed', named({ devices: [laptop, ...firstList.devices] })],
    ['entry-replayed', named({ devices: [entry('laptop', laptopKey, account, 1, 'other')] })],
    ['possession-signature', named({ devices: [{ ...laptop, messaging_keys: Buffer.from('swapped') }] })],
    // The same succession under the other s: valid, and not byte-equal.
    ['chain-broken', named({ successions: rotatedList.successions.map(withOtherS) })],
    ['joined-wrong', named({ successions: [makeSuccession(bob, account, account2.publicKey, 1)] })],
    ['succession-signature', named({ successions: [makeSuccession(bob, account, account3.publicKey, 2)] })],
    ['succession-order', named({ successions: [makeSuccession(bob, account, account2.publicKey, 0)] })],
    ['sequence-impossible', named({ successions: [makeSuccession(bob, account, account2.publicKey, 4)] })],
    ['chain-key-reused', named({ successions: [makeSuccession(bob, account2, account2.publicKey, 2)] })],
    ['author-signature', signList(good, account2, tabletKey)],
    ['author-signature-presence', signList(good, account2)],
    ['author-signature-presence', signList({ ...good, author: none }, account2, laptopKey)],
    ['account-signature', signList(good, account, laptopKey)],
    [
      'succeeded-key',
      signList(
        {
          ...good,
          account_key: account.publicKey,
          successions: [],
          previous: none,
          author: none,
          devices: [],
        },
        account,
      ),
    ],
  ])('%s', (reason, signed) => {
    expect(outcome(signed, rotated)).toBe(reason);
  });

  it('when a first list names an author, a list before it, or entries that are not fresh', () => {
    const begin = (changes: Partial<DeviceList>, author?: KeyPair): string =>
      outcome(signList({ ...firstList, ...changes }, account, author));
    expect(begin({ sequence: 1, devices: [entry('phone', phoneKey, account, 1)] })).toBe('first unpinned');
    expect(begin({ sequence: 1 })).toBe('since-impossible');
    expect(begin({ author: Buffer.from('phone') }, phoneKey)).toBe('author-impossible');
    expect(begin({ previous: Buffer.alloc(32) })).toBe('previous-impossible');
  });

  it('when the added succession is not of the key before, or not of this sequence', () => {
    const other = pair('between');
    const next = { ...rotatedList, devices: [] };
    const chained = (succession: DeviceList['successions'][number]): string =>
      outcome(signList({ ...next, successions: [succession] }, account2, laptopKey), added);
    expect(chained(makeSuccession(bob, account, account2.publicKey, 2))).toBe('next unpinned');
    expect(chained(makeSuccession(bob, other, account2.publicKey, 2))).toBe('chain-broken');
    expect(chained(makeSuccession(bob, account, account2.publicKey, 1))).toBe('chain-broken');
  });

  it('when a chain misses a link, adds two, or changes its key without one', () => {
    const change = (changes: Partial<DeviceList>): SignedDeviceList =>
      signList({ ...good, account_key: account3.publicKey, ...changes }, account3, laptopKey);
    const old = rotatedList.successions;
    const third = makeSuccession(bob, account2, account3.publicKey, 3);
    expect(outcome(change({ successions: [...old, third] }), rotated, account2)).toBe('next moves');
    // The first succession still names account 2 as next, so each shortened chain fails where it is cut.
    expect(outcome(change({ successions: old }), rotated)).toBe('succession-signature');
    expect(outcome(change({ successions: [third] }), rotated)).toBe('joined-wrong');
    expect(outcome(change({ successions: [third], devices: [] }), rotated)).toBe('chain-broken');
    const middle = pair('between');
    const two = [
      makeSuccession(bob, account2, middle.publicKey, 3),
      makeSuccession(bob, middle, account3.publicKey, 4),
    ];
    expect(outcome(change({ sequence: 3, successions: [...old, ...two] }), rotated)).toBe(
      'sequence-impossible',
    );
  });
});

describe('sixty-four successions', () => {
  const keys = Array.from({ length: 66 }, (_, i) => pair(`chain ${i}`));
  const chain = (from: number, to: number) =>
    keys
      .slice(from, to)
      .map((key, i) => makeSuccession(bob, key, (keys[from + i + 1] as KeyPair).publicKey, from + i + 1));
  const full: DeviceList = {
    ...firstList,
    account_key: (keys[64] as KeyPair).publicKey,
    successions: chain(0, 64),
    sequence: 64,
    previous: Buffer.alloc(32),
    devices: [entry('old', laptopKey, keys[0] as KeyPair, 0)],
  };
  const fullSigned = signList(full, keys[64] as KeyPair);
  const rotate = (devices: Device[], successions = chain(1, 65)): SignedDeviceList =>
    signList(
      after(full, { account_key: (keys[65] as KeyPair).publicKey, successions, devices }),
      keys[65] as KeyPair,
    );

  it('drop the oldest, whose devices need fresh entries', () => {
    expect(outcome(fullSigned, undefined, keys[0])).toBe('first falls');
    const fresh = entry('old', laptopKey, keys[65] as KeyPair, 65);
    expect(outcome(rotate([fresh]), fullSigned, keys[1])).toBe('next falls');
    expect(outcome(rotate([fresh]), fullSigned, keys[0])).toBe('next reset');
    expect(outcome(rotate([...full.devices]), fullSigned)).toBe('joined-wrong');
    expect(outcome(rotate([fresh], chain(0, 65)), fullSigned)).toBe('too-many-successions');
    expect(outcome(rotate([fresh], chain(2, 65)), fullSigned)).toBe('chain-broken');
    expect(outcome(rotate([entry('old', keys[0] as KeyPair, keys[65] as KeyPair, 65)]), fullSigned)).toBe(
      'signing-key-reused',
    );
  });

  it('say which key was in force when', () => {
    expect(keyInForce(full, 0)).toEqual(keys[0]?.publicKey);
    expect(keyInForce(full, 1)).toEqual(keys[1]?.publicKey);
    expect(keyInForce(full, 64)).toEqual(keys[64]?.publicKey);
  });
});

describe('bytes', () => {
  it('encode what they decode to, and refuse every cut, addition and flipped bit', () => {
    const bytes = bytesOf(rotated);
    expect(bytesOf(decodeSignedDeviceList(bytes)).equals(bytes)).toBe(true);
    for (let cut = 0; cut < bytes.length; cut++) {
      expect(judge(bytes.subarray(0, cut), bob, undefined, undefined)).toHaveProperty('refused');
    }
    expect(judge(Buffer.concat([bytes, Buffer.alloc(1)]), bob, undefined, undefined)).toEqual({
      refused: 'trailing-bytes',
    });
    fc.assert(
      fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
        const flipped = Buffer.from(bytes);
        flipped[Math.floor(bit / 8)] = (flipped[Math.floor(bit / 8)] as number) ^ (2 ** (bit % 8));
        expect(judge(flipped, bob, bytesOf(added), undefined)).toHaveProperty('refused');
      }),
      { numRuns: 1000 },
    );
  });

  it('have a size limit, a device limit, and a version that is read first', () => {
    expect(judge(Buffer.alloc(65_537), bob, undefined, undefined)).toEqual({ refused: 'too-large' });
    expect(judge(Buffer.from('0002', 'hex'), bob, undefined, undefined)).toEqual({
      refused: 'unknown-version',
    });
    expect(judge(Buffer.from('00', 'hex'), bob, undefined, undefined)).toEqual({ refused: 'truncated' });
    const many = (count: number): Device[] =>
      Array.from({ length: count }, (_, i) =>
        entry(String(i).padStart(2, '0'), pair(`device ${i}`), account, 0),
      );
    expect(outcome(signList({ ...firstList, devices: many(64) }, account))).toBe('first unpinned');
    expect(outcome(signList({ ...firstList, devices: many(65) }, account))).toBe('too-many-devices');
  });

  it('give every list its own id', () => {
    const ids = [firstList, addedList, rotatedList, resetList].map((list) => listId(list).toString('hex'));
    expect(new Set(ids).size).toBe(4);
    expect(keyId(account.publicKey)).not.toEqual(keyId(account2.publicKey));
  });
});
