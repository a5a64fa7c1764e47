/** The list that is stored of an identifier: a verified list, or its bytes. */

import { parseSignedDeviceList } from '../keys/device-list-encoding.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';

/** The sequence of a stored list, once a list was verified against it; -1 for none. */
export function sequenceOf(stored: VerifiedDeviceList | Uint8Array | undefined): number {
  if (stored === undefined) return -1;
  return stored instanceof Uint8Array ? parseSignedDeviceList(stored).list.sequence : stored.sequence;
}
