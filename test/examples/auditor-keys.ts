import { KT_128_SHA256_Ed25519 as suite } from 'contact-key-verification/suites.js';
import { encodeConfiguration } from 'contact-key-verification/transparency.js';

const operatorSecret = suite.signatures.scheme.generatePrivateKey();
const vrfKey = suite.vrf.generatePrivateKey();
/** What the operator makes of the auditor's public key, and puts into every app. */
const configurationWith = (auditorPublicKey: Uint8Array): Uint8Array =>
  encodeConfiguration({
    ciphersuite: suite.id,
    mode: 'thirdPartyAuditing',
    signaturePublicKey: suite.signatures.scheme.derivePublicKey(operatorSecret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAuditorLagMs: 6 * 60 * 60_000,
    auditorStartPos: 0,
    auditorPublicKey,
    maxAheadMs: 5 * 60_000,
    maxBehindMs: 60 * 60_000,
    reasonableMonitoringWindowMs: 24 * 60 * 60_000,
    maximumLifetimeMs: undefined,
  });
// ---
import { equalBytes } from 'contact-key-verification/bytes.js';
import { SecretBytes } from 'contact-key-verification/suites.js';
import { parseConfiguration } from 'contact-key-verification/transparency.js';

// Made by the auditor and kept there; an HSM does as well. The public half goes to the operator.
const secret = suite.signatures.scheme.generatePrivateKey();
const auditorPublicKey = suite.signatures.scheme.derivePublicKey(secret);
const key = new SecretBytes(secret);
const signer = (auditorTreeHeadTbs: Uint8Array): Uint8Array => suite.signatures.sign(key, auditorTreeHeadTbs);

// What comes back is what every app ships with. It is part of all that is signed, so it is read before.
const configuration = configurationWith(auditorPublicKey);
const parsed = parseConfiguration(configuration);
if (parsed.mode !== 'thirdPartyAuditing' || !equalBytes(parsed.auditorPublicKey, auditorPublicKey)) {
  throw new Error('not a log that names this auditor');
}
const { auditorStartPos, maxAuditorLagMs } = parsed;
console.log('from entry', auditorStartPos, 'on, at most', maxAuditorLagMs / 60_000, 'minutes behind');
console.log(signer(configuration).length, 'bytes of signature');
