/**
 * The code that this library refuses to offer: 8 digits of a hash of both public keys, which both sides compute
 * without talking. It looks like a verification code, and a man in the middle breaks it in seconds.
 */

import { concatBytes } from 'contact-key-verification/bytes.js';
import { generatePrivateKey, type PrivateKey } from 'contact-key-verification/keys.js';
import { ed25519, encodePublicKey, hashLabelled, type PublicKey } from 'contact-key-verification/suites.js';

const CODES = 1e8;

/** 8 digits from two keys alone. Never use this. */
export function truncatedHash(initiator: PublicKey, responder: PublicKey): string {
  const hash = hashLabelled('key id', concatBytes(encodePublicKey(initiator), encodePublicKey(responder)));
  const number = hash.subarray(0, 8).reduce((rest, byte) => (rest * 256 + byte) % CODES, 0);
  return String(number)
    .padStart(8, '0')
    .replace(/(.{4})/, '$1 ');
}

/** Two keys of the man in the middle that show Alice and Bob the same digits. */
export interface Collision {
  readonly asBob: PrivateKey;
  readonly asAlice: PublicKey;
  readonly code: string;
  readonly keysMade: number;
}

/**
 * Makes keys for both sides until one code of the one side equals one of the other: by the birthday paradox after
 * some 10^4 keys a side, although a single guess succeeds once in 10^8.
 */
export function grindCollision(alice: PublicKey, bob: PublicKey, limit = 100_000): Collision {
  const towardsAlice = new Map<string, PrivateKey>();
  const towardsBob = new Map<string, PublicKey>();
  for (let keysMade = 2; keysMade <= limit; keysMade += 2) {
    const asBob = generatePrivateKey(ed25519);
    const asAlice = generatePrivateKey(ed25519).publicKey;
    const shownToAlice = truncatedHash(alice, asBob.publicKey);
    const shownToBob = truncatedHash(asAlice, bob);
    towardsAlice.set(shownToAlice, asBob);
    towardsBob.set(shownToBob, asAlice);
    for (const code of [shownToAlice, shownToBob]) {
      const [first, second] = [towardsAlice.get(code), towardsBob.get(code)];
      if (first !== undefined && second !== undefined)
        return { asBob: first, asAlice: second, code, keysMade };
    }
  }
  throw new Error(`no collision among ${limit} keys`);
}
