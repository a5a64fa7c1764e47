/**
 * Looking a contact's devices up in the log.
 *
 *     newest list (sequence 7) ──▶ follows the stored one: reviewed
 *                              └─▶ stored is 4: missing [5, 6] ──▶ look each up, in order ──▶ look up again
 */

import { assertObject } from '../bytes/arguments.js';
import { identifierBytes } from '../keys/arguments.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';
import type { Client } from '../transparency/client/client.js';
import { type Answered, attempt, type DirectoryRequest, type Heard, UNHEARD } from './heard.js';
import { judgeList } from './logged-list.js';
import { sequenceOf } from './stored-list.js';

/** Missing lists that one answer names, at most. */
const MISSING_MAX = 256;

/** Whose devices are looked up, and what is stored of them. */
export interface LookUpOptions {
  /** As the directory writes it: it is the log's label. A string is taken as UTF-8. */
  readonly identifier: string | Uint8Array;
  /** The list in use: as it was returned, or its `encoded` bytes from storage. */
  readonly stored?: VerifiedDeviceList | Uint8Array | undefined;
  /** Sequence of the list that is wanted; absent for the newest. */
  readonly sequence?: number | undefined;
  /** The log said of missing lists that they have expired (`isExpired`). */
  readonly gapExpired?: boolean | undefined;
}

/** What a look-up found. Frozen. */
export interface LookedUp extends Heard, Answered {
  /**
   * Sequences of lists between the stored one and this one, at most 256: look each up, in order, review it, and then
   * look up the newest again.
   */
  readonly missing: readonly number[];
  /** The log said that the list which was asked for has expired: no proof of it is to be had any more. */
  readonly isExpired: boolean;
  /**
   * Whether no owner can have checked the log's answer yet: `client.dueMonitors` asks for `watchIdentifier` in time.
   */
  readonly isMonitored: boolean;
}

/**
 * Looks up an identifier's device list in the log (CKV/1, "The transparency log": label = identifier, version =
 * sequence).
 *
 * What comes back goes into `reviewContact` as it is. With `log.kind` `newest`, the log holds this list as the newest
 * of the identifier, for everyone whose heads are the same; that the account is the person's, only comparing codes shows.
 * There is no proof that an identifier has no list: where the server says so, review `{ kind: 'no-list' }`.
 *
 * @param client of the log, over the state that is stored
 * @throws ArgumentTypeError, ArgumentRangeError; DecodeError `ERR_UTF8`; StateError `ERR_STORED_STATE` in `review`
 * @example
 * const lookUp = lookUpDevices(client, { identifier: 'tel:+15551234567', stored });
 * const { directory, log, missing, after } = lookUp.review(await send(lookUp.request), { nowMs });
 * const review = reviewContact({ stored: contact, directory, log, nowMs });
 */
export function lookUpDevices(client: Client, options: LookUpOptions): DirectoryRequest<LookedUp> {
  assertObject(options, 'options');
  const { stored, sequence, gapExpired } = options;
  const identifier = identifierBytes(options.identifier);
  const { request, verify } = client.search(identifier, sequence);
  return Object.freeze({
    request,
    review(response: Uint8Array, time: { readonly nowMs: number }): LookedUp {
      const { result: found, log, refusal } = attempt(() => verify(response, time));
      if (found === undefined) {
        return Object.freeze({
          directory: UNHEARD,
          log,
          refusal,
          missing: Object.freeze([]),
          isExpired: refusal === 'ERR_VERSION_EXPIRED',
          isMonitored: false,
          before: undefined,
          after: undefined,
        });
      }
      const { version, value, timestampMs, isMonitored, before, after } = found;
      const proof = sequence === undefined ? 'newest' : 'included';
      const judged = judgeList({ version, value, proof, timestampMs }, { identifier, stored, gapExpired });
      return Object.freeze({
        directory: judged.directory,
        log: judged.log,
        refusal: judged.refusal,
        missing: judged.refusal === 'ERR_LIST_GAP' ? between(sequenceOf(stored), version) : Object.freeze([]),
        isExpired: false,
        isMonitored,
        before,
        after,
      });
    },
  });
}

/** The sequences between two lists, without either. */
function between(stored: number, newest: number): readonly number[] {
  const length = Math.min(newest - stored - 1, MISSING_MAX);
  return Object.freeze(Array.from({ length }, (_, i) => stored + 1 + i));
}
