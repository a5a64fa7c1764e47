/**
 * One harness for every benchmark, on tinybench. All contenders of a task take turns, round after round, each
 * round a fresh `Bench`, so that a change of the machine's clock or load hits them alike; the median of the
 * rounds counts. Whatever a run returns is checked outside the timed part: a fast wrong answer fails.
 */

import { createHash } from 'node:crypto';
import { Bench } from 'tinybench';

/** One way of doing a task's work. No timing in here. */
export interface Contender {
  readonly name: string;
  /** Does the work once, and returns all that it computed. */
  run(): Uint8Array;
  /** What the checksum of every run must be. */
  readonly expected: string;
  /** The checksum of what a run returned; SHA-256 where it is always the same bytes. */
  checksum?(output: Uint8Array): string;
}

/** The same work, done by several contenders. */
export interface Task {
  readonly title: string;
  /** What is counted, plural: `nodes`. */
  readonly unit: string;
  /** Units of one run. */
  readonly units: number;
  /** The contender that the others are compared with. */
  readonly baseline: string;
  readonly contenders: readonly Contender[];
}

/** How long to measure. */
export interface Schedule {
  /** Rounds that count. One more comes first, for the just-in-time compilers. */
  readonly rounds: number;
  /** Milliseconds for a contender in a round; one run at least. */
  readonly timeMs: number;
  /** The clock, in milliseconds; the platform's finest where none is given. */
  readonly now?: () => number;
}

/** One contender's result. */
export interface Measurement {
  readonly name: string;
  /** Median over the rounds, each of which is the median of its runs. */
  readonly nanosecondsPerUnit: number;
  /** Slowest round less the fastest, as a fraction of the median. */
  readonly spread: number;
  readonly rounds: readonly number[];
}

/** SHA-256 of an output, in hex. */
export function digest(output: Uint8Array): string {
  return createHash('sha256').update(output).digest('hex');
}

/**
 * Measures a task.
 * @throws Error where a contender computes anything but what it must
 */
export function measure(task: Task, schedule: Schedule): Measurement[] {
  const rounds = Array.from({ length: schedule.rounds + 1 }, (_, round) => playRound(task, schedule, round));
  return task.contenders.map(({ name }) => {
    const counted = rounds
      .slice(1)
      .map((latencies) => ((latencies.get(name) ?? Number.NaN) * 1e6) / task.units);
    const median = medianOf(counted);
    const spread = (Math.max(...counted) - Math.min(...counted)) / median;
    return { name, nanosecondsPerUnit: median, spread, rounds: counted };
  });
}

/** Median latency of each contender in one round, in milliseconds. Another one begins in every round. */
function playRound(task: Task, schedule: Schedule, round: number): Map<string, number> {
  const { now } = schedule;
  const bench = new Bench({
    ...(now === undefined ? { timestampProvider: 'hrtimeNow' } : { now }),
    time: schedule.timeMs,
    iterations: 1,
    warmup: false,
    throws: true,
  });
  const first = round % task.contenders.length;
  for (const contender of [...task.contenders.slice(first), ...task.contenders.slice(0, first)]) {
    let output: Uint8Array | undefined;
    bench.add(
      contender.name,
      () => {
        output = contender.run();
      },
      {
        // Unsaid, tinybench finds out by a run of its own.
        async: false,
        beforeEach: () => {
          output = undefined;
        },
        afterEach: () => {
          // Without output the run threw, and that is the error to hear of.
          if (output !== undefined) check(task, contender, output);
        },
      },
    );
  }
  return new Map(
    bench.runSync().map(({ name, result }) => {
      if (result.state !== 'completed') throw new Error(`${task.title}, ${name}: ${result.state}`);
      return [name, result.latency.p50];
    }),
  );
}

function check(task: Task, contender: Contender, output: Uint8Array): void {
  const checksum = contender.checksum?.(output) ?? digest(output);
  if (checksum !== contender.expected) {
    throw new Error(`${task.title}: ${contender.name} computed a wrong result`);
  }
}

/** The middle one, or the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error('no rounds were measured');
  return (low + high) / 2;
}
