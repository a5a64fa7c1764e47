/**
 * What the throughput means at the scale of the largest messengers: Apple said that its log grows by more than
 * two billion entries a week.
 */

import type { Kind } from './catalogue.js';
import type { Measurement } from './harness.js';

const WEEK_OF_ENTRIES = 2e9;
const WEEK_IN_SECONDS = 7 * 24 * 3600;

/** How long one thread takes for a week of entries: a leaf of 32 bytes and a node for each. */
export interface WeekEstimate {
  readonly name: string;
  readonly seconds: number;
  /** How many times two billion a week could be. */
  readonly times: number;
}

/** An estimate for everyone who hashed both leaves and a tree. */
export function estimateWeek(
  results: readonly { readonly kind: Kind; readonly measurements: readonly Measurement[] }[],
): WeekEstimate[] {
  const of = (kind: Kind): readonly Measurement[] =>
    results.find((result) => result.kind === kind)?.measurements ?? [];
  return of('leaves').flatMap((leaf) => {
    const node = of('tree').find(({ name }) => name === leaf.name);
    if (node === undefined) return [];
    const seconds = ((leaf.nanosecondsPerUnit + node.nanosecondsPerUnit) * WEEK_OF_ENTRIES) / 1e9;
    return [{ name: leaf.name, seconds, times: WEEK_IN_SECONDS / seconds }];
  });
}

/** How many times two billion entries a week are done where one takes so long. */
export function timesTwoBillion(nanosecondsPerEntry: number): number {
  return WEEK_IN_SECONDS / ((nanosecondsPerEntry * WEEK_OF_ENTRIES) / 1e9);
}

/** Seconds as people say them: `5 min 20 s`. */
export function spoken(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
