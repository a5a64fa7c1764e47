import { parsePrivateKeyRaw } from 'contact-key-verification/keys.js';
import { deriveVerifierKey, encodeVerifierKey, type NoteSigner } from 'contact-key-verification/log.js';
import { createOperator } from 'contact-key-verification/operator.js';
import { createMemoryNodeStore } from 'contact-key-verification/prefix.js';
import { ed25519, KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { encodeConfiguration } from 'contact-key-verification/transparency.js';
import { createWitness } from 'contact-key-verification/witnesses.js';

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
const post = async (url: string, body: Uint8Array) => {
  const witness = running[Number(url.slice(0, 1))];
  if (witness === undefined) throw new Error('no such witness');
  return witness.addCheckpoint(body, { nowMs: Date.now() });
};
// ---
import { openHeadLog } from 'contact-key-verification/witnesses.js';

const heads = await openHeadLog(configuration, {
  suite,
  origin, // 'example.com/heads', the address that it is served under
  signers: [headSigner], // a key of its own, not the log's
  witnesses: { threshold: 2, keys: witnesses.map((witness) => witness.key) },
  store,
});

/** Every few minutes. */
async function round(): Promise<void> {
  await heads.append(await operator.distinguishedHeads(heads.newest?.position));
  await heads.signCheckpoint();
  for (const witness of witnesses) {
    const { body, take } = await heads.submit(witness.key);
    const { outcome } = await take(await post(`${witness.url}/add-checkpoint`, body));
    // `conflict`: it has another size than was thought; submit again. `ahead`: our store is an old copy. Stop, and look.
    console.log(witness.url, outcome);
  }
}

await round();
// Served as static files: checkpoint, tile/…, tile/entries/…; undefined is 404.
console.log((await heads.read('checkpoint'))?.length, 'bytes');
