/**
 * What was heard of an identifier, as `reviewContact` takes it, and how what the log's client throws becomes that: to
 * a person, a log that answers falsely is a finding and not a crash.
 */

import type { DirectoryAnswer, LogEvidence } from '../contacts/evidence.js';
import { DecodeError, PolicyError, VerificationError } from '../errors.js';
import type { StateChange } from '../transparency/client/client.js';

/** What directory and log said, for a review. */
export interface Heard {
  readonly directory: DirectoryAnswer;
  readonly log: LogEvidence;
}

/** What every answer leaves behind. */
export interface Answered {
  /** The code of the error that refused the answer, or the list in it; `undefined`: nothing was refused. */
  readonly refusal: string | undefined;
  /** What the client was made with; `undefined` for nothing. Fresh. */
  readonly before: Uint8Array | undefined;
  /** The client's state to store where `before` is stored; `undefined`: nothing to store. Fresh. */
  readonly after: Uint8Array | undefined;
}

/** A request, and the only function that can judge what answers it. Frozen. */
export interface DirectoryRequest<Result, Response = Uint8Array> {
  /** An encoded request of the draft. Fresh. */
  readonly request: Uint8Array;
  /**
   * Judges the response. Hostile responses are data here, not exceptions. May be called again; nothing is changed.
   * @param options.nowMs this device's clock, milliseconds since 1970
   * @throws StateError, UnsupportedError, PolicyError `ERR_STATE_LIMIT`: what is wrong on this device; argument errors
   */
  review(response: Response, options: { readonly nowMs: number }): Result & Answered;
}

/** What came of verifying an answer. */
export type Attempt<Result> =
  | {
      readonly result: Result & StateChange;
      readonly log?: undefined;
      readonly refusal?: undefined;
    }
  /** It was refused: what that says of the log. */
  | { readonly result?: undefined; readonly log: LogEvidence; readonly refusal: string };

/** The log is too old or from the future, or its auditor is; this device's clock may be wrong as well. */
const STALE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'ERR_HEAD_AHEAD',
  'ERR_HEAD_BEHIND',
  'ERR_AUDITOR_LAG',
]);

/** Verifies an answer; what is wrong with the answer is evidence, what is wrong here is thrown. */
export function attempt<Result>(verify: () => Result & StateChange): Attempt<Result> {
  try {
    return { result: verify() };
  } catch (error) {
    if (error instanceof DecodeError || error instanceof VerificationError) {
      return { log: Object.freeze({ kind: 'proof-invalid' }), refusal: error.code };
    }
    if (error instanceof PolicyError && STALE.has(error.code)) {
      return { log: Object.freeze({ kind: 'stale' }), refusal: error.code };
    }
    // The log says nothing false when it says that a version, or where an owner begins, has expired.
    if (error instanceof PolicyError && error.code !== 'ERR_STATE_LIMIT') {
      return { log: NONE, refusal: error.code };
    }
    throw error;
  }
}

/** Nothing follows from the log. */
export const NONE: LogEvidence = /* @__PURE__ */ Object.freeze({ kind: 'none' });
/** Nothing follows from the directory. */
export const UNHEARD: DirectoryAnswer = /* @__PURE__ */ Object.freeze({ kind: 'unreachable' });
