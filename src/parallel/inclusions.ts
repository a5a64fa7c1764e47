/**
 * Many inclusion claims at once, their proofs folded by workers. Claims are taken in and judged on this thread:
 * workers hash, and decide nothing.
 */

import { copyHead, type TreeHead } from '../log/head.js';
import type { InclusionClaim } from '../log/claim.js';
import {
  countClaims,
  type InclusionResults,
  type JudgedClaims,
  judgeClaims,
  type OpenedClaims,
  openClaims,
  resultsOf,
} from '../log/inclusion.js';
import { hashingOf } from '../log/subtree.js';
import { type HashCallOptions, withCall } from './call.js';
import type { Crew } from './crew.js';
import type { JobResult } from './job.js';
import { createLine } from './line.js';

/** Claims in a piece: some ten milliseconds of work, so that a call to a worker weighs little. */
const PIECE_CLAIMS = 4096;

/** A piece, folded. */
interface Piece {
  readonly part: OpenedClaims;
  readonly count: number;
  readonly result: JobResult;
}

export function verifyInclusionsBy(
  crew: Crew,
  head: TreeHead,
  claims: readonly InclusionClaim[],
  options: HashCallOptions,
): Promise<InclusionResults> {
  const { scheme } = hashingOf({ hasher: crew.hasher, scheme: options.scheme });
  const against = copyHead(head, 'head');
  const total = countClaims(claims);

  return withCall(options, total, async (call) => {
    const judged: JudgedClaims[] = [];
    const line = createLine<Piece>(call, crew.width, ({ part, count, result }) => {
      judged.push(judgeClaims(part, result.hashes, against));
      call.advance(count);
    });
    for (let begin = 0; begin < total; begin += PIECE_CLAIMS) {
      const end = Math.min(begin + PIECE_CLAIMS, total);
      await line.push(async () => {
        const part = openClaims(claims, begin, end, against);
        const result = await crew.run({ kind: 'proofs', proofs: part.batch.proofs(scheme) }, call.isOver);
        return { part, count: end - begin, result };
      });
    }
    await line.drain();
    return resultsOf(judged);
  });
}
