/**
 * The signed device list as bytes: how each structure is read and written, and what is signed of it. Reading is
 * strict, in byte order; nothing that is read here is verified.
 */

import {
  type Codec,
  decode,
  encode,
  fixedBytes,
  mapped,
  opaque,
  struct,
  uint64,
  uint8,
  vector,
  version,
} from '../bytes/codec.js';
import { compareBytes } from '../bytes/compare.js';
import { hashLabelled } from '../crypto/label.js';
import { equalPublicKeys, type PublicKey, publicKeyCodec } from '../crypto/public-key.js';
import { ArgumentRangeError } from '../errors.js';
import {
  type Device,
  type DeviceList,
  DEVICES_MAX,
  IDENTIFIER_MAX_BYTES,
  SEQUENCE_MAX,
  SIGNED_DEVICE_LIST_MAX_BYTES,
  type SignedDeviceList,
  type Succession,
  SUCCESSIONS_MAX,
} from './device-list.js';

const HASH_LENGTH = 32;

const signature: Codec<Uint8Array> = /* @__PURE__ */ opaque(0, 2 ** 16 - 1);
const sequence: Codec<number> = {
  read(reader) {
    const start = reader.offset;
    const value = uint64.read(reader);
    if (value > SEQUENCE_MAX) throw reader.error('ERR_INTEGER', 'a sequence above 2^32 - 2', start);
    return value;
  },
  write(writer, value) {
    if (value > SEQUENCE_MAX) throw new ArgumentRangeError('a sequence is above 2^32 - 2');
    uint64.write(writer, value);
  },
};

/** A keyId-sized hash, or nothing. */
const optionalHash: Codec<Uint8Array> = {
  read(reader) {
    const start = reader.offset;
    const value = opaque(0, HASH_LENGTH).read(reader);
    if (value.length % HASH_LENGTH !== 0) throw reader.error('ERR_LENGTH', 'neither empty nor a hash', start);
    return value;
  },
  write(writer, value) {
    if (value.length % HASH_LENGTH !== 0) throw new ArgumentRangeError('a hash must have 32 bytes or none');
    opaque(0, HASH_LENGTH).write(writer, value);
  },
};

const flag: Codec<boolean> = /* @__PURE__ */ mapped(
  uint8,
  (wire, reader, start) => {
    if (wire > 1) throw reader.error('ERR_ENUM', 'neither 0 nor 1', start);
    return wire === 1;
  },
  (value) => (value ? 1 : 0),
);

/** The fields of a device entry that its possession signature covers, after the identifier. */
type DeviceFields = Omit<Device, 'possession'>;

const deviceFields = {
  id: /* @__PURE__ */ opaque(1, 32),
  signingKey: publicKeyCodec,
  messagingKeys: /* @__PURE__ */ opaque(0, 2 ** 16 - 1),
  joined: /* @__PURE__ */ fixedBytes(HASH_LENGTH),
  since: sequence,
};

export const deviceCodec: Codec<Device> = /* @__PURE__ */ struct({ ...deviceFields, possession: signature });

/** A field that is judged as soon as it is read, before the fields after it. */
function judged<T>(
  field: Codec<T>,
  defectOf: (value: T) => 'ERR_ORDER' | 'ERR_DUPLICATE' | undefined,
): Codec<T> {
  return {
    read(reader) {
      const start = reader.offset;
      const value = field.read(reader);
      const defect = defectOf(value);
      if (defect !== undefined) throw reader.error(defect, 'an entry out of order or repeated', start);
      return value;
    },
    write(writer, value) {
      field.write(writer, value);
      if (defectOf(value) !== undefined) throw new ArgumentRangeError('devices are not sorted or not unique');
    },
  };
}

/** The devices of one list: each id is held against the one before it, each signing key against all before it. */
function devicesAfter(before: Device[]): Codec<readonly Device[]> {
  const fields: Codec<Device> = struct<Device>({
    ...deviceFields,
    id: judged(deviceFields.id, (id) => {
      const last = before.at(-1);
      const order = last === undefined ? -1 : compareBytes(last.id, id);
      return order < 0 ? undefined : order > 0 ? 'ERR_ORDER' : 'ERR_DUPLICATE';
    }),
    signingKey: judged(publicKeyCodec, (key) =>
      before.some((other) => equalPublicKeys(other.signingKey, key)) ? 'ERR_DUPLICATE' : undefined,
    ),
    possession: signature,
  });
  const device: Codec<Device> = {
    read(reader) {
      const value = fields.read(reader);
      before.push(value);
      return value;
    },
    write(writer, value) {
      fields.write(writer, value);
      before.push(value);
    },
  };
  return vector(device, { min: 0, ceiling: 2 ** 8 - 1, limit: DEVICES_MAX });
}

const devicesCodec: Codec<readonly Device[]> = {
  read: (reader) => devicesAfter([]).read(reader),
  write: (writer, devices) => devicesAfter([]).write(writer, devices),
};

const identifier: Codec<Uint8Array> = /* @__PURE__ */ opaque(1, IDENTIFIER_MAX_BYTES);

const possessionCodec: Codec<DeviceFields & { readonly identifier: Uint8Array }> = /* @__PURE__ */ struct({
  identifier,
  ...deviceFields,
});

const successionCodec: Codec<Succession> = /* @__PURE__ */ struct({
  key: publicKeyCodec,
  sequence,
  signature,
});

const successionContentCodec: Codec<{
  readonly identifier: Uint8Array;
  readonly key: PublicKey;
  readonly next: PublicKey;
  readonly sequence: number;
}> = /* @__PURE__ */ struct({ identifier, key: publicKeyCodec, next: publicKeyCodec, sequence });

const deviceListCodec: Codec<DeviceList> = /* @__PURE__ */ struct<DeviceList>({
  version: version(2, 1),
  identifier,
  accountKey: publicKeyCodec,
  successions: vector(successionCodec, { min: 0, ceiling: 2 ** 8 - 1, limit: SUCCESSIONS_MAX }),
  sequence,
  previous: optionalHash,
  author: opaque(0, 32),
  verification: flag,
  devices: devicesCodec,
});

const signedDeviceListCodec: Codec<SignedDeviceList> = {
  read(reader) {
    const list = reader.within('list', () => deviceListCodec.read(reader));
    const account = reader.within('account', () => signature.read(reader));
    const start = reader.offset;
    const author = reader.within('author', () => signature.read(reader));
    if ((author.length === 0) !== (list.author.length === 0)) {
      throw reader.error(
        'ERR_LENGTH',
        'an author without its signature, or a signature without author',
        start,
      );
    }
    return Object.freeze({ list, account, author });
  },
  write(writer, value) {
    deviceListCodec.write(writer, value.list);
    signature.write(writer, value.account);
    signature.write(writer, value.author);
  },
};

/** Reads a SignedDeviceList. Nothing of it is verified: only `verifyDeviceList` hands lists to a caller. */
export function parseSignedDeviceList(bytes: Uint8Array): SignedDeviceList {
  return decode(signedDeviceListCodec, bytes, 'SignedDeviceList', SIGNED_DEVICE_LIST_MAX_BYTES);
}

/** The encoding of a SignedDeviceList, fresh. */
export function encodeSignedDeviceList(signed: SignedDeviceList): Uint8Array<ArrayBuffer> {
  const encoded = encode(signedDeviceListCodec, signed);
  if (encoded.length > SIGNED_DEVICE_LIST_MAX_BYTES) {
    throw new ArgumentRangeError(`a signed device list is over ${SIGNED_DEVICE_LIST_MAX_BYTES} bytes`);
  }
  return encoded;
}

/** The encoding of a DeviceList: what account key and author sign, and what `deriveListId` hashes. */
export function encodeDeviceList(list: DeviceList): Uint8Array {
  return encode(deviceListCodec, list);
}

/** The encoding of one device entry, fresh: what travels to the device that makes the next list. */
export function encodeDevice(device: Device): Uint8Array {
  return encode(deviceCodec, device);
}

/**
 * A device entry from its encoding. Its possession is not verified here: the `draft…` functions do.
 * @throws DecodeError, UnsupportedError `ERR_SCHEME`
 */
export function parseDevice(bytes: Uint8Array): Device {
  return decode(deviceCodec, bytes, 'Device', SIGNED_DEVICE_LIST_MAX_BYTES);
}

/** What `previous` of the next list holds: H("device list id", DeviceList). */
export function deriveListId(list: DeviceList): Uint8Array {
  return hashLabelled('device list id', encodeDeviceList(list));
}

/** What a device signs to show that it holds its signing key. */
export function possessionContent(listIdentifier: Uint8Array, device: DeviceFields): Uint8Array {
  return encode(possessionCodec, { identifier: listIdentifier, ...device });
}

/** What an account key signs to hand over to the next one. */
export function successionContent(
  listIdentifier: Uint8Array,
  key: PublicKey,
  next: PublicKey,
  atSequence: number,
): Uint8Array {
  return encode(successionContentCodec, { identifier: listIdentifier, key, next, sequence: atSequence });
}
