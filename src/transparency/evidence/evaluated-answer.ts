/**
 * From a log's answer to what it proves to everyone: the log tree as the answer shows it, cut wherever one of its balanced
 * pieces ends, under the head that is signed. See `pieces.ts` for what these are; those that the user had kept take part.
 */

import { MisbehaviorError, VerificationError } from '../../errors.js';
import { piecesOf } from '../../log/pieces.js';
import { evaluateProof, type EvaluatedProof, type KnownVersion } from '../verifier/received-proof.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import type { Answer, KnownHead } from '../verifier/verified-proof.js';
import type { Walk } from '../walks/walk.js';
import type { SignedTreeHead } from '../wire/tree-head.js';
import { type CutTree, inclusionIn } from './cut-tree.js';
import { encodeEvidence, type PlacedEntry } from './evidence.js';
import { verifyReversedTime } from './reversed-time.js';

/** What an answer is read with. */
export interface AnswerReading<Result> {
  readonly log: TrustedLog;
  /** The head that the request advertised. */
  readonly known: KnownHead | undefined;
  /** All versions that the walk may look up. */
  readonly versions: ReadonlyMap<number, KnownVersion>;
  /** The operation's algorithms, over a tree of that size. */
  readonly walk: (treeSize: number) => Walk<Result>;
}

/** What an answer shows to everyone. */
export interface EvaluatedAnswer<Result> {
  readonly treeHead: SignedTreeHead;
  /** Cut at every piece. Its root is what `treeHead` must be a signature over. */
  readonly tree: CutTree;
  readonly evaluated: EvaluatedProof<Result>;
}

/**
 * Reads an answer. What comes out are **candidates**: whoever uses the tree has to check the signature over its root. No
 * clock takes part, and no auditor's head: neither does in evidence.
 * @throws MisbehaviorError `ERR_TIME_REVERSED` the log has signed timestamps that decrease
 * @throws VerificationError `ERR_HEAD_SAME`; what `evaluateProof` and the walk throw
 */
export function evaluateAnswer<Result>(
  answer: Answer,
  reading: AnswerReading<Result>,
): EvaluatedAnswer<Result> {
  try {
    return evaluate(answer, reading, false);
  } catch (error) {
    if (!(error instanceof VerificationError) || error.code !== 'ERR_TIMESTAMP_ORDER') throw error;
    throw reversedTimeIn(reading.log, evaluate(answer, reading, true)) ?? error;
  }
}

function evaluate<Result>(
  { fullTreeHead, proof }: Answer,
  { log, known, versions, walk }: AnswerReading<Result>,
  takesAnyTime: boolean,
): EvaluatedAnswer<Result> {
  const treeHead = fullTreeHead.headType === 'updated' ? fullTreeHead.treeHead : known?.treeHead;
  if (treeHead === undefined) throw new VerificationError('ERR_HEAD_SAME', 'no head was advertised');
  const auditorSize =
    fullTreeHead.headType === 'updated' ? fullTreeHead.auditorTreeHead?.treeSize : undefined;
  const { treeSize } = treeHead;
  const view = known?.view;
  const options = { hasher: log.hasher, takesAnyTime };
  const received = { treeSize, view, auditorSize, versions, proof };
  const evaluated = evaluateProof(received, walk(treeSize), options);
  const { leaves } = evaluated;
  const pieces = piecesOf({
    treeSize,
    leaves: leaves.map(({ index }) => index),
    retainedSize: view?.treeSize ?? 0,
    auditorSize: auditorSize ?? 0,
  });
  const sources = {
    leaf: leaves.map(({ leafHash }) => leafHash),
    kept: view?.fullSubtrees ?? [],
    proof: proof.inclusion.elements,
  };
  const cuts = pieces.map(({ end }) => end);
  const nodes = pieces.map(({ from, at }) => sources[from][at] as Uint8Array);
  return { treeHead, tree: { cuts, nodes }, evaluated };
}

/**
 * Evidence of two neighbours among the given log entries whose times decrease; `undefined` where it is between one of
 * these and one that the user had kept.
 * @throws VerificationError `ERR_SIGNATURE` nobody has signed that
 */
function reversedTimeIn(
  log: TrustedLog,
  { treeHead, tree, evaluated: { leaves } }: EvaluatedAnswer<unknown>,
): MisbehaviorError | undefined {
  const placed = leaves.map(({ index, entry }): PlacedEntry => ({ position: index, entry }));
  const at = placed.findIndex(({ entry }, i) => entry.timestampMs < (placed[i - 1]?.entry.timestampMs ?? 0));
  if (at === -1) return undefined;
  const [first, second] = placed.slice(at - 1, at + 1) as [PlacedEntry, PlacedEntry];
  const inclusion = inclusionIn(tree, [first.position, second.position], log.hasher);
  const accusation = { treeHead, first, second, inclusion };
  verifyReversedTime(log, accusation);
  return new MisbehaviorError(
    'ERR_TIME_REVERSED',
    'a log entry is older than one to its left',
    encodeEvidence({
      configuration: log.configuration,
      accusation: { kind: 'reversedTime', ...accusation },
    }),
  );
}
