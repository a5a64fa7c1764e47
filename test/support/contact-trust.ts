/** What laws ask of a review. */

import {
  type ContactState,
  encodeContact,
  type Finding,
  mergeContacts,
  type Review,
  reviewContact,
  type Trust,
} from 'contact-key-verification/contacts.js';

const RANKS: readonly Trust[] = ['blocked', 'doubtful', 'unverified', 'consistent', 'verified'];

export const rank = ({ trust }: Pick<Review, 'trust'>): number => RANKS.indexOf(trust);

export const look = (stored: ContactState, nowMs: number): Review => reviewContact({ stored, nowMs });

export const alarmsOf = ({ findings }: Review): readonly Finding[] =>
  findings.filter(({ level }) => level === 'alarm');

export const idsOf = (findings: readonly Finding[]): readonly string[] => findings.map(({ id }) => id);

/** Whether an alarm is still told: by itself, or by the one note that stands for more of its kind. */
export function isTold(alarm: Finding, review: Review): boolean {
  return alarmsOf(review).some(
    ({ id, code, why }) => id === alarm.id || (code === alarm.code && why === 'more'),
  );
}

export const bytesOf = (state: ContactState): string => Buffer.from(encodeContact(state)).toString('hex');

/** Findings that hold as long as their cause does, seen or not; all others are of a moment. */
export const LASTING: ReadonlySet<string> = new Set([
  'verified-key-changed',
  'own-list-foreign',
  'public-code-mismatch',
  'directory-outdated',
  'log-outdated',
  'log-proof-invalid',
]);

/** How a person's word on a key, as far as these devices know it, stands: set, or given up. */
export function wordsOn(
  states: readonly ContactState[],
): ReadonlyMap<string, { set: number; dropped: number }> {
  const words = new Map<string, { set: number; dropped: number }>();
  for (const { keyId, atMs, droppedMs } of states.flatMap(({ pins }) => pins)) {
    const known = words.get(keyId.join()) ?? { set: 0, dropped: 0 };
    words.set(keyId.join(), {
      set: Math.max(known.set, atMs),
      dropped: Math.max(known.dropped, droppedMs),
    });
  }
  return words;
}

export const mergeAll = ([first, ...others]: readonly ContactState[]): ContactState =>
  others.reduce(mergeContacts, first as ContactState);

/** The facts that make a note what it is. */
export function factsText(note: ContactState['notes'][number]): string {
  const { code, level, why, deviceKey, deviceId, before, after, sequence } = note;
  return [code, level, why, deviceKey, deviceId, before, after, sequence].join('|');
}
