/**
 * Notes: what was observed, kept until a person has seen it. The facts name the note, so the same facts again are
 * the same note, and other facts are news.
 */

import { compareBytes } from '../bytes/compare.js';
import type { FindingCode, Level } from './finding.js';
import type { Reason } from './reason.js';
import { joinSets, keyText, signingKeyBytes } from './join.js';
import {
  type ContactDevice,
  type ContactState,
  EVIDENCE_MAX,
  FOLDED_MAX,
  NO_SEQUENCE,
  type Note,
  type NoteFacts,
  NOTES_PER_KIND,
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

/** The longest id of a device that a list can have, and the longest key, with its scheme, that a state can hold. */
const DEVICE_ID_MAX = 32;
const DEVICE_KEY_MAX = 255;

/** A device, as a list or somebody outside names it. */
interface DeviceName {
  readonly id?: Uint8Array | undefined;
  readonly signingKey: ContactDevice['signingKey'];
}

/** The facts that name a device. What is longer than any listed device's is cut: it comes from outside. */
export function aboutDevice({
  id = NOTHING,
  signingKey: { scheme, key },
}: DeviceName): Pick<NoteFacts, 'deviceId' | 'deviceKey'> {
  return {
    deviceId: id.slice(0, DEVICE_ID_MAX),
    deviceKey: signingKeyBytes({ scheme, key: key.subarray(0, DEVICE_KEY_MAX - 2) }),
  };
}

/** Names a note. */
export function noteId(facts: NoteFacts): string {
  return keyText(facts.code, facts.level, topicOf(facts));
}

/** Names what a note is about at whatever level. */
export function topicOf({ why, deviceId, deviceKey, before, after, sequence }: NoteFacts): string {
  return keyText(why, sequence, deviceId, deviceKey, before, after);
}

/**
 * The state with something observed now. What was seen before counts as observed after that, whatever the clock says.
 */
export function observe(
  state: ContactState,
  facts: NoteFacts,
  nowMs: number,
  evidence: Uint8Array = NOTHING,
  folded = 0,
): ContactState {
  const seenMs = noteOf(state, facts)?.seenMs ?? 0;
  const evidenceOmitted = evidence.length > EVIDENCE_MAX;
  const note: Note = {
    ...facts,
    sinceMs: nowMs,
    lastMs: seenMs === 0 ? nowMs : Math.max(nowMs, seenMs + 1),
    seenMs: 0,
    evidence: evidenceOmitted ? NOTHING : Uint8Array.from(evidence),
    evidenceOmitted,
    folded,
  };
  const notes = foldNotes(uniteNotes(state.notes, [note]), (before, more) => before + more);
  return Object.freeze({ ...state, notes });
}

/** The state with a note that follows from other facts of the state, which do not change any more. */
export function observeOnce(state: ContactState, facts: NoteFacts, nowMs: number): ContactState {
  return noteOf(state, facts) === undefined ? observe(state, facts, nowMs) : state;
}

/** The state with what was observed elsewhere, unless it was noted since. */
export function observeAgain(state: ContactState, note: Note, nowMs: number): ContactState {
  const before = noteOf(state, note);
  if (before !== undefined && Math.max(before.lastMs, before.seenMs) >= note.lastMs) return state;
  // Not before it was observed, whatever the clock here says: it would be news again and again.
  return observe(state, note, Math.max(nowMs, note.lastMs), note.evidence, note.folded);
}

/** The state with a note of what has been the case since then: who has seen it since then need not see it again. */
export function observeLasting(
  state: ContactState,
  facts: NoteFacts,
  sinceMs: number,
  nowMs: number,
): ContactState {
  const note = noteOf(state, facts);
  const isKnown = note !== undefined && !isUnseen(note) && note.seenMs >= sinceMs;
  return isKnown ? state : observe(state, facts, nowMs);
}

function noteOf(state: ContactState, facts: NoteFacts): Note | undefined {
  const id = noteId(facts);
  return state.notes.find((note) => noteId(note) === id);
}

/** An alarm stands until it is seen, and again when it is observed after that. */
export function isUnseen({ seenMs, lastMs }: Note): boolean {
  return seenMs === 0 || seenMs < lastMs;
}

/** The state after a person has seen the notes that `isSeen` picks. */
export function markSeen(state: ContactState, isSeen: (note: Note) => boolean, nowMs: number): ContactState {
  const notes = state.notes.map((note) =>
    isSeen(note) ? Object.freeze({ ...note, seenMs: Math.max(nowMs, note.lastMs, note.seenMs, 1) }) : note,
  );
  return Object.freeze({ ...state, notes: Object.freeze(notes) });
}

/** Notes of two states: first and last observation, and the latest that somebody saw them. */
export function joinNotes(a: readonly Note[], b: readonly Note[]): readonly Note[] {
  // What both know may have been folded by both, so numbers are not added.
  return foldNotes(uniteNotes(a, b), (before, more) => Math.max(before, more));
}

function uniteNotes(a: readonly Note[], b: readonly Note[]): readonly Note[] {
  return joinSets(a, b, noteId, (x, y) => ({
    ...x,
    sinceMs: Math.min(x.sinceMs, y.sinceMs),
    lastMs: Math.max(x.lastMs, y.lastMs),
    seenMs: Math.max(x.seenMs, y.seenMs),
    evidence: compareBytes(x.evidence, y.evidence) < 0 ? y.evidence : x.evidence,
    evidenceOmitted: x.evidenceOmitted || y.evidenceOmitted,
    folded: Math.max(x.folded, y.folded),
  }));
}

/**
 * Keeps a state bounded when notes of a kind are too many. What was seen gives way first, and is forgotten. What nobody
 * saw is folded into one note of the same code and level, which is unseen again and says how many it stands for: a flood
 * can take the details of an alarm, not the alarm. There, and only there, the order in which states merge can matter.
 */
function foldNotes(notes: readonly Note[], add: (before: number, more: number) => number): readonly Note[] {
  const surplus = surplusOf(notes);
  if (surplus.size === 0) return notes;
  const kept = notes.filter((note) => !surplus.has(note));
  const folded = new Map<string, Note>();
  for (const note of surplus) {
    if (!isUnseen(note)) continue;
    const facts = factsOf(note.code, note.level, 'more');
    const id = noteId(facts);
    const before = notes.find((other) => noteId(other) === id);
    const others = folded.get(id);
    folded.set(id, {
      ...facts,
      sinceMs: Math.min(note.sinceMs, others?.sinceMs ?? note.sinceMs),
      lastMs: Math.max(note.lastMs, others?.lastMs ?? 0, (before?.seenMs ?? 0) + 1),
      seenMs: 0,
      evidence: NOTHING,
      evidenceOmitted: note.evidenceOmitted || note.evidence.length > 0 || others?.evidenceOmitted === true,
      folded: (others?.folded ?? 0) + 1,
    });
  }
  const counted = [...folded].map(([id, note]): Note => {
    const before = notes.find((other) => noteId(other) === id)?.folded ?? 0;
    return { ...note, folded: Math.min(add(before, note.folded), FOLDED_MAX) };
  });
  return uniteNotes(kept, counted);
}

/** What does not fit: of each kind all but the first, unseen ones before seen ones. */
function surplusOf(notes: readonly Note[]): ReadonlySet<Note> {
  const kinds = new Map<string, Note[]>();
  for (const note of notes) {
    const kind = keyText(note.code, note.level, note.why);
    kinds.set(kind, [...(kinds.get(kind) ?? []), note]);
  }
  const unseenFirst = (kind: readonly Note[]): readonly Note[] => [
    ...kind.filter(isUnseen),
    ...kind.filter((note) => !isUnseen(note)),
  ];
  return new Set([...kinds.values()].flatMap((kind) => unseenFirst(kind).slice(NOTES_PER_KIND)));
}
