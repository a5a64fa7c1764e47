/** A small log: a signed checkpoint, its tiles, proofs from them, and a proof that is refused. */

import {
  createTileSink,
  createTreeBuilder,
  deriveVerifierKey,
  encodeTilePath,
  fetchConsistency,
  fetchInclusion,
  hashLeaf,
  openCheckpoint,
  signCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from 'contact-key-verification/log.js';
import { encodeHex } from 'contact-key-verification/bytes.js';
import { VerificationError } from 'contact-key-verification/errors.js';
import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { ed25519 } from 'contact-key-verification/suites.js';

const entry = (index: number): Uint8Array => Uint8Array.of(index % 256, Math.floor(index / 256));

export async function work(): Promise<string> {
  const origin = 'example.com/log';
  const privateKey = generatePrivateKey(ed25519);
  const key = deriveVerifierKey({ name: origin, algorithm: 'ed25519', publicKey: privateKey.publicKey });
  const sink = createTileSink();
  const builder = createTreeBuilder({ onNodes: sink.onNodes });
  for (let index = 0; index < 300; index++) builder.append(hashLeaf(entry(index)));
  const older = { treeSize: builder.treeSize, root: builder.root() };
  for (let index = 300; index < 600; index++) builder.append(hashLeaf(entry(index)));
  const tiles = new Map(sink.takeTiles(builder.treeSize).map((tile) => [encodeTilePath(tile), tile.hashes]));
  const draft = { origin, treeSize: builder.treeSize, root: builder.root() };
  const checkpoint = signCheckpoint(draft, [{ key, sign: (message) => privateKey.sign(message) }]);

  const head = openCheckpoint(checkpoint, { origin, keys: [key] });
  const fetchTile = async (path: string): Promise<Uint8Array> => tiles.get(path) ?? new Uint8Array();
  verifyConsistency(older, head, await fetchConsistency(older.treeSize, head, { fetchTile }));
  const proof = await fetchInclusion(head, 299, { fetchTile });
  verifyInclusion(head, { index: 299, leafHash: hashLeaf(entry(299)), proof });
  let refusal = 'nothing refused';
  try {
    verifyInclusion(head, { index: 299, leafHash: hashLeaf(entry(298)), proof });
  } catch (error) {
    if (error instanceof VerificationError) refusal = error.code;
  }
  return `${tiles.size} tiles, root ${encodeHex(head.root)}, ${proof.length} hashes, ${refusal}`;
}
