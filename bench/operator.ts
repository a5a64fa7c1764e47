/**
 * `npm run bench:operator`: what a log's operator inserts and answers in a second, at 10^4 and 10^5 labels; `--large`
 * adds 10^6, minutes and some gigabytes.
 *
 * The store is the one in memory, and there is one thread. Each row stands twice: with the VRF of the suite, and with
 * a hash in its place, which shows what everything else takes. Logs are filled with the latter, or it would take an
 * hour. Answers are checked for what they say, so a fast wrong one fails; that they verify, tests show.
 */

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createOperator, type Operator } from 'contact-key-verification/operator.js';
import { createMemoryNodeStore, type MemoryNodeStore } from 'contact-key-verification/prefix.js';
import { type CipherSuite, KT_128_SHA256_Ed25519, SecretBytes } from 'contact-key-verification/suites.js';
import {
  type Configuration,
  encodeConfiguration,
  encodeOwnerInitRequest,
  encodeSearchRequest,
  encodeUpdateRequest,
  parseSearchResponse,
} from 'contact-key-verification/transparency.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { describeMachine, loadNow } from './machine.js';
import { medianOf } from './harness.js';
import { table } from './report.js';

const { values } = parseArgs({ options: { large: { type: 'boolean', default: false } } });
const SIZES = values.large ? [1e4, 1e5, 1e6] : [1e4, 1e5];
const FILL_BATCH = 10_000;
const BATCHES = [
  { labels: 1, samples: 30 },
  { labels: 100, samples: 7 },
];
const ANSWERS = 200;
const ROUNDS = 5;
const WINDOW_MS = 86_400_000;

const suite = KT_128_SHA256_Ed25519;
const secret = suite.signatures.scheme.generatePrivateKey();
const key = new SecretBytes(secret);
const vrfKey = suite.vrf.generatePrivateKey();
const configuration: Configuration = {
  ciphersuite: suite.id,
  mode: 'contactMonitoring',
  signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
  vrfPublicKey: vrfKey.publicKey.encoded,
  maxAheadMs: 60_000,
  maxBehindMs: 60_000,
  reasonableMonitoringWindowMs: WINDOW_MS,
  maximumLifetimeMs: undefined,
};

/** The suite with a hash in the place of its VRF. */
const withoutVrf: CipherSuite = {
  ...suite,
  vrf: {
    ...suite.vrf,
    prove: (_, input) => {
      const output = new Uint8Array(createHash('sha256').update(input).digest());
      return { output, proof: new Uint8Array(suite.vrf.proofLength).fill(output[0] as number) };
    },
  },
};
const SUITES = [
  { name: 'with the VRF', suite },
  { name: 'without', suite: withoutVrf },
];

const hasher = createWasmHasher();
const openWith = (store: MemoryNodeStore, chosen: CipherSuite): Promise<Operator> =>
  createOperator(encodeConfiguration(configuration), {
    suite: chosen,
    vrfKey,
    store,
    hasher,
    signer: (treeHeadTbs) => suite.signatures.sign(key, treeHeadTbs),
  });

const text = (label: string): Uint8Array => new TextEncoder().encode(label);
let nowMs = 1_700_000_000_000;
let others = 0;
const update = (label: string) => ({ label: text(label), values: [text(`value of ${label}`)] });

async function fill(operator: Operator, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += FILL_BATCH) {
    const count = Math.min(FILL_BATCH, to - at);
    nowMs += WINDOW_MS / 10;
    await operator.insert(
      Array.from({ length: count }, (_, i) => update(`label ${at + i}`)),
      { nowMs },
    );
  }
}

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
      nowMs += 1000;
      await operator.insert(
        Array.from({ length: labels }, () => update(`other ${others++}`)),
        { nowMs },
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
    const { value } = parseSearchResponse(response, configuration, request).value;
    if (Buffer.compare(value, text(`value of ${label}`)) !== 0) throw new Error('another value');
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
      const [outcome] = await operator.update([{ request }], { nowMs });
      if (outcome?.responses === undefined) throw outcome?.refusal;
      return outcome.responses[0] as Uint8Array;
    }),
  ];
}

const whole = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

const { runtime, processor } = describeMachine();
console.log(`${runtime}, ${processor}, load ${loadNow()}\n`);
const store = createMemoryNodeStore();
const filler = await openWith(store, withoutVrf);
const rows: string[][] = [];
let filled = 0;
for (const size of SIZES) {
  await fill(filler, filled, size);
  filled = size;
  const held = `${whole(store.allocatedBytes / size)} B`;
  for (const { name, suite: chosen } of SUITES) {
    const operator = await openWith(store, chosen);
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
