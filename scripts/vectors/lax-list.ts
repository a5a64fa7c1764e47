/** A device list as its fields' bytes, so that one of them can be written wrongly and everything else be signed. */
import {
  type Device,
  type DeviceList,
  encodeDevice,
  encodeSuccession,
} from '../../test/reference/device-list.js';
import { concat, opaque, uint } from '../../test/reference/encoding.js';
import { encodePublicKey, type KeyPair, sign } from '../../test/reference/keys.js';

/** Each field with its length or count, in the order of the struct. */
export type ListFields = {
  readonly version: Uint8Array;
  readonly identifier: Uint8Array;
  readonly accountKey: Uint8Array;
  readonly successions: Uint8Array;
  readonly sequence: Uint8Array;
  readonly previous: Uint8Array;
  readonly author: Uint8Array;
  readonly verification: Uint8Array;
  readonly devices: Uint8Array;
};

export type DeviceFields = {
  readonly id: Uint8Array;
  readonly signingKey: Uint8Array;
  readonly messagingKeys: Uint8Array;
  readonly joined: Uint8Array;
  readonly since: Uint8Array;
  readonly possession: Uint8Array;
};

const short = (bytes: Uint8Array): Buffer => concat(uint(1, bytes.length), bytes);
const long = (bytes: Uint8Array): Buffer => concat(uint(2, bytes.length), bytes);
export const counted = (elements: readonly Uint8Array[]): Buffer =>
  concat(uint(1, elements.length), ...elements);

function listFields(list: DeviceList): ListFields {
  return {
    version: uint(2, list.version),
    identifier: short(list.identifier),
    accountKey: encodePublicKey(list.account_key),
    successions: counted(list.successions.map(encodeSuccession)),
    sequence: uint(8, list.sequence),
    previous: short(list.previous),
    author: short(list.author),
    verification: uint(1, list.verification),
    devices: counted(list.devices.map(encodeDevice)),
  };
}

/** The list with some fields written as given, both signatures over what came out. */
export function signLax(
  list: DeviceList,
  changes: Partial<ListFields>,
  account: KeyPair,
  author?: KeyPair,
): Buffer {
  const content = concat(...Object.values({ ...listFields(list), ...changes }));
  return concat(
    content,
    opaque(0, 2 ** 16 - 1, sign(account, 'device list', content)),
    opaque(0, 2 ** 16 - 1, author ? sign(author, 'device list author', content) : Buffer.alloc(0)),
  );
}

/** An entry with some fields written as given; its possession is not made anew. */
export function laxDevice(device: Device, changes: Partial<DeviceFields>): Buffer {
  const fields: DeviceFields = {
    id: short(device.id),
    signingKey: encodePublicKey(device.signing_key),
    messagingKeys: long(device.messaging_keys),
    joined: device.joined,
    since: uint(8, device.since),
    possession: long(device.possession),
  };
  return concat(...Object.values({ ...fields, ...changes }));
}

/** A PublicKey of any scheme and bytes. */
export const laxKey = (scheme: number, key: Uint8Array): Buffer => concat(uint(2, scheme), long(key));

/** Eight bytes of an integer that may be above 2^53 - 1. */
export function uint64(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(16, '0'), 'hex');
}
