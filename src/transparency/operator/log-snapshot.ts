/**
 * A log as one request finds it: the tree of the newest published head. What is published while an answer is made is
 * for the next one.
 */

import { PolicyError, StateError, VerificationError } from '../../errors.js';
import type { PrefixTree } from '../../prefix/prefix-tree.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import type { AuditorDesk } from './auditor-desk.js';
import type { Configuration } from '../wire/configuration.js';
import { type LabelHistory, labelHistory } from './label-index.js';
import type { LogArchive } from './log-archive.js';
import { openRecord, type OpeningRecord, openingRecord } from './operator-records.js';
import { labelKey, labelName, openingKey, type OperatorStore } from './operator-store.js';
import type { CombinedTreeProof } from '../wire/proofs.js';
import type { PublishedHead } from './publication.js';
import { type ProofRequest, recordProof } from './recorded-proof.js';
import type { FullTreeHead } from '../wire/tree-head.js';
import { openInsertions } from './update-batch.js';
import type { VersionBook, VersionFacts } from './version-book.js';
import type { Walk } from '../walks/walk.js';

/** Counts of a CombinedTreeProof go up to this. */
const COUNT_MAX = 255;

/** What answers are made from. */
export interface AnswerParts {
  readonly configuration: Configuration;
  readonly suite: CipherSuite;
  readonly store: OperatorStore;
  readonly archive: LogArchive;
  readonly prefixTree: PrefixTree;
  readonly book: VersionBook;
  readonly auditor: AuditorDesk;
  /** Prefix trees that are stored under a lower position are pruned. */
  readableFrom(): number;
}

/** A label in a snapshot. */
export interface SnapshotLabel {
  readonly label: Uint8Array;
  readonly history: LabelHistory;
  /** What is known of versions. @throws StateError `ERR_STORED_STATE` */
  facts(versions: Iterable<number>): Promise<ReadonlyMap<number, VersionFacts>>;
  /**
   * What opens a version that exists.
   * @throws PolicyError `ERR_VERSION_SKIPPED` there never was anything to open; `ERR_OPENING_DELETED`
   */
  opening(version: number): Promise<OpeningRecord>;
  /** The same; `undefined` where it was deleted. */
  openingIfKept(version: number): Promise<OpeningRecord | undefined>;
}

/** A log as one request finds it. */
export interface LogSnapshot {
  readonly treeSize: number;
  /** `same` where the user has this tree already. */
  readonly fullTreeHead: FullTreeHead;
  label(label: Uint8Array): Promise<SnapshotLabel>;
  /**
   * The proof of an operation, for a user with the tree that the request names.
   * @param label that the walk is about; absent where it is about none
   * @throws PolicyError `ERR_ENTRY_EXPIRED`, `ERR_RESPONSE_SIZE`; what the walk throws
   */
  prove<Result>(
    walk: Walk<Result>,
    label?: SnapshotLabel,
    endsBefore?: ProofRequest['endsBefore'],
  ): Promise<{ readonly result: Result; readonly proof: CombinedTreeProof }>;
  /**
   * The same between two trees of this log, whichever the request names, and without an auditor's.
   * @throws PolicyError, and what the walk throws, as {@link prove}
   */
  proveBetween<Result>(
    sizes: Required<Pick<ProofRequest, 'treeSize' | 'advertisedSize'>>,
    walk: Walk<Result>,
    label: SnapshotLabel,
  ): Promise<{ readonly result: Result; readonly proof: CombinedTreeProof }>;
}

/**
 * Opens a snapshot for a request.
 * @param last the tree size that the user advertised
 * @throws StateError `ERR_NOT_READY` the log has no entry yet
 * @throws VerificationError `ERR_HEAD_EMPTY`, `ERR_HEAD_ORDER` no tree of this log that was published has that size
 * @throws PolicyError `ERR_AUDITOR_HEAD` there is no auditor's head to go with the tree head
 */
export function openSnapshot(
  parts: AnswerParts,
  newest: PublishedHead | undefined,
  last: number | undefined,
): LogSnapshot {
  const head = checkedHead(newest, last);
  const { treeSize, signature } = head;
  const { configuration, archive, store, book } = parts;
  const openings = openingRecord(configuration);
  const isSame = last === treeSize;
  const auditorTreeHead = isSame ? undefined : parts.auditor.headFor(head);
  const fullTreeHead: FullTreeHead = isSame
    ? { headType: 'same' }
    : { headType: 'updated', treeHead: { treeSize, signature }, auditorTreeHead };
  const prefixTree: Pick<PrefixTree, 'prove'> = {
    async prove(tree, vrfOutputs) {
      if (tree !== undefined && tree.position < parts.readableFrom()) {
        throw new PolicyError('ERR_ENTRY_EXPIRED', 'a prefix tree that the answer needs is pruned');
      }
      return parts.prefixTree.prove(tree, vrfOutputs);
    },
  };

  async function proven<Result>(
    request: ProofRequest,
    walk: Walk<Result>,
    label: SnapshotLabel | undefined,
  ): Promise<{ readonly result: Result; readonly proof: CombinedTreeProof }> {
    const made = await recordProof(request, { ...archive, prefixTree }, storedLabel(label), walk);
    const { timestampsMs, prefixProofs, prefixRoots } = made.proof;
    if (Math.max(timestampsMs.length, prefixProofs.length, prefixRoots.length) > COUNT_MAX) {
      throw new PolicyError('ERR_RESPONSE_SIZE', 'the proof would have more than 255 elements');
    }
    return made;
  }

  return {
    treeSize,
    fullTreeHead,
    async label(label) {
      const name = labelName(label);
      const [bytes] = await store.getMany([labelKey(name)]);
      const history = labelHistory(openInsertions(configuration, bytes), treeSize);
      const openingIfKept = async (version: number): Promise<OpeningRecord | undefined> => {
        const [record] = await store.getMany([openingKey(name, version)]);
        return record === undefined ? undefined : openRecord(openings, record, 'opening');
      };
      return {
        label,
        history,
        facts: async (versions) => book.facts(label, history.greatest, versions),
        openingIfKept,
        async opening(version) {
          if (history.isSkipped(version)) {
            throw new PolicyError('ERR_VERSION_SKIPPED', 'the version was skipped: it has no value');
          }
          const opening = await openingIfKept(version);
          if (opening === undefined) throw new PolicyError('ERR_OPENING_DELETED', 'the opening was deleted');
          return opening;
        },
      };
    },
    prove: (walk, label, endsBefore) =>
      proven(
        { treeSize, advertisedSize: last, auditorSize: auditorTreeHead?.treeSize, endsBefore },
        walk,
        label,
      ),
    proveBetween: proven,
  };
}

/**
 * Refuses a request that names no tree of this log.
 * @throws StateError, VerificationError as {@link openSnapshot}
 */
export function checkedHead(head: PublishedHead | undefined, last: number | undefined): PublishedHead {
  if (head === undefined) throw new StateError('ERR_NOT_READY', 'the log has no entry yet');
  if (last === 0) throw new VerificationError('ERR_HEAD_EMPTY', 'no user has verified a tree of no entries');
  if (last !== undefined && last > head.treeSize) {
    throw new VerificationError('ERR_HEAD_ORDER', 'the user advertises a larger tree than there is');
  }
  return head;
}

function storedLabel(label: SnapshotLabel | undefined): Parameters<typeof recordProof>[2] {
  const known = new Map<number, Promise<Uint8Array>>();
  const output = async (version: number): Promise<Uint8Array> => {
    const facts = await (label as SnapshotLabel).facts([version]);
    return (facts.get(version) as VersionFacts).vrfOutput;
  };
  return {
    holds: (position, version) => version <= (label?.history.greatestAt(position) ?? -1),
    vrfOutput(version) {
      const found = known.get(version) ?? output(version);
      known.set(version, found);
      return found;
    },
  };
}
