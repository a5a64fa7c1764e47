/**
 * Update requests that arrive together (draft, "Updating a Label"): those whose owners know the newest version go into
 * one log entry; the others are told of what they do not know.
 */

import { DecodeError, PolicyError, UnsupportedError, VerificationError } from '../../errors.js';
import { labelHistory } from './label-index.js';
import { checkedHead } from './log-snapshot.js';
import { labelKey, labelName, type OperatorStore } from './operator-store.js';
import type { Configuration } from '../wire/configuration.js';
import type { PublishedHead } from './publication.js';
import {
  AUDITED_VERSIONS_MAX,
  full,
  LABEL_VERSIONS_MAX,
  type LabelUpdate,
  openInsertions,
} from './update-batch.js';
import type { UpdateRequest } from '../wire/update-messages.js';

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
  readonly updates: readonly LabelUpdate[];
}

/**
 * Sorts requests by what is to become of each. Of two for one label, the first is taken, and the second told of it.
 * @param requests read from their bytes, or what they were refused with
 * @param head the newest
 */
export async function sortRequests(
  store: OperatorStore,
  { mode }: Configuration,
  head: PublishedHead | undefined,
  requests: readonly (UpdateRequest | Refusal)[],
): Promise<SortedRequests> {
  const greatest = await greatestVersions(store, head?.treeSize ?? 0, requests);
  const updates: LabelUpdate[] = [];
  let room = mode === 'thirdPartyAuditing' ? AUDITED_VERSIONS_MAX : Infinity;

  const sort = (request: UpdateRequest): Sorted => {
    // A log without entries has no user who has seen one.
    if (request.last !== undefined) checkedHead(head, request.last);
    const name = labelName(request.label);
    const newest = greatest.get(name) ?? -1;
    const known = request.greatestVersion ?? -1;
    const values = request.values.map(({ value }) => value);
    if (known > newest) {
      throw new VerificationError('ERR_KNOWN_VERSION', 'the label has no such version');
    }
    if (known < newest) return { fate: 'told', known };
    if (values.length === 0) throw new PolicyError('ERR_UPDATE_EMPTY', 'there is nothing new of the label');
    if (values.length > LABEL_VERSIONS_MAX || values.length > room) throw full();
    room -= values.length;
    greatest.set(name, newest + values.length);
    updates.push({ label: request.label, values });
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
  store: OperatorStore,
  treeSize: number,
  requests: readonly (UpdateRequest | Refusal)[],
): Promise<Map<string, number>> {
  const names = requests.flatMap((request) => (isRefusal(request) ? [] : [labelName(request.label)]));
  const records = await store.getMany(names.map(labelKey));
  return new Map(
    names.map((name, i) => [name, labelHistory(openInsertions(records[i]), treeSize).greatest ?? -1]),
  );
}
