/** Lists and entries that are no valid encoding, or of another identifier. */
import {
  type Device,
  encodeDeviceList,
  encodeSignedDeviceList,
  encodeSuccession,
} from '../../test/reference/device-list.js';
import { concat, uint } from '../../test/reference/encoding.js';
import { ADDED, FIRST, ofAdded, ofFirst, type Refuse, resigned, ROTATED } from './device-list-signing.js';
import {
  account,
  account2,
  account3,
  crowd,
  entry,
  handover,
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
import { stranger } from './people.js';
import { ORDER_4 } from './points.js';
import { bytes, cut, type Fields, flipped, hex, longer, type VectorFile } from './vector-file.js';

const { first, added, rotated } = story;

export function damagedEncodings(file: VectorFile): void {
  const refuse: Refuse = (of, code, damage, signed) =>
    file.invalid(of, code, damage, { signed: hex(signed) });
  damagedEncoding(file, refuse);
  damagedKeys(refuse);
  damagedEntries(file);
}

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

// ------------------------------------------------------------------------------------- one entry

function damagedEntries(file: VectorFile): void {
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
