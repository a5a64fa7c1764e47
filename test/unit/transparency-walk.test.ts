/** Walks ask in the order that the protocol has: an entry's timestamp, then what its prefix tree says. */
import { expect, test } from 'vitest';
import {
  askIsOver,
  askLookUps,
  askSearchLadder,
  assumeSearchLadder,
  type AwaitedProofSource,
  type ProofSource,
  type Walk,
  walkAwaiting,
  walkThrough,
} from '../../src/transparency/walks/walk.js';

function* everything(): Walk<readonly unknown[]> {
  const verdict = yield* askSearchLadder(7, 2, true);
  const there = yield* askLookUps(11, [0, 3]);
  yield* assumeSearchLadder(12, 2, undefined);
  return [verdict, there, yield* askIsOver(13, 5)];
}

const EXPECTED = [
  'timestamp 7',
  'ladder 7 2 true',
  'timestamp 11',
  'lookups 11 0,3',
  'assumed 12 2 undefined',
  'over 13 5',
];

function source(asked: string[]): ProofSource {
  return {
    timestamp: (position) => asked.push(`timestamp ${position}`),
    searchLadder(...question) {
      asked.push(`ladder ${question.join(' ')}`);
      return -1;
    },
    lookUps(position, versions) {
      asked.push(`lookups ${position} ${versions.join()}`);
      return [true, false];
    },
    assumedLadder(position, target, greatest) {
      asked.push(`assumed ${position} ${target} ${String(greatest)}`);
    },
    isOver(...question) {
      asked.push(`over ${question.join(' ')}`);
      return true;
    },
  };
}

function awaitedFrom(now: ProofSource): AwaitedProofSource {
  const later = async <T>(answer: () => T): Promise<T> => {
    await Promise.resolve();
    return answer();
  };
  return {
    timestamp: (position) => later(() => now.timestamp(position)),
    searchLadder: (...question) => later(() => now.searchLadder(...question)),
    lookUps: (...question) => later(() => now.lookUps(...question)),
    assumedLadder: (...question) => later(() => now.assumedLadder(...question)),
    isOver: (...question) => later(() => now.isOver(...question)),
  };
}

test('at once', () => {
  const asked: string[] = [];
  expect(walkThrough(everything(), source(asked))).toEqual([-1, [true, false], true]);
  expect(asked).toEqual(EXPECTED);
});

test('awaited, one after the other', async () => {
  const asked: string[] = [];
  expect(await walkAwaiting(everything(), awaitedFrom(source(asked)))).toEqual([-1, [true, false], true]);
  expect(asked).toEqual(EXPECTED);
});

test('what the source or the walk throws passes through', async () => {
  const failing = {
    ...source([]),
    lookUps: (): never => {
      throw new Error('no more');
    },
  };
  expect(() => walkThrough(everything(), failing)).toThrow('no more');
  function* broken(): Walk<void> {
    yield* askIsOver(0, undefined);
    throw new Error('broken');
  }
  expect(() => walkThrough(broken(), source([]))).toThrow('broken');
  await expect(walkAwaiting(broken(), awaitedFrom(source([])))).rejects.toThrow('broken');
});
