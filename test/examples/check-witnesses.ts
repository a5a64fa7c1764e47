import { parsePrivateKeyRaw } from 'contact-key-verification/keys.js';
import { deriveVerifierKey, encodeVerifierKey, type NoteSigner } from 'contact-key-verification/log.js';
import { createOperator } from 'contact-key-verification/operator.js';
import { createMemoryNodeStore } from 'contact-key-verification/prefix.js';
import { ed25519, KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { encodeConfiguration } from 'contact-key-verification/transparency.js';
import { createWitness, openHeadLog } from 'contact-key-verification/witnesses.js';

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
  reasonableMonitoringWindowMs: 60_000,
  maximumLifetimeMs: undefined,
});
const operator = await createOperator(configuration, {
  suite,
  vrfKey,
  signer: (treeHeadTbs) => suite.signatures.sign(key, treeHeadTbs),
});
const startMs = Date.now() - 600_000;
for (let i = 0; i < 10; i++) await operator.insert([], { nowMs: startMs + 60_000 * i });

const signerOf = (name: string, seed: number, algorithm: 'ed25519' | 'cosignature'): NoteSigner => {
  const privateKey = parsePrivateKeyRaw(ed25519, new Uint8Array(32).fill(seed));
  const verifierKey = deriveVerifierKey({ name, algorithm, publicKey: privateKey.publicKey });
  return { key: verifierKey, sign: (message) => privateKey.sign(message) };
};
const origin = 'example.com/heads';
const headSigner = signerOf(origin, 1, 'ed25519');
/** Three witnesses, and what they remember. */
const running = [2, 3, 4].map((seed) => {
  let newest: Uint8Array | undefined;
  return createWitness({
    logs: [{ origin, keys: [headSigner.key] }],
    signer: signerOf(`witness.example/${seed}`, seed, 'cosignature'),
    store: {
      get: async () => newest,
      replace: async (_origin, _before, after) => {
        newest = after;
        return true;
      },
    },
  });
});
const witnesses = [2, 3, 4].map((seed, i) => ({
  key: encodeVerifierKey(signerOf(`witness.example/${seed}`, seed, 'cosignature').key),
  url: `${i}`,
}));
const store = createMemoryNodeStore();
const policy = { threshold: 2, keys: witnesses.map((witness) => witness.key) };
const heads = await openHeadLog(configuration, {
  suite,
  origin,
  signers: [headSigner],
  witnesses: policy,
  store,
});
await heads.append(await operator.distinguishedHeads());
await heads.signCheckpoint();
for (const [i, witness] of running.entries()) {
  const { body, take } = await heads.submit(policy.keys[i] ?? '');
  await take(await witness.addCheckpoint(body, { nowMs: Date.now() }));
}
const get = async (path: string) => (await heads.read(path)) ?? new Uint8Array(0);
const ask = (request: Uint8Array): Promise<Uint8Array> => operator.distinguished(request);
const disk = { client: undefined as Uint8Array | undefined, heads: undefined as Uint8Array | undefined };
const headKeys = [headSigner.key];
// ---
import { createClient } from 'contact-key-verification/transparency.js';
import { createHeadTracker } from 'contact-key-verification/witnesses.js';

const tracker = createHeadTracker(configuration, {
  suite,
  origin: 'example.com/heads',
  keys: headKeys,
  witnesses: { threshold: 2, keys: witnesses.map((witness) => witness.key) }, // 2 of 3: none of them may collude
  maxAgeMs: 3_600_000,
  maxLagMs: 7_200_000,
  state: disk.heads,
});

// First the head log, then the log itself.
const nowMs = Date.now();
const { paths, verify } = tracker.open(await get('checkpoint'), { nowMs });
const read = verify(await Promise.all(paths.map(get)));
const walk = createClient(configuration, { suite, state: disk.client }).distinguishedHeads();
const proven = walk.verify(await ask(walk.request), { nowMs });
const compared = tracker.at(read.after).compare(proven, { nowMs });
disk.client = proven.after;
disk.heads = compared.after;
console.log(compared.outcome); // 'same'; anything else but 'gap' is to be looked into, and 'other-root' is an alarm
