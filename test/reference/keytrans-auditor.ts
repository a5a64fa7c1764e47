/**
 * The third-party auditor of draft-ietf-keytrans-protocol (commit 526cc8a), "Auditing", slowly: it forgets nothing that it
 * was told, and reads each step out over all of it.
 *
 * Where the draft is silent: a leaf that was there before the auditor's start counts as published by the last entry before
 * it, so a distinguished entry there or later has shown it.
 */
import { demand, equal } from './encoding.js';
import { verifyMessage } from './keys.js';
import { leafValue, logEntry } from './keytrans-log.js';
import { distinguishedBefore, hex, nameOf, newestMs, rootOf, type Told } from './keytrans-told.js';
import { type AuditorHead, contextOf, type LogConfiguration, SUITES } from './keytrans-users.js';
import { readWire, writeWire } from './keytrans-wire.js';
import { evaluateUpdate, type Leaf, type Proof, prove, type Tree } from './prefix-tree.js';

type Bytes = Uint8Array;

/** AuditorUpdate */
export interface Update {
  readonly timestampMs: number;
  readonly added: readonly Leaf[];
  readonly removed: readonly Leaf[];
  readonly proof: Proof;
}

/** The auditor's clock, and its own newest head, where it has any. */
export interface Auditing {
  readonly nowMs: number | null;
  readonly newest: AuditorHead | null;
}

// ------------------------------------------------------------------------------------- what an operator tells

/** The changes of a log entry, with "a batch lookup proof in the previous log entry's prefix tree". */
export function updateOf(
  before: Tree,
  timestampMs: number,
  added: readonly Leaf[],
  removed: readonly Leaf[],
): Update {
  const sorted = (leaves: readonly Leaf[]): Leaf[] =>
    [...leaves].sort((a, b) => Buffer.compare(a.vrfOutput, b.vrfOutput));
  const changes = { added: sorted(added), removed: sorted(removed) };
  const keys = [...changes.added, ...changes.removed].map(({ vrfOutput }) => vrfOutput);
  return { timestampMs, ...changes, proof: prove(before, keys) };
}

// ------------------------------------------------------------------------------------- "Auditing"

/** The steps for one update, in the order of the text. */
function take(config: LogConfiguration, told: Told, update: Update, nowMs: number | null): Told {
  const { timestampMs, added, removed, proof } = update;
  const { size: position, start } = told;
  // 1. "`timestamp` is greater than or equal to the timestamp of the previous log entry."
  demand(position === 0 || timestampMs >= (told.timestamps.get(position - 1) as number), 'timestamp-order');
  // The library's: what users would refuse as too far ahead.
  demand(nowMs === null || timestampMs - nowMs <= config.maxAheadMs, 'head-ahead');
  // 2. to 4., and the roots of 6. and 7.
  const roots = evaluateUpdate(added, removed, proof);
  // 5. "with the addition of the new log entry, the prefix tree leaf was published in at least one distinguished log
  // entry before removal."
  const timestamps = new Map([...told.timestamps, [position, timestampMs]]);
  const distinguished = distinguishedBefore(config, timestamps, position + 1);
  for (const { vrfOutput } of removed) {
    const from = told.addedIn.get(hex(vrfOutput));
    if (from !== undefined)
      demand(
        distinguished.some((x) => x >= from),
        'removed-early',
      );
    else demand(start === 0 || distinguished.some((x) => x >= start - 1), 'removed-unknown');
  }
  // 6. "Verify that this matches the auditor's state."
  demand(equal(roots.before, told.prefixTree), 'entry-root');
  // 7. "Compute the new root value of the log tree after adding a leaf with the specified `timestamp` and prefix tree root".
  const addedIn = new Map(told.addedIn);
  for (const { vrfOutput } of removed) addedIn.delete(hex(vrfOutput));
  for (const { vrfOutput } of added) addedIn.set(hex(vrfOutput), position);
  const leaf = leafValue(logEntry(timestampMs, roots.after));
  return {
    size: position + 1,
    start,
    timestamps,
    nodes: new Map([...told.nodes, [nameOf([position, position + 1]), leaf]]),
    prefixTree: roots.after,
    addedIn,
  };
}

/** Takes encoded updates, all or none. All are read before the first is judged. */
export function audit(
  config: LogConfiguration,
  told: Told,
  updates: readonly Bytes[],
  { nowMs, newest }: Auditing,
): Told {
  if (told.size > 0) compareWith(config, newest, told);
  const read = updates.map((bytes) => readWire('AuditorUpdate', bytes, contextOf(config)) as Update);
  return read.reduce((before, update) => {
    const after = take(config, before, update, nowMs);
    compareWith(config, newest, after);
    return after;
  }, told);
}

// ------------------------------------------------------------------------------------- heads

function tbsOf(config: LogConfiguration, told: Told): Buffer {
  const fields = { config, timestampMs: newestMs(told), treeSize: told.size, root: rootOf(told) };
  return writeWire('AuditorTreeHeadTbs', fields, contextOf(config)).bytes;
}

/** The auditor's newest head must be one of the log that it is told of now. */
function compareWith(config: LogConfiguration, newest: AuditorHead | null, told: Told): void {
  if (newest?.treeSize !== told.size) return;
  const key = { scheme: SUITES[config.ciphersuite].scheme, key: config.auditorPublicKey as Bytes };
  demand(verifyMessage(key, tbsOf(config, told), newest.signature), 'auditor-signature');
}

/** Who signs heads. */
export interface Signer {
  readonly publicKey: Bytes;
  sign(message: Bytes): Bytes;
}

/** 8. "Optionally, provide an `AuditorTreeHead`"; null below the newest head that was signed already. */
export function headOf(
  config: LogConfiguration,
  signer: Signer,
  told: Told,
  newest: AuditorHead | null,
): AuditorHead | null {
  if (newest !== null && told.size < newest.treeSize) return null;
  const head = { timestampMs: newestMs(told), treeSize: told.size };
  if (newest?.treeSize === told.size) return { ...head, signature: newest.signature };
  demand(equal(signer.publicKey, config.auditorPublicKey as Bytes), 'signature');
  return { ...head, signature: signer.sign(tbsOf(config, told)) };
}
