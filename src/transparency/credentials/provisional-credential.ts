/**
 * Provisional credentials (draft, "Provisional"): of a version that is newer than the distinguished log entry which the
 * user knows. What comes with it is a signed tree that extends the user's own as it was at that entry, and a search in
 * it. No label owner has had to look yet: that the log stays with what it signed here is to be verified later.
 *
 * The user's own view of the log never changes by it: the tree lives and dies with the credential.
 */

import { equalBytes } from '../../bytes/compare.js';
import { VerificationError } from '../../errors.js';
import { type EarlierTree, evaluateProof, type KnownVersion } from '../verifier/received-proof.js';
import { type TrustedLog, verifySignature } from '../verifier/trusted-log.js';
import type { TreeView } from '../verifier/tree-view.js';
import { walkProvisional, walkSettlement } from '../walks/credential-walks.js';
import type { Credential, CredentialUpdate } from '../wire/credential.js';
import { encodeTreeHeadTbs } from '../wire/tree-head.js';

export type ProvisionalCredential = Extract<Credential, { readonly credentialType: 'provisional' }>;

/** What a provisional credential shows, its signature verified. */
export interface ProvisionalTree {
  /** Where the search ended: to the right of the distinguished entry. */
  readonly terminal: number;
  /** The log when the terminal entry was its newest. */
  readonly atTerminal: TreeView;
  /** The whole tree. */
  readonly view: TreeView;
}

/**
 * Initially verifies a provisional credential.
 * @param base the log as the user knows it, its last entry the distinguished one at the credential's position
 * @throws VerificationError `ERR_HEAD_ORDER` its tree does not go beyond that; codes of `evaluateProof` and of
 *   `walkProvisional`; `ERR_SIGNATURE`
 */
export function verifyProvisional(
  log: TrustedLog,
  { position, version, treeHead, search }: ProvisionalCredential,
  versions: ReadonlyMap<number, KnownVersion>,
  base: TreeView,
): ProvisionalTree {
  const { configuration: config } = log;
  const { treeSize, signature } = treeHead;
  if (treeSize <= position) {
    throw new VerificationError('ERR_HEAD_ORDER', 'the tree does not hold the distinguished log entry');
  }
  const { result, root, view, earlier } = evaluateProof(
    { treeSize, view: base, versions, proof: search },
    walkProvisional({ treeSize, position, version }, config.reasonableMonitoringWindowMs),
    { hasher: log.hasher, sizes: ({ terminal }) => [terminal + 1] },
  );
  // Of the tree head's signature only: credentials carry none of an auditor's.
  const tbs = encodeTreeHeadTbs({ config, treeSize, root });
  verifySignature(log, log.headKey, tbs, signature, 'ERR_SIGNATURE');
  return { terminal: result.terminal, atTerminal: (earlier[0] as EarlierTree).view, view };
}

/**
 * Finally verifies, where the terminal entry has become distinguished itself: the user's own log must have it. The draft
 * compares the prefix trees; that the log was the same up to there is compared, too.
 * @param known the log as the user knows it, its last entry the terminal one
 * @throws VerificationError `ERR_ENTRY_ROOT`, `ERR_RETAINED_SUBTREE` **the log showed two histories**: both trees are
 *   signed
 */
export function settleAtTerminal({ atTerminal }: ProvisionalTree, known: TreeView): void {
  const own = known.frontier.at(-1)?.prefixTree as Uint8Array;
  if (!equalBytes(own, atTerminal.frontier.at(-1)?.prefixTree as Uint8Array)) {
    throw new VerificationError(
      'ERR_ENTRY_ROOT',
      'the log has another prefix tree there than it showed the sender',
    );
  }
  if (!haveSameTree(atTerminal, known)) {
    throw new VerificationError('ERR_RETAINED_SUBTREE', 'the log has another past than it showed the sender');
  }
}

/**
 * Finally verifies with what the sender provides later: how the log went on from the credential's tree to a
 * distinguished entry that the user knows.
 * @param known the log as the user knows it, its last entry a distinguished one at or to the right of the terminal
 * @throws VerificationError codes of `evaluateProof` and of `walkSettlement`; `ERR_PROOF_ROOT` what comes out is not the
 *   user's log
 */
export function settleByUpdate(
  { configuration, hasher }: TrustedLog,
  { terminal, view }: ProvisionalTree,
  version: number,
  versions: ReadonlyMap<number, KnownVersion>,
  { monitor }: CredentialUpdate,
  known: TreeView,
): void {
  const claim = { terminal, version, distinguished: known.treeSize - 1 };
  const { view: extended } = evaluateProof(
    { treeSize: known.treeSize, view, versions, proof: monitor },
    walkSettlement(claim, configuration.mode, configuration.reasonableMonitoringWindowMs),
    { hasher },
  );
  if (!haveSameTree(extended, known)) {
    throw new VerificationError('ERR_PROOF_ROOT', 'the log went on otherwise than the user knows it');
  }
}

/** Whether two views are of one tree: full subtrees decide the root, and it them. */
function haveSameTree(a: TreeView, b: TreeView): boolean {
  return (
    a.treeSize === b.treeSize &&
    a.fullSubtrees.every((subtree, i) => equalBytes(subtree, b.fullSubtrees[i] as Uint8Array))
  );
}
