/**
 * KT_128_SHA256_P256 (draft-ietf-keytrans-protocol, *KT Cipher Suites*): for operators whose signature keys live in
 * hardware that knows no other curve.
 */

import { p256 as curve } from '@noble/curves/nist.js';
import type { CipherSuite } from './cipher-suite.js';
import { commit, generateOpening, OPENING_LENGTH, verifyCommitment } from './commitment.js';
import { sha256 } from './hash.js';
import { p256 } from './p256.js';
import { createSuiteSignatures } from './suite-signatures.js';
import { vrfP256 } from './vrf-p256.js';

/** Other verifiers may ask for the lower s, so that is what we make; the draft does not, and neither do we. */
const LOW_S = { lowS: true, prehash: true, format: 'compact' } as const;

/** The suite with ECDSA and ECVRF on P-256, number 0x0001. */
export const KT_128_SHA256_P256: CipherSuite = /* @__PURE__ */ Object.freeze<CipherSuite>({
  id: 0x0001,
  name: 'KT_128_SHA256_P256',
  hashLength: 32,
  openingLength: OPENING_LENGTH,
  signatures: createSuiteSignatures(p256, (secret, message) => curve.sign(message, secret, LOW_S)),
  vrf: vrfP256,
  hash: sha256,
  generateOpening,
  commit,
  verifyCommitment,
});
