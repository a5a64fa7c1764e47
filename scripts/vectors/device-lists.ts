/** Signed device lists, alone and after the list before. */
import {
  chainOf,
  type Device,
  decodeSignedDeviceList,
  encodeDevice,
  encodeSignedDeviceList,
  listId,
  readDevice,
  type SignedDeviceList,
} from '../../test/reference/device-list.js';
import { Reader, Refusal } from '../../test/reference/encoding.js';
import { judge, type Mark } from '../../test/reference/judgement.js';
import {
  encodePublicKey,
  equalKeys,
  keyId,
  type PublicKey,
  readPublicKey,
} from '../../test/reference/keys.js';
import { signList } from '../../test/reference/list-making.js';
import { otherS } from '../../test/reference/rfc6979.js';
import { damagedAlone } from './device-list-damages.js';
import { damagedEncodings } from './device-list-encodings.js';
import { damagedHistory } from './device-list-history.js';
import {
  account,
  account2,
  account3,
  account4,
  beginning,
  crowd,
  entry,
  IDENTIFIER,
  id,
  laptop,
  longChain,
  NONE,
  phone,
  signLongChain,
  sized,
  story,
} from './device-list-story.js';
import { p256 } from './people.js';
import { bytes, type Fields, hex, type Json, VectorFile } from './vector-file.js';

const MARKS: Readonly<Record<Mark, string>> = {
  holds: 'kept',
  moves: 'moved',
  falls: 'fallen',
  reset: 'fallen',
};

function publicKey(value: Json | undefined): PublicKey | undefined {
  if (value === null || value === undefined) return undefined;
  const reader = new Reader(bytes(value));
  const key = readPublicKey(reader);
  reader.end();
  return key;
}

/** What was stored was accepted once, at first sight at least; or by a newer app, which is no damage. */
function storedList(value: Json | undefined, identifier: Buffer): Buffer | undefined {
  if (value === null || value === undefined) return undefined;
  const stored = bytes(value);
  const verdict = judge(stored, identifier, undefined, undefined);
  if ('refused' in verdict) {
    throw new Refusal(
      /^unknown-(?:version|scheme)$/.test(verdict.refused) ? verdict.refused : 'stored-invalid',
    );
  }
  return stored;
}

function judgeList(input: Fields): Fields {
  const identifier = bytes(input['identifier']);
  const pinned = publicKey(input['pinned']);
  const stored = storedList(input['stored'], identifier);
  const before = stored && decodeSignedDeviceList(stored).list;
  const trusted = pinned ?? before?.account_key;
  const verdict = judge(bytes(input['signed']), identifier, stored, trusted, input['gapExpired'] === true);
  if ('refused' in verdict) throw new Refusal(verdict.refused);
  if (verdict.kind === 'gap') throw new Refusal('gap');
  const { kind, list, mark } = verdict;
  if (pinned !== undefined && !chainOf(list).some((key) => equalKeys(key, pinned))) {
    throw new Refusal('no-chain-from-pin');
  }
  const step: Fields =
    kind === 'next'
      ? {
          authored: list.author.length > 0,
          succeeded: before !== undefined && !equalKeys(list.account_key, before.account_key),
        }
      : {};
  return {
    continuity: kind === 'first' ? 'first-sight' : kind,
    ...step,
    mark: mark === undefined ? 'none' : MARKS[mark],
    listId: hex(listId(list)),
    accountKeyId: hex(keyId(list.account_key)),
    sequence: list.sequence,
    previous: hex(list.previous),
    author: hex(list.author),
    verification: list.verification === 1,
    successions: list.successions.map(({ key, sequence }) => ({ keyId: hex(keyId(key)), sequence })),
    devices: list.devices.map((device) => ({
      id: hex(device.id),
      signingKeyId: hex(keyId(device.signing_key)),
      since: device.since,
    })),
  };
}

function judgeEntry(input: Fields): Fields {
  const reader = new Reader(bytes(input['bytes']));
  const device = readDevice(reader);
  reader.end();
  return {
    id: hex(device.id),
    signingKey: hex(encodePublicKey(device.signing_key)),
    messagingKeys: hex(device.messaging_keys),
    joined: hex(device.joined),
    since: device.since,
    possession: hex(device.possession),
  };
}

export function deviceLists(): VectorFile {
  const file = new VectorFile(
    'device-lists',
    'Signed device lists at first sight (FirstSight) and after the list that is stored (NextList); single entries.',
    { FirstSight: judgeList, NextList: judgeList, DeviceEntry: judgeEntry },
  );
  file.extra('chains', [{ name: 'Bob', steps: addStory(file) }]);
  addFirstSights(file);
  addNextLists(file);
  addEntries(file);
  damagedEncodings(file);
  damagedAlone(file);
  damagedHistory(file);
  return file;
}

const encoded = (signed: SignedDeviceList): string => hex(encodeSignedDeviceList(signed));
const key = (pair: { readonly publicKey: PublicKey }): string => hex(encodePublicKey(pair.publicKey));

function firstSight(
  file: VectorFile,
  name: string,
  signed: string,
  { identifier = IDENTIFIER, pinned = null }: { identifier?: Buffer; pinned?: string | null } = {},
): void {
  file.valid('FirstSight', name, { identifier: hex(identifier), signed, pinned });
}

function next(
  file: VectorFile,
  name: string,
  signed: string,
  stored: string,
  options: { pinned?: string | null; gapExpired?: boolean } = {},
): void {
  const { pinned = null, gapExpired = false } = options;
  file.valid('NextList', name, { identifier: hex(IDENTIFIER), signed, stored, pinned, gapExpired });
}

/** Each list of the story after the one before it, nothing pinned. @returns the names */
function addStory(file: VectorFile): string[] {
  const names: string[] = [];
  let stored: string | undefined;
  for (const [step, signed] of Object.entries(story)) {
    const name = stored === undefined ? step : `${step}, in its turn`;
    if (stored === undefined) firstSight(file, name, encoded(signed));
    else next(file, name, encoded(signed), stored);
    names.push(name);
    stored = encoded(signed);
  }
  return names;
}

function addFirstSights(file: VectorFile): void {
  for (const [step, signed] of Object.entries(story)) {
    if (step !== 'first') firstSight(file, `${step}, at first sight`, encoded(signed));
  }
  firstSight(file, 'the account key is pinned', encoded(story.rotated), { pinned: key(account2) });
  firstSight(file, 'an earlier account key is pinned', encoded(story.alone), { pinned: key(account) });
  const newOwner = signList(beginning(account4, 9, [entry('phone', phone, account4, 9)]), account4);
  firstSight(file, 'a new owner begins at sequence 9', encoded(newOwner));
  firstSight(file, 'no devices', encoded(signList(beginning(account2, 0, []), account2)));
  const last = 2 ** 32 - 2;
  const latest = signList(beginning(account2, last, [entry('phone', phone, account2, last)]), account2);
  firstSight(file, 'the last sequence', encoded(latest));
  const longest = Buffer.alloc(255, 0xff); // no UTF-8: an identifier is bytes
  const named = beginning(account2, 0, [entry('phone', phone, account2, 0, '', longest)], longest);
  firstSight(file, 'an identifier of 255 bytes', encoded(signList(named, account2)), { identifier: longest });
  firstSight(file, '64 devices', encoded(crowd(64)));
  firstSight(file, '64 successions', encoded(signLongChain(longChain(64))));
  firstSight(file, '65,536 bytes', hex(sized(65_536)));
  firstSight(file, 'the other s of the account key', encoded(withOtherS(story.first)));
  const unchecked = { ...story.rotated, author: Buffer.alloc(64) };
  firstSight(file, 'a false author, who cannot be checked', encoded(unchecked));
}

/** Signed with ECDSA, so there is a second signature that everybody can make. */
const withOtherS = (signed: SignedDeviceList): SignedDeviceList => ({
  ...signed,
  account: otherS(signed.account),
});

function addNextLists(file: VectorFile): void {
  const { first, added, rotated, off, on, rekeyed, alone, reset } = story;
  const add = (name: string, signed: SignedDeviceList, stored: SignedDeviceList, options = {}): void =>
    next(file, name, encoded(signed), encoded(stored), options);
  add('the same again', added, added);
  add('the same again, under the other s', withOtherS(added), added);
  add('the same again, an earlier key pinned', rotated, rotated, { pinned: key(account) });
  add('handed over from the pinned key by a device', rotated, added, { pinned: key(account) });
  add('handed over to the pinned key', rotated, added, { pinned: key(account2) });
  add('handed over from the pinned key alone', alone, rekeyed, { pinned: key(account2) });
  add('a key before the stored one is pinned', off, rotated, { pinned: key(account) });
  add('off, the pinned key stays', off, rotated, { pinned: key(account2) });
  add('on again', on, off, { pinned: key(account2) });
  const sameKey = signList(beginning(account3, 7, [entry('phone', phone, account3, 7)]), account3);
  add('a reset under the same account key', sameKey, alone);
  add('a reset under the pinned account key', sameKey, alone, { pinned: key(account3) });
  add('a gap that expired, the same account key', rekeyed, rotated, { gapExpired: true });
  add('a gap that expired, another account key', rotated, first, { gapExpired: true });
  add('a reset after a gap that expired', reset, rekeyed, { gapExpired: true });
  add('no gap, and it would be excused', added, first, { gapExpired: true });
  const full = longChain(64);
  add('a full chain drops its oldest', signLongChain(longChain(65, full)), signLongChain(full));
  const empty = signList({ ...added.list, devices: [], author: id('phone') }, account, phone);
  add('the last device removes all', empty, first);
}

function addEntries(file: VectorFile): void {
  const add = (name: string, device: Device): void => {
    file.valid('DeviceEntry', name, { bytes: hex(encodeDevice(device)) });
  };
  add('an entry, P-256', entry('phone', phone, account, 0));
  add('an entry, Ed25519', entry('laptop', laptop, account, 1));
  add('an entry without messaging keys', entry('x', p256('x'), account3, 2 ** 32 - 2, ''));
  add('an entry with 32 bytes of id', { ...entry('x', laptop, account, 1), id: Buffer.alloc(32, 0xff) });
  add('an entry with no signature', { ...entry('phone', phone, account, 0), possession: NONE });
}
