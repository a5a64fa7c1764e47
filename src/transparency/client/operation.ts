/** What all operations of a client share: what they start from, and that a request comes with its verifier. */

import type { ClientState } from './client-state.js';
import type { TrustedLog } from '../verifier/trusted-log.js';

/** What an operation starts from. */
export interface OperationContext {
  readonly log: TrustedLog;
  readonly state: ClientState;
  /** Whether versions that were found are monitored where the log's mode does not make users do it. */
  readonly monitorsAlways: boolean;
}

/** A request, and the only function that can verify what answers it. */
export interface Operation<Result, Response = Uint8Array> {
  readonly request: Uint8Array;
  /**
   * @param nowMs the user's clock, in milliseconds since 1970
   * @returns the result, and the state to keep; nothing is changed
   */
  verify(response: Response, nowMs: number): { readonly result: Result; readonly state: ClientState };
}
