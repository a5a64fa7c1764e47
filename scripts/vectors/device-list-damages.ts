/** What is wrong with a list by itself. Unless signatures are the damage, they are made anew. */
import {
  type Device,
  type DeviceList,
  encodeDeviceList,
  encodeSignedDeviceList,
  possessionContent,
  type SignedDeviceList,
  successionContent,
} from '../../test/reference/device-list.js';
import { encodePublicKey, type KeyPair, sign } from '../../test/reference/keys.js';
import { makeDevice, makeSuccession } from '../../test/reference/list-making.js';
import {
  ALONE,
  FIRST,
  ofAlone,
  ofFirst,
  ofRotated,
  type Refuse,
  RESET,
  resigned,
  ROTATED,
} from './device-list-signing.js';
import {
  account,
  account2,
  account3,
  account4,
  entry,
  handover,
  IDENTIFIER,
  id,
  laptop,
  NONE,
  phone,
  phoneEntry,
  story,
} from './device-list-story.js';
import { mallory } from './people.js';
import { flipped, hex, type VectorFile } from './vector-file.js';

const { rotated, alone, reset } = story;

export function damagedAlone(file: VectorFile): void {
  const refuse: Refuse = (of, code, damage, signed) =>
    file.invalid(of, code, damage, { signed: hex(signed) });
  damagedFields(file, refuse);
  damagedRoles(refuse);
  damagedSignatures(refuse);
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
