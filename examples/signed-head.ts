/**
 * A log's word for how large it is and what is in it: size and root, signed by the log's key.
 *
 * Real logs sign checkpoints in a common text form; this one signs the two numbers, to stay out of the way.
 */

import { concatBytes, encodeUtf8 } from 'contact-key-verification/bytes.js';
import { VerificationError } from 'contact-key-verification/errors.js';
import type { PrivateKey } from 'contact-key-verification/keys.js';
import type { TreeHead } from 'contact-key-verification/log.js';
import { ed25519, type PublicKey } from 'contact-key-verification/suites.js';

export interface SignedHead extends TreeHead {
  readonly signature: Uint8Array;
}

/** The label keeps a head apart from anything else that the key may sign. */
function message({ treeSize, root }: TreeHead): Uint8Array {
  return concatBytes(encodeUtf8(`example directory, head of ${treeSize} entries\n`), root);
}

export function signHead(head: TreeHead, logKey: PrivateKey): SignedHead {
  return { ...head, signature: logKey.sign(message(head)) };
}

/** The head, if the log signed it; only then may a proof be checked against it. */
export function verifyHead(signed: SignedHead, logKey: PublicKey): TreeHead {
  const { treeSize, root, signature } = signed;
  if (!ed25519.isValidSignature(logKey.key, message(signed), signature)) {
    throw new VerificationError('ERR_SIGNATURE', 'not signed by this log');
  }
  return { treeSize, root };
}

/** Two heads as evidence: what was signed, and the signature, of each. */
export function encodeHeads(...heads: readonly SignedHead[]): Uint8Array {
  return concatBytes(...heads.flatMap((head) => [message(head), head.signature]));
}
