/**
 * Whose signature stands under a root.
 */

import { VerificationError } from '../../errors.js';
import { type TrustedLog, verifySignature } from '../verifier/trusted-log.js';
import { encodeAuditorTreeHeadTbs, encodeTreeHeadTbs } from '../wire/tree-head.js';
import type { SideHead } from './evidence.js';

/** A root that somebody has signed. Frozen. */
export interface SignedRoot {
  /** Whose signature it is: that of tree heads, or the auditor's. */
  readonly signer: SideHead['signer'];
  readonly treeSize: number;
  /** Of the log tree, 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * Checks the signature of a head over a root.
 * @throws VerificationError `ERR_SIGNATURE`; `ERR_AUDITOR_SIGNATURE`, also where the log has no auditor
 */
export function verifySignedRoot(log: TrustedLog, head: SideHead, root: Uint8Array): SignedRoot {
  const { configuration: config, headKey, auditorKey } = log;
  const { signer, treeSize, signature } = head;
  if (signer === 'log') {
    const tbs = encodeTreeHeadTbs({ config, treeSize, root });
    verifySignature(log, headKey, tbs, signature, 'ERR_SIGNATURE');
  } else {
    if (auditorKey === undefined) {
      throw new VerificationError('ERR_AUDITOR_SIGNATURE', 'the log has no auditor');
    }
    const tbs = encodeAuditorTreeHeadTbs({ config, timestampMs: head.timestampMs, treeSize, root });
    verifySignature(log, auditorKey, tbs, signature, 'ERR_AUDITOR_SIGNATURE');
  }
  return Object.freeze({ signer, treeSize, root });
}
