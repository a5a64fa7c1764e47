/**
 * The signed device list of CKV/1: its structures and its limits, as data.
 *
 *     SignedDeviceList
 *     ├─ list: DeviceList
 *     │   ├─ identifier, account_key, sequence, previous, author, verification
 *     │   ├─ successions: earlier account keys, oldest first, each signing the next one
 *     │   └─ devices, by id: each entry signed by the device itself (possession)
 *     ├─ account: signature of account_key over the DeviceList
 *     └─ author:  signature of the authoring device over the DeviceList, or empty
 *
 * | limit | why |
 * | --- | --- |
 * | 65,536 bytes encoded | read before anything else, bounds every loop |
 * | 64 devices | one possession signature each to verify |
 * | 64 successions | one signature each; older ones fall off |
 * | sequence ≤ 2^32 − 2 | a log's versions end at 2^32 − 1, and the greatest cannot be proven |
 */

import type { PublicKey } from '../crypto/public-key.js';

export const SIGNED_DEVICE_LIST_MAX_BYTES = 65_536;
export const DEVICES_MAX = 64;
export const SUCCESSIONS_MAX = 64;
export const SEQUENCE_MAX: number = 2 ** 32 - 2;
export const IDENTIFIER_MAX_BYTES = 255;

/** One device of an account. Frozen; its bytes belong to it. */
export interface Device {
  /** 1 to 32 bytes, unique in the list. */
  readonly id: Uint8Array;
  /** The device's identity: another signing key is another device. */
  readonly signingKey: PublicKey;
  /** The messenger's long-lived keys, opaque here. Pre-keys stay outside, signed by `signingKey`. */
  readonly messagingKeys: Uint8Array;
  /** keyId of the account key in force when this entry was made. */
  readonly joined: Uint8Array;
  /** Sequence of the list for which this entry was made. */
  readonly since: number;
  /** By `signingKey`, over the identifier and the fields above. */
  readonly possession: Uint8Array;
}

/** An earlier account key, handing over to the next one. */
export interface Succession {
  readonly key: PublicKey;
  /** Of the first list without it. */
  readonly sequence: number;
  /** By `key`, over identifier, key, next key and sequence. */
  readonly signature: Uint8Array;
}

/** What an account says its devices are, at one sequence. */
export interface DeviceList {
  readonly version: 1;
  /** 1 to 255 bytes: where the list is published, exactly as the directory writes it. */
  readonly identifier: Uint8Array;
  readonly accountKey: PublicKey;
  /** Oldest first; the last one's next key is `accountKey`. */
  readonly successions: readonly Succession[];
  /** The log's version of this identifier, 0 to 2^32 − 2. */
  readonly sequence: number;
  /** 32 bytes, the list before; or empty: the first list, or a reset. */
  readonly previous: Uint8Array;
  /** id of the device, in the list before, that made this one; empty: made by the account key alone. */
  readonly author: Uint8Array;
  /** Whether the account takes part in verification; opting out is itself signed. */
  readonly verification: boolean;
  /** Sorted by id, bytewise, a prefix first. */
  readonly devices: readonly Device[];
}

/** A list and the signatures over it. */
export interface SignedDeviceList {
  readonly list: DeviceList;
  /** By `list.accountKey`. */
  readonly account: Uint8Array;
  /** By the author's signing key in the list before; empty exactly if `list.author` is. */
  readonly author: Uint8Array;
}
