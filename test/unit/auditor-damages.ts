/** What an operator could say of a log entry instead of the truth, by chance. */

import fc from 'fast-check';
import { type Update, updateOf } from '../reference/keytrans-auditor.js';
import type { Leaf, Result, Tree } from '../reference/prefix-tree.js';
import { leafOf } from './auditor-world.js';

/** A log entry as it was made. */
export interface Made {
  readonly timestampMs: number;
  readonly tree: Tree;
  readonly leaves: ReadonlyMap<string, Leaf>;
}

/** What of an update is changed, where, and by how much. */
export const anyDamage = fc.record({
  kind: fc.constantFrom(
    'older',
    'newer',
    'exchange-added',
    'exchange-removed',
    'added-twice',
    'other-value',
    'other-removed-value',
    'hidden',
    'untold',
    'overwritten',
    'absent',
    'type',
    'depth',
    'leaf',
    'results',
    'element-flip',
    'element-zero',
    'element-drop',
    'element-double',
    'replayed',
    'byte',
  ),
  at: fc.nat(),
  by: fc.integer({ min: 1, max: 255 }),
});
export type Damage = typeof anyDamage extends fc.Arbitrary<infer One> ? One : never;

const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];
const put = <T>(all: readonly T[], at: number, to: (one: T) => T): T[] =>
  all.map((one, i) => (i === at % all.length ? to(one) : one));
const without = <T>(all: readonly T[], at: number): T[] => all.filter((_, i) => i !== at % all.length);
const flip = (bytes: Uint8Array, by = 1): Uint8Array =>
  Uint8Array.from(bytes, (byte, i) => (i === 31 ? byte ^ by : byte));
const revalue = ({ vrfOutput, commitment }: Leaf): Leaf => ({ vrfOutput, commitment: flip(commitment) });

/** An update of the log's next entry with one thing changed; the same where there is no such thing in it. */
export function damaged(
  log: readonly Made[],
  told: readonly Update[],
  update: Update,
  { kind, at, by }: Damage,
): Update {
  const { timestampMs, added, removed, proof } = update;
  const { results, elements } = proof;
  const tree = log.at(-1)?.tree;
  const again = (more: Partial<Update>): Update => {
    const one = { ...update, ...more };
    return updateOf(tree, one.timestampMs, one.added, one.removed);
  };
  const onResult = (to: (one: Result) => Result): Update => ({
    ...update,
    proof: { elements, results: put(results, at, to) },
  });
  const onElements = (changed: readonly Uint8Array[]): Update => ({
    ...update,
    proof: { results, elements: changed },
  });
  const present = pick([...(log.at(-1)?.leaves.values() ?? [])], at);
  switch (kind) {
    case 'older':
      return { ...update, timestampMs: Math.max(0, timestampMs - by) };
    case 'newer':
      return { ...update, timestampMs: timestampMs + by };
    case 'exchange-added':
      return { ...update, added: [...added].reverse() };
    case 'exchange-removed':
      return { ...update, removed: [...removed].reverse() };
    case 'added-twice':
      return {
        ...update,
        added: added.flatMap((leaf, i) => (i === at % added.length ? [leaf, leaf] : [leaf])),
      };
    case 'other-value':
      return { ...update, added: put(added, at, revalue) };
    case 'other-removed-value':
      return { ...update, removed: put(removed, at, revalue) };
    case 'hidden':
      return again({ added: without(added, at) });
    case 'untold':
      return again({ removed: without(removed, at) });
    case 'overwritten':
      return present === undefined ? update : again({ added: [revalue(present)], removed: [] });
    case 'absent':
      return again({ removed: [leafOf(`nobody ${at}`)] });
    case 'type':
      return onResult(({ depth }) => ({ resultType: by % 2 ? 'inclusion' : 'nonInclusionParent', depth }));
    case 'depth':
      return onResult((one) => ({ ...one, depth: (one.depth + by) % 256 }));
    case 'leaf':
      return onResult(({ depth }) => ({
        resultType: 'nonInclusionLeaf',
        leaf: present ?? leafOf('nobody'),
        depth: by % 2 ? depth : by % 4,
      }));
    case 'results':
      return { ...update, proof: { elements, results: by % 2 ? [...results].reverse() : results.slice(1) } };
    case 'element-flip':
      return onElements(put(elements, at, (one) => flip(one, by)));
    case 'element-zero':
      return onElements(put(elements, at, () => new Uint8Array(32)));
    case 'element-drop':
      return onElements(without(elements, at));
    case 'element-double':
      return onElements(elements.flatMap((one, i) => (i === at % elements.length ? [one, one] : [one])));
    case 'replayed':
      return pick(told, at) ?? update;
    case 'byte':
      return update;
  }
}

/** One byte of an encoding is another. */
export const withByte = (bytes: Uint8Array, { kind, at, by }: Damage): Uint8Array =>
  kind === 'byte' ? Uint8Array.from(bytes, (one, i) => (i === at % bytes.length ? one ^ by : one)) : bytes;
