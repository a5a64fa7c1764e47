/**
 * CKV/1, section "The signed device list": the structures, and every rule that the bytes of one list decide by
 * themselves. "of several defects the first in byte order counts, decoding before signatures": so each such rule
 * stands in the decoder, right after the field with which it becomes decidable.
 */
import { type PublicKey, H, encodePublicKey, equalKeys, keyId, readPublicKey } from './keys.js';
import { Reader, concat, demand, equal, fixed, opaque, uint, vector } from './encoding.js';

/** "An encoded SignedDeviceList has at most 65,536 bytes, 64 devices, 64 successions." */
export const MAX_BYTES = 65_536;
export const MAX_DEVICES = 64;
export const MAX_SUCCESSIONS = 64;
/** "`sequence` is at most 2^32−2, as the log's versions." */
export const MAX_SEQUENCE = 2 ** 32 - 2;

export type Device = {
  readonly id: Uint8Array;
  readonly signing_key: PublicKey;
  readonly messaging_keys: Uint8Array;
  readonly joined: Uint8Array;
  readonly since: number;
  readonly possession: Uint8Array;
};

export type Succession = {
  readonly key: PublicKey;
  readonly sequence: number;
  readonly signature: Uint8Array;
};

export type DeviceList = {
  readonly version: number;
  readonly identifier: Uint8Array;
  readonly account_key: PublicKey;
  readonly successions: readonly Succession[];
  readonly sequence: number;
  readonly previous: Uint8Array;
  readonly author: Uint8Array;
  readonly verification: number;
  readonly devices: readonly Device[];
};

export type SignedDeviceList = {
  readonly list: DeviceList;
  readonly account: Uint8Array;
  readonly author: Uint8Array;
};

// ---------------------------------------------------------------------------------------------- writing

function encodeDeviceFields(device: Omit<Device, 'possession'>): Buffer {
  return concat(
    opaque(1, 32, device.id),
    encodePublicKey(device.signing_key),
    opaque(0, 2 ** 16 - 1, device.messaging_keys),
    fixed(32, device.joined),
    uint(8, device.since),
  );
}

export function encodeDevice(device: Device): Buffer {
  return concat(encodeDeviceFields(device), opaque(0, 2 ** 16 - 1, device.possession));
}

export function encodeSuccession(succession: Succession): Buffer {
  return concat(
    encodePublicKey(succession.key),
    uint(8, succession.sequence),
    opaque(0, 2 ** 16 - 1, succession.signature),
  );
}

export function encodeDeviceList(list: DeviceList): Buffer {
  return concat(
    uint(2, list.version),
    opaque(1, 255, list.identifier),
    encodePublicKey(list.account_key),
    vector(2 ** 8 - 1, list.successions.map(encodeSuccession)),
    uint(8, list.sequence),
    opaque(0, 32, list.previous),
    opaque(0, 32, list.author),
    uint(1, list.verification),
    vector(2 ** 8 - 1, list.devices.map(encodeDevice)),
  );
}

export function encodeSignedDeviceList(signed: SignedDeviceList): Buffer {
  return concat(
    encodeDeviceList(signed.list),
    opaque(0, 2 ** 16 - 1, signed.account),
    opaque(0, 2 ** 16 - 1, signed.author),
  );
}

// ---------------------------------------------------------------------------------------------- what is signed

/** "by signing_key, label "device possession", over {identifier, the five fields above}" */
export function possessionContent(identifier: Uint8Array, device: Omit<Device, 'possession'>): Buffer {
  return concat(opaque(1, 255, identifier), encodeDeviceFields(device));
}

/** "by key, label "succession", over {identifier, key, next key, sequence}" */
export function successionContent(
  identifier: Uint8Array,
  key: PublicKey,
  nextKey: PublicKey,
  sequence: number,
): Buffer {
  return concat(
    opaque(1, 255, identifier),
    encodePublicKey(key),
    encodePublicKey(nextKey),
    uint(8, sequence),
  );
}

/** `H("device list id", DeviceList)`, which the next list carries as `previous`. */
export function listId(list: DeviceList): Buffer {
  return H('device list id', encodeDeviceList(list));
}

// ---------------------------------------------------------------------------------------------- the chain

/** "oldest first; the last one's next key is account_key": every key of the chain, the account key last. */
export function chainOf(list: Pick<DeviceList, 'successions' | 'account_key'>): PublicKey[] {
  return [...list.successions.map((succession) => succession.key), list.account_key];
}

/**
 * "`joined` is the account key in force at `since`". A succession's sequence is that "of the first list without"
 * its key, so the key was in force before it, and after the succession before. Keys older than the oldest
 * succession are not in the list: an entry that joined under one fits no key here, and is refused.
 */
export function keyInForce(list: Pick<DeviceList, 'successions' | 'account_key'>, since: number): PublicKey {
  for (const succession of list.successions) {
    if (since < succession.sequence) return succession.key;
  }
  return list.account_key;
}

// ---------------------------------------------------------------------------------------------- reading

function readSequence(reader: Reader): number {
  const value = reader.uint(8);
  demand(value <= MAX_SEQUENCE, 'number-too-large');
  return value;
}

/** One entry, of which nothing is decided without its list. */
export function readDevice(reader: Reader): Device {
  return {
    id: reader.opaque(1, 32),
    signing_key: readPublicKey(reader),
    messaging_keys: reader.opaque(0, 2 ** 16 - 1),
    joined: reader.fixed(32),
    since: readSequence(reader),
    possession: reader.opaque(0, 2 ** 16 - 1),
  };
}

export function decodeSignedDeviceList(bytes: Uint8Array): SignedDeviceList {
  // "the version is read before anything else but the size limit"
  demand(bytes.length <= MAX_BYTES, 'too-large');
  const reader = new Reader(bytes);
  const list = readDeviceList(reader);
  const account = reader.opaque(0, 2 ** 16 - 1);
  const author = reader.opaque(0, 2 ** 16 - 1);
  // "The author's signature is empty exactly if `author` is"
  demand((author.length === 0) === (list.author.length === 0), 'author-signature-presence');
  reader.end();
  return { list, account, author };
}

function readDeviceList(reader: Reader): DeviceList {
  const version = reader.uint(2);
  demand(version === 1, 'unknown-version');
  const identifier = reader.opaque(1, 255);
  const account_key = readPublicKey(reader);

  const successions: Succession[] = [];
  const keys = [account_key];
  reader.vector(
    2 ** 8 - 1,
    () => {
      const key = readPublicKey(reader);
      // "All keys of the chain are distinct"
      demand(!keys.some((other) => equalKeys(other, key)), 'chain-key-reused');
      keys.push(key);
      const sequence = readSequence(reader);
      // "their sequences rise strictly". It is that "of the first list without" the key, and there was one with it.
      demand(sequence > (successions.at(-1)?.sequence ?? 0), 'succession-order');
      successions.push({ key, sequence, signature: reader.opaque(0, 2 ** 16 - 1) });
    },
    MAX_SUCCESSIONS,
    'too-many-successions',
  );

  const sequence = readSequence(reader);
  demand((successions.at(-1)?.sequence ?? 0) <= sequence, 'sequence-impossible');

  const previous = reader.opaque(0, 32);
  const begins = previous.length === 0; // "empty: the first, or a reset"
  demand(begins || previous.length === 32, 'previous-impossible');
  // "0 for a new label": before the list of sequence 0 there is none.
  demand(begins || sequence > 0, 'previous-impossible');
  // A reset "has no successions and no author"; nor has a first list, which follows nothing.
  demand(!begins || successions.length === 0, 'previous-impossible');

  const author = reader.opaque(0, 32);
  demand(!begins || author.length === 0, 'author-impossible');

  const verification = reader.uint(1);
  demand(verification === 0 || verification === 1, 'unknown-value'); // "0 off, 1 on"

  const devices: Device[] = [];
  reader.vector(
    2 ** 8 - 1,
    () => {
      const id = reader.opaque(1, 32);
      // "unique in the list", "sorted by id", "Ids sort bytewise, a prefix first"
      const before = devices.at(-1)?.id;
      demand(before === undefined || Buffer.compare(before, id) < 0, 'device-order');

      const signing_key = readPublicKey(reader);
      // "another key is another device; unique"; "no signing_key is one of them", the keys of the chain
      demand(!devices.some((other) => equalKeys(other.signing_key, signing_key)), 'signing-key-reused');
      demand(!keys.some((key) => equalKeys(key, signing_key)), 'signing-key-reused');

      const messaging_keys = reader.opaque(0, 2 ** 16 - 1);
      const joined = reader.fixed(32);
      const since = readSequence(reader);
      demand(since <= sequence, 'since-impossible');
      // "After a reset all entries are fresh": `since` = this `sequence`. So they are in a first list.
      demand(!begins || since === sequence, 'since-impossible');
      // "`joined` is the account key in force at `since`: checked always, at first sight too"
      demand(equal(joined, keyId(keyInForce({ successions, account_key }, since))), 'joined-wrong');

      const possession = reader.opaque(0, 2 ** 16 - 1);
      devices.push({ id, signing_key, messaging_keys, joined, since, possession });
    },
    MAX_DEVICES,
    'too-many-devices',
  );

  return {
    version,
    identifier,
    account_key,
    successions,
    sequence,
    previous,
    author,
    verification,
    devices,
  };
}
