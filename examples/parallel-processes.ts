/**
 * A log hashed by processes that share nothing: each hashes a part of it and prints a compact range, some hashes as
 * JSON; whoever has the ranges joins them, in any grouping. So any job engine can spread the work, over machines
 * too.
 *
 *     node build/examples/parallel-processes.js --entries 5000000 --processes 4
 *
 *     parent ──┬─ child --part 0,1250000        →  { "begin": 0, "end": 1250000, "hashes": […] }
 *              ├─ child --part 1250000,2500000  →  …
 *              …
 *              └─ joins the ranges, and compares the root with that of hashing everything in one process
 */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { encodeBase64Url, encodeHex, equalBytes, parseBase64Url } from 'contact-key-verification/bytes.js';
import {
  createRangeBuilder,
  createTreeBuilder,
  hashLeaves,
  joinRanges,
  type TreeRange,
} from 'contact-key-verification/log.js';
import { tryCreateWasmHasher } from 'contact-key-verification/wasm.js';

const ENTRY_LENGTH = 32;
const BATCH = 2 ** 14;

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    processes: { type: 'string', default: '4' },
    part: { type: 'string' },
  },
});
const hasher = tryCreateWasmHasher();

if (values.part === undefined) await hashTogether(count(values.entries), count(values.processes));
else {
  const [begin = 0, end = 0] = values.part.split(',').map(Number);
  console.log(rangeToJson(hashPart(begin, end)));
}

/** The parent's work: cut, start, join, check. */
async function hashTogether(entries: number, processes: number): Promise<void> {
  const borders = Array.from({ length: processes + 1 }, (_, i) => Math.floor((entries * i) / processes));
  const ranges = await Promise.all(borders.slice(1).map((end, i) => hashApart(borders[i] ?? 0, end)));

  // As they might come from far away: the odd ones with their neighbours first, then the rest.
  const pairs = ranges.flatMap((_, i) =>
    i % 2 === 0 ? [joinRanges(ranges.slice(i, i + 2), { hasher })] : [],
  );
  const tree = createTreeBuilder({ hasher });
  tree.appendRange(joinRanges(pairs, { hasher }));

  const alone = createTreeBuilder({ hasher });
  for (const leafHashes of leafHashesOf(0, entries)) alone.append(leafHashes);
  if (!equalBytes(tree.root(), alone.root())) throw new Error('the parts do not join to the whole');
  console.log(`${tree.treeSize} entries by ${processes} processes: root ${encodeHex(tree.root())}`);
}

/** A part, hashed by a process of its own. */
async function hashApart(begin: number, end: number): Promise<TreeRange> {
  const self = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, [self, '--part', `${begin},${end}`]);
  return rangeFromJson(stdout);
}

/** The child's work: it needs its own entries and their place, and nothing of the others. */
function hashPart(begin: number, end: number): TreeRange {
  const builder = createRangeBuilder(begin, { hasher });
  for (const leafHashes of leafHashesOf(begin, end)) builder.append(leafHashes);
  return builder.exportRange();
}

/** Reads a part of the log, in batches. Here the entries are made up: each is its own number. */
function* leafHashesOf(begin: number, end: number): Generator<Uint8Array> {
  for (let first = begin; first < end; first += BATCH) {
    const entries = new DataView(new ArrayBuffer(Math.min(BATCH, end - first) * ENTRY_LENGTH));
    for (let i = 0; i * ENTRY_LENGTH < entries.byteLength; i++) {
      entries.setFloat64(i * ENTRY_LENGTH, first + i);
    }
    yield hashLeaves(new Uint8Array(entries.buffer), ENTRY_LENGTH, { hasher });
  }
}

function rangeToJson({ begin, end, hashes }: TreeRange): string {
  return JSON.stringify({ begin, end, hashes: hashes.map(encodeBase64Url) });
}

/** Whatever this yields, `joinRanges` and `appendRange` look at its form; that it is true, the child vouches for. */
function rangeFromJson(text: string): TreeRange {
  const { begin, end, hashes } = JSON.parse(text) as { begin: number; end: number; hashes: string[] };
  return { begin, end, hashes: hashes.map(parseBase64Url) };
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${text} is no number of 1 or more`);
  return number;
}
