/**
 * `npm run bench:operator`: what a log's operator inserts and answers in a second, at 10^4 and 10^5 labels; `--large`
 * adds 10^6, two minutes and some gigabytes.
 *
 * The store is the one in memory, and there is one thread. Each row stands twice: with the VRF of the suite, and with
 * a hash in its place, which shows what everything else takes. Logs are filled with the latter, or it would take an
 * hour. Answers are checked for what they say, so a fast wrong one fails; that they verify, tests show.
 */

import { parseArgs } from 'node:util';
import type { Operator } from 'contact-key-verification/operator.js';
import { KT_128_SHA256_Ed25519 } from 'contact-key-verification/suites.js';
import {
  encodeOwnerInitRequest,
  encodeSearchRequest,
  encodeUpdateRequest,
  parseSearchResponse,
} from 'contact-key-verification/transparency.js';
import { describeMachine, loadNow } from './machine.js';
import { medianOf } from './harness.js';
import { table } from './report.js';
import { createSampleLog, fillLog, text, updateOf, valueOf, WINDOW_MS, withoutVrf } from './sample-log.js';

const { values } = parseArgs({ options: { large: { type: 'boolean', default: false } } });
const SIZES = values.large ? [1e4, 1e5, 1e6] : [1e4, 1e5];
const FILL_BATCH = 10_000;
const BATCHES = [
  { labels: 1, samples: 30 },
  { labels: 100, samples: 7 },
];
const ANSWERS = 200;
const ROUNDS = 5;

const log = createSampleLog(KT_128_SHA256_Ed25519);
const SUITES = [
  { name: 'with the VRF', suite: log.suite },
  { name: 'without', suite: withoutVrf(log.suite) },
];
let others = 0;

/** Runs so many a second: the median of several rounds. */
async function perSecond(rounds: number, count: number, run: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return (count / medianOf(times)) * 1000;
}

async function measureInsertions(operator: Operator): Promise<string[]> {
  const rates: string[] = [];
  for (const { labels, samples } of BATCHES) {
    const rate = await perSecond(samples, labels, async () => {
      log.nowMs += 1000;
      await operator.insert(
        Array.from({ length: labels }, () => updateOf(`other ${others++}`)),
        { nowMs: log.nowMs },
      );
    });
    rates.push(whole(rate));
  }
  return rates;
}

async function measureAnswers(operator: Operator, labels: number): Promise<string[]> {
  const last = operator.head?.treeSize as number;
  const chosen = (i: number): string => `label ${(i * 7919) % labels}`;
  let round = 0;
  let bytes = 0;
  const each = async (answer: (label: string) => Promise<Uint8Array>): Promise<string> => {
    const rate = await perSecond(ROUNDS, ANSWERS, async () => {
      for (let i = 0; i < ANSWERS; i++) bytes = (await answer(chosen(round * ANSWERS + i))).length;
      round++;
    });
    return `${whole(rate)} (${bytes} B)`;
  };
  const searchFor = async (label: string, known: number | undefined): Promise<Uint8Array> => {
    const request = { last: known, label: text(label), version: undefined };
    const response = await operator.search(encodeSearchRequest(request));
    const { value } = parseSearchResponse(response, log.configuration, request).value;
    if (Buffer.compare(value, valueOf(label)) !== 0) throw new Error('another value');
    return response;
  };
  return [
    await each((label) => searchFor(label, undefined)),
    await each((label) => searchFor(label, last)),
    await each((label) => operator.ownerInit(encodeOwnerInitRequest({ last, label: text(label), start: 0 }))),
    await each(async (label) => {
      const request = encodeUpdateRequest({
        last,
        label: text(label),
        greatestVersion: undefined,
        values: [],
      });
      const [outcome] = await operator.update([{ request }], { nowMs: log.nowMs });
      if (outcome?.responses === undefined) throw outcome?.refusal;
      return outcome.responses[0] as Uint8Array;
    }),
  ];
}

const whole = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

const { runtime, processor } = describeMachine();
console.log(`${runtime}, ${processor}, load ${loadNow()}\n`);
const filler = await log.open(withoutVrf(log.suite));
const rows: string[][] = [];
let filled = 0;
for (const size of SIZES) {
  await fillLog(log, filler, { from: filled, to: size, batch: FILL_BATCH, everyMs: WINDOW_MS / 10 });
  filled = size;
  const held = `${whole(log.store.allocatedBytes / size)} B`;
  for (const { name, suite: chosen } of SUITES) {
    const operator = await log.open(chosen);
    const answers = await measureAnswers(operator, size);
    rows.push([whole(size), name, ...(await measureInsertions(operator)), ...answers, held]);
  }
}
console.log(
  table(
    [
      'labels',
      'VRF',
      ...BATCHES.map(({ labels }) => `labels/s by ${labels}`),
      'searches/s, new user',
      'searches/s, same tree',
      'initializations/s',
      'told/s',
      'stored for a label',
    ],
    rows,
  ),
);
