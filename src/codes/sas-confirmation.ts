/**
 * What stands behind a user's "same": the transcript that was compared. Only a session that came to its end makes
 * one, so a program cannot put one together, and an outcome that was cloned or stored carries none.
 */

import { StateError } from '../errors.js';
import type { SasPurpose } from './sas-message.js';

/** The transcript of a session in which the user said "same". Frozen. */
export interface SasConfirmation {
  readonly purpose: SasPurpose;
  /** When the session began on this device, ms. */
  readonly beganMs: number;
  /** Encoded subject of this side. */
  readonly own: Uint8Array;
  /** Encoded subject of the other side. */
  readonly peer: Uint8Array;
}

const confirmations: WeakMap<object, SasConfirmation | 'taken'> = /* @__PURE__ */ new WeakMap();

/** Remembers what an outcome stands for. */
export function keepConfirmation(outcome: object, confirmation: SasConfirmation): void {
  confirmations.set(outcome, confirmation);
}

/**
 * What an outcome stands for, once; `undefined` where it is no session's "same".
 * @throws StateError `ERR_SPENT` where it was taken before
 */
export function takeConfirmation(outcome: object): SasConfirmation | undefined {
  const confirmation = confirmations.get(outcome);
  if (confirmation === 'taken') throw new StateError('ERR_SPENT', "this answer's use is over");
  if (confirmation !== undefined) confirmations.set(outcome, 'taken');
  return confirmation;
}
