/**
 * Accounts, devices and lists for tests. Keys are generated once per file and reused: making them is the slow
 * part, and no law here depends on which key it is.
 */

import {
  type Device,
  deriveFirstPosition,
  draftFirstList,
  generatePrivateKey,
  type ListPosition,
  type PrivateKey,
  signDeviceEntry,
  signDeviceList,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { ed25519, p256, type SignatureScheme } from 'contact-key-verification/suites.js';

export const SCHEMES: readonly SignatureScheme[] = [ed25519, p256];
export const BOB = 'tel:+15551234567';

/** A device with its private key. */
export interface TestDevice {
  readonly id: string;
  readonly key: PrivateKey;
}

export function makeDevice(id: string, scheme: SignatureScheme = ed25519): TestDevice {
  return { id, key: generatePrivateKey(scheme) };
}

export function entryOf(
  device: TestDevice,
  position: ListPosition,
  messaging = `keys of ${device.id}`,
): Device {
  const messagingKeys = new TextEncoder().encode(messaging);
  return signDeviceEntry(position, { id: device.id, messagingKeys }, device.key);
}

/** The first list of an identifier, with these devices. */
export function firstList(
  accountKey: PrivateKey,
  devices: readonly TestDevice[],
  identifier: string = BOB,
): VerifiedDeviceList {
  const position = deriveFirstPosition({ identifier, accountKey: accountKey.publicKey });
  const entries = devices.map((device) => entryOf(device, position));
  return signDeviceList(draftFirstList(position, entries), [accountKey]);
}

/** The code of the error that `run` throws; fails the test where nothing is thrown. */
export function codeOf(run: () => unknown): string {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
  throw new Error(`accepted, and should have been refused: ${typeof result}`);
}

/** {@link codeOf} for what is asynchronous. */
export async function codeOfAsync(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
  throw new Error('accepted, and should have been refused');
}
