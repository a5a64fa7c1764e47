/** What is wrong with a list only beside the one that is stored. Everything is signed by the keys that should. */
import {
  type DeviceList,
  encodeDeviceList,
  encodeSignedDeviceList,
  listId,
  type SignedDeviceList,
  type Succession,
} from '../../test/reference/device-list.js';
import { uint } from '../../test/reference/encoding.js';
import { encodePublicKey, type KeyPair, type PublicKey, sign } from '../../test/reference/keys.js';
import { signList } from '../../test/reference/list-making.js';
import { otherS } from '../../test/reference/rfc6979.js';
import {
  account,
  account2,
  account3,
  account4,
  after,
  beginning,
  chainKey,
  entry,
  handover,
  id,
  laptop,
  laptopEntry,
  longChain,
  phone,
  phoneEntry,
  signLongChain,
  story,
  tablet,
} from './device-list-story.js';
import { signLax } from './lax-list.js';
import { ed25519, stranger } from './people.js';
import { cut, flipped, hex, type VectorFile } from './vector-file.js';

const { first, added, rotated, off, rekeyed, alone, reset } = story;
const [ADDED, ROTATED, OFF] = ['added, in its turn', 'rotated, in its turn', 'off, in its turn'];
const [ALONE, RESET] = ['alone, in its turn', 'reset, in its turn'];

const encoded = (signed: SignedDeviceList): string => hex(encodeSignedDeviceList(signed));
const resigned = (list: DeviceList, changes: Partial<DeviceList>, by: KeyPair, author?: KeyPair): string =>
  encoded(signList({ ...list, ...changes }, by, author));

export function damagedHistory(file: VectorFile): void {
  const refuse = (of: string, code: string, damage: string, signed: string): void =>
    file.invalid(of, code, damage, { signed });
  damagedPositions(file, refuse);
  damagedChains(refuse);
  damagedKept(refuse);
  damagedAuthors(refuse);
  damagedReuse(file, refuse);
  damagedStored(file, refuse);
}

type Refuse = (of: string, code: string, damage: string, signed: string) => void;

function damagedPositions(file: VectorFile, refuse: Refuse): void {
  const beside = (of: string, code: string, damage: string, stored: SignedDeviceList): void =>
    file.invalid(of, code, damage, { stored: encoded(stored) });
  beside(ADDED, 'ERR_LIST_ROLLBACK', 'the list after it is stored', rotated);
  beside(ADDED, 'ERR_LIST_ROLLBACK', 'a later reset is stored', reset);
  beside(RESET, 'ERR_LIST_GAP', 'two lists before it are missing', rekeyed);
  beside(ROTATED, 'ERR_LIST_GAP', 'the list before it is missing', first);
  const skipped = { sequence: 3, previous: listId(added.list) };
  const successions = [handover(account, account2.publicKey, 3)];
  refuse(
    ROTATED,
    'ERR_LIST_GAP',
    'one sequence too far, and it names the list before',
    resigned(rotated.list, { ...skipped, successions }, account2, laptop),
  );
  const twin = resigned(added.list, { verification: 0 }, account, phone);
  refuse('the same again', 'ERR_LIST_FORK', 'another list of this sequence', twin);
  const otherReset = encoded(signList(beginning(account4, 1, []), account4));
  refuse('the same again', 'ERR_LIST_FORK', 'a reset of this sequence', otherReset);
  const named = (previous: Uint8Array): string => resigned(rotated.list, { previous }, account2, laptop);
  refuse(ROTATED, 'ERR_LIST_PREVIOUS', 'it names the list before that one', named(listId(first.list)));
  refuse(ROTATED, 'ERR_LIST_PREVIOUS', 'it names itself as first written', named(listId(rotated.list)));
  refuse(
    ROTATED,
    'ERR_LIST_PREVIOUS',
    'one bit of the name is another',
    named(flipped(listId(added.list), 0)),
  );
}

function damagedChains(refuse: Refuse): void {
  const [oldest, newest] = alone.list.successions as readonly Succession[] as [Succession, Succession];
  const CHAIN = 'ERR_SUCCESSION_CHAIN';
  const fresh = [entry('laptop', laptop, account3, 6)];
  const dropped = resigned(alone.list, { successions: [newest], devices: fresh }, account3);
  refuse(ALONE, CHAIN, 'the oldest succession is dropped', dropped);
  const other = { ...oldest, signature: otherS(oldest.signature) };
  refuse(
    ALONE,
    CHAIN,
    'an old succession has the other s',
    resigned(alone.list, { successions: [other, newest] }, account3),
  );
  const early = {
    successions: [handover(account, account2.publicKey, 1)],
    devices: [entry('laptop', laptop, account2, 2)],
  };
  refuse(ROTATED, CHAIN, 'handed over one list early', resigned(rotated.list, early, account2, laptop));
  const none = { successions: [], devices: early.devices };
  refuse(
    ROTATED,
    CHAIN,
    'another account key, and nothing handed over',
    resigned(rotated.list, none, account2, laptop),
  );
  const invented = { successions: [handover(stranger, account.publicKey, 1)], devices: [laptopEntry] };
  refuse(
    ADDED,
    CHAIN,
    'a succession, and the account key stays',
    resigned(added.list, invented, account, phone),
  );
}

function damagedKept(refuse: Refuse): void {
  const ENTRY = 'ERR_DEVICE_ENTRY';
  const [, kept] = rekeyed.list.devices;
  const back = [laptopEntry, ...(kept ? [kept] : [])];
  const next = after(rekeyed.list, {
    account_key: account3.publicKey,
    successions: alone.list.successions,
    author: Buffer.alloc(0),
  });
  refuse(
    ALONE,
    ENTRY,
    'an entry of before the messaging keys changed',
    resigned(next, { devices: back }, account3),
  );
  const changed = [entry('laptop', laptop, account, 1, 'new messaging keys')];
  refuse(
    OFF,
    ENTRY,
    'other messaging keys since the old sequence',
    resigned(off.list, { devices: changed }, account2, laptop),
  );
  const renamed = [entry('netbook', laptop, account, 1)];
  refuse(
    OFF,
    ENTRY,
    'another id since the old sequence',
    resigned(off.list, { devices: renamed }, account2, laptop),
  );
  const backdated = [entry('laptop', ed25519('a late device'), account, 0), phoneEntry];
  refuse(
    ADDED,
    ENTRY,
    'a new device since the list before',
    resigned(added.list, { devices: backdated }, account, phone),
  );
  const other = [laptopEntry, { ...phoneEntry, possession: otherS(phoneEntry.possession) }];
  refuse(
    ADDED,
    ENTRY,
    'the other s in a kept entry',
    resigned(added.list, { devices: other }, account, phone),
  );
}

function damagedAuthors(refuse: Refuse): void {
  const AUTHOR = 'ERR_LIST_AUTHOR';
  const by = (author: string, key: KeyPair): string =>
    resigned(added.list, { author: id(author) }, account, key);
  refuse(ADDED, AUTHOR, 'an author who is in neither list', by('tablet', tablet));
  refuse(ADDED, AUTHOR, 'an author who is in the new list only', by('laptop', laptop));
  const signature = (author: Uint8Array): string => encoded({ ...added, author });
  const content = encodeDeviceList(added.list);
  refuse(ADDED, AUTHOR, 'one bit of its signature is another', signature(flipped(added.author, 0)));
  refuse(ADDED, AUTHOR, 'signed by another device', signature(sign(laptop, 'device list author', content)));
  refuse(
    ADDED,
    AUTHOR,
    'signed under the label of account keys',
    signature(sign(phone, 'device list', content)),
  );
}

/** Nothing new counts under a key that has handed over. */
function damagedReuse(file: VectorFile, refuse: Refuse): void {
  const REUSED = 'ERR_KEY_REUSED';
  const again = (key: KeyPair, sequence: number): string =>
    encoded(signList(beginning(key, sequence, [entry('phone', phone, key, sequence)]), key));
  refuse(RESET, REUSED, 'under an account key that handed over', again(account2, 7));
  refuse(
    'a reset after a gap that expired',
    REUSED,
    'under an account key that handed over',
    again(account, 7),
  );
  const FULL = 'a full chain drops its oldest';
  const full = longChain(64);
  const next = longChain(65, full);
  const dropped = chainKey(0);
  const last = chainKey(64);
  const back = {
    account_key: dropped.publicKey,
    successions: [...next.successions.slice(0, -1), handover(last, dropped.publicKey, 65)],
    devices: [entry('phone', phone, dropped, 65)],
  };
  refuse(FULL, REUSED, 'handed over to the key that is dropped', resigned(next, back, dropped));
  const asDevice = [entry('phone', dropped, chainKey(65), 65)];
  refuse(
    FULL,
    REUSED,
    'the key that is dropped signs for a device',
    resigned(next, { devices: asDevice }, chainKey(65)),
  );
  const pin = (key: { readonly publicKey: PublicKey }): { pinned: string } => ({
    pinned: hex(encodePublicKey(key.publicKey)),
  });
  file.invalid(RESET, 'ERR_ACCOUNT_KEY', 'the account key before is pinned', pin(account3));
  file.invalid(ADDED, 'ERR_ACCOUNT_KEY', 'another key is pinned', pin(stranger));
  file.invalid(FULL, 'ERR_ACCOUNT_KEY', 'the key that is dropped is pinned', pin(dropped));
  if (encoded(signLongChain(next)) !== file.inputOf(FULL)['signed']) throw new Error('another chain');
}

function damagedStored(file: VectorFile, refuse: Refuse): void {
  const STORED = 'ERR_STORED_STATE';
  const stored = (damage: string, bytes: Uint8Array): void =>
    file.invalid(ADDED, STORED, damage, { stored: hex(bytes) });
  const whole = encodeSignedDeviceList(first);
  stored('the last stored byte is missing', cut(whole));
  stored('one bit of the stored signature is another', flipped(whole, -4));
  stored('one bit of the stored messaging keys is another', flipped(whole, -180));
  const identifier = Buffer.from('tel:+1');
  const devices = [entry('phone', phone, account, 0, 'keys', identifier)];
  stored(
    'the stored list is of another identifier',
    encodeSignedDeviceList(signList(beginning(account, 0, devices, identifier), account)),
  );
  file.invalid(ADDED, 'ERR_VERSION', 'the stored list is of version 2', {
    stored: hex(signLax(first.list, { version: uint(2, 2) }, account)),
  });
  const unsigned = encoded({ ...added, account: flipped(added.account, 0) });
  refuse('the same again', 'ERR_LIST_SIGNATURE', 'one bit of the signature is another', unsigned);
}
