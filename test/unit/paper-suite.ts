/**
 * A cipher suite of paper: whoever knows a public key can sign and prove with it. It has the sizes of
 * KT_128_SHA256_Ed25519 and none of its cost, so that laws can be checked over thousands of histories.
 */

import { createHash, createHmac } from 'node:crypto';
import { VerificationError } from '../../src/errors.js';
import { type CipherSuite, KT_128_SHA256_Ed25519 as REAL } from '../../src/suites.js';

const digest = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

const sign = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const mac = createHmac('sha512', key).update(message).digest();
  return new Uint8Array(mac);
};

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(Buffer.from(b));

export const PAPER_SUITE: CipherSuite = Object.freeze<CipherSuite>({
  ...REAL,
  signatures: Object.freeze<CipherSuite['signatures']>({
    scheme: Object.freeze({
      ...REAL.signatures.scheme,
      derivePublicKey: (secret: Uint8Array) => Uint8Array.from(secret),
    }),
    parsePublicKey: (bytes) => ({ scheme: REAL.signatures.scheme.id, key: Uint8Array.from(bytes) }),
    sign: (secret, message) => secret.use((key) => sign(key, message)),
    verify({ key }, message, signature) {
      if (!same(sign(key, message), signature)) throw new VerificationError('ERR_SIGNATURE', 'false');
    },
  }),
  vrf: Object.freeze<CipherSuite['vrf']>({
    ...REAL.vrf,
    parsePublicKey: (bytes) => ({ vrf: REAL.vrf.name, encoded: Uint8Array.from(bytes) }),
    parsePrivateKey: (bytes) => ({
      publicKey: { vrf: REAL.vrf.name, encoded: Uint8Array.from(bytes) },
      isDestroyed: false,
      reveal: () => Uint8Array.from(bytes),
      destroy: () => undefined,
    }),
    prove({ publicKey }, input) {
      const output = digest(publicKey.encoded, input);
      const proof = new Uint8Array(80);
      proof.set(output);
      return { proof, output };
    },
    verify({ encoded }, input, proof) {
      const output = digest(encoded, input);
      if (!same(proof.subarray(0, 32), output)) throw new VerificationError('ERR_VRF_PROOF', 'false');
      return output;
    },
  }),
});
