/**
 * Final verification of provisional credentials (draft, "Provisional").
 *
 *     base ≤ … < terminal ── distinguished by now: the user's own log must have that entry
 *                   └─────── not: an update follows the log from there to the first distinguished entry behind it
 *
 * Without gaps in what the user knows, an entry that is distinguished and not known lies further to the right than all
 * that are. With a gap, the first known entry may not be the first there is. An update to it proves no less: the
 * user's own log holds the credential's tree, and monitoring ends with a distinguished entry anywhere.
 */

import { VerificationError } from '../../errors.js';
import type { KnownDistinguished } from '../client/known-distinguished.js';
import type { KnownVersion } from '../verifier/received-proof.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import type { TreeView } from '../verifier/tree-view.js';
import { parseCredentialUpdate } from '../wire/credential.js';
import type { SettledCredential } from './credential-reader.js';
import { openVersions } from './opened-credential.js';
import {
  damaged,
  decodePending,
  encodePending,
  type PendingCredential,
  stored,
} from './pending-credential.js';
import {
  type ProvisionalTree,
  settleAtTerminal,
  settleByUpdate,
  verifyProvisional,
} from './provisional-credential.js';

/**
 * Verifies as far as what the user knows goes.
 * @param known all distinguished entries that the user knows, from left to right
 * @param recents those of them that are recent
 * @param update a CredentialUpdate; absent for none
 */
export function settlePending(
  log: TrustedLog,
  known: readonly KnownDistinguished[],
  recents: readonly KnownDistinguished[],
  bytes: Uint8Array,
  update: Uint8Array | undefined,
): SettledCredential {
  const pending = decodePending(log, bytes);
  const { credential, base } = pending;
  const { label, version } = credential;
  const { versions, tree } = initially(log, pending);
  const { terminal, view } = tree;
  const verified = (): SettledCredential =>
    Object.freeze({ outcome: 'verified', label, version, value: credential.value.value });

  const atTerminal = known.find((each) => each.view.treeSize === terminal + 1);
  if (atTerminal !== undefined) {
    settleAtTerminal(tree, atTerminal.view);
    return verified();
  }
  const settle = (given: Uint8Array, end: TreeView): void =>
    settleByUpdate(log, tree, version, versions, parseCredentialUpdate(given), end);
  // The terminal entry is in the credential's tree: what ends with that tree or behind it is behind the entry.
  const end = known.find((each) => each.view.treeSize >= view.treeSize)?.view;
  const queued = pending.update;
  if (end === undefined) {
    // One that is no update is refused now, not when it is needed.
    if (update !== undefined) parseCredentialUpdate(update);
  } else {
    if (queued !== undefined && isTrue(() => stored(() => settle(queued, end)))) return verified();
    if (update !== undefined) {
      settle(update, end);
      return verified();
    }
  }
  const isRecent = recents.some((each) => each.view.treeSize === base.treeSize);
  return Object.freeze({
    outcome: isRecent ? 'waiting' : 'expired',
    pending: encodePending(log, { ...pending, update: end === undefined ? (update ?? queued) : undefined }),
    needed: Object.freeze({
      label,
      version,
      treeSize: view.treeSize,
      terminal,
      distinguished: end === undefined ? undefined : end.treeSize - 1,
    }),
    isUpdateRefused: end !== undefined && queued !== undefined,
  });
}

/** What initial verification came to. It succeeded once, so where it fails the bytes are damaged. */
function initially(
  log: TrustedLog,
  { credential, base }: PendingCredential,
): { readonly versions: ReadonlyMap<number, KnownVersion>; readonly tree: ProvisionalTree } {
  return stored(() => {
    try {
      const versions = openVersions(log, credential);
      return { versions, tree: verifyProvisional(log, credential, versions, base) };
    } catch (error) {
      throw error instanceof VerificationError ? damaged() : error;
    }
  });
}

/** Whether an update that came early is true. */
function isTrue(settle: () => void): boolean {
  try {
    settle();
    return true;
  } catch (error) {
    if (error instanceof VerificationError) return false;
    throw error;
  }
}
