/**
 * Head logs of key transparency logs, as `docs/keytrans.md` defines them ("Witnesses"): their entries, what a witness is
 * asked and answers (C2SP tlog-witness), and how a user compares.
 */
import { createHash } from 'node:crypto';
import { readCheckpointText } from './checkpoint-text.js';
import { openCheckpoint } from './checkpoints.js';
import { concat, demand, equal, Refusal } from './encoding.js';
import { verifyMessage } from './keys.js';
import { WireReader, WireWriter } from './keytrans-bytes.js';
import { contextOf, type LogConfiguration, SUITES } from './keytrans-users.js';
import { readWire, writeWire } from './keytrans-wire.js';
import type { NoteKey } from './note-keys.js';
import { readNote, type SignatureLine, type SignedBy, signersOf, writeSignatureLine } from './notes.js';
import { fromText } from './text.js';
import { consistencyHolds, leafHash, MTH } from './tree.js';

type Bytes = Uint8Array;

export type Head = { readonly position: number; readonly timestampMs: number; readonly root: Bytes };
export type SignedHead = Head & { readonly signature: Bytes };

// ------------------------------------------------------------------------------------- entries

const PLAIN = contextOf({ ciphersuite: 1, mode: 'contactMonitoring' });
const MODES = ['contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'];

/** Suite, mode, and the keys of tree heads and of the VRF. */
export function logId({ ciphersuite, mode, signaturePublicKey, vrfPublicKey }: LogConfiguration): Buffer {
  const numbers = Buffer.from([ciphersuite, MODES.indexOf(mode) + 1]);
  return createHash('sha256')
    .update(concat(numbers, signaturePublicKey, vrfPublicKey))
    .digest();
}

export function writeEntry(log: Bytes, { position, timestampMs, root, signature }: SignedHead): Buffer {
  const w = new WireWriter();
  w.uint(2, 1);
  w.fixed(32, log);
  w.uint(8, position);
  w.uint(8, timestampMs);
  w.fixed(32, root);
  w.opaque(2, signature);
  return w.bytes();
}

function readEntry(log: Bytes, entry: Bytes): SignedHead {
  demand(entry.length <= 1024, 'too-large');
  const r = new WireReader(entry);
  demand(r.uint(2) === 1, 'unknown-version');
  const named = r.fixed(32);
  const head = { position: r.uint(8), timestampMs: r.uint(8), root: r.fixed(32), signature: r.opaque(2) };
  r.end();
  demand(equal(named, log), 'other-log');
  return head;
}

/** Every entry is a head that the log signed, and each is later than the one before. */
export function headLog(
  configuration: Bytes,
  entries: readonly Bytes[],
): { heads: SignedHead[]; root: Bytes } {
  const config = readWire('Configuration', configuration, PLAIN) as LogConfiguration;
  const { scheme } = SUITES[config.ciphersuite];
  const heads: SignedHead[] = [];
  for (const entry of entries) {
    const head = readEntry(logId(config), entry);
    const treeSize = head.position + 1;
    const tbs = writeWire('TreeHeadTbs', { config, treeSize, root: head.root }, contextOf(config)).bytes;
    const isSigned = verifyMessage({ scheme, key: config.signaturePublicKey }, tbs, head.signature);
    demand(isSigned, 'signature');
    const before = heads.at(-1);
    if (before !== undefined) {
      demand(head.position !== before.position || equal(head.root, before.root), 'heads-differ');
      demand(head.position > before.position, 'head-log-order');
      demand(head.timestampMs >= before.timestampMs, 'timestamp-order');
    }
    heads.push(head);
  }
  return { heads, root: MTH(entries.map(leafHash)) };
}

// ------------------------------------------------------------------------------------- add-checkpoint

export type Request = { readonly oldSize: number; readonly proof: Bytes[]; readonly checkpoint: string };

/** "an old size line, zero or more consistency proof lines, and an empty line, followed by a checkpoint" */
export function readAddCheckpoint(body: string): Request {
  const at = body.indexOf('\n\n');
  demand(at >= 0, 'note-form');
  const [first, ...lines] = body.slice(0, at).split('\n') as [string, ...string[]];
  demand(/^old (0|[1-9][0-9]{0,15})$/.test(first), 'note-form');
  const oldSize = readSize(first.slice(4));
  demand(lines.length <= 63, 'vector-length');
  const proof = lines.map((line) => {
    const hash = fromText('base64', line);
    demand(hash.length === 32, 'vector-length');
    return hash;
  });
  return { oldSize, proof, checkpoint: body.slice(at + 2) };
}

function readSize(digits: string): number {
  demand(BigInt(digits) <= BigInt(Number.MAX_SAFE_INTEGER), 'number-too-large');
  return Number(digits);
}

export type Answer =
  | { readonly outcome: 'cosigned'; readonly lines: string; readonly cosignedBy: SignedBy[] }
  | { readonly outcome: 'conflict'; readonly treeSize: number }
  | { readonly outcome: 'refused'; readonly status: number };

/** What a witness answered to a checkpoint: "The client MUST ignore any cosignatures from unknown keys." */
export function openAnswer(
  status: number,
  body: string,
  checkpoint: string,
  keys: readonly NoteKey[],
): Answer {
  if (status === 409 && body !== '') {
    demand(/^(0|[1-9][0-9]{0,15})\n$/.test(body), 'checkpoint-form');
    return { outcome: 'conflict', treeSize: readSize(body.slice(0, -1)) };
  }
  if (status !== 200) return { outcome: 'refused', status };
  const { text } = readNote(Buffer.from(checkpoint));
  // "the client MAY concatenate it to the checkpoint, and use a note verification function"
  const { signatures } = readNote(Buffer.from(`${text}\n${body}`));
  const own: SignatureLine[] = signatures.filter(({ name, id }) =>
    keys.some((key) => key.name === name && key.id === id),
  );
  const cosignedBy = signersOf({ text, signatures: own }, keys);
  demand(own.length > 0, 'note-unsigned');
  // "The cosignature MUST NOT omit the timestamp"
  demand(
    cosignedBy.every(({ timestampMs }) => Number(timestampMs) > 0),
    'signature',
  );
  return { outcome: 'cosigned', lines: own.map(writeSignatureLine).join(''), cosignedBy };
}

export type KnownLog = { readonly origin: string; readonly keys: readonly NoteKey[] };
export type Latest = { readonly treeSize: number; readonly root: Bytes } | null;

/** The status that a witness answers with; with 409 the size that it has. */
export function decide(
  body: string,
  logs: readonly KnownLog[],
  latest: Latest,
): { status: number; size: number | null } {
  const is = (status: number): { status: number; size: null } => ({ status, size: null });
  const refusalOf = (work: () => void): Refusal | undefined => {
    try {
      work();
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  };
  let request: Request | undefined;
  if (refusalOf(() => void (request = readAddCheckpoint(body))) !== undefined) return is(400);
  const { oldSize, proof, checkpoint } = request as Request;
  const log = logs.find(({ origin }) => origin === checkpoint.split('\n')[0]);
  if (log === undefined) return is(404);
  const note = Buffer.from(checkpoint);
  const refused = refusalOf(() => void openCheckpoint(note, { ...log, witnesses: null, freshness: null }));
  if (refused?.reason === 'signature' || refused?.reason === 'note-unsigned') return is(403);
  if (refused?.reason === 'empty-tree-root') return is(422);
  if (refused !== undefined) return is(400);
  const { treeSize, root } = readCheckpointText(readNote(note).text);
  if (oldSize > treeSize) return is(400);
  const known = latest?.treeSize ?? 0;
  if (oldSize !== known) return { status: 409, size: known };
  if (known === 0) return is(proof.length === 0 ? 200 : 422);
  return is(consistencyHolds(known, treeSize, (latest as { root: Bytes }).root, root, proof) ? 200 : 422);
}

// ------------------------------------------------------------------------------------- comparing

export type Kept = { readonly matched: Head | null; readonly pending: readonly Head[] };
export type Comparison = {
  readonly outcome: string;
  readonly witnessed: Head | null;
  readonly proven: Head | null;
  readonly matched: Head | null;
  readonly pending: number;
  readonly skipped: number;
};

/**
 * The user's list holds every distinguished entry from its first on. Where both lists speak of a stretch of the log, they
 * must say the same of each position.
 */
export function compareHeads(
  { matched, pending }: Kept,
  heads: readonly Head[],
  oldestMs: number,
): Comparison {
  const known = matched === null ? pending : [matched, ...pending];
  const at = (list: readonly Head[], position: number): Head | undefined =>
    list.find((head) => head.position === position);
  const isWithin = (list: readonly Head[], position: number): boolean =>
    list.some((head) => head.position <= position) && list.some((head) => head.position >= position);
  const none = { witnessed: null, proven: null, matched: null, pending: 0, skipped: 0 };

  for (const witnessed of known.filter(({ position }) => isWithin(heads, position))) {
    const proven = at(heads, witnessed.position) ?? null;
    if (proven === null) return { ...none, outcome: 'foreign', witnessed };
    if (!equal(proven.root, witnessed.root)) return { ...none, outcome: 'other-root', witnessed, proven };
    if (proven.timestampMs !== witnessed.timestampMs)
      return { ...none, outcome: 'other-time', witnessed, proven };
  }
  for (const proven of heads)
    if (isWithin(known, proven.position) && at(known, proven.position) === undefined)
      return { ...none, outcome: 'omitted', proven };

  const common = known.filter(({ position }) => at(heads, position) !== undefined);
  const last = common.at(-1) ?? matched;
  const waiting = pending.filter(({ position }) => last === null || position > last.position);
  const skipped = pending.filter(
    ({ position }) => last !== null && position < last.position && !isWithin(heads, position),
  );
  if (last !== null && last.timestampMs >= oldestMs) {
    const outcome = skipped.length === 0 ? 'same' : 'gap';
    return { ...none, outcome, matched: last, pending: waiting.length, skipped: skipped.length };
  }
  const isAhead = ({ position }: Head): boolean => heads.every((head) => head.position < position);
  const recent = waiting.find((head) => isAhead(head) && head.timestampMs >= oldestMs);
  return recent === undefined
    ? { ...none, outcome: 'head-log-late' }
    : { ...none, outcome: 'log-late', witnessed: recent };
}
