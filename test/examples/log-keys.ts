import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { KT_128_SHA256_Ed25519 as suite } from 'contact-key-verification/suites.js';
import { encodeConfiguration } from 'contact-key-verification/transparency.js';

// The key that signs tree heads: here it could as well lie in an HSM, or behind a signing service.
const { privateKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
// The VRF key: every look-up and every update needs it, so it lies in the operator's process.
const vrfKey = suite.vrf.generatePrivateKey();
const vrfSeed = vrfKey.reveal(); // 32 bytes, for a secret store: suite.vrf.parsePrivateKey(vrfSeed)

// What every app ships with, byte for byte, and what never changes as long as there is this log.
const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
const configuration = encodeConfiguration({
  ciphersuite: suite.id,
  mode: 'contactMonitoring',
  signaturePublicKey: new Uint8Array(Buffer.from(x ?? '', 'base64url')),
  vrfPublicKey: vrfKey.publicKey.encoded,
  maxAheadMs: 5 * 60_000,
  maxBehindMs: 60 * 60_000,
  reasonableMonitoringWindowMs: 24 * 60 * 60_000,
  maximumLifetimeMs: undefined,
});
const signTreeHead = (treeHeadTbs: Uint8Array): Uint8Array =>
  new Uint8Array(sign(null, treeHeadTbs, createPrivateKey(pem)));

console.log(configuration.length, 'bytes for the apps', vrfSeed.length, signTreeHead(configuration).length);
