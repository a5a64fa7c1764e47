/**
 * What an app decides: how long to wait before something becomes louder. All times are in milliseconds.
 */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';

const HOUR = 3_600_000;
const DAY: number = 24 * HOUR;

/** An app's choices. */
export interface ContactPolicy {
  /** How old a log proof may be for trust `consistent`. */
  readonly logAgeMs: number;
  /** How far the log's clock may run ahead of this device's. */
  readonly logAheadMs: number;
  /** For how long log and directory may lag behind a list: the log's own limit. After that it is an alarm. */
  readonly logLagMs: number;
  /** For how long checking may be impossible (log away or stale, lists missing, unknown version) before a warning. */
  readonly patienceMs: number;
  /** For how long a removed device may still be heard of before that is an alarm. */
  readonly removalMs: number;
  /** For how long notices, and warnings that were seen, are kept. */
  readonly keepMs: number;
  /**
   * What counts as `consistent`: the list proven to be the newest of its identifier, or its mere inclusion, which
   * is all that a plain RFC 6962 log proves and does not show that there is no newer one.
   */
  readonly logProof: 'newest' | 'inclusion';
}

/** Used for what a policy leaves out. */
export const DEFAULT_CONTACT_POLICY: ContactPolicy = {
  logAgeMs: 3 * DAY,
  logAheadMs: HOUR / 12,
  logLagMs: DAY,
  patienceMs: 3 * DAY,
  removalMs: DAY,
  keepMs: 30 * DAY,
  logProof: 'newest',
};

/**
 * The whole policy.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function completePolicy(given: Partial<ContactPolicy> | undefined): ContactPolicy {
  if (given !== undefined && (typeof given !== 'object' || given === null)) {
    throw new ArgumentTypeError('policy must be an object');
  }
  const policy = { ...DEFAULT_CONTACT_POLICY, ...given };
  for (const name of ['logAgeMs', 'logAheadMs', 'logLagMs', 'patienceMs', 'removalMs', 'keepMs'] as const) {
    assertMs(policy[name], `policy.${name}`);
  }
  if (policy.logProof !== 'newest' && policy.logProof !== 'inclusion') {
    throw new ArgumentRangeError("policy.logProof is 'newest' or 'inclusion'");
  }
  return policy;
}

/** @throws ArgumentTypeError, ArgumentRangeError */
export function assertMs(value: unknown, name: string): asserts value is number {
  if (typeof value !== 'number') throw new ArgumentTypeError(`${name} must be a number`);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ArgumentRangeError(`${name} must be a whole number of milliseconds from 0 to 2^53 - 1`);
  }
}
