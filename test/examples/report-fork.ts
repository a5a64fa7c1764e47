import { createOperator } from 'contact-key-verification/operator.js';
import { createMemoryNodeStore } from 'contact-key-verification/prefix.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { createClient, encodeConfiguration } from 'contact-key-verification/transparency.js';

// A log with two faces: two operators under the same keys, one for Alice and one for Bob.
const secret = suite.signatures.scheme.generatePrivateKey();
const key = new SecretBytes(secret);
const vrfKey = suite.vrf.generatePrivateKey();
const configuration = encodeConfiguration({
  ciphersuite: suite.id,
  mode: 'contactMonitoring',
  signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
  vrfPublicKey: vrfKey.publicKey.encoded,
  maxAheadMs: 1000,
  maxBehindMs: 60_000,
  reasonableMonitoringWindowMs: 1000,
  maximumLifetimeMs: undefined,
});
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
async function operate(value: string) {
  const signer = (treeHeadTbs: Uint8Array): Uint8Array => suite.signatures.sign(key, treeHeadTbs);
  const store = createMemoryNodeStore();
  const operator = await createOperator(configuration, { suite, signer, vrfKey, store });
  for (let entry = 0; entry < 4; entry++) {
    const values = entry === 0 ? [{ label: text('carol'), values: [text(value)] }] : [];
    await operator.insert(values, { nowMs: 1_000_000 + 1000 * entry });
  }
  return operator;
}
const [forAlice, forBob] = [await operate('the keys of Carol'), await operate('the keys of Mallory')];
const nowMs = 1_003_000;
const walkOf = async (operator: typeof forAlice) => {
  const { request } = createClient(configuration, { suite }).distinguishedHeads();
  return { request, response: await operator.distinguished(request) };
};
const bobs = await walkOf(forBob);
const client = createClient(configuration, { suite });
const ask = forAlice.distinguished;
const report = (evidence: Uint8Array): void => console.log('reported', evidence.length > 0);
// ---
import { MisbehaviorError } from 'contact-key-verification/errors.js';
import {
  compareSignedHeads,
  encodeSignedHeads,
  openSignedHeads,
  verifyEvidence,
  verifySignedHeads,
} from 'contact-key-verification/evidence.js';

// Alice walks the log's distinguished heads, as ever, and keeps what the log has signed of them.
const { request, verify } = client.distinguishedHeads();
const response = await ask(request);
verify(response, { nowMs });
const own = openSignedHeads(configuration, { request, response }, { suite });

// Bob did the same, and sent her his: some hundred bytes a head.
const message = encodeSignedHeads(openSignedHeads(configuration, bobs, { suite }));
const peer = verifySignedHeads(configuration, message, { suite });
try {
  const { outcome } = compareSignedHeads(own, peer);
  console.log(outcome); // 'same', or 'apart': they have no size in common yet
} catch (error) {
  if (!(error instanceof MisbehaviorError)) throw error;
  // Stop using the log, keep the bytes, and show them to whom the user wants to. They need no word of hers:
  const { kind, accused } = verifyEvidence(error.evidence, { configuration });
  console.log(kind, 'by', accused.join(' or '));
  report(error.evidence);
}
