/** What the WebAssembly engine does, shown on the largest thing that people hash: the tree of a whole log. */

import { createTreeBuilder, type TreeHasher } from 'contact-key-verification/log.js';
import type { Terminal } from './terminal.js';

/** Apple said in 2023 that its log grows by more than two billion entries a week. */
const TWO_BILLION_A_WEEK = 2e9 / (7 * 24 * 60 * 60);
const BATCH = 2 ** 15;
const ENTRY_LENGTH = 32;
const LEAF_PREFIX = 0x00;

const number = (value: number): string => Math.round(value).toLocaleString('en');

/** Hashes a tree of so many entries. */
export function showEngine(out: Terminal, hasher: TreeHasher, entries: number): void {
  out.heading('The engine');
  out.say(
    `A log is a tree of hashes whose root covers everything in it. Whoever keeps, mirrors or audits a large one hashes all day. First, that alone: ${number(entries)} entries of 32 bytes, leaves and tree.`,
  );
  const builder = createTreeBuilder({ hasher });
  const batch = new Uint8Array(BATCH * ENTRY_LENGTH);
  const words = new Uint32Array(batch.buffer);
  const began = performance.now();
  const rate = (count: number): number => (count / (performance.now() - began)) * 1000;
  for (let done = 0; done < entries; ) {
    const count = Math.min(BATCH, entries - done);
    // Nobody reads these; they only have to differ.
    for (let i = 0; i < count; i++) words[i * 8] = done + i;
    builder.append(hasher.hashLeaves(batch.subarray(0, count * ENTRY_LENGTH), ENTRY_LENGTH, LEAF_PREFIX));
    done += count;
    out.progress(done, entries, `${number(done)} entries, ${number(rate(done))} a second`);
  }
  const perSecond = rate(builder.treeSize);
  out.fact('engine', `${hasher.name}, one thread`);
  out.fact('throughput', `${number(perSecond)} entries a second`);
  out.fact(
    'compared',
    `${number(perSecond / TWO_BILLION_A_WEEK)} times two billion a week, as Apple’s log grows`,
  );
}
