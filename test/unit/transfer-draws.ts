/** Offers and messages whose secrets are known: for published vectors, and for the plain reference beside the library. */

import type { LinkOffer as LinkOfferType } from 'contact-key-verification/transfer.js';
import { vi } from 'vitest';
import { LinkOffer } from '../../src/transfer/link-offer.js';
import { X25519Key } from '../../src/transfer/x25519-kem.js';
import { NOW } from '../support/sas.js';

/** An offer of this secret and nonce. */
export const offerFrom = (
  { secret, nonce }: { secret: Uint8Array; nonce: Uint8Array },
  nowMs: number = NOW.nowMs,
): LinkOfferType => new LinkOffer(X25519Key.private(secret), Uint8Array.from(nonce), nowMs);

/**
 * Lets the platform draw what is given as its draws of 32 bytes, in turn, and nothing else, while `run` runs. Draws of
 * other lengths are not ours: the curves blind their secrets with them.
 */
export async function drawing<T>(draws: readonly Uint8Array[], run: () => T | Promise<T>): Promise<T> {
  const rest = [...draws];
  const draw = globalThis.crypto.getRandomValues.bind(globalThis.crypto);
  const spy = vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
    if (!(array instanceof Uint8Array) || array.length !== 32) return draw(array);
    const drawn = rest.shift();
    if (drawn === undefined) throw new Error('another draw than the given ones');
    array.set(drawn);
    return array;
  });
  try {
    const result = await run();
    if (rest.length > 0) throw new Error('fewer draws than the given ones');
    return result;
  } finally {
    spy.mockRestore();
  }
}
