/**
 * One's own identifiers: publishing lists by compare-and-swap, and hearing of lists that others published under them.
 *
 *     publishDevices(list 5) ─▶ nobody was faster       published: list 5 is in the log
 *                            └▶ another device was       outrun: list 5 of that device; draft on it, and publish 6
 */

import { assertObject } from '../bytes/arguments.js';
import { StateError } from '../errors.js';
import { identifierBytes } from '../keys/arguments.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';
import type { Client } from '../transparency/client/client.js';
import { parseUpdateRequest } from '../transparency/wire/update-messages.js';
import type { InsertedVersion, UpdatedLabel } from '../transparency/client/update-operation.js';
import { type Answered, attempt, type DirectoryRequest, type Heard, NONE } from './heard.js';
import { judgeList, type JudgedList } from './logged-list.js';

/** A list that the log holds under one's own identifier, for the review of one's own account. Frozen. */
export interface OwnNews extends Heard {
  readonly sequence: number;
  /** The verified list; `undefined` where it was refused, which is an alarm. */
  readonly list: VerifiedDeviceList | undefined;
}

/** What came of publishing or fetching. Frozen. */
export interface OwnAnswer extends Answered {
  /**
   * `published` the list is in the log under its sequence; `outrun` others have published since: review `news`, draft
   * again on the newest list, publish that; `fetched` there was nothing to publish; `refused` the answer is false.
   */
  readonly outcome: 'published' | 'outrun' | 'fetched' | 'refused';
  /** New lists, ascending, the published one included: review each (`own`), then store the newest. */
  readonly news: readonly OwnNews[];
  /** What the answer says of the log as a whole; each list has its own evidence. */
  readonly log: Heard['log'];
}

/**
 * Begins to own an identifier on this device, so that it can be published under and watched (draft, "Owner
 * Initialization"). Every device of an account does this, for identifiers without a list too: what somebody else
 * publishes under them, only their owners notice.
 *
 * Ask {@link fetchOwnDevices} afterwards for the lists that there are.
 *
 * @param options.start position of a distinguished log entry: the newest that `fetchHeads` finds
 * @throws argument errors; DecodeError `ERR_UTF8`
 */
export function claimIdentifier(
  client: Client,
  options: { readonly identifier: string | Uint8Array; readonly start: number },
): DirectoryRequest<{ readonly log: Heard['log'] }> {
  assertObject(options, 'options');
  const { request, verify } = client.initializeOwner(identifierBytes(options.identifier), options.start);
  return Object.freeze({
    request,
    review(response: Uint8Array, time: { readonly nowMs: number }) {
      const { result, log = NONE, refusal } = attempt(() => verify(response, time));
      return Object.freeze({ log, refusal, before: result?.before, after: result?.after });
    },
  });
}

/**
 * Publishes the next list of one's own identifier: compare-and-swap on its sequence.
 *
 * The log takes it exactly if this device knows all lists before it. `published` shows that the log holds it there, and
 * no other list of that sequence. Tell the own account first (`own-list-written`), so that it is not taken for foreign.
 *
 * @param list that `signDeviceList` made
 * @param options.stored the list before it, if any: what others have published meanwhile is verified against it
 * @throws StateError `ERR_NOT_READY` the identifier is not claimed, or the client does not know of exactly the lists
 *   before this one: fetch them first
 * @throws argument errors
 * @example
 * const publishing = publishDevices(client, next, { stored: list });
 * const { outcome, news, after } = publishing.review(await sendUpdate(publishing.request), { nowMs });
 */
export function publishDevices(
  client: Client,
  list: VerifiedDeviceList,
  options: { readonly stored?: VerifiedDeviceList | Uint8Array | undefined } = {},
): DirectoryRequest<OwnAnswer, readonly Uint8Array[]> {
  assertObject(list, 'list');
  const request = updateOf(client, list.identifier, [list.encoded], options.stored);
  const known = parseUpdateRequest(request.request).greatestVersion ?? -1;
  if (known + 1 !== list.sequence) {
    throw new StateError('ERR_NOT_READY', 'the log has other lists than those before this one: fetch first');
  }
  return request;
}

/**
 * Asks for the lists of one's own identifier that this device does not know: after claiming it, when
 * `watchIdentifier` says so, or when another device says that it published.
 *
 * Where there are none, the operator refuses with `ERR_UPDATE_EMPTY`. After `watchIdentifier` said `fetch`, that is a lie:
 * review no responses, `[]`. Otherwise there is nothing to review.
 *
 * @param options.stored the newest list that this device has, if any
 * @throws StateError `ERR_NOT_READY` the identifier is not claimed; argument errors
 */
export function fetchOwnDevices(
  client: Client,
  options: {
    readonly identifier: string | Uint8Array;
    readonly stored?: VerifiedDeviceList | Uint8Array | undefined;
  },
): DirectoryRequest<OwnAnswer, readonly Uint8Array[]> {
  assertObject(options, 'options');
  return updateOf(client, identifierBytes(options.identifier), [], options.stored);
}

function updateOf(
  client: Client,
  identifier: Uint8Array,
  values: readonly Uint8Array[],
  stored: VerifiedDeviceList | Uint8Array | undefined,
): DirectoryRequest<OwnAnswer, readonly Uint8Array[]> {
  const { request, verify } = client.update(identifier, values);
  return Object.freeze({
    request,
    review(responses: readonly Uint8Array[], time: { readonly nowMs: number }): OwnAnswer {
      const { result, log, refusal } = attempt(() => verify(responses, time));
      if (result === undefined) {
        const news: readonly OwnNews[] = Object.freeze([]);
        return Object.freeze({ outcome: 'refused', news, log, refusal, before: undefined, after: undefined });
      }
      const judged = judgeNews(result, identifier, stored);
      return Object.freeze({
        outcome: outcomeOf(result, judged, values.length > 0),
        news: Object.freeze(judged.map(({ news }) => news)),
        log: NONE,
        refusal: judged.find(({ refusal: code }) => code !== undefined)?.refusal,
        before: result.before,
        after: result.after,
      });
    },
  });
}

interface JudgedNews {
  readonly news: OwnNews;
  readonly refusal: JudgedList['refusal'];
}

/** A list of one's own that comes back refused stands where it was not meant to. */
function outcomeOf(
  { versions, isCreated }: UpdatedLabel,
  judged: readonly JudgedNews[],
  isPublishing: boolean,
): OwnAnswer['outcome'] {
  if (!isCreated) return isPublishing ? 'outrun' : 'fetched';
  const own = new Set(versions.filter(({ isOwn }) => isOwn).map(({ version }) => version));
  const isRefused = judged.some(({ news, refusal }) => own.has(news.sequence) && refusal !== undefined);
  return isRefused ? 'refused' : 'published';
}

/** Each list against the one before it. */
function judgeNews(
  { versions, timestampMs }: UpdatedLabel,
  identifier: Uint8Array,
  stored: VerifiedDeviceList | Uint8Array | undefined,
): readonly JudgedNews[] {
  let last = stored;
  return versions.filter(hasValue).map(({ version, value }) => {
    const judged = judgeList(
      { version, value, proof: 'included', timestampMs },
      { identifier, stored: last },
    );
    last = judged.list ?? last;
    const { list, directory, log, refusal } = judged;
    return { news: Object.freeze({ sequence: version, list, directory, log }), refusal };
  });
}

/** A version without a value was skipped: no list has its number, and none can follow on it. */
function hasValue(version: InsertedVersion): version is InsertedVersion & { readonly value: Uint8Array } {
  return version.value !== undefined;
}
