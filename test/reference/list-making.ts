/** Naive makers of signed lists for tests and vectors. They sign what they are told to, right or wrong. */
import {
  type Device,
  type DeviceList,
  type SignedDeviceList,
  type Succession,
  encodeDeviceList,
  possessionContent,
  successionContent,
} from './device-list.js';
import { type KeyPair, type PublicKey, keyId, sign } from './keys.js';

/** An entry for `identifier`, joined under `accountKey`, with the possession signature of `pair`. */
export function makeDevice(
  identifier: Uint8Array,
  pair: KeyPair,
  accountKey: PublicKey,
  fields: Pick<Device, 'id' | 'messaging_keys' | 'since'>,
): Device {
  const unsigned = { ...fields, signing_key: pair.publicKey, joined: keyId(accountKey) };
  return {
    ...unsigned,
    possession: sign(pair, 'device possession', possessionContent(identifier, unsigned)),
  };
}

/** The succession from `old` to `next`, first valid in the list of `sequence`. */
export function makeSuccession(
  identifier: Uint8Array,
  old: KeyPair,
  next: PublicKey,
  sequence: number,
): Succession {
  const content = successionContent(identifier, old.publicKey, next, sequence);
  return { key: old.publicKey, sequence, signature: sign(old, 'succession', content) };
}

/** Both signatures over `list`; the author's is empty when no author signs. */
export function signList(list: DeviceList, account: KeyPair, author?: KeyPair): SignedDeviceList {
  const content = encodeDeviceList(list);
  return {
    list,
    account: sign(account, 'device list', content),
    author: author === undefined ? Buffer.alloc(0) : sign(author, 'device list author', content),
  };
}
