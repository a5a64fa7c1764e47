/**
 * What an operator tells the log's auditor (draft, "Auditing"): the changes of each log entry, proven in the prefix tree
 * of the entry before.
 */

import { PolicyError, StateError, UnsupportedError, VerificationError } from '../../errors.js';
import { encodeAuditorUpdate } from '../wire/auditor-update.js';
import type { AnswerParts } from './log-snapshot.js';
import { changesRecord, openRecord } from './operator-records.js';
import { changesKey } from './operator-store.js';
import { encodeCombinedTreeProof } from '../wire/proofs.js';
import type { PublishedHead } from './publication.js';
import { recordProof } from './recorded-proof.js';
import { walkUpdateView } from '../walks/update-view.js';

/**
 * The AuditorUpdate of a log entry.
 * @throws UnsupportedError `ERR_DEPLOYMENT_MODE`; StateError `ERR_NOT_READY`, `ERR_STORED_STATE`
 * @throws VerificationError `ERR_INDEX_RANGE`; PolicyError `ERR_ENTRY_EXPIRED`
 */
export async function answerAuditorUpdate(
  parts: AnswerParts,
  head: PublishedHead | undefined,
  position: number,
): Promise<Uint8Array> {
  const { archive, prefixTree, store } = parts;
  const { treeSize } = auditedOf(parts, head);
  if (position >= treeSize) throw new VerificationError('ERR_INDEX_RANGE', 'the log has no such entry');
  const { timestampMs } = await archive.entry(position);
  const before = position === 0 ? undefined : (await archive.entry(position - 1)).prefixTree;
  if (before !== undefined && before.position < parts.readableFrom()) {
    throw new PolicyError('ERR_ENTRY_EXPIRED', 'the prefix tree of the entry before is pruned');
  }
  const [record] = await store.getMany([changesKey(position)]);
  const added = openRecord(changesRecord, record, 'list of changes');
  const { proof } = await prefixTree.prove(
    before,
    added.map(({ vrfOutput }) => vrfOutput),
  );
  return encodeAuditorUpdate({ timestampMs, added, removed: [], proof });
}

/**
 * What an auditor who begins in the middle has to know: the view of a user who sees the tree of that size for the first
 * time.
 * @throws UnsupportedError `ERR_DEPLOYMENT_MODE`; StateError `ERR_NOT_READY` the log is not that large yet
 */
export async function answerAuditorStart(
  parts: AnswerParts,
  head: PublishedHead | undefined,
): Promise<Uint8Array> {
  const { treeSize: size, auditorStartPos: treeSize } = auditedOf(parts, head);
  if (treeSize === 0 || treeSize > size) {
    throw new StateError(
      'ERR_NOT_READY',
      'the entries before the auditor’s start are none, or not all there yet',
    );
  }
  // An update of a view to its own size asks for nothing: what is left is the view itself.
  const walk = walkUpdateView(treeSize, treeSize);
  const { proof } = await recordProof(
    { treeSize },
    { ...parts.archive, prefixTree: parts.prefixTree },
    NO_LABEL,
    walk,
  );
  return encodeCombinedTreeProof(proof);
}

/** Of a walk that looks into no prefix tree. */
const NO_LABEL: Parameters<typeof recordProof>[2] = {
  holds: () => false,
  vrfOutput: () => new Uint8Array(),
};

/** How large the log is, and where its auditor starts. */
function auditedOf(
  { configuration }: AnswerParts,
  head: PublishedHead | undefined,
): { readonly treeSize: number; readonly auditorStartPos: number } {
  if (configuration.mode !== 'thirdPartyAuditing') {
    throw new UnsupportedError('ERR_DEPLOYMENT_MODE', 'this log has no auditor');
  }
  if (head === undefined) throw new StateError('ERR_NOT_READY', 'the log has no entry yet');
  return { treeSize: head.treeSize, auditorStartPos: configuration.auditorStartPos };
}
