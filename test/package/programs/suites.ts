/** Signing for a purpose with both schemes, key ids, and a secret that is gone once destroyed. */

import {
  deriveKeyId,
  ed25519,
  encodeLabelled,
  encodePublicKey,
  isValidSignature,
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
  return verdicts.join(', ');
}
