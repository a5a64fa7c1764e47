/**
 * Walking the recent distinguished heads (draft, "Walking Distinguished Heads"): reference points that all users of a
 * log have in common, for choosing where ownership begins, and for telling whether two users see one log.
 */

import { withHead } from './client-state.js';
import { type Recent, recentBy, walkDistinguishedHeads } from '../walks/distinguished-heads.js';
import { encodeDistinguishedRequest, parseDistinguishedResponse } from '../wire/distinguished-messages.js';
import type { Operation, OperationContext } from './operation.js';
import { verifyProof } from '../verifier/verified-proof.js';

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
      const { result, head, roots } = verifyProof(
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
      const heads = result.map((entry, i) => Object.freeze({ ...entry, root: roots[i] as Uint8Array }));
      return {
        result: Object.freeze({ treeSize: head.treeHead.treeSize, heads: Object.freeze(heads.reverse()) }),
        state: withHead(state, head),
      };
    },
  };
}
