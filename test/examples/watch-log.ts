import { createOperator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { encodeConfiguration } from 'contact-key-verification/transparency.js';

const secret = suite.signatures.scheme.generatePrivateKey();
const key = new SecretBytes(secret);
const vrfKey = suite.vrf.generatePrivateKey();
const configuration = encodeConfiguration({
  ciphersuite: suite.id,
  mode: 'contactMonitoring',
  signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
  vrfPublicKey: vrfKey.publicKey.encoded,
  maxAheadMs: 300_000,
  maxBehindMs: 3_600_000,
  reasonableMonitoringWindowMs: 86_400_000,
  maximumLifetimeMs: undefined,
});
const operator = await createOperator(configuration, {
  suite,
  vrfKey,
  signer: (treeHeadTbs) => suite.signatures.sign(key, treeHeadTbs),
});
await operator.insert([], { nowMs: Date.now() });
const ask = (_: string, request: Uint8Array): Promise<Uint8Array> => operator.distinguished(request);
/** Where a watcher keeps its state. */
class Disk {
  #state: Uint8Array | undefined;
  async read() {
    return this.#state;
  }
  async write(state: Uint8Array) {
    this.#state = state;
  }
}
const [here, there] = [new Disk(), new Disk()];
// ---
import { comparePeerHeads, encodeSeenHeads } from 'contact-key-verification/directory.js';
import { createClient, type DistinguishedHeads } from 'contact-key-verification/transparency.js';

/** From somewhere else, every few minutes. What it throws is an alarm. */
async function look(disk: Disk, nowMs: number): Promise<DistinguishedHeads> {
  const client = createClient(configuration, { suite, state: await disk.read() });
  const { request, verify } = client.distinguishedHeads();
  const seen = verify(await ask('/distinguished', request), { nowMs });
  await disk.write(seen.after);
  return seen;
}

// Two watchers, of two networks, with a state each, tell each other what they see.
const fromThere = encodeSeenHeads(await look(there, Date.now()));
const { kind } = comparePeerHeads(await look(here, Date.now()), fromThere);
console.log(kind === 'fork' ? 'two logs under one key: keep the evidence' : 'one log');
