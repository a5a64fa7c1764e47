/** Signing for a purpose with both schemes, key ids, a secret that is gone once destroyed; both VRFs and a commitment. */

import {
  deriveKeyId,
  ed25519,
  encodeLabelled,
  encodePublicKey,
  isValidSignature,
  KT_128_SHA256_Ed25519,
  KT_128_SHA256_P256,
  p256,
  parsePublicKey,
  SecretBytes,
} from 'contact-key-verification/suites.js';
import { encodeHex } from 'contact-key-verification/bytes.js';

export function work(): string {
  const content = Uint8Array.of(1, 2, 3);
  const verdicts = [p256, ed25519].map((scheme) => {
    // Fixed here so that the key ids are known; a real one comes from `generatePrivateKey`.
    const secret = new SecretBytes(new Uint8Array(32).fill(7));
    const key = secret.use((bytes) => scheme.derivePublicKey(bytes));
    const signature = secret.use((bytes) => scheme.sign(bytes, encodeLabelled('device list', content)));
    secret.destroy();
    const publicKey = parsePublicKey(encodePublicKey({ scheme: scheme.id, key }));
    const isTrue = isValidSignature(publicKey, 'device list', content, signature);
    const isTrueElsewhere = isValidSignature(publicKey, 'succession', content, signature);
    const keyId = encodeHex(deriveKeyId(publicKey)).slice(0, 16);
    return `${scheme.name} ${keyId} ${isTrue} ${isTrueElsewhere} ${secret.isDestroyed}`;
  });
  const outputs = [KT_128_SHA256_P256, KT_128_SHA256_Ed25519].map(({ vrf }) => {
    const privateKey = vrf.parsePrivateKey(new Uint8Array(32).fill(7));
    const { proof } = vrf.prove(privateKey, content);
    const publicKey = vrf.parsePublicKey(privateKey.publicKey.encoded);
    return encodeHex(vrf.verify(publicKey, content, proof)).slice(0, 16);
  });
  const commitment = encodeHex(KT_128_SHA256_P256.commit(new Uint8Array(16))).slice(0, 16);
  return [...verdicts, ...outputs, commitment].join(', ');
}
