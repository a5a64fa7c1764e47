/**
 * Notes: what was observed, kept until a person has seen it. The facts name the note, so the same facts again are
 * the same note, and other facts are news.
 */

import { compareBytes } from '../bytes/compare.js';
import type { FindingCode, Level, Reason } from './finding.js';
import { joinSets, keyText, signingKeyBytes } from './join.js';
import {
  type ContactDevice,
  type ContactState,
  EVIDENCE_MAX,
  NO_SEQUENCE,
  type Note,
  type NoteFacts,
  NOTES_PER_CODE,
} from './state.js';

const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Facts, with everything left out that a finding is not about. */
export function factsOf(
  code: FindingCode,
  level: Level,
  why: Reason,
  about: Partial<Omit<NoteFacts, 'code' | 'level' | 'why'>> = {},
): NoteFacts {
  return {
    code,
    level,
    why,
    deviceId: NOTHING,
    deviceKey: NOTHING,
    before: NOTHING,
    after: NOTHING,
    sequence: NO_SEQUENCE,
    ...about,
  };
}

/** The facts that name a device. */
export function aboutDevice(
  device: Partial<Pick<ContactDevice, 'id'>> & Pick<ContactDevice, 'signingKey'>,
): Pick<NoteFacts, 'deviceId' | 'deviceKey'> {
  return { deviceId: device.id ?? NOTHING, deviceKey: signingKeyBytes(device.signingKey) };
}

/** Names a note. */
export function noteId(facts: NoteFacts): string {
  return keyText(facts.code, facts.level, topicOf(facts));
}

/** Names what a note is about at whatever level. */
export function topicOf({ why, deviceId, deviceKey, before, after, sequence }: NoteFacts): string {
  return keyText(why, sequence, deviceId, deviceKey, before, after);
}

/** The state with something observed now. What was seen before counts as observed after that, whatever the clock says. */
export function observe(
  state: ContactState,
  facts: NoteFacts,
  nowMs: number,
  evidence: Uint8Array = NOTHING,
): ContactState {
  const seenMs = state.notes.find((note) => noteId(note) === noteId(facts))?.seenMs ?? 0;
  const kept = evidence.length > EVIDENCE_MAX ? NOTHING : Uint8Array.from(evidence);
  const lastMs = seenMs === 0 ? nowMs : Math.max(nowMs, seenMs + 1);
  const note: Note = { ...facts, sinceMs: nowMs, lastMs, seenMs: 0, evidence: kept };
  return Object.freeze({ ...state, notes: joinNotes(state.notes, [note]) });
}

/** The state with a note that follows from other facts of the state, which do not change any more. */
export function observeOnce(state: ContactState, facts: NoteFacts, nowMs: number): ContactState {
  const known = state.notes.some((note) => noteId(note) === noteId(facts));
  return known ? state : observe(state, facts, nowMs);
}

/** An alarm stands until it is seen, and again when it is observed after that. */
export function isUnseen({ seenMs, lastMs }: Note): boolean {
  return seenMs < lastMs;
}

/** The state after a person has seen the notes that `isSeen` picks. */
export function markSeen(state: ContactState, isSeen: (note: Note) => boolean, nowMs: number): ContactState {
  const notes = state.notes.map((note) =>
    isSeen(note) ? Object.freeze({ ...note, seenMs: Math.max(nowMs, note.lastMs, note.seenMs) }) : note,
  );
  return Object.freeze({ ...state, notes: Object.freeze(notes) });
}

/** Notes of two states: first and last observation, and the latest that somebody saw them. */
export function joinNotes(a: readonly Note[], b: readonly Note[]): readonly Note[] {
  const joined = joinSets(a, b, noteId, (x, y) => ({
    ...x,
    sinceMs: Math.min(x.sinceMs, y.sinceMs),
    lastMs: Math.max(x.lastMs, y.lastMs),
    seenMs: Math.max(x.seenMs, y.seenMs),
    evidence: compareBytes(x.evidence, y.evidence) < 0 ? y.evidence : x.evidence,
  }));
  const surplus = surplusOf(joined);
  if (surplus.size === 0) return joined;
  // Too many of a kind: what would be dropped becomes one note. What nobody saw makes that unseen again, so nothing
  // hides in a flood; there, and only there, it may matter in which order states are merged.
  const folded = [...surplus].map((note): Note => {
    const facts = factsOf(note.code, note.level, 'more');
    const seenMs = joined.find((other) => noteId(other) === noteId(facts))?.seenMs ?? 0;
    const lastMs = isUnseen(note) ? Math.max(note.lastMs, seenMs + 1) : note.lastMs;
    return { ...facts, sinceMs: note.sinceMs, lastMs, seenMs: 0, evidence: NOTHING };
  });
  const kept = joined.filter((note) => !surplus.has(note));
  return joinNotes(kept, folded);
}

function surplusOf(notes: readonly Note[]): ReadonlySet<Note> {
  const counts = new Map<string, number>();
  return new Set(
    notes.filter(({ code, level, why }) => {
      const kind = `${code}:${level}`;
      if (why === 'more') return false;
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return count > NOTES_PER_CODE;
    }),
  );
}
