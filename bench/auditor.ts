/**
 * `npm run bench:auditor`: how many log entries, and new leaves, an auditor takes in a second where the prefix tree has
 * 10^4 to 10^6 leaves; `--large` adds 10^7, minutes and some gigabytes. And how large its state is then.
 *
 * Updates are made beforehand by the operator's prefix tree. The auditor begins at the large tree, as an auditor does who
 * begins in the middle, and every round takes the same updates, one by one or many at a time, each call with its signature.
 * Every root is compared with that of a log built beside it, so a fast wrong one fails.
 */

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Auditor, createAuditor } from 'contact-key-verification/auditor.js';
import {
  createTypeScriptHasher,
  hashLeaf,
  keytransLog,
  type TreeHasher,
  treeRoot,
} from 'contact-key-verification/log.js';
import { createPrefixTree, type PrefixLeaf, type PrefixTreeHead } from 'contact-key-verification/prefix.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import {
  encodeAuditorUpdate,
  encodeCombinedTreeProof,
  encodeConfiguration,
  encodeLogEntry,
} from 'contact-key-verification/transparency.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { medianOf } from './harness.js';
import { describeMachine, loadNow } from './machine.js';
import { table } from './report.js';
import { timesTwoBillion } from './week.js';

const { values } = parseArgs({ options: { large: { type: 'boolean', default: false } } });
const SIZES = values.large ? [1e4, 1e5, 1e6, 1e7] : [1e4, 1e5, 1e6];
const FILL_BATCH = 10_000;
/** New leaves of a log entry, and how many entries are measured. */
const ENTRIES = [
  { leaves: 1, count: 256 },
  { leaves: 20, count: 128 },
  { leaves: 250, count: 64 },
];
const ROUNDS = 7;
const START_MS = 1_700_000_000_000;

const { scheme } = suite.signatures;
const [secret, auditorSecret] = [scheme.generatePrivateKey(), scheme.generatePrivateKey()];
const auditorKey = new SecretBytes(auditorSecret);
const configuration = encodeConfiguration({
  ciphersuite: suite.id,
  mode: 'thirdPartyAuditing',
  signaturePublicKey: scheme.derivePublicKey(secret),
  vrfPublicKey: suite.vrf.generatePrivateKey().publicKey.encoded,
  maxAuditorLagMs: 60_000,
  auditorStartPos: 1,
  auditorPublicKey: scheme.derivePublicKey(auditorSecret),
  maxAheadMs: 60_000,
  maxBehindMs: 60_000,
  reasonableMonitoringWindowMs: 86_400_000,
  maximumLifetimeMs: undefined,
});

const digest = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());
const leavesOf = (name: string, count: number): PrefixLeaf[] =>
  Array.from({ length: count }, (_, i) => {
    const vrfOutput = digest(`${name} ${i}`);
    return { vrfOutput, commitment: vrfOutput };
  }).sort((a, b) => Buffer.compare(a.vrfOutput, b.vrfOutput));

/** Updates of a log, and its roots after each. */
interface Told {
  readonly updates: readonly Uint8Array[];
  readonly root: Uint8Array;
}

const fast = createWasmHasher();
const tree = createPrefixTree({ hasher: fast });
let head: PrefixTreeHead | undefined;
let position = 0;

async function grow(from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += FILL_BATCH) {
    const added = leavesOf(`fill ${at}`, Math.min(FILL_BATCH, to - at));
    head = await tree.update(head, { position, added });
    // What nothing will be proven in any more would fill many gigabytes.
    await tree.prune({ from: Math.max(0, position - 1), keep: head });
    position++;
  }
}

/** The log whose first entry has the tree so far, and then so many entries more. The tree goes on from there. */
async function tell(leaves: number, count: number): Promise<Told> {
  const entries = [encodeLogEntry({ timestampMs: START_MS, prefixTree: rootOf(head) })];
  const updates: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const added = leavesOf(`entry ${position}`, leaves);
    const { proof } = await tree.prove(
      head,
      added.map(({ vrfOutput }) => vrfOutput),
    );
    head = await tree.update(head, { position: position++, added });
    const timestampMs = START_MS + i + 1;
    updates.push(encodeAuditorUpdate({ timestampMs, added, removed: [], proof }));
    entries.push(encodeLogEntry({ timestampMs, prefixTree: rootOf(head) }));
  }
  const leafHashes = Buffer.concat(entries.map((entry) => hashLeaf(entry, keytransLog)));
  return { updates, root: treeRoot(new Uint8Array(leafHashes), { scheme: keytransLog }) };
}

const rootOf = (made: PrefixTreeHead | undefined): Uint8Array => (made as PrefixTreeHead).root;

function auditorFrom(prefixTree: Uint8Array, hasher: TreeHasher): Auditor {
  const start = encodeCombinedTreeProof({
    timestampsMs: [START_MS],
    prefixProofs: [],
    prefixRoots: [prefixTree],
    inclusion: { elements: [] },
  });
  const signer = (tbs: Uint8Array): Uint8Array => suite.signatures.sign(auditorKey, tbs);
  return createAuditor(configuration, { suite, signer, start, hasher });
}

/** Takes the updates so many at a time, and ends in the right root. Returns the state. */
function follow(auditor: Auditor, { updates, root }: Told, atOnce: number): Uint8Array {
  let at = auditor;
  let state = new Uint8Array();
  for (let done = 0; done < updates.length; done += atOnce) {
    state = Uint8Array.from(at.apply(updates.slice(done, done + atOnce)).after);
    at = at.at(state);
  }
  if (Buffer.compare(at.root as Uint8Array, root) !== 0) throw new Error('another root');
  return state;
}

console.log(JSON.stringify(describeMachine()), `load ${loadNow()}`);
const rows: string[][] = [];
for (const [i, size] of SIZES.entries()) {
  await grow(SIZES[i - 1] ?? 0, size);
  for (const { leaves, count } of ENTRIES) {
    const prefixTree = rootOf(head);
    const told = await tell(leaves, count);
    const ways = [
      { auditor: auditorFrom(prefixTree, createTypeScriptHasher()), atOnce: 1 },
      { auditor: auditorFrom(prefixTree, fast), atOnce: 1 },
      { auditor: auditorFrom(prefixTree, fast), atOnce: count },
    ];
    const times: number[][] = ways.map(() => []);
    let state = 0;
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [way, { auditor, atOnce }] of ways.entries()) {
        const start = performance.now();
        state = follow(auditor, told, atOnce).length;
        if (round > 0) times[way]?.push(performance.now() - start);
      }
    }
    const rates = times.map((each) => (count / medianOf(each)) * 1000);
    const best = (rates.at(-1) as number) * leaves;
    rows.push([
      `10^${Math.log10(size)}`,
      String(leaves),
      ...rates.map(whole),
      whole(best),
      `${timesTwoBillion(1e9 / best).toFixed(1)} ×`,
      `${whole(state)} B`,
    ]);
  }
}
console.log(
  table(
    [
      'leaves',
      'new ones in an entry',
      'entries/s, TypeScript',
      'entries/s, WebAssembly',
      'entries/s, many at once',
      'new leaves/s',
      'two billion a week',
      'state',
    ],
    rows,
  ),
);

function whole(rate: number): string {
  return Math.round(rate).toLocaleString('en');
}
