/**
 * How long an offer, and what a person said of it, may be used.
 */

/** How long a link offer can be answered: 10 minutes. */
export const LINK_LIFETIME_MS: number = 10 * 60 * 1000;

/** A clock that shows a time before the beginning was set back, so it cannot vouch for the ten minutes. */
export function isLinkExpired(beganMs: number, nowMs: number): boolean {
  return nowMs < beganMs || nowMs - beganMs >= LINK_LIFETIME_MS;
}
