import { ed25519, generatePrivateKey } from 'contact-key-verification';
import {
  appendSignatures,
  cosignCheckpoint,
  createTileSink,
  createTreeBuilder,
  deriveVerifierKey,
  encodeTilePath,
  hashLeaf as leafOf,
  type LocalNoteSigner,
  type NoteAlgorithmName,
  openCheckpoint as open,
  signCheckpoint,
} from 'contact-key-verification/log.js';

const signerOf = (name: string, algorithm: NoteAlgorithmName): LocalNoteSigner => {
  const privateKey = generatePrivateKey(ed25519);
  const key = deriveVerifierKey({ name, algorithm, publicKey: privateKey.publicKey });
  return { key, sign: (message) => privateKey.sign(message) };
};
const origin = 'example.com/log';
const log = signerOf(origin, 'ed25519');
const witnesses = [1, 2, 3].map((i) => signerOf(`witness.example/${i}`, 'cosignature'));
const [logKey, witnessKeys] = [log.key, witnesses.map(({ key }) => key)];

const files = new Map<string, Uint8Array>();
const sink = createTileSink();
const builder = createTreeBuilder({ onNodes: sink.onNodes });
const [index, entry] = [2, Uint8Array.of(2)];
for (let i = 0; i < 300; i++) builder.append(leafOf(Uint8Array.of(i % 256)));
const stored = { treeSize: builder.treeSize, root: builder.root() };
for (let i = 0; i < 400; i++) builder.append(leafOf(Uint8Array.of(i % 256)));
for (const tile of sink.takeTiles(builder.treeSize)) files.set(encodeTilePath(tile), tile.hashes);
const get = async (url: string): Promise<Uint8Array> =>
  files.get(url.replace('https://example.com/log/', '')) as Uint8Array;

const signed = signCheckpoint({ origin, treeSize: builder.treeSize, root: builder.root() }, [log]);
const checkpoint = witnesses.reduce(
  (note, witness) =>
    appendSignatures(
      note,
      cosignCheckpoint(open(note, { origin, keys: [logKey] }), witness, { nowMs: 1_700_000_000_000 }),
    ),
  signed,
);
// ---
import { hashLeaf, openCheckpoint, verifyConsistency, verifyInclusion } from 'contact-key-verification';
import { fetchConsistency, fetchInclusion } from 'contact-key-verification/log.js';

// What the log serves as its checkpoint counts once the log's key signed it, and two of three witnesses.
const head = openCheckpoint(checkpoint, {
  origin,
  keys: [logKey],
  witnesses: { threshold: 2, keys: witnessKeys },
});

// Proofs come from the log's tiles, which are checked against the head.
const reading = { fetchTile: (path: string) => get(`https://example.com/log/${path}`) };
verifyConsistency(stored, head, await fetchConsistency(stored.treeSize, head, reading)); // nothing was taken out
const proof = await fetchInclusion(head, index, reading);
verifyInclusion(head, { index, leafHash: hashLeaf(entry), proof }); // this entry is in the log
