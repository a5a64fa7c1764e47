/**
 * One harness for every benchmark: all contenders of a task take turns, round after round, so that a change of
 * the machine's clock or load hits them alike; the median of the rounds counts. A contender must return the
 * checksum that the task states, in every round: a fast wrong answer fails.
 */

/** One way of doing a task's work. */
export interface Contender {
  readonly name: string;
  /** Does the work once, and returns its checksum. */
  run(): string;
}

/** The same work, done by several contenders. */
export interface Task {
  readonly title: string;
  /** What is counted, plural: `nodes`. */
  readonly unit: string;
  /** Units of one run. */
  readonly units: number;
  /** What every run must return. */
  readonly checksum: string;
  readonly contenders: readonly Contender[];
}

/** One contender's result. */
export interface Result {
  readonly name: string;
  /** Median over the rounds. */
  readonly nanosecondsPerUnit: number;
  /** How much longer the slowest round took than the fastest, as a fraction. */
  readonly spread: number;
}

/** Times a task: one round to warm up, then `rounds` that count. */
export function measure(task: Task, rounds: number): Result[] {
  const times = task.contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    task.contenders.forEach((contender, i) => {
      const start = process.hrtime.bigint();
      const checksum = contender.run();
      const elapsed = Number(process.hrtime.bigint() - start);
      if (checksum !== task.checksum) throw new Error(`${contender.name} computed a wrong result`);
      if (round > 0) times[i]?.push(elapsed);
    });
  }
  return task.contenders.map(({ name }, i) => {
    const sorted = (times[i] ?? []).sort((a, b) => a - b);
    return {
      name,
      nanosecondsPerUnit: at(sorted, Math.floor(sorted.length / 2)) / task.units,
      spread: at(sorted, sorted.length - 1) / at(sorted, 0) - 1,
    };
  });
}

/** Results as lines of text, each beside its ratio to `baseline`. */
export function report(task: Task, results: readonly Result[], baseline: string): string {
  const base = results.find(({ name }) => name === baseline)?.nanosecondsPerUnit ?? Number.NaN;
  const lines = results.map(({ name, nanosecondsPerUnit, spread }) => {
    const rate = (1000 / nanosecondsPerUnit).toFixed(2).padStart(7);
    const each = nanosecondsPerUnit.toFixed(0).padStart(6);
    const ratio = (base / nanosecondsPerUnit).toFixed(2).padStart(7);
    return `  ${name.padEnd(26)}${rate} M/s ${each} ns ${ratio} ×   spread ${(100 * spread).toFixed(0)} %`;
  });
  return [`${task.title} (${task.unit}; × = against ${baseline})`, ...lines].join('\n');
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new Error('no rounds were measured');
  return value;
}
