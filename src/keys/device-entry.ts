/**
 * A device makes its own entry, for one place in the chain of lists, and sends it to the device that makes the
 * list. An entry fits that place only: after a lost race it is made anew.
 */

import { assertObject } from '../bytes/arguments.js';
import { assertBytes } from '../bytes/compare.js';
import { deriveKeyId, encodePublicKey, parsePublicKey, type PublicKey } from '../crypto/public-key.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import { deviceIdBytes, identifierBytes } from './arguments.js';
import { type Device, type DeviceList, SEQUENCE_MAX } from './device-list.js';
import { possessionContent } from './device-list-encoding.js';
import {
  type LocalSigner,
  requestSignature,
  type Signer,
  type Signing,
  signLater,
  signNow,
} from './signer.js';

/** The place of a list that is about to be made. Public data; the list's maker sends it to the other devices. */
export interface ListPosition {
  readonly identifier: Uint8Array;
  /** The account key of the list to be made. */
  readonly accountKey: PublicKey;
  readonly sequence: number;
}

/** A device id as an app has it; a string is taken as UTF-8. 1 to 32 bytes. */
export type DeviceId = string | Uint8Array;

/**
 * Where an identifier's first list stands.
 * @param options.sequence the log's next version of this identifier; 0 (default) where it never had an owner
 * @throws ArgumentTypeError, ArgumentRangeError; DecodeError `ERR_UTF8` or what `parsePublicKey` throws
 */
export function deriveFirstPosition(options: {
  readonly identifier: string | Uint8Array;
  readonly accountKey: PublicKey;
  readonly sequence?: number | undefined;
}): ListPosition {
  assertObject(options, 'options');
  const sequence = options.sequence ?? 0;
  if (typeof sequence !== 'number') throw new ArgumentTypeError('a sequence must be a number');
  if (!Number.isSafeInteger(sequence) || sequence < 0 || sequence > SEQUENCE_MAX) {
    throw new ArgumentRangeError('a sequence must be 0 to 2^32 - 2');
  }
  return Object.freeze({
    identifier: identifierBytes(options.identifier),
    accountKey: parsePublicKey(encodePublicKey(options.accountKey)),
    sequence,
  });
}

/**
 * Where the list after `current` stands.
 * @param accountKey the account key of that list, where it changes
 * @throws ArgumentRangeError where no sequence is left; what `deriveFirstPosition` throws
 */
export function deriveNextPosition(current: DeviceList, accountKey?: PublicKey): ListPosition {
  assertObject(current, 'current');
  const { identifier, sequence } = current;
  return deriveFirstPosition({
    identifier,
    accountKey: accountKey ?? current.accountKey,
    sequence: sequence + 1,
  });
}

/** What a device says of itself. */
export interface DeviceDescription {
  readonly id: DeviceId;
  /** Long-lived messaging keys as the messenger encodes them; at most 65,535 bytes. */
  readonly messagingKeys: Uint8Array;
}

/**
 * Makes and signs a device's entry for the list at `position`.
 * @param signer the device's signing key
 * @returns the entry, frozen, its bytes fresh
 * @throws ArgumentRangeError where a field is out of bounds; StateError `ERR_DESTROYED`
 */
export function signDeviceEntry(
  position: ListPosition,
  device: DeviceDescription,
  signer: LocalSigner,
): Device {
  return signNow(entrySigning(position, device, signer), [signer]);
}

/** {@link signDeviceEntry} with a signing key that lives elsewhere. */
export async function signDeviceEntryAsync(
  position: ListPosition,
  device: DeviceDescription,
  signer: Signer,
): Promise<Device> {
  return signLater(entrySigning(position, device, signer), [signer]);
}

function* entrySigning(position: ListPosition, device: DeviceDescription, signer: Signer): Signing<Device> {
  assertObject(position, 'position');
  assertObject(device, 'device');
  assertObject(signer, 'signer');
  assertBytes(device.messagingKeys, 'messagingKeys');
  const fields = {
    id: deviceIdBytes(device.id),
    signingKey: parsePublicKey(encodePublicKey(signer.publicKey)),
    messagingKeys: Uint8Array.from(device.messagingKeys),
    joined: deriveKeyId(position.accountKey),
    since: position.sequence,
  };
  const content = possessionContent(position.identifier, fields);
  const possession = yield* requestSignature(fields.signingKey, 'device possession', content);
  return Object.freeze({ ...fields, possession });
}
