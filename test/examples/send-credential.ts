import {
  deriveFirstPosition,
  draftFirstList,
  generatePrivateKey,
  signDeviceEntry,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import { createOperator } from 'contact-key-verification/operator.js';
import { ed25519, KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { createClient, encodeConfiguration } from 'contact-key-verification/transparency.js';

const HOUR = 3_600_000;
const secret = suite.signatures.scheme.generatePrivateKey();
const headKey = new SecretBytes(secret);
const vrfKey = suite.vrf.generatePrivateKey();
const configuration = encodeConfiguration({
  ciphersuite: suite.id,
  mode: 'contactMonitoring',
  signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
  vrfPublicKey: vrfKey.publicKey.encoded,
  maxAheadMs: 60_000,
  maxBehindMs: HOUR,
  reasonableMonitoringWindowMs: 4 * HOUR,
  maximumLifetimeMs: undefined,
});
const operator = await createOperator(configuration, {
  suite,
  vrfKey,
  signer: (tbs) => suite.signatures.sign(headKey, tbs),
});
let nowMs = Date.now() - 48 * HOUR;
/** The log grows by an entry an hour. */
const pass = async (hours: number): Promise<void> => {
  for (let i = 0; i < hours; i++) {
    nowMs += HOUR;
    await operator.insert([], { nowMs });
  }
};
await pass(13);
/** What Bob's app knows of the log. */
const stored: { log?: Uint8Array } = {};
const walk = createClient(configuration, { suite }).distinguishedHeads();
stored.log = walk.verify(await operator.distinguished(walk.request), { nowMs }).after;
// Alice's first list is an hour old: no distinguished entry that Bob knows has it.
const identifier = 'tel:+15551234567';
const label = new TextEncoder().encode(identifier);
const accountKey = generatePrivateKey(ed25519);
const first = deriveFirstPosition({ identifier, accountKey: accountKey.publicKey });
const phone = { id: 'phone', messagingKeys: Uint8Array.of(1, 2, 3) };
const entry = signDeviceEntry(first, phone, generatePrivateKey(ed25519));
const list = signDeviceList(draftFirstList(first, [entry]), [accountKey]);
nowMs += HOUR;
await operator.insert([{ label, values: [list.encoded] }], { nowMs });
const hoursLater = (): Promise<void> => pass(9);
// ---
import { createCredentialReader } from 'contact-key-verification/credentials.js';
import { verifyDeviceList } from 'contact-key-verification/keys.js';

// Alice's server issues a credential for her label, to her. It goes with her first message to Bob, encrypted like the rest.
const message = { text: 'Hello Bob', credential: await operator.credential(label) };

// Bob is offline. His app holds the credential against what it knows of the log: nobody learns who wrote to whom.
const reader = createCredentialReader(configuration, { suite, state: stored.log });
const found = reader.verify(message.credential, { label });
const { devices, sequence } = verifyDeviceList(found.value, { identifier });
if (sequence !== found.version) throw new Error('filed under another version: refuse it');
console.log(message.text, found.kind, devices.length); // Hello Bob provisional 1

// Provisional: good to use, and to be kept until the log is known to have stood by it.
let pending = found.kind === 'provisional' ? found.pending : undefined;

// Bob walks the log's heads about once in its monitoring window, whoever writes to him. After each walk:
await hoursLater();
const heads = createClient(configuration, { suite, state: stored.log }).distinguishedHeads();
stored.log = heads.verify(await operator.distinguished(heads.request), { nowMs }).after;
if (pending !== undefined) {
  const settled = reader.at(stored.log).settle(pending);
  pending = settled.outcome === 'verified' ? undefined : settled.pending;
  // 'waiting': the sender brings a CredentialUpdate in a later message. 'expired': ask the log, over an anonymous channel.
  console.log(settled.outcome);
}
