/**
 * Who may do what at the same time: writers one after the other, answers at any time, and deleting only once the
 * answers under way are done.
 */
export interface Turnstile {
  /** Runs after every writer before, whatever became of it. */
  write<T>(work: () => Promise<T>): Promise<T>;
  /** Runs at once. */
  answer<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when the answers that are under way now are done. */
  answersDone(): Promise<void>;
}

/** One with nobody in it. */
export function createTurnstile(): Turnstile {
  let writers: Promise<unknown> = Promise.resolve();
  const answers = new Set<Promise<unknown>>();
  return {
    write(work) {
      const turn = writers.then(work, work);
      writers = turn.catch(() => undefined);
      return turn;
    },
    answer(work) {
      const done = work();
      const settled = done.then(
        () => undefined,
        () => undefined,
      );
      answers.add(settled);
      void settled.then(() => answers.delete(settled));
      return done;
    },
    async answersDone() {
      await Promise.all(answers);
    },
  };
}
