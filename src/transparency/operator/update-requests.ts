/**
 * Update requests that arrive together (draft, "Updating a Label"): those whose owners know the newest version go into
 * one log entry; the others are told of what they do not know.
 */

import { DecodeError, PolicyError, UnsupportedError, VerificationError } from '../../errors.js';
import { labelHistory } from './label-index.js';
import { type AnswerParts, checkedHead } from './log-snapshot.js';
import { labelKey, labelName } from './operator-store.js';
import type { PublishedHead } from './publication.js';
import { AUDITED_VERSIONS_MAX, full, type NewVersions, openInsertions } from './update-batch.js';
import type { OwnerRequest, UpdateIntake } from './update-intake.js';

/** What refuses one request and lets the others pass. */
export type Refusal = DecodeError | VerificationError | PolicyError | UnsupportedError;

/** Whether an error is about the request, not about the operator's own parts. */
export function isRefusal(error: unknown): error is Refusal {
  return (
    error instanceof DecodeError ||
    error instanceof VerificationError ||
    error instanceof PolicyError ||
    // A rule that reads values meets some of a later version.
    error instanceof UnsupportedError
  );
}

/** What is to become of a request. */
export type Sorted =
  /** Its values are among the updates of the next log entry, as the versions from `known` + 1 on. */
  | { readonly fate: 'taken'; readonly known: number }
  /** It is told of versions from `known` + 1 on. */
  | { readonly fate: 'told'; readonly known: number }
  | { readonly fate: 'refused'; readonly error: Refusal };

/** Requests, sorted. */
export interface SortedRequests {
  /** In the order of the requests. */
  readonly fates: readonly Sorted[];
  readonly updates: readonly NewVersions[];
}

/**
 * Sorts requests by what is to become of each. Of two for one label, the first is taken, and the second told of it.
 * @param requests read from their bytes, or what they were refused with
 * @param head the newest
 */
export async function sortRequests(
  parts: Pick<AnswerParts, 'configuration' | 'store'>,
  intake: UpdateIntake,
  head: PublishedHead | undefined,
  requests: readonly (OwnerRequest | Refusal)[],
): Promise<SortedRequests> {
  const greatest = await greatestVersions(parts, head?.treeSize ?? 0, requests);
  const updates: NewVersions[] = [];
  let room = parts.configuration.mode === 'thirdPartyAuditing' ? AUDITED_VERSIONS_MAX : Infinity;

  const sort = (request: OwnerRequest): Sorted => {
    // A log without entries has no user who has seen one.
    if (request.last !== undefined) checkedHead(head, request.last);
    const name = labelName(request.label);
    const newest = greatest.get(name) ?? -1;
    const known = request.greatestVersion ?? -1;
    if (known > newest) {
      throw new VerificationError('ERR_KNOWN_VERSION', 'the label has no such version');
    }
    if (known < newest) return { fate: 'told', known };
    const taken = intake.take(request, newest + 1);
    const count = (taken.skipped ?? 0) + taken.values.length;
    if (count > room) throw full();
    room -= count;
    greatest.set(name, newest + count);
    updates.push(taken);
    return { fate: 'taken', known };
  };

  const fates = requests.map((request): Sorted => {
    if (isRefusal(request)) return { fate: 'refused', error: request };
    try {
      return sort(request);
    } catch (error) {
      if (isRefusal(error)) return { fate: 'refused', error };
      throw error;
    }
  });
  return { fates, updates };
}

/** The greatest versions of the labels that are asked about, by the names of the labels. */
async function greatestVersions(
  { configuration, store }: Pick<AnswerParts, 'configuration' | 'store'>,
  treeSize: number,
  requests: readonly (OwnerRequest | Refusal)[],
): Promise<Map<string, number>> {
  const names = requests.flatMap((request) => (isRefusal(request) ? [] : [labelName(request.label)]));
  const records = await store.getMany(names.map(labelKey));
  return new Map(
    names.map((name, i) => [
      name,
      labelHistory(openInsertions(configuration, records[i]), treeSize).greatest ?? -1,
    ]),
  );
}
