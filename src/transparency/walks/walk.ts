/**
 * Walks: the algorithms of the draft, written once for those who make proofs and those who check them
 * (draft, "Combined Tree" and the appendix "CombinedTreeProof Implementation").
 *
 *     walk ──── question ───▶ source        a received proof: takes the answer from its queues, at once
 *       ▲                       │           a recorded one: answers from the log's own data, awaited, and writes
 *       └─────── answer ────────┘           what it answered into the queues
 *
 * A walk is a generator, so that it can stop at each question for as long as its source takes. The order in which
 * it asks is the protocol: nothing in a CombinedTreeProof says which log entry an element belongs to.
 *
 * A log entry's timestamp is asked for right before each look into its prefix tree. (The draft's lists leave some of
 * these out, by algorithm; in its worked example and wherever it lists them, they stand there. Sources remember
 * timestamps, so that asking again costs nothing.)
 */

import type { LadderVerdict } from './ladder.js';

/** What a walk asks about a log entry. Positions are within the tree that the walk was made for. */
export type Question =
  | { readonly ask: 'timestamp'; readonly position: number }
  | {
      readonly ask: 'searchLadder';
      readonly position: number;
      /** The version that the ladder is built for. */
      readonly target: number;
      /** Whether it leaves out what other entries have shown in the same response. */
      readonly omit: boolean;
    }
  | { readonly ask: 'lookUps'; readonly position: number; readonly versions: readonly number[] }
  | {
      /** A ladder that nobody looks at, but that counts as shown to those that leave out what others have shown. */
      readonly ask: 'assumedLadder';
      readonly position: number;
      readonly target: number;
      /** The greatest version that the entry is taken to hold; `undefined` for none. */
      readonly greatest: number | undefined;
    }
  | {
      /** Whether the proof ends before a look into this entry. Only whoever makes it decides. */
      readonly ask: 'isOver';
      readonly position: number;
      /** The greatest version that the user expects there; `undefined` for none. */
      readonly expected: number | undefined;
    };

type Answer = number | boolean | readonly boolean[] | undefined;

/** An algorithm under way. */
export type Walk<Result> = Generator<Question, Result, Answer>;

/** Answers what a received proof holds. What is missing, false or left over is thrown. */
export interface ProofSource {
  /** Milliseconds since 1970. */
  timestamp(position: number): number;
  searchLadder(position: number, target: number, omit: boolean): LadderVerdict;
  /** Whether each version is there, in order. */
  lookUps(position: number, versions: readonly number[]): readonly boolean[];
  assumedLadder(position: number, target: number, greatest: number | undefined): void;
  isOver(position: number, expected: number | undefined): boolean;
}

/** The same, from where reading takes time. */
export type AwaitedProofSource = {
  [Name in keyof ProofSource]: (
    ...question: Parameters<ProofSource[Name]>
  ) => Promise<ReturnType<ProofSource[Name]>>;
};

/** Asks for the timestamp of a log entry. */
export function* askTimestamp(position: number): Walk<number> {
  return (yield { ask: 'timestamp', position }) as number;
}

/** Asks for a search ladder in a log entry, its timestamp first. */
export function* askSearchLadder(position: number, target: number, omit: boolean): Walk<LadderVerdict> {
  yield* askTimestamp(position);
  return (yield { ask: 'searchLadder', position, target, omit }) as LadderVerdict;
}

/** Asks which versions are in a log entry's prefix tree, its timestamp first. */
export function* askLookUps(position: number, versions: readonly number[]): Walk<readonly boolean[]> {
  yield* askTimestamp(position);
  return (yield { ask: 'lookUps', position, versions }) as readonly boolean[];
}

/** Assumes a search ladder in a log entry, of which nothing is asked. */
export function* assumeSearchLadder(
  position: number,
  target: number,
  greatest: number | undefined,
): Walk<void> {
  yield { ask: 'assumedLadder', position, target, greatest };
}

/** Asks whether the proof ends here. */
export function* askIsOver(position: number, expected: number | undefined): Walk<boolean> {
  return (yield { ask: 'isOver', position, expected }) as boolean;
}

/** Runs a walk over a source. Throws what the walk or the source throws. */
export function walkThrough<Result>(walk: Walk<Result>, source: ProofSource): Result {
  let step = walk.next();
  while (step.done !== true) step = walk.next(answerOf(source, step.value));
  return step.value;
}

/** {@link walkThrough}, awaiting each answer. */
export async function walkAwaiting<Result>(walk: Walk<Result>, source: AwaitedProofSource): Promise<Result> {
  let step = walk.next();
  while (step.done !== true) step = walk.next(await answerOf(source, step.value));
  return step.value;
}

function answerOf(source: ProofSource, question: Question): Answer;
function answerOf(source: AwaitedProofSource, question: Question): Promise<Answer>;
function answerOf(source: ProofSource | AwaitedProofSource, question: Question): Answer | Promise<Answer> {
  switch (question.ask) {
    case 'timestamp':
      return source.timestamp(question.position);
    case 'searchLadder':
      return source.searchLadder(question.position, question.target, question.omit);
    case 'lookUps':
      return source.lookUps(question.position, question.versions);
    case 'assumedLadder':
      return source.assumedLadder(question.position, question.target, question.greatest) as undefined;
    case 'isOver':
      return source.isOver(question.position, question.expected);
  }
}
