/**
 * The walks of credentials (draft, "Credentials"), for those who issue them and those who check them.
 *
 *     provisional    from the tree in which `position` is the last entry: update the view, then search for the
 *                    greatest version; it has to end to the right of `position`
 *     update         from the credential's tree to the one in which a distinguished entry is the last: update the view,
 *                    then, in a log that is deployed for contact monitoring, monitor from the terminal entry up to there
 *
 * All are walked as if the last entry were the newest of the log, and so judge what is distinguished by its time. That
 * may be less than what is distinguished today, never something else: no status is lost, and none to the left of the
 * rightmost distinguished entry is gained.
 */

import { VerificationError } from '../../errors.js';
import type { DeploymentMode } from '../wire/wire-context.js';
import { type SearchResult, walkGreatestVersion } from './greatest-version-search.js';
import { walkMonitoring } from './monitoring.js';
import { assertMilliseconds, assertTreeSize } from './order-bounds.js';
import { leftChild, rightChild, searchRoot } from './search-tree.js';
import { askTimestamp, type Walk } from './walk.js';

/** What a provisional credential claims. */
export interface ProvisionalClaim {
  /** Of the tree whose head comes with it. */
  readonly treeSize: number;
  /** The distinguished log entry that it rests on. */
  readonly position: number;
  readonly version: number;
}

/**
 * The walk of a provisional credential, once the view is updated.
 * @param windowMs the log's Reasonable Monitoring Window
 * @throws VerificationError `ERR_GREATEST_VERSION`; `ERR_CREDENTIAL_TERMINAL` the search ends at `position` or to the
 *   left of it, so that a standard credential could have been issued
 */
export function* walkProvisional(
  { treeSize, position, version }: ProvisionalClaim,
  windowMs: number,
): Walk<SearchResult> {
  const result = yield* walkGreatestVersion(treeSize, windowMs, version);
  if (result.terminal <= position) {
    throw new VerificationError(
      'ERR_CREDENTIAL_TERMINAL',
      'the distinguished log entry has the version already',
    );
  }
  return result;
}

/** What an update of a provisional credential is about. */
export interface SettlementClaim {
  /** Where the credential's search ended. */
  readonly terminal: number;
  readonly version: number;
  /** The distinguished log entry up to which the log is followed: at or to the right of the terminal one. */
  readonly distinguished: number;
}

/**
 * The walk of a CredentialUpdate, once the view is updated.
 *
 * Wherever it ends, it ends with a distinguished entry: monitoring leaves nothing, or an entry of the frontier of the
 * tree that ends with `distinguished`, all of which are ancestors of that.
 * @throws VerificationError `ERR_MONITORED_VERSION` the version is gone from an entry that must have it
 */
export function* walkSettlement(
  { terminal, version, distinguished }: SettlementClaim,
  mode: DeploymentMode,
  windowMs: number,
): Walk<void> {
  if (mode !== 'contactMonitoring') return;
  yield* walkMonitoring({ treeSize: distinguished + 1, windowMs }, [{ position: terminal, version }]);
}

/**
 * The leftmost distinguished log entry at or to the right of a position; `undefined` where none is. Asks for timestamps
 * only: the last entry's, then from the root down.
 * @param from 0 or more, also beyond the tree
 */
export function* walkFirstDistinguished(
  from: number,
  treeSize: number,
  windowMs: number,
): Walk<number | undefined> {
  assertTreeSize(treeSize);
  assertMilliseconds(windowMs, 'windowMs');
  let left = 0;
  let right = yield* askTimestamp(treeSize - 1);
  let first: number | undefined;
  let at: number | undefined = searchRoot(treeSize);
  while (at !== undefined && right - left >= windowMs) {
    const timestampMs = yield* askTimestamp(at);
    if (at >= from) {
      first = at;
      right = timestampMs;
      at = leftChild(at);
    } else {
      left = timestampMs;
      at = rightChild(at, treeSize);
    }
  }
  return first;
}
