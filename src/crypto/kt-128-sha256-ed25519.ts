/**
 * KT_128_SHA256_Ed25519 (draft-ietf-keytrans-protocol, *KT Cipher Suites*): the faster of the two, and the smaller.
 */

import type { CipherSuite } from './cipher-suite.js';
import { commit, generateOpening, OPENING_LENGTH, verifyCommitment } from './commitment.js';
import { ed25519 } from './ed25519.js';
import { sha256 } from './hash.js';
import { createSuiteSignatures } from './suite-signatures.js';
import { vrfEdwards25519 } from './vrf-edwards25519.js';

/** The suite with Ed25519 and ECVRF on edwards25519, number 0x0002. */
export const KT_128_SHA256_Ed25519: CipherSuite = /* @__PURE__ */ Object.freeze<CipherSuite>({
  id: 0x0002,
  name: 'KT_128_SHA256_Ed25519',
  hashLength: 32,
  openingLength: OPENING_LENGTH,
  signatures: createSuiteSignatures(ed25519),
  vrf: vrfEdwards25519,
  hash: sha256,
  generateOpening,
  commit,
  verifyCommitment,
});
