/** A code session between two people, a public code, and a safety number. */

import {
  createSasSession,
  deriveAccountSafetyNumber,
  derivePublicCode,
  formatSafetyNumber,
} from 'contact-key-verification/codes.js';
import { parseHex } from 'contact-key-verification/bytes.js';
import { parsePublicKey, type PublicKey } from 'contact-key-verification/suites.js';

const keyOf = (hex: string): PublicKey => parsePublicKey(parseHex(hex));

/** The bytes that a step of the session hands out for the other side. */
function sent(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new Error('the session has nothing to send');
  return bytes;
}

export function work(): string {
  // Alice and Bob of the published vectors.
  const alice = keyOf('08070020a885124457697b7e081cc5d9c1a225f076d95e846ba304f5e5b4777d9179440c');
  const bob = keyOf(
    '0403004104622b8b1e7e513ba593ca35453b0813ae37d5c7067b49f5923e70846959abcd4d' +
      'ff9657818dab1d23152a03fe3247aa519c872c99a18e134d7957407a5a531a01',
  );
  const time = { nowMs: 1_700_000_000_000 };
  const common = { purpose: 'contact', attempts: [], ...time } as const;
  const hers = createSasSession({ ...common, role: 'initiator', own: alice, peer: bob });
  const his = createSasSession({ ...common, role: 'responder', own: bob, peer: alice });
  const reply = sent(his.receive(sent(hers.messageToSend(time)), time).send);
  his.receive(sent(hers.receive(reply, time).send), time);
  const isSame = hers.readCode(time).display === his.readCode(time).display;
  const { outcome } = hers.answer(isSame ? 'same' : 'different', time);

  const { display } = deriveAccountSafetyNumber({ local: alice, remote: bob });
  return `session ${outcome}, ${derivePublicCode(alice)}, ${formatSafetyNumber(display)}`;
}
