/**
 * The heads of a log at its distinguished entries, signed again: what a head log (`witnesses.js`) is made of.
 *
 * Once distinguished, an entry stays so, and entries become so from left to right: the times of an entry's ancestors to
 * the left never change, those to the right only grow, and where an entry further right is distinguished, the nearest
 * ancestor to the right of this one stands already. So who has taken the heads up to an entry has missed none.
 */

import { assertInteger } from '../../bytes/arguments.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import { StateError, VerificationError } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import { assembleConsistency, assembleInclusion, assembleRoot } from '../../log/assemble.js';
import { verifyConsistency } from '../../log/consistency.js';
import type { TreeHead } from '../../log/head.js';
import { verifyInclusion } from '../../log/inclusion.js';
import { keytransLog } from '../../log/keytrans.js';
import { planConsistency, planInclusion, planRoot } from '../../log/plan.js';
import { type DistinguishedEntry, walkDistinguishedHeads } from '../walks/distinguished-heads.js';
import type { Configuration } from '../wire/configuration.js';
import { encodeLogEntry } from '../wire/proofs.js';
import { encodeTreeHeadTbs } from '../wire/tree-head.js';
import type { LogArchive } from './log-archive.js';
import type { PublishedHead, TreeHeadSigner } from './publication.js';

/** Heads of one call: each costs a signature. */
export const ISSUED_MAX = 256;

/** A log as it was when a distinguished entry was its newest, and its signature of that. Frozen, its bytes fresh. */
export interface IssuedHead extends DistinguishedEntry {
  /** Of the log tree with `position + 1` entries, 32 bytes. */
  readonly root: Uint8Array;
  /** Of the TreeHeadTBS of that tree. */
  readonly signature: Uint8Array;
}

/** What issuing needs. */
export interface IssuingParts {
  readonly configuration: Configuration;
  readonly suite: CipherSuite;
  readonly signer: TreeHeadSigner;
  readonly archive: LogArchive;
  readonly hasher: TreeHasher;
}

/**
 * The heads at distinguished entries to the right of a position, from left to right, at most {@link ISSUED_MAX}.
 * @throws StateError `ERR_STORED_STATE` what is stored is not what was signed; what store and signer throw
 * @throws VerificationError `ERR_SIGNATURE` the signer has another key
 */
export async function issueHeads(
  parts: IssuingParts,
  newest: PublishedHead,
  after: number | undefined,
): Promise<readonly IssuedHead[]> {
  const entries = await distinguishedAfter(parts, newest.treeSize, after);
  const heads: IssuedHead[] = [];
  for (const entry of entries.slice(0, ISSUED_MAX)) heads.push(await issueHead(parts, newest, entry));
  return Object.freeze(heads);
}

/** From left to right. */
async function distinguishedAfter(
  { archive, configuration }: IssuingParts,
  treeSize: number,
  after: number | undefined,
): Promise<readonly DistinguishedEntry[]> {
  if (after !== undefined) assertInteger(after, 'after', 0, treeSize - 1);
  const { reasonableMonitoringWindowMs: windowMs } = configuration;
  const walk = walkDistinguishedHeads(treeSize, windowMs, after, () => true);
  // This walk asks for timestamps and for nothing else.
  let step = walk.next();
  while (step.done !== true) step = walk.next((await archive.entry(step.value.position)).timestampMs);
  return [...step.value].reverse();
}

/**
 * One head. Everything that is signed here was signed before, as the newest head of its time: so what is read from the
 * store is first held against the newest head, whose signature is checked.
 */
async function issueHead(
  { archive, configuration, hasher, signer, suite }: IssuingParts,
  newest: TreeHead,
  { position, timestampMs }: DistinguishedEntry,
): Promise<IssuedHead> {
  const treeSize = position + 1;
  const options = { scheme: keytransLog, hasher };
  const rootPlan = planRoot(treeSize);
  const root = assembleRoot(rootPlan, await archive.nodes(rootPlan.nodes), options);
  const head: TreeHead = { treeSize, root };

  const growth = planConsistency({ olderSize: treeSize, newerSize: newest.treeSize });
  const growthProof = assembleConsistency(growth, await archive.nodes(growth.nodes), options);
  const place = planInclusion({ treeSize, index: position });
  const proof = assembleInclusion(place, await archive.nodes(place.nodes), options);
  const { prefixTree } = await archive.entry(position);
  const leafHash = suite.hash(encodeLogEntry({ timestampMs, prefixTree: prefixTree.root }));
  try {
    verifyConsistency(head, newest, growthProof, options);
    verifyInclusion(head, { index: position, leafHash, proof }, options);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    throw new StateError('ERR_STORED_STATE', 'the store has another log than was signed');
  }

  const tbs = encodeTreeHeadTbs({ config: configuration, treeSize, root });
  const signature = await signer(tbs);
  suite.signatures.verify(suite.signatures.parsePublicKey(configuration.signaturePublicKey), tbs, signature);
  return Object.freeze({ position, timestampMs, root, signature: Uint8Array.from(signature) });
}
