/**
 * The service operator as a user of the manager's log: one view, which only ever grows, and which every answer of the
 * manager has to extend (draft, "Management": the service operator is to "prevent the creation of forks").
 *
 * A manager that shows two users two logs has to show the service operator one of them. What the service operator has
 * not seen itself does not pass: see `checkHead`.
 */

import { PolicyError, StateError } from '../../errors.js';
import { equalBytes } from '../../bytes/compare.js';
import { Reader } from '../../bytes/reader.js';
import type { ClientState } from '../client/client-state.js';
import type { Operation, OperationContext } from '../client/operation.js';
import { decodeState, encodeState } from '../client/state-encoding.js';
import { boundedCache } from '../operator/bounded-cache.js';
import type { OperatorStore } from '../operator/operator-store.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import type { KnownHead } from '../verifier/verified-proof.js';
import { fullTreeHeadCodec } from '../wire/tree-head.js';
import { MANAGER_KEY } from './service-records.js';

/** Heads that are remembered as verified. */
const HEADS_KEPT = 4096;

/** A view of the manager's log. */
export interface ManagerWatch {
  /** The newest verified head. */
  readonly head: KnownHead | undefined;
  /**
   * An operation of a user, from the view that is newest now.
   * @param prepare makes it
   */
  begin<Result>(prepare: (context: OperationContext) => Operation<Result>): WatchedOperation<Result>;
  /**
   * Refuses a response that is not of a tree which was verified here.
   * @throws DecodeError a code of the wire; PolicyError `ERR_HEAD_UNVERIFIED`
   */
  checkHead(response: Uint8Array): void;
}

/** A request, and what becomes of its answer. */
export interface WatchedOperation<Result> {
  readonly request: Uint8Array;
  /**
   * Verifies the answer, and stores the view that it leads to. One call at a time.
   * @throws StateError `ERR_SPENT` another answer was verified since the request was made
   * @throws what the operation of a client throws; what the store throws
   */
  take(response: Uint8Array, nowMs: number): Promise<Result>;
}

/** The view in a store. @throws StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`; what the store throws */
export async function openManagerWatch(log: TrustedLog, store: OperatorStore): Promise<ManagerWatch> {
  const heads = boundedCache<number, Uint8Array>(HEADS_KEPT);
  const head = fullTreeHeadCodec(log.configuration);
  const [stored] = await store.getMany([MANAGER_KEY]);
  let state = decodeState(log, stored);
  remember(state);

  function remember({ head: known }: ClientState): void {
    if (known !== undefined) heads.set(known.treeHead.treeSize, known.treeHead.signature);
  }

  return {
    get head() {
      return state.head;
    },
    begin(prepare) {
      const from = state;
      const { request, verify } = prepare({ log, state: from, monitorsAlways: false });
      return {
        request,
        async take(response, nowMs) {
          if (state !== from) {
            throw new StateError('ERR_SPENT', 'another answer of the manager was verified since');
          }
          const { result, state: next } = verify(response, nowMs);
          await store.putMany([{ key: MANAGER_KEY, value: encodeState(log, next) }]);
          state = next;
          remember(next);
          return result;
        },
      };
    },
    checkHead(response) {
      const given = head.read(new Reader(response, 'FullTreeHead'));
      if (given.headType === 'same') return;
      const { treeSize, signature } = given.treeHead;
      const known = heads.get(treeSize);
      if (known === undefined || !equalBytes(known, signature)) {
        throw new PolicyError('ERR_HEAD_UNVERIFIED', 'a tree head that was not verified here');
      }
    },
  };
}
