/**
 * A request with its answer and the state that it was made from, kept by a program to show later what was answered.
 */

import { ArgumentRangeError } from '../../errors.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import type { KnownHead } from '../verifier/verified-proof.js';
import { decodeState } from './state-encoding.js';

/** What was asked of a log, and what it answered. */
export interface Exchange {
  /** As the client made it. */
  readonly request: Uint8Array;
  /** As the log sent it. */
  readonly response: Uint8Array;
  /** Of the client that made the request: its `before`. Absent for a client that knew nothing. */
  readonly state?: Uint8Array | undefined;
}

/**
 * The head that a request advertised, by the state it was made from.
 * @param last from the request
 * @throws ArgumentRangeError the request was not made from this state; StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`
 */
export function knownHeadOf(
  log: TrustedLog,
  exchange: Exchange,
  last: number | undefined,
): KnownHead | undefined {
  const { head } = decodeState(log, exchange.state);
  if (head?.treeHead.treeSize !== last) {
    throw new ArgumentRangeError('the request was not made from this state');
  }
  return head;
}
