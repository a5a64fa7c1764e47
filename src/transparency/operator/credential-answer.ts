/**
 * Issuing credentials, and what finally verifies provisional ones (draft, "Credentials"): the walks of those who check
 * them, over the log's own data.
 */

import { assertInteger, assertObject } from '../../bytes/arguments.js';
import { PolicyError, VerificationError } from '../../errors.js';
import { walkFirstDistinguished, walkProvisional, walkSettlement } from '../walks/credential-walks.js';
import { isExpired, walkRightmostDistinguished } from '../walks/distinguished.js';
import { searchLadder } from '../walks/ladder.js';
import { assertTreeSize, assertVersion } from '../walks/order-bounds.js';
import { askLookUps, type AwaitedProofSource, type Walk, walkAwaiting } from '../walks/walk.js';
import { type Credential, encodeCredential, encodeCredentialUpdate } from '../wire/credential.js';
import type { PrefixProof } from '../wire/proofs.js';
import type { LogArchive } from './log-archive.js';
import { type AnswerParts, checkedHead, openSnapshot } from './log-snapshot.js';
import type { PublishedHead } from './publication.js';
import { openedVersion } from './search-answer.js';

/** Which update of a provisional credential is asked for. */
export interface UpdateQuestion {
  readonly version: number;
  /** Of the credential's tree. */
  readonly treeSize: number;
  /** The log entry where the credential's search ended. */
  readonly terminal: number;
  /** The distinguished log entry up to which it goes; absent for the first there is. */
  readonly distinguished?: number | undefined;
}

/**
 * A credential for a label's greatest version: standard where the distinguished entry has it, else provisional.
 * @param position of the distinguished entry that it rests on; `undefined` for the rightmost
 * @throws PolicyError `ERR_CREDENTIAL_POSITION` it is expired or not distinguished; `ERR_NO_VERSION`,
 *   `ERR_OPENING_DELETED`, `ERR_ENTRY_EXPIRED`, `ERR_RESPONSE_SIZE`; StateError `ERR_NOT_READY`
 */
export async function answerCredential(
  parts: AnswerParts,
  newest: PublishedHead | undefined,
  labelBytes: Uint8Array,
  position: number | undefined,
): Promise<Uint8Array> {
  const { configuration } = parts;
  const head = checkedHead(newest, undefined);
  const { treeSize, signature } = head;
  const windowMs = configuration.reasonableMonitoringWindowMs;
  // As to somebody who has this tree: credentials carry no auditor's head.
  const snapshot = openSnapshot(parts, head, treeSize);
  const base = await distinguishedAt(parts, head, position);
  const label = await snapshot.label(labelBytes);
  const version = label.history.greatest;
  if (version === undefined) throw new PolicyError('ERR_NO_VERSION', 'the log has no version of the label');
  const shown = { label: labelBytes, version, ...(await openedVersion(label, version)), position: base };
  const isStandard = label.history.greatestAt(base) === version;
  const advertisedSize = base + 1;
  let credential: Credential;
  if (isStandard) {
    const versions = searchLadder(version, version);
    // From the view of that size to itself: what is left is the look.
    const { proof } = await snapshot.proveBetween(
      { treeSize: advertisedSize, advertisedSize },
      askLookUps(base, versions),
      label,
    );
    const distinguished = proof.prefixProofs[0] as PrefixProof;
    credential = { ...shown, credentialType: 'standard', distinguished };
  } else {
    const walk = walkProvisional({ treeSize, position: base, version }, windowMs);
    const { proof: search } = await snapshot.proveBetween({ treeSize, advertisedSize }, walk, label);
    credential = { ...shown, credentialType: 'provisional', treeHead: { treeSize, signature }, search };
  }
  return encodeCredential(credential, configuration);
}

/**
 * What leads from a provisional credential's tree to a distinguished entry behind its terminal one.
 * @throws VerificationError `ERR_HEAD_ORDER`, `ERR_INDEX_RANGE` numbers that no credential of this log has;
 *   `ERR_KNOWN_VERSION` the version is not the greatest of the terminal entry
 * @throws PolicyError `ERR_CREDENTIAL_POSITION` there is no distinguished entry yet, or none at that position;
 *   `ERR_ENTRY_EXPIRED`, `ERR_RESPONSE_SIZE`; StateError `ERR_NOT_READY`
 */
export async function answerCredentialUpdate(
  parts: AnswerParts,
  newest: PublishedHead | undefined,
  labelBytes: Uint8Array,
  { version, treeSize, terminal, distinguished }: UpdateQuestion,
): Promise<Uint8Array> {
  const { configuration, archive } = parts;
  const head = checkedHead(newest, treeSize);
  const windowMs = configuration.reasonableMonitoringWindowMs;
  if (terminal >= treeSize) {
    throw new VerificationError('ERR_INDEX_RANGE', 'the credential’s tree has no such log entry');
  }
  const snapshot = openSnapshot(parts, head, head.treeSize);
  const label = await snapshot.label(labelBytes);
  if (label.history.greatestAt(terminal) !== version) {
    throw new VerificationError('ERR_KNOWN_VERSION', 'the log entry has another greatest version');
  }
  const from = distinguished ?? Math.max(terminal, treeSize - 1);
  const first = await walkAwaiting(walkFirstDistinguished(from, head.treeSize, windowMs), timesOf(archive));
  const isReachable = first !== undefined && first >= terminal && first >= treeSize - 1;
  if (!isReachable || (distinguished !== undefined && first !== distinguished)) {
    throw new PolicyError('ERR_CREDENTIAL_POSITION', 'no distinguished log entry there, or none yet');
  }
  const walk = walkSettlement({ terminal, version, distinguished: first }, configuration.mode, windowMs);
  const sizes = { treeSize: first + 1, advertisedSize: treeSize };
  const { proof: monitor } = await snapshot.proveBetween(sizes, walk, label);
  return encodeCredentialUpdate({ monitor });
}

/** A question, read once. @throws ArgumentTypeError, ArgumentRangeError */
export function copyOfQuestion(question: UpdateQuestion): UpdateQuestion {
  assertObject(question, 'question');
  const { version, treeSize, terminal, distinguished } = question;
  assertVersion(version, 'version');
  assertTreeSize(treeSize);
  assertInteger(terminal, 'terminal', 0, Number.MAX_SAFE_INTEGER);
  if (distinguished !== undefined) assertInteger(distinguished, 'distinguished', 0, Number.MAX_SAFE_INTEGER);
  return { version, treeSize, terminal, distinguished };
}

/** The distinguished entry that a credential is to rest on. @throws PolicyError `ERR_CREDENTIAL_POSITION` */
async function distinguishedAt(
  { configuration, archive }: AnswerParts,
  { treeSize, newest }: PublishedHead,
  position: number | undefined,
): Promise<number> {
  const { reasonableMonitoringWindowMs: windowMs, maximumLifetimeMs } = configuration;
  const walk: Walk<number | undefined> =
    position === undefined
      ? walkRightmostDistinguished(treeSize, windowMs)
      : walkFirstDistinguished(position, treeSize, windowMs);
  const found = await walkAwaiting(walk, timesOf(archive));
  const isThere = found !== undefined && found === (position ?? found);
  if (
    isThere &&
    !isExpired((await archive.entry(found)).timestampMs, newest.timestampMs, maximumLifetimeMs)
  ) {
    return found;
  }
  throw new PolicyError('ERR_CREDENTIAL_POSITION', 'no distinguished log entry there, or an expired one');
}

/** A source of timestamps, for walks that ask for nothing else. */
function timesOf(archive: LogArchive): AwaitedProofSource {
  const unasked = (): never => {
    throw new Error('the walk asks for timestamps only');
  };
  return {
    timestamp: async (position) => (await archive.entry(position)).timestampMs,
    searchLadder: unasked,
    lookUps: unasked,
    assumedLadder: unasked,
    isOver: unasked,
  };
}
