/**
 * The library's auditor against the transcription of the draft's "Auditing": random histories, honest and not, from the
 * first log entry on or from the middle; and each update once more with something of it changed. Both take the same
 * ones, come to the same state, and refuse the same ones, for the same reason.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { standsFor } from '../../scripts/vectors/refusals.js';
import type { Auditor } from '../../src/auditor.js';
import type { CipherSuite } from '../../src/suites.js';
import { decodeAuditorState } from '../../src/transparency/auditor/auditor-state-encoding.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { Refusal, type Reason } from '../reference/encoding.js';
import { audit, type Update, updateOf } from '../reference/keytrans-auditor.js';
import { batchProof, KeytransLog, leafValue, logEntry } from '../reference/keytrans-log.js';
import { frontier } from '../reference/keytrans-order.js';
import { beginAt, keptOf, NOTHING, rootOf, type Told } from '../reference/keytrans-told.js';
import type { LogConfiguration } from '../reference/keytrans-users.js';
import { writeWire } from '../reference/keytrans-wire.js';
import { change, type Leaf, value as valueOf } from '../reference/prefix-tree.js';
import { check } from '../support/property.js';
import { anyDamage, damaged, type Made, withByte } from './auditor-damages.js';
import { auditorOf, leafOf } from './auditor-world.js';
import { createWorld, quickSuite, SUITES } from './operator-world.js';

const QUICK = SUITES.map(quickSuite);
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const FIRST_MS = 1000;
const encode = (name: string, fields: unknown): Uint8Array =>
  new Uint8Array(
    writeWire(name, fields, { ciphersuite: 1, mode: 'thirdPartyAuditing', namesVersion: false }).bytes,
  );

// ------------------------------------------------------------------------------------- histories

/** What a log entry does with each name: nothing, or put it in or take it out, or replace it. */
const anyEntry = fc.record({
  by: fc.constantFrom(0, 0, 5, 20, 60, 150),
  wants: fc.array(fc.constantFrom('keep', 'keep', 'keep', 'change', 'replace'), {
    minLength: NAMES.length,
    maxLength: NAMES.length,
  }),
});
type Entry = typeof anyEntry extends fc.Arbitrary<infer One> ? One : never;

/** The update of a log's next entry. */
function next(log: readonly Made[], { by, wants }: Entry): { readonly update: Update; readonly made: Made } {
  const last = log.at(-1);
  const leaves = new Map(last?.leaves);
  const removed: Leaf[] = [];
  const added: Leaf[] = [];
  for (const [i, name] of NAMES.entries()) {
    const there = leaves.get(name);
    if (wants[i] === 'keep') continue;
    if (there !== undefined) removed.push(there);
    leaves.delete(name);
    if (there !== undefined && wants[i] === 'change') continue;
    const leaf = leafOf(name, `${name} ${log.length}`);
    added.push(leaf);
    leaves.set(name, leaf);
  }
  const timestampMs = (last?.timestampMs ?? FIRST_MS) + by;
  const update = updateOf(last?.tree, timestampMs, added, removed);
  const keys = removed.map(({ vrfOutput }) => vrfOutput);
  return { update, made: { timestampMs, leaves, tree: change(last?.tree, added, keys) } };
}

/** What an auditor who begins after these entries is told of them. */
function startAfter(log: readonly Made[]): Uint8Array {
  const [n, leaves] = [log.length, frontier(log.length)];
  const at = (x: number): Made => log[x] as Made;
  const tree = new KeytransLog((x) => leafValue(logEntry(at(x).timestampMs, valueOf(at(x).tree))));
  return encode('CombinedTreeProof', {
    timestampsMs: leaves.map((x) => at(x).timestampMs),
    prefixProofs: [],
    prefixRoots: leaves.map((x) => valueOf(at(x).tree)),
    inclusion: { elements: batchProof({ n, leaves, m: 0, nP: 0 }).map((range) => tree.value(range)) },
  });
}

// ------------------------------------------------------------------------------------- the two

/** Several things are wrong with some damaged proofs, and both look for them in an order of their own. */
const SHAPE = /^ERR_(?:PREFIX_(?!ORDER|DUPLICATE)\w+|PROOF_LENGTH)$/;
const isShape = (reason: Reason): boolean =>
  reason === 'proof-length' || /^prefix-(?!order|duplicate)/.test(reason);

const seen = new Map<string, number>();

/** Both judge the same updates. @returns what they come to, where they take them */
function judge(
  config: LogConfiguration,
  before: { readonly auditor: Auditor; readonly told: Told },
  updates: readonly Uint8Array[],
): { readonly auditor: Auditor; readonly told: Told } | undefined {
  const nothing = { nowMs: null, newest: null };
  let reason: Reason | undefined;
  let told = before.told;
  try {
    told = audit(config, before.told, updates, nothing);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reason = error.reason;
  }
  let code = 'accepted';
  let auditor = before.auditor;
  try {
    const { root, after } = before.auditor.apply(updates);
    expect(Buffer.from(root)).toEqual(Buffer.from(rootOf(told)));
    auditor = before.auditor.at(after);
    expect(fieldsOf(auditor, after)).toEqual(referenceFields(config, told));
  } catch (error) {
    const refused = (error as { code?: string }).code;
    if (refused === undefined || !refused.startsWith('ERR_')) throw error;
    code = refused;
  }
  seen.set(code, (seen.get(code) ?? 0) + 1);
  if (reason === undefined) {
    expect(code).toBe('accepted');
    return { auditor, told };
  }
  const agrees = standsFor(code, reason) || (isShape(reason) && SHAPE.test(code));
  expect({ code, reason, agrees }).toMatchObject({ agrees: true });
  return undefined;
}

const plain = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function fieldsOf({ configuration }: Auditor, state: Uint8Array): unknown {
  const suite = QUICK.find(({ id }) => id === configuration.ciphersuite) as CipherSuite;
  const log = openLog(encode('Configuration', configuration), suite);
  const { treeSize, fullSubtrees, frontier: edge, prefixTree, memory } = decodeAuditorState(log, state);
  return {
    treeSize,
    fullSubtrees: fullSubtrees.map(plain),
    frontier: edge,
    prefixTree: plain(prefixTree),
    insertions: memory.insertions.map(({ position, keys }) => [position, plain(keys)]),
  };
}

function referenceFields(config: LogConfiguration, told: Told): unknown {
  const { fullSubtrees, prefixTree, insertions, ...rest } = keptOf(config, told);
  return {
    ...rest,
    fullSubtrees: fullSubtrees.map(plain),
    prefixTree: plain(prefixTree),
    insertions: insertions.map(({ position, keys }) => [position, plain(keys)]),
  };
}

const history = fc.record({
  suite: fc.constantFrom(...QUICK.keys()),
  windowMs: fc.constantFrom(0, 25, 90),
  auditorStartPos: fc.constantFrom(0, 0, 1, 2, 3, 6, 7),
  entries: fc.array(fc.record({ entry: anyEntry, damage: anyDamage, waits: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
    size: 'max',
  }),
});

test('the library and the reference take the same updates, and refuse the same ones', () => {
  check(
    fc.property(history, ({ suite, windowMs, auditorStartPos, entries }) => {
      const world = createWorld({
        suite: QUICK[suite] as CipherSuite,
        windowMs,
        auditorStartPos,
        maxAuditorLagMs: 1000,
      });
      const config = world.configuration as unknown as LogConfiguration;
      const log: Made[] = [];
      const told: Update[] = [];
      const waiting: Uint8Array[] = [];
      let both: { readonly auditor: Auditor; readonly told: Told } | undefined;
      for (const { entry, damage, waits } of entries) {
        const { update, made } = next(log, entry);
        if (log.length < auditorStartPos) {
          log.push(made);
          continue;
        }
        if (both === undefined) {
          const start = auditorStartPos === 0 ? undefined : startAfter(log);
          both = {
            auditor: auditorOf(world, { start }),
            told: start === undefined ? NOTHING : beginAt(config, auditorStartPos, start),
          };
        }
        const lie = damaged(log, told, update, damage);
        judge(config, both, [...waiting, withByte(encode('AuditorUpdate', lie), damage)]);
        waiting.push(encode('AuditorUpdate', update));
        const taken = judge(config, both, waiting);
        if (taken === undefined) {
          // It removed too early, which an honest operator does not: the entry is made without it.
          waiting.pop();
          continue;
        }
        log.push(made);
        told.push(update);
        if (waits) continue;
        both = taken;
        waiting.length = 0;
      }
    }),
  );
  const often = [
    'accepted',
    'ERR_REMOVED_EARLY',
    'ERR_REMOVED_UNKNOWN',
    'ERR_ENTRY_ROOT',
    'ERR_TIMESTAMP_ORDER',
    'ERR_PREFIX_ORDER',
    'ERR_PREFIX_DUPLICATE',
    'ERR_PREFIX_PRESENT',
    'ERR_PREFIX_ABSENT',
    'ERR_PREFIX_COUNT',
    'ERR_PROOF_LENGTH',
  ];
  for (const code of often) expect(seen.get(code), code).toBeGreaterThan(50);
}, 300_000);
