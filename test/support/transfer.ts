/**
 * Two devices of one person, for tests: one with the account key, one that wants it.
 */

import { createSasSession, type SasOutcome, type SasSession } from 'contact-key-verification/codes.js';
import { encodePrivateKeyRaw, type PrivateKey } from 'contact-key-verification/keys.js';
import type { PublicKey } from 'contact-key-verification/suites.js';
import { createLinkOffer, type LinkOffer } from 'contact-key-verification/transfer.js';
import { vi } from 'vitest';
import { answerOf, NOW, outgoing } from './sas.js';

/** The private key in hex, for comparing. */
export const secretOf = (key: PrivateKey): string => Buffer.from(encodePrivateKeyRaw(key)).toString('hex');

/** Both sessions of an honest linking, up to the codes. */
export function linkingSessions(
  offer: Uint8Array,
  accountKey: PublicKey,
  arrived: { offer?: Uint8Array; accountKey?: PublicKey } = {},
): { fresh: SasSession<PublicKey>; old: SasSession<Uint8Array> } {
  const setup = { purpose: 'linking', attempts: [], ...NOW } as const;
  const peerKey = arrived.accountKey ?? accountKey;
  const fresh = createSasSession({ ...setup, role: 'initiator', own: offer, peer: peerKey });
  const old = createSasSession({
    ...setup,
    role: 'responder',
    own: accountKey,
    peer: arrived.offer ?? offer,
  });
  const reveal = answerOf(fresh, answerOf(old, outgoing(fresh)));
  old.receive(reveal, NOW);
  return { fresh, old };
}

/** What both users' "same" leads to. */
export function confirmedBy(
  offer: LinkOffer,
  accountKey: PublicKey,
): { fresh: SasOutcome<PublicKey>; old: SasOutcome<Uint8Array> } {
  const { fresh, old } = linkingSessions(offer.encoded, accountKey);
  return { fresh: fresh.answer('same', NOW), old: old.answer('same', NOW) };
}

/** Lets the platform draw what is given, in turn, and nothing else, while `run` runs. */
export async function drawing<T>(draws: readonly Uint8Array[], run: () => T | Promise<T>): Promise<T> {
  const rest = [...draws];
  const spy = vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
    const drawn = rest.shift();
    if (drawn === undefined || !(array instanceof Uint8Array) || array.length !== drawn.length) {
      throw new Error('another draw than the given ones');
    }
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

/** An offer of known secrets. */
export const offerFrom = (
  own: { secret: Uint8Array; nonce: Uint8Array },
  nowMs = NOW.nowMs,
): Promise<LinkOffer> => drawing([own.secret, own.nonce], () => createLinkOffer({ nowMs }));
