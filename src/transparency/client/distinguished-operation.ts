/**
 * Walking the recent distinguished heads (draft, "Walking Distinguished Heads"): reference points that all users of a
 * log have in common, for choosing where ownership begins, for telling whether two users see one log, and for what users
 * prove to one another.
 */

import { keepRecent } from './known-distinguished.js';
import {
  type DistinguishedEntry,
  type Recent,
  recentBy,
  walkDistinguishedHeads,
} from '../walks/distinguished-heads.js';
import { encodeDistinguishedRequest, parseDistinguishedResponse } from '../wire/distinguished-messages.js';
import type { Operation, OperationContext } from './operation.js';
import { newestMs, verifyProof } from '../verifier/verified-proof.js';

/** The log as it was when a distinguished entry was its newest. Frozen. */
export interface DistinguishedRoot {
  /** Of the entry. */
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  /** The log's root, 32 bytes. */
  readonly root: Uint8Array;
}

/** The recent distinguished heads of a log. Frozen. */
export interface DistinguishedHeads {
  readonly treeSize: number;
  /** From left to right, so the newest is the last. May be empty. */
  readonly heads: readonly DistinguishedRoot[];
}

/** A walk over distinguished heads that is ready to be sent. */
export function prepareDistinguishedWalk(
  { log, state }: OperationContext,
  recent: Recent,
  stop: number | undefined,
): Operation<DistinguishedHeads> {
  const { configuration } = log;
  const last = state.head?.treeHead.treeSize;
  const isRecent = recentBy(recent, configuration.maximumLifetimeMs);
  return {
    request: encodeDistinguishedRequest({ last, stop }),

    verify(bytes, nowMs) {
      const { fullTreeHead, distinguished } = parseDistinguishedResponse(bytes, configuration);
      const { result, head, earlier } = verifyProof(
        { fullTreeHead, proof: distinguished },
        {
          log,
          known: state.head,
          versions: new Map(),
          nowMs,
          walk: (treeSize) =>
            walkDistinguishedHeads(treeSize, configuration.reasonableMonitoringWindowMs, stop, isRecent),
          sizes: (entries) => entries.map(({ position }) => position + 1),
        },
      );
      const heads = earlier.map(({ root }, i) =>
        Object.freeze({ ...(result[i] as DistinguishedEntry), root }),
      );
      const met = earlier.map(({ view }) => Object.freeze({ view }));
      const kept = keepRecent(state.distinguished, met, isRecent, newestMs(head));
      return {
        result: Object.freeze({ treeSize: head.treeHead.treeSize, heads: Object.freeze(heads.reverse()) }),
        state: Object.freeze({ ...state, head, distinguished: kept }),
      };
    },
  };
}
