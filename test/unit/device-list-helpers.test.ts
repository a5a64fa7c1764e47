/**
 * The helpers that make the next list from the last: what each of them sets.
 */

import {
  deriveFirstPosition,
  deriveNextPosition,
  deriveRemovedKeyIds,
  type Device,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftReset,
  draftVerificationChange,
  encodeDevice,
  parseDevice,
  signDeviceList,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { deriveKeyId } from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { BOB, entryOf } from '../support/accounts.js';
import type { TestKey } from '../support/list-forge.js';
import { A0, A1, A2, LAPTOP, MALLORY, PHONE, TABLET, tellStory } from '../support/list-story.js';

const { first, rekeyed, removed, added, rotated, off, reset } = tellStory();
const KEYS = { laptop: LAPTOP, phone: PHONE, tablet: TABLET, mallory: MALLORY } as const;
type Id = keyof typeof KEYS;

const publicKey = (key: TestKey): TestKey['own']['publicKey'] => key.own.publicKey;
const entry = (id: Id, position: Parameters<typeof entryOf>[1], messaging?: string): Device =>
  entryOf({ id, key: KEYS[id].own }, position, messaging);
const ids = (list: VerifiedDeviceList): string[] =>
  list.devices.map(({ id }) => new TextDecoder().decode(id));

describe('what the helpers set', () => {
  const NOTHING = new Uint8Array(0);

  test('a first list', () => {
    expect(first).toMatchObject({
      sequence: 0,
      previous: NOTHING,
      author: NOTHING,
      verification: true,
      successions: [],
    });
    expect(first.continuity).toEqual({ kind: 'first-sight' });
    expect(ids(first)).toEqual(['laptop', 'phone']);
    const position = deriveFirstPosition({ identifier: BOB, accountKey: publicKey(A0), sequence: 9 });
    const quiet = signDeviceList(draftFirstList(position, [], { verification: false }), [A0.own]);
    expect(quiet).toMatchObject({ sequence: 9, verification: false, devices: [] });
  });

  test('other messaging keys', () => {
    expect(rekeyed).toMatchObject({
      sequence: 1,
      previous: first.listId,
      successions: [],
      verification: true,
    });
    expect(rekeyed.continuity).toEqual({ kind: 'next', authored: true, succeeded: false });
    expect(rekeyed.devices.map(({ since }) => since)).toEqual([1, 0]);
    expect(rekeyed.devices[1]).toEqual(first.devices[1]);
  });

  test('a removal with rotation', () => {
    expect(removed).toMatchObject({ sequence: 2, previous: rekeyed.listId, accountKey: publicKey(A1) });
    expect(removed.continuity).toEqual({ kind: 'next', authored: true, succeeded: true });
    expect(removed.mark).toBe('moved');
    expect(removed.successions).toMatchObject([{ key: publicKey(A0), sequence: 2 }]);
    expect(ids(removed)).toEqual(['phone']);
    expect(removed.devices[0]).toEqual(rekeyed.devices[1]);
  });

  test("a removal of devices that were retired in their owner's hands, the author among them", () => {
    const change = { author: 'laptop', ids: ['laptop', 'phone'], retired: true } as const;
    const retired = signDeviceList(draftDeviceRemoval(rekeyed, change), [A0.own, LAPTOP.own]);
    expect(retired).toMatchObject({ accountKey: publicKey(A0), successions: [], devices: [], mark: 'kept' });
  });

  test('an addition, sorted by id', () => {
    expect(ids(added)).toEqual(['phone', 'tablet']);
    const fresh = [entry('mallory', deriveNextPosition(added)), entry('laptop', deriveNextPosition(added))];
    const change = { author: 'phone', devices: fresh, removedKeyIds: [] };
    const more = signDeviceList(draftDeviceAddition(added, change), [A1.own, PHONE.own]);
    expect(ids(more)).toEqual(['laptop', 'mallory', 'phone', 'tablet']);
  });

  test('another account key, with some entries made anew', () => {
    expect(rotated.successions.map(({ sequence }) => sequence)).toEqual([2, 4]);
    expect(rotated.devices).toEqual(added.devices);
    const position = deriveNextPosition(added, publicKey(A2));
    const devices = [entry('phone', position, 'new keys')];
    const change = { author: null, nextAccountKey: publicKey(A2), devices };
    const some = signDeviceList(draftAccountKeyChange(added, change), [A1.own, A2.own]);
    expect(some.devices.map(({ since }) => since)).toEqual([4, 3]);
    expect(some.mark).toBe('fallen');
  });

  test('verification off and on', () => {
    expect(off).toMatchObject({ verification: false, devices: rotated.devices, author: NOTHING });
    const draft = draftVerificationChange(off, { author: 'tablet', verification: true });
    const on = signDeviceList(draft, [A2.own, TABLET.own]);
    expect(on).toMatchObject({ verification: true, devices: rotated.devices, mark: 'kept' });
  });

  test('a reset, under another key, under the same, of an off list', () => {
    expect(reset).toMatchObject({ sequence: 5, previous: NOTHING, author: NOTHING, successions: [] });
    expect(reset.continuity).toEqual({ kind: 'reset' });
    expect(reset.mark).toBe('fallen');
    const same = { accountKey: publicKey(A2), devices: [], removedKeyIds: [], verification: false };
    expect(signDeviceList(draftReset(off, same), [A2.own])).toMatchObject({
      verification: false,
      sequence: 6,
    });
  });

  test('an entry survives the way from device to device', () => {
    const [device] = rotated.devices;
    expect(parseDevice(encodeDevice(device as Device))).toEqual(device);
  });

  test('which signing keys are gone', () => {
    expect(deriveRemovedKeyIds(rekeyed, removed)).toEqual([deriveKeyId(publicKey(LAPTOP))]);
    expect(deriveRemovedKeyIds(removed, added)).toEqual([]);
    expect(deriveRemovedKeyIds(rotated, reset)).toEqual([deriveKeyId(publicKey(TABLET))]);
  });
});
