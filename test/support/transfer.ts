/**
 * Two devices of one person, for tests: one with the account key, one that wants it.
 */

import { createSasSession, type SasOutcome, type SasSession } from 'contact-key-verification/codes.js';
import { encodePrivateKeyRaw, type PrivateKey } from 'contact-key-verification/keys.js';
import type { PublicKey } from 'contact-key-verification/suites.js';
import type { LinkOffer } from 'contact-key-verification/transfer.js';
import { answerOf, NOW, outgoing } from './sas.js';

/** The private key in hex, for comparing. */
export const secretOf = (key: PrivateKey): string => Buffer.from(encodePrivateKeyRaw(key)).toString('hex');

/** Both sessions of an honest linking, up to the codes. */
export function linkingSessions(
  offer: Uint8Array,
  accountKey: PublicKey,
  arrived: { offer?: Uint8Array } = {},
): { fresh: SasSession<PublicKey>; old: SasSession<Uint8Array> } {
  const setup = { purpose: 'linking', attempts: [], ...NOW } as const;
  const fresh = createSasSession({ ...setup, role: 'initiator', own: offer, peer: accountKey });
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
