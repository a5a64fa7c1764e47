/** What is wrong with a list or an entry by itself. Unless signatures are the damage, they are made anew. */
import {
  type Device,
  type DeviceList,
  encodeDeviceList,
  encodeSignedDeviceList,
  encodeSuccession,
  possessionContent,
  type SignedDeviceList,
  successionContent,
} from '../../test/reference/device-list.js';
import { concat, uint } from '../../test/reference/encoding.js';
import { encodePublicKey, type KeyPair, sign } from '../../test/reference/keys.js';
import { makeDevice, makeSuccession, signList } from '../../test/reference/list-making.js';
import {
  account,
  account2,
  account3,
  account4,
  crowd,
  entry,
  handover,
  IDENTIFIER,
  id,
  laptop,
  laptopEntry,
  longChain,
  NONE,
  phone,
  phoneEntry,
  signLongChain,
  sized,
  story,
} from './device-list-story.js';
import { counted, laxDevice, laxKey, signLax, uint64 } from './lax-list.js';
import { mallory, stranger } from './people.js';
import { ORDER_4 } from './points.js';
import { bytes, cut, type Fields, flipped, hex, longer, type VectorFile } from './vector-file.js';

const { first, added, rotated, alone, reset } = story;
const [FIRST, ADDED, ROTATED] = ['first', 'added, at first sight', 'rotated, at first sight'];
const [ALONE, RESET] = ['alone, at first sight', 'reset, at first sight'];

export function damagedAlone(file: VectorFile): void {
  const refuse = (of: string, code: string, damage: string, signed: Uint8Array): void =>
    file.invalid(of, code, damage, { signed: hex(signed) });
  damagedEncoding(file, refuse);
  damagedKeys(refuse);
  damagedFields(file, refuse);
  damagedRoles(refuse);
  damagedSignatures(refuse);
}

type Refuse = (of: string, code: string, damage: string, signed: Uint8Array) => void;

/** Signed anew by the keys that sign it in the story. */
const resigned = (list: DeviceList, by: KeyPair, author?: KeyPair): Buffer =>
  encodeSignedDeviceList(signList(list, by, author));
const ofFirst = (changes: Partial<DeviceList>): Buffer => resigned({ ...first.list, ...changes }, account);
const ofAdded = (changes: Partial<DeviceList>): Buffer =>
  resigned({ ...added.list, ...changes }, account, phone);
const ofRotated = (changes: Partial<DeviceList>): Buffer =>
  resigned({ ...rotated.list, ...changes }, account2, laptop);
const ofAlone = (changes: Partial<DeviceList>): Buffer => resigned({ ...alone.list, ...changes }, account3);

function damagedEncoding(file: VectorFile, refuse: Refuse): void {
  const whole = encodeSignedDeviceList(first);
  refuse(FIRST, 'ERR_TRUNCATED', 'nothing is left', NONE);
  refuse(FIRST, 'ERR_TRUNCATED', 'the last byte is missing', cut(whole));
  refuse(FIRST, 'ERR_TRUNCATED', 'it ends after the list', encodeDeviceList(first.list));
  refuse(FIRST, 'ERR_TRUNCATED', 'it ends within the device', whole.subarray(0, 150));
  refuse(FIRST, 'ERR_TRAILING_BYTES', 'a zero follows', longer(whole));
  refuse('65,536 bytes', 'ERR_TOO_LARGE', 'one byte more of messaging keys', sized(65_537));

  const lax = (changes: Parameters<typeof signLax>[1]): Buffer => signLax(first.list, changes, account);
  refuse(FIRST, 'ERR_LENGTH', 'an empty identifier', lax({ identifier: Buffer.of(0) }));
  const previous = concat(uint(1, 31), added.list.previous.subarray(1));
  refuse(ADDED, 'ERR_LENGTH', '31 bytes of previous', signLax(added.list, { previous }, account, phone));
  refuse(
    ADDED,
    'ERR_LENGTH',
    'an author who did not sign',
    encodeSignedDeviceList({ ...added, author: NONE }),
  );
  refuse('64 devices', 'ERR_LENGTH', '65 devices', encodeSignedDeviceList(crowd(65)));
  const tooLong = longChain(65, undefined, 65);
  refuse('64 successions', 'ERR_LENGTH', '65 successions', encodeSignedDeviceList(signLongChain(tooLong)));

  refuse(FIRST, 'ERR_ENUM', 'verification 2', lax({ verification: uint(1, 2) }));
  refuse(FIRST, 'ERR_ENUM', 'verification 255', lax({ verification: uint(1, 255) }));
  refuse(FIRST, 'ERR_VERSION', 'version 2', lax({ version: uint(2, 2) }));
  refuse(FIRST, 'ERR_VERSION', 'version 0', lax({ version: uint(2, 0) }));
  refuse(FIRST, 'ERR_VERSION', 'version 257', lax({ version: uint(2, 257) }));

  refuse(FIRST, 'ERR_INTEGER', 'sequence 2^32 - 1', lax({ sequence: uint64(2n ** 32n - 1n) }));
  refuse(FIRST, 'ERR_INTEGER', 'sequence 2^53', lax({ sequence: uint64(2n ** 53n) }));
  refuse(FIRST, 'ERR_INTEGER', 'sequence 2^64 - 1', lax({ sequence: uint64(2n ** 64n - 1n) }));
  const late = counted([laxDevice(phoneEntry, { since: uint64(2n ** 32n - 1n) })]);
  refuse(FIRST, 'ERR_INTEGER', 'an entry since 2^32 - 1', lax({ devices: late }));
  const succession = encodeSuccession(handover(account, account2.publicKey, 2 ** 32 - 1));
  const successions = counted([succession]);
  refuse(
    ROTATED,
    'ERR_INTEGER',
    'a succession at 2^32 - 1',
    signLax(rotated.list, { successions }, account2, laptop),
  );

  refuse(ADDED, 'ERR_ORDER', 'the devices exchanged', ofAdded({ devices: [phoneEntry, laptopEntry] }));
  const { list } = crowd(64);
  const [a, aa, ...others] = list.devices as [Device, Device, ...Device[]];
  refuse(
    '64 devices',
    'ERR_ORDER',
    'aa before a',
    resigned({ ...list, devices: [aa, a, ...others] }, account3),
  );
  const twice = entry('laptop', phone, account, 0);
  refuse(ADDED, 'ERR_DUPLICATE', 'one id twice', ofAdded({ devices: [laptopEntry, twice] }));
  const again = entry('phone', laptop, account, 1);
  refuse(ADDED, 'ERR_DUPLICATE', 'one signing key twice', ofAdded({ devices: [laptopEntry, again] }));

  const other = { identifier: hex(Buffer.from('tel:+15551234568')) };
  file.invalid(FIRST, 'ERR_LIST_IDENTIFIER', 'another number was looked up', other);
  const upper = { identifier: hex(Buffer.from('TEL:+15551234567')) };
  file.invalid(FIRST, 'ERR_LIST_IDENTIFIER', 'the same in upper case was looked up', upper);
  const identifier = Buffer.from('mailto:bob@example.org');
  const elsewhere = entry('phone', phone, account, 0, '', identifier);
  refuse(
    FIRST,
    'ERR_LIST_IDENTIFIER',
    'made for another identifier',
    ofFirst({ identifier, devices: [elsewhere] }),
  );
}

function damagedKeys(refuse: Refuse): void {
  const lax = (changes: Parameters<typeof signLax>[1]): Buffer => signLax(first.list, changes, account);
  const { key } = account.publicKey;
  refuse(
    FIRST,
    'ERR_KEY_LENGTH',
    'an account key of 64 bytes',
    lax({ accountKey: laxKey(0x0403, cut(key)) }),
  );
  refuse(
    FIRST,
    'ERR_KEY_POINT',
    'an account key off the curve',
    lax({ accountKey: laxKey(0x0403, flipped(key, 64)) }),
  );
  const device = (signingKey: Buffer): Buffer => counted([laxDevice(phoneEntry, { signingKey })]);
  refuse(
    FIRST,
    'ERR_KEY_POINT',
    'a signing key off the curve',
    lax({ devices: device(laxKey(0x0403, Buffer.alloc(65, 4))) }),
  );
  refuse(
    FIRST,
    'ERR_KEY_ORDER',
    'a signing key of order 4',
    lax({ devices: device(laxKey(0x0807, ORDER_4)) }),
  );
  refuse(FIRST, 'ERR_KEY_ORDER', 'an account key of order 4', lax({ accountKey: laxKey(0x0807, ORDER_4) }));
  refuse(
    FIRST,
    'ERR_SCHEME',
    'an account key of another scheme',
    lax({ accountKey: laxKey(0x0904, Buffer.alloc(1312)) }),
  );
  refuse(
    FIRST,
    'ERR_SCHEME',
    'a signing key of another scheme',
    lax({ devices: device(laxKey(0x0503, Buffer.alloc(97, 4))) }),
  );
}

function damagedFields(file: VectorFile, refuse: Refuse): void {
  const [oldest] = alone.list.successions;
  const chain = (second: number): Partial<DeviceList> => ({
    successions: [...(oldest ? [oldest] : []), handover(account2, account3.publicKey, second)],
    devices: [entry('laptop', laptop, account3, 6)],
  });
  refuse(ALONE, 'ERR_SUCCESSION_CHAIN', 'two successions at one sequence', ofAlone(chain(2)));
  refuse(ALONE, 'ERR_SUCCESSION_CHAIN', 'the later succession at the earlier sequence', ofAlone(chain(1)));
  refuse(ALONE, 'ERR_SUCCESSION_CHAIN', 'a succession after the list', ofAlone({ ...chain(7), devices: [] }));
  const atZero = [handover(account, account2.publicKey, 0)];
  const fresh = [entry('laptop', laptop, account2, 2)];
  refuse(
    ROTATED,
    'ERR_SUCCESSION_CHAIN',
    'a succession at 0',
    ofRotated({ successions: atZero, devices: fresh }),
  );

  const begun = (changes: Partial<DeviceList>, author?: KeyPair): Buffer =>
    resigned({ ...reset.list, ...changes }, account4, author);
  const successions = [handover(account3, account4.publicKey, 7)];
  refuse(RESET, 'ERR_LIST_START', 'a succession', begun({ successions }));
  refuse(RESET, 'ERR_LIST_START', 'an author', begun({ author: id('new phone') }, phone));
  refuse(FIRST, 'ERR_LIST_START', 'a list before it', ofFirst({ previous: Buffer.alloc(32, 0x11) }));

  const phoneAs = (under: KeyPair, since: number): readonly Device[] => [entry('phone', phone, under, since)];
  refuse(
    FIRST,
    'ERR_DEVICE_ENTRY',
    'an entry from after the list',
    ofFirst({ devices: phoneAs(account, 1) }),
  );
  refuse(FIRST, 'ERR_DEVICE_ENTRY', 'joined under another key', ofFirst({ devices: phoneAs(account2, 0) }));
  const old = entry('new phone', phone, account4, 6);
  refuse(RESET, 'ERR_DEVICE_ENTRY', 'an entry from before the reset', begun({ devices: [old] }));
  const tooEarly = [entry('laptop', laptop, account2, 1)];
  refuse(
    ROTATED,
    'ERR_DEVICE_ENTRY',
    'joined under the new key before it came',
    ofRotated({ devices: tooEarly }),
  );
  const tooLate = [entry('laptop', laptop, account, 2)];
  refuse(
    ROTATED,
    'ERR_DEVICE_ENTRY',
    'joined under the old key after it went',
    ofRotated({ devices: tooLate }),
  );

  const pinned = { pinned: hex(encodePublicKey(mallory.publicKey)) };
  file.invalid(ROTATED, 'ERR_ACCOUNT_KEY', 'another key is pinned', pinned);
  file.invalid(FIRST, 'ERR_ACCOUNT_KEY', 'a later key is pinned', {
    pinned: hex(encodePublicKey(account2.publicKey)),
  });
}

/** A key has one role. */
function damagedRoles(refuse: Refuse): void {
  const withKey = (key: KeyPair): readonly Device[] => [entry('phone', key, account, 0)];
  refuse(FIRST, 'ERR_KEY_REUSED', 'the account key is a signing key', ofFirst({ devices: withKey(account) }));
  const asDevice = [entry('laptop', account, account2, 2)];
  refuse(
    ROTATED,
    'ERR_KEY_REUSED',
    'the earlier account key is a signing key',
    ofRotated({ devices: asDevice }),
  );
  const toItself = {
    account_key: account.publicKey,
    successions: [handover(account, account.publicKey, 2)],
    devices: [entry('laptop', laptop, account, 2)],
  };
  refuse(
    ROTATED,
    'ERR_KEY_REUSED',
    'handed over to itself',
    resigned({ ...rotated.list, ...toItself }, account, laptop),
  );
  const back = {
    account_key: account.publicKey,
    successions: [handover(account, account2.publicKey, 2), handover(account2, account.publicKey, 6)],
    devices: [entry('laptop', laptop, account, 6)],
  };
  refuse(ALONE, 'ERR_KEY_REUSED', 'handed over back', resigned({ ...alone.list, ...back }, account));
}

function damagedSignatures(refuse: Refuse): void {
  const [whole] = rotated.list.successions as [DeviceList['successions'][number]];
  const succession = (signature: Uint8Array): Buffer => ofRotated({ successions: [{ ...whole, signature }] });
  const content = successionContent(IDENTIFIER, account.publicKey, account2.publicKey, 2);
  const atOne = successionContent(IDENTIFIER, account.publicKey, account2.publicKey, 1);
  const other = makeSuccession(Buffer.from('tel:+1'), account, account2.publicKey, 2);
  const CHAIN = 'ERR_SUCCESSION_SIGNATURE';
  refuse(ROTATED, CHAIN, 'one bit is another', succession(flipped(whole.signature, 9)));
  refuse(ROTATED, CHAIN, 'made by the next key', succession(sign(account2, 'succession', content)));
  refuse(ROTATED, CHAIN, 'made for another identifier', succession(other.signature));
  refuse(ROTATED, CHAIN, 'made for another sequence', succession(sign(account, 'succession', atOne)));
  refuse(ROTATED, CHAIN, 'made under another label', succession(sign(account, 'device list', content)));

  const device = (possession: Uint8Array): Buffer => ofFirst({ devices: [{ ...phoneEntry, possession }] });
  const held = possessionContent(IDENTIFIER, phoneEntry);
  const { id: name, messaging_keys, since } = phoneEntry;
  const elsewhere = makeDevice(Buffer.from('tel:+1'), phone, account.publicKey, {
    id: name,
    messaging_keys,
    since,
  });
  const HELD = 'ERR_DEVICE_POSSESSION';
  refuse(FIRST, HELD, 'one bit of the possession is another', device(flipped(phoneEntry.possession, 40)));
  refuse(FIRST, HELD, 'no possession', device(NONE));
  refuse(FIRST, HELD, 'possession made by the account key', device(sign(account, 'device possession', held)));
  refuse(FIRST, HELD, 'possession made for another identifier', device(elsewhere.possession));
  refuse(FIRST, HELD, 'possession made under another label', device(sign(phone, 'pre-keys', held)));

  const signedBy = (signature: Uint8Array, signed: SignedDeviceList = rotated): Buffer =>
    encodeSignedDeviceList({ ...signed, account: signature });
  const list = encodeDeviceList(rotated.list);
  const LIST = 'ERR_LIST_SIGNATURE';
  refuse(ROTATED, LIST, 'one bit of the signature is another', signedBy(flipped(rotated.account, 63)));
  refuse(ROTATED, LIST, 'signed by the account key before', signedBy(sign(account, 'device list', list)));
  refuse(
    ROTATED,
    LIST,
    'signed under the label of authors',
    signedBy(sign(account2, 'device list author', list)),
  );
  refuse(ROTATED, LIST, 'the signature of another list', signedBy(story.off.account));
  refuse(ROTATED, LIST, 'not signed', signedBy(NONE));
}

// ------------------------------------------------------------------------------------- one entry

export function damagedEntries(file: VectorFile): void {
  const [PHONE, LAPTOP] = ['an entry, P-256', 'an entry, Ed25519'];
  const to = (whole: Uint8Array): Fields => ({ bytes: hex(whole) });
  const whole = bytes(file.inputOf(PHONE)['bytes']);
  const lax = (changes: Parameters<typeof laxDevice>[1]): Fields => to(laxDevice(phoneEntry, changes));
  file.invalid(PHONE, 'ERR_TRUNCATED', 'nothing is left', to(NONE));
  file.invalid(PHONE, 'ERR_TRUNCATED', 'the last byte is missing', to(cut(whole)));
  file.invalid(PHONE, 'ERR_TRAILING_BYTES', 'a zero follows', to(longer(whole)));
  file.invalid(PHONE, 'ERR_LENGTH', 'no id', lax({ id: Buffer.of(0) }));
  file.invalid(
    PHONE,
    'ERR_LENGTH',
    '33 bytes of id',
    lax({ id: concat(Buffer.of(33), Buffer.alloc(33, 'a')) }),
  );
  file.invalid(PHONE, 'ERR_INTEGER', 'since 2^32 - 1', lax({ since: uint64(2n ** 32n - 1n) }));
  file.invalid(PHONE, 'ERR_INTEGER', 'since 2^53', lax({ since: uint64(2n ** 53n) }));
  file.invalid(
    PHONE,
    'ERR_KEY_POINT',
    'a key off the curve',
    lax({ signingKey: laxKey(0x0403, flipped(stranger.publicKey.key, 9)) }),
  );
  file.invalid(
    PHONE,
    'ERR_KEY_LENGTH',
    'a key of 64 bytes',
    lax({ signingKey: laxKey(0x0403, cut(phone.publicKey.key)) }),
  );
  const ofLaptop = (changes: Parameters<typeof laxDevice>[1]): Fields => to(laxDevice(laptopEntry, changes));
  file.invalid(
    LAPTOP,
    'ERR_KEY_ORDER',
    'a key of order 4',
    ofLaptop({ signingKey: laxKey(0x0807, ORDER_4) }),
  );
  file.invalid(
    LAPTOP,
    'ERR_SCHEME',
    'the scheme of Ed448',
    ofLaptop({ signingKey: laxKey(0x0808, Buffer.alloc(57)) }),
  );
}
