/**
 * How a link offer comes into being: by its user's act.
 */

import type { SasNow } from '../codes/sas-session.js';
import { assertTimeMs } from '../codes/time.js';
import { generateX25519Secret } from '../crypto/x25519.js';
import { randomBytes } from '../platform.js';
import { OFFER_NONCE_LENGTH } from './link-encoding.js';
import { LinkOffer } from './link-offer.js';
import { X25519Key } from './x25519-kem.js';

/**
 * A fresh offer. Make it because the user of this device asked for it.
 * @param options.nowMs milliseconds since 1970
 * @throws UnsupportedError `ERR_NO_RANDOMNESS`; argument errors
 * @example
 * const offer = createLinkOffer({ nowMs });
 * showQrCode(offer.revealQr({ nowMs }));
 */
export function createLinkOffer({ nowMs }: SasNow): LinkOffer {
  assertTimeMs(nowMs, 'nowMs');
  const secret = generateX25519Secret();
  try {
    return new LinkOffer(X25519Key.private(secret), randomBytes(OFFER_NONCE_LENGTH), nowMs);
  } finally {
    secret.fill(0);
  }
}
