/** Update requests from their bytes to their outcomes. */

import { VerificationError } from '../../errors.js';
import { checkedHead, type AnswerParts, type LogSnapshot, openSnapshot } from './log-snapshot.js';
import type { UpdateCall, UpdateOutcome } from './operator.js';
import { type AccessRule, assertAccess } from './operator-options.js';
import type { Publication } from './publication.js';
import { answerInsertion } from './update-answer.js';
import type { NewVersions } from './update-batch.js';
import type { OwnerRequest, UpdateIntake } from './update-intake.js';
import { isRefusal, type Refusal, type Sorted, sortRequests } from './update-requests.js';

/** What the desk works with. */
export interface UpdateDeskParts<Caller> {
  readonly parts: AnswerParts;
  readonly intake: UpdateIntake;
  readonly access: AccessRule<Caller> | undefined;
  /** Responses to one request, at most. */
  readonly pageEntries: number;
  readonly publication: Publication;
  /** Adds a log entry. */
  sequence(updates: readonly NewVersions[], nowMs: number): Promise<void>;
}

/** A request that may be answered, or why it may not. */
type Admitted = OwnerRequest | Refusal;

/** The steps of a batch of requests. */
export interface UpdateDesk<Caller> {
  /** Reads requests, and asks the access rule. */
  admit(calls: readonly UpdateCall<Caller>[]): Promise<readonly Admitted[]>;
  /** Sorts them, and adds the log entry of those that are taken. In a writer's turn. */
  take(admitted: readonly Admitted[], nowMs: number): Promise<readonly Sorted[]>;
  /** Answers them, in order. */
  answer(admitted: readonly Admitted[], sorted: readonly Sorted[]): Promise<readonly UpdateOutcome[]>;
}

/** Creates the desk of a log. */
export function createUpdateDesk<Caller>(desk: UpdateDeskParts<Caller>): UpdateDesk<Caller> {
  const { parts, intake, access, pageEntries, publication, sequence } = desk;

  async function admitOne({ request: bytes, caller }: UpdateCall<Caller>): Promise<OwnerRequest> {
    const request = intake.parse(bytes);
    await assertAccess(access, { operation: 'update', request }, caller);
    return request;
  }

  /** The responses to one request: about each insertion after the version that the user knows. */
  async function answerOne(
    request: OwnerRequest,
    { fate, known }: Exclude<Sorted, { readonly fate: 'refused' }>,
  ): Promise<readonly Uint8Array[]> {
    const head = checkedHead(publication.head, request.last);
    let snapshot: LogSnapshot = openSnapshot(parts, head, request.last);
    const { insertions, insertionOf } = (await snapshot.label(request.label)).history;
    // Owners verify all that a log entry inserted, or nothing of it: there is no answer to half of it.
    if (known !== (insertionOf(known)?.lastVersion ?? known)) {
      throw new VerificationError(
        'ERR_KNOWN_VERSION',
        'the label got greater versions in the same log entry',
      );
    }
    const news = insertions.filter(({ firstVersion }) => firstVersion > known);
    const isTaken = fate === 'taken';
    const responses: Uint8Array[] = [];
    // The values of a request are all that the first insertion after what its owner knew has brought.
    for (const insertion of news.slice(0, isTaken ? 1 : pageEntries)) {
      const label = await snapshot.label(request.label);
      responses.push(await answerInsertion(parts, snapshot, label, insertion, isTaken));
      // The next ones are as to a user who has seen this tree.
      snapshot = openSnapshot(parts, head, head.treeSize);
    }
    return responses;
  }

  return {
    admit: (calls) => Promise.all(calls.map((call) => orRefusal(() => admitOne(call)))),
    async take(admitted, nowMs) {
      const { fates, updates } = await sortRequests(parts, intake, publication.head, admitted);
      if (updates.length > 0) await sequence(updates, nowMs);
      return fates;
    },
    answer: (admitted, sorted) =>
      Promise.all(
        sorted.map(async (fate, i): Promise<UpdateOutcome> => {
          if (fate.fate === 'refused') return { refusal: fate.error };
          const outcome = await orRefusal(() => answerOne(admitted[i] as OwnerRequest, fate));
          return isRefusal(outcome) ? { refusal: outcome } : { responses: outcome };
        }),
      ),
  };
}

async function orRefusal<T>(work: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
}
