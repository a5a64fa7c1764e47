/** A head log, two witnesses and a user; then a second head log under the same name, which no witness cosigns. */

import { parsePrivateKeyRaw } from 'contact-key-verification/keys.js';
import { deriveVerifierKey, type LocalNoteSigner } from 'contact-key-verification/log.js';
import { createOperator } from 'contact-key-verification/operator.js';
import { createMemoryNodeStore } from 'contact-key-verification/prefix.js';
import { ed25519, KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { createClient, encodeConfiguration } from 'contact-key-verification/transparency.js';
import { createHeadTracker, createWitness, openHeadLog } from 'contact-key-verification/witnesses.js';

const ORIGIN = 'example.com/heads';
const NOW_MS = 1_700_000_000_000;

function signerOf(name: string, seed: number, algorithm: 'ed25519' | 'cosignature'): LocalNoteSigner {
  const privateKey = parsePrivateKeyRaw(ed25519, new Uint8Array(32).fill(seed));
  const key = deriveVerifierKey({ name, algorithm, publicKey: privateKey.publicKey });
  return { key, sign: (message) => privateKey.sign(message) };
}

async function openLog() {
  const secret = suite.signatures.scheme.generatePrivateKey();
  const key = new SecretBytes(secret);
  const vrfKey = suite.vrf.generatePrivateKey();
  const configuration = encodeConfiguration({
    ciphersuite: suite.id,
    mode: 'contactMonitoring',
    signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAheadMs: 60_000,
    maxBehindMs: 60_000,
    reasonableMonitoringWindowMs: 1000,
    maximumLifetimeMs: undefined,
  });
  const operator = await createOperator(configuration, {
    suite,
    vrfKey,
    signer: (treeHeadTbs) => suite.signatures.sign(key, treeHeadTbs),
  });
  for (let i = 7; i >= 0; i--) await operator.insert([], { nowMs: NOW_MS - 500 * i });
  return { configuration, operator };
}

export async function work(): Promise<string> {
  const logSigner = signerOf(ORIGIN, 1, 'ed25519');
  const notes = new Map<string, Uint8Array>();
  const signers = [2, 3].map((seed) => signerOf(`witness.example/${seed}`, seed, 'cosignature'));
  const witnesses = signers.map((signer) =>
    createWitness({
      logs: [{ origin: ORIGIN, keys: [logSigner.key] }],
      signer,
      store: {
        get: async (origin) => notes.get(signer.key.name + origin),
        replace: async (origin, before, after) => {
          const isSame = notes.get(signer.key.name + origin) === before;
          if (isSame) notes.set(signer.key.name + origin, after);
          return isSame;
        },
      },
    }),
  );
  const policy = { threshold: 2, keys: signers.map(({ key }) => key) };
  const outcomes: string[] = [];

  async function cosign(
    configuration: Uint8Array,
    operator: Awaited<ReturnType<typeof openLog>>['operator'],
  ) {
    const heads = await openHeadLog(configuration, {
      suite,
      origin: ORIGIN,
      signers: [logSigner],
      witnesses: policy,
      store: createMemoryNodeStore(),
    });
    await heads.append(await operator.distinguishedHeads());
    await heads.signCheckpoint();
    for (const [i, witness] of witnesses.entries()) {
      const { body, take } = await heads.submit(policy.keys[i] ?? '');
      outcomes.push((await take(await witness.addCheckpoint(body, { nowMs: NOW_MS }))).outcome);
    }
    return heads;
  }

  const { configuration, operator } = await openLog();
  const heads = await cosign(configuration, operator);
  const tracker = createHeadTracker(configuration, {
    suite,
    origin: ORIGIN,
    keys: [logSigner.key],
    witnesses: policy,
    maxAgeMs: 60_000,
    maxLagMs: 60_000,
  });
  const note = await heads.read('checkpoint');
  const { paths, verify } = tracker.open(note ?? new Uint8Array(0), { nowMs: NOW_MS });
  const files = await Promise.all(paths.map(async (path) => (await heads.read(path)) ?? new Uint8Array(0)));
  const read = verify(files);
  const walk = createClient(configuration, { suite }).distinguishedHeads();
  const proven = walk.verify(await operator.distinguished(walk.request), { nowMs: NOW_MS });
  const { outcome } = tracker.at(read.after).compare(proven, { nowMs: NOW_MS });

  const other = await openLog();
  const shown = await (await cosign(other.configuration, other.operator)).read('checkpoint');
  return `${read.treeSize} heads, ${outcomes.join(' ')}, ${outcome}, ${shown === undefined ? 'not shown' : 'shown'}`;
}
