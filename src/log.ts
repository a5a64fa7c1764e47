/**
 * Transparency logs: left-balanced trees with injected hashing (RFC 6962 section 2.1, RFC 9162 section 2.1), and
 * how logs publish them: signed notes, checkpoints, cosignatures and tiles (C2SP signed-note, tlog-checkpoint,
 * tlog-cosignature, tlog-policy, tlog-tiles). For those who check such a log, and those who keep one.
 *
 * - Heads: `openCheckpoint` yields one that the log signed, and as many witnesses as a policy asks for.
 * - Checking: `hashLeaf`, `verifyInclusion` (`verifyInclusions` for many at once), `verifyConsistency`, each against a
 *   head that is verified already.
 * - Batches: `planBatchProof` and `evaluateBatchProof` for the log trees of IETF Key Transparency (`keytransLog`).
 * - Tiles: `planTiles` names them, `verifyTiles` checks them against a head and yields the nodes of a plan;
 *   `fetchInclusion` and `fetchConsistency` do all of it over a function that fetches.
 * - Serving: `planRoot`, `planInclusion`, `planConsistency` name stored nodes, `assemble…` folds them.
 * - Building: `treeRoot` for leaves in memory, `createTreeBuilder` for a stream, `createTileSink` for its tiles;
 *   `createRangeBuilder` and `joinRanges` for parts that are hashed apart.
 * - Signing: `signCheckpoint` for a log, `cosignCheckpoint` for a witness, `signNote` for any text.
 *
 * Shape and hashing are apart: a `TreeScheme` says what is hashed (`rfc6962`, `keytransLog`), a `TreeHasher` how fast.
 * The TypeScript engine is the default; `wasm.js` has the fast one.
 *
 * | bound | value |
 * | --- | --- |
 * | leaves | 2^53 - 1 |
 * | hash | SHA-256, 32 bytes |
 * | inclusion proof | 53 hashes |
 * | consistency proof | 54 hashes |
 * | batch proof | 53 hashes for each leaf, and 160 more |
 * | nodes kept by a builder | 53; by that of a range 104 |
 * | signed note | 2^20 bytes, 100 signatures |
 * | witnesses of a policy | 100, in groups 32 deep |
 * | tile height | 1 to 30 |
 *
 * Left out: ML-DSA-44 cosignatures (type 0x06), ECDSA on other curves, RSA; the mirror protocol;
 * what the entries of a log say. A witness and its protocol are in `witnesses.js`. Where this is stricter than a specification, the file says so.
 */

export { createTypeScriptHasher } from './hashing/typescript-hasher.js';
export type { PairTags, ProofBatch, TreeHasher } from './hashing/tree-hasher.js';
export { assembleConsistency, assembleInclusion, assembleRoot } from './log/assemble.js';
export { type BatchProofPlan, type BatchProofRequest, planBatchProof } from './log/batch-plan.js';
export {
  type BatchProofClaim,
  type EvaluatedBatchProof,
  evaluateBatchProof,
  type RetainedTree,
} from './log/batch-proof.js';
export type { InclusionClaim } from './log/claim.js';
export {
  createTreeBuilder,
  type TreeBuilder,
  type TreeBuilderOptions,
  type TreeBuilderState,
} from './log/builder.js';
export { type CheckpointText, encodeCheckpointText, parseCheckpointText } from './log/checkpoint-text.js';
export type { NodeRun } from './log/compact-range.js';
export { type VerifiedExtension, verifyConsistency } from './log/consistency.js';
export { encodeEntryBundle, openEntryBundle, parseEntryBundle } from './log/entry-bundle.js';
export {
  type FetchTile,
  fetchConsistency,
  fetchInclusion,
  fetchNodes,
  type TileReading,
} from './log/fetch-tiles.js';
export type { TreeHead } from './log/head.js';
export {
  type FailedInclusion,
  type InclusionResults,
  type VerifiedInclusion,
  verifyInclusion,
  verifyInclusions,
} from './log/inclusion.js';
export { keytransLog } from './log/keytrans.js';
export { hashLeaf, hashLeaves } from './log/leaf.js';
export type { NoteAlgorithmName } from './log/note-algorithm.js';
export {
  type Checkpoint,
  type CheckpointPolicy,
  type Freshness,
  openCheckpoint,
} from './log/open-checkpoint.js';
export { openNote, type VerifiedNote, type VerifiedSignature } from './log/open-note.js';
export {
  type ConsistencyPlan,
  type InclusionPlan,
  type ProofPlan,
  planConsistency,
  planInclusion,
  planRoot,
  type RootPlan,
} from './log/plan.js';
export {
  createRangeBuilder,
  joinRanges,
  type RangeBuilder,
  type RangeOptions,
  type TreeRange,
} from './log/range.js';
export { rfc6962 } from './log/rfc6962.js';
export { treeRoot } from './log/root.js';
export type { TreeScheme } from './log/scheme.js';
export type { NodeId } from './log/shape.js';
export {
  appendSignatures,
  type CheckpointDraft,
  cosignCheckpoint,
  cosignCheckpointAsync,
  type LocalNoteSigner,
  type NoteSigner,
  type SigningTime,
  signCheckpoint,
  signCheckpointAsync,
  signNote,
  signNoteAsync,
} from './log/sign-note.js';
export { encodeNote, type NoteSignature, parseNote, type SignedNote } from './log/signed-note.js';
export type { TreeOptions } from './log/subtree.js';
export type { EntryBundleId, TileId } from './log/tile.js';
export {
  encodeEntryBundlePath,
  encodeTilePath,
  parseEntryBundlePath,
  parseTilePath,
  type TilePathForm,
} from './log/tile-path.js';
export { planTiles, type TilePlan } from './log/tile-plan.js';
export { createTileSink, type Tile, type TileSink, type TileSinkOptions } from './log/tile-sink.js';
export {
  deriveVerifierKey,
  encodeVerifierKey,
  parseVerifierKey,
  type VerifierKey,
} from './log/verifier-key.js';
export { type VerifiedTiles, verifyTiles } from './log/verify-tiles.js';
export type { WitnessPolicy } from './log/witness-policy.js';
