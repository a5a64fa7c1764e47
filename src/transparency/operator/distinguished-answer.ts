/**
 * Answering users who walk the recent distinguished log entries (draft, "Walking Distinguished Heads").
 */

import { isExpired } from '../walks/distinguished.js';
import { type IsRecent, walkDistinguishedHeads } from '../walks/distinguished-heads.js';
import { type DistinguishedRequest, encodeDistinguishedResponse } from '../wire/distinguished-messages.js';
import type { AnswerParts, LogSnapshot } from './log-snapshot.js';

/** "SHOULD NOT include more than ten distinguished log entries" (draft, "Walking Distinguished Heads"). */
const RECENT_MAX = 10;

/** The response to a walk. @throws PolicyError `ERR_RESPONSE_SIZE` */
export async function answerDistinguished(
  { configuration }: AnswerParts,
  snapshot: LogSnapshot,
  { stop }: DistinguishedRequest,
  isRecent: IsRecent,
): Promise<Uint8Array> {
  const { treeSize, fullTreeHead } = snapshot;
  const { reasonableMonitoringWindowMs: windowMs, maximumLifetimeMs } = configuration;
  // Whatever the application calls recent, what is expired must not be.
  const isShown: IsRecent = (entry, before, rightmostMs) =>
    !isExpired(entry.timestampMs, rightmostMs, maximumLifetimeMs) && isRecent(entry, before, rightmostMs);
  const { proof } = await snapshot.prove(walkDistinguishedHeads(treeSize, windowMs, stop, isShown));
  return encodeDistinguishedResponse({ fullTreeHead, distinguished: proof }, configuration);
}

/** The ten rightmost. */
export const isAmongLatest: IsRecent = (_entry, before) => before < RECENT_MAX;
