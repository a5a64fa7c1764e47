/** Head logs of key transparency logs: their entries, what witnesses are asked and answer, and how a user compares. */
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { contextOf } from '../../test/reference/keytrans-users.js';
import { writeWire } from '../../test/reference/keytrans-wire.js';
import { signatureLine, writeSignatureLine } from '../../test/reference/notes.js';
import { leafHash, MTH, PROOF } from '../../test/reference/tree.js';
import {
  type Comparison,
  compareHeads,
  decide,
  type Head,
  headLog,
  type Latest,
  logId,
  openAnswer,
  readAddCheckpoint,
  type SignedHead,
  writeEntry,
} from '../../test/reference/witnessed-heads.js';
import { cosigned, textOf } from './checkpoint-making.js';
import { grow } from './keytrans-stories.js';
import { auditedWalkLog, CURVES, managedWalkLog, walkLog, walkVersionsAt } from './keytrans-story-logs.js';
import { keysOf, logs, NOW_MS, ORIGIN, signedByFields, signer, vkey, vkeys, w1, w2 } from './note-signers.js';
import {
  bytes,
  type Fields,
  flipped,
  hex,
  type Json,
  list,
  longer,
  number,
  text,
  VectorFile,
} from './vector-file.js';

// ------------------------------------------------------------------------------------- judges

const headFields = ({ position, timestampMs, root }: Head): Fields => ({
  position,
  timestampMs,
  root: hex(root),
});
const headFrom = (field: Json): Head => {
  const { position, timestampMs, root } = field as Fields;
  return { position: number(position), timestampMs: number(timestampMs), root: bytes(root) };
};
const orNull = (head: Head | null): Fields | null => (head === null ? null : headFields(head));

function judgeAnswer({ status, body, checkpoint, keys }: Fields): Fields {
  const opened = openAnswer(number(status), text(body), text(checkpoint), keysOf(keys));
  const absent = { lines: null, cosignedBy: null, treeSize: null, status: null };
  return 'cosignedBy' in opened
    ? { ...absent, ...opened, cosignedBy: signedByFields(opened.cosignedBy) }
    : { ...absent, ...opened };
}

function judgeRequest({ body }: Fields): Fields {
  const { oldSize, proof, checkpoint } = readAddCheckpoint(text(body));
  return { oldSize, proof: proof.map(hex), checkpoint };
}

function judgeDecision({ body, logs: known, latest }: Fields): Fields {
  const logsKnown = list(known).map((log) => {
    const { origin, keys } = log as Fields;
    return { origin: text(origin), keys: keysOf(keys) };
  });
  const head = latest as Fields | null;
  const kept: Latest =
    head === null ? null : { treeSize: number(head['treeSize']), root: bytes(head['root']) };
  return decide(text(body), logsKnown, kept);
}

function judgeComparison({ matched, pending, heads, oldestMs }: Fields): Fields {
  const kept = {
    matched: matched === null ? null : headFrom(matched as Json),
    pending: list(pending).map(headFrom),
  };
  const found: Comparison = compareHeads(kept, list(heads).map(headFrom), number(oldestMs));
  return {
    ...found,
    witnessed: orNull(found.witnessed),
    proven: orNull(found.proven),
    matched: orNull(found.matched),
  };
}

export function keytransWitnessedHeads(): VectorFile {
  const file = new VectorFile(
    'keytrans-witnessed-heads',
    'Head logs: distinguished heads of IETF Key Transparency as entries of a log that witnesses cosign (C2SP tlog-witness).',
    {
      HeadLogEntries: ({ configuration, entries }) => {
        const { heads, root } = headLog(bytes(configuration), list(entries).map(bytes));
        return { heads: heads.map(headFields), root: hex(root) };
      },
      AddCheckpoint: judgeRequest,
      WitnessAnswer: judgeAnswer,
      WitnessDecision: judgeDecision,
      WitnessedComparison: judgeComparison,
    },
  );
  for (const [ciphersuite, curve] of CURVES) {
    addEntries(file, walkLog(ciphersuite), `contact monitoring, ${curve}`);
    addEntries(file, managedWalkLog(ciphersuite), `management, ${curve}`);
    addEntries(file, auditedWalkLog(ciphersuite), `auditing, ${curve}`);
  }
  addEntryDamages(file);
  addRequests(file);
  addAnswers(file);
  addDecisions(file);
  addComparisons(file);
  return file;
}

// ------------------------------------------------------------------------------------- entries

const POSITIONS = [7, 11, 13, 15];

function signedHead(log: Operator, position: number): SignedHead {
  const root = log.log().root(position + 1);
  const { timestampMs } = log.entry(position);
  return { position, timestampMs, root, signature: log.signHead(position + 1, root) };
}

const entryOf = (log: Operator, head: SignedHead): Buffer => writeEntry(logId(log.config), head);
const configurationOf = (log: Operator): string =>
  hex(writeWire('Configuration', log.config, contextOf(log.options)).bytes);

function addEntries(file: VectorFile, log: Operator, name: string): void {
  grow(log, 16, walkVersionsAt);
  const entries = POSITIONS.map((position) => hex(entryOf(log, signedHead(log, position))));
  file.valid('HeadLogEntries', `${name}: four heads`, { configuration: configurationOf(log), entries });
  file.valid('HeadLogEntries', `${name}: one head`, {
    configuration: configurationOf(log),
    entries: entries.slice(1, 2),
  });
}

function addEntryDamages(file: VectorFile): void {
  const log = walkLog(2);
  grow(log, 16, walkVersionsAt);
  const heads = POSITIONS.map((position) => signedHead(log, position)) as [
    SignedHead,
    SignedHead,
    SignedHead,
    SignedHead,
  ];
  const honest = heads.map((head) => entryOf(log, head));
  const [, second, third] = heads;
  const signed = (head: Head): SignedHead => ({
    ...head,
    signature: log.signHead(head.position + 1, head.root),
  });
  const damage = (code: string, what: string, entry: Uint8Array): void => {
    const entries = honest.map((one, i) => hex(i === 2 ? entry : one));
    file.invalid('contact monitoring, Ed25519: four heads', code, what, { entries });
  };
  const entry = honest[2] as Buffer;
  damage('ERR_VERSION', 'another version', flipped(entry, 1, 2));
  damage('ERR_TRUNCATED', 'the signature is cut off', entry.subarray(0, -1));
  damage('ERR_TRUNCATED', 'an entry of no bytes', Buffer.alloc(0));
  damage('ERR_TRAILING_BYTES', 'a byte is left over', longer(entry));
  damage(
    'ERR_INTEGER',
    'a position above 2^53 - 1',
    Buffer.concat([entry.subarray(0, 34), Buffer.alloc(8, 255), entry.subarray(42)]),
  );
  damage('ERR_TOO_LARGE', 'more than 1,024 bytes', Buffer.concat([entry, Buffer.alloc(1025 - entry.length)]));
  damage('ERR_HEAD_LOG_OTHER', 'a head of another log', flipped(entry, 2));
  damage('ERR_SIGNATURE', 'a position that was not signed', flipped(entry, 41));
  damage('ERR_SIGNATURE', 'a root that was not signed', flipped(entry, 50));
  damage('ERR_SIGNATURE', 'a false signature', flipped(entry, -1));
  damage(
    'ERR_SIGNATURE',
    'no signature',
    writeEntry(logId(log.config), { ...third, signature: Buffer.alloc(0) }),
  );
  damage('ERR_HEAD_LOG_ORDER', 'the head before, again', honest[1] as Buffer);
  damage('ERR_HEAD_LOG_ORDER', 'the head before that', honest[0] as Buffer);
  const fork = signed({ ...second, timestampMs: third.timestampMs, root: Buffer.alloc(32, 7) });
  damage('ERR_HEAD_MISMATCH', 'another head of that size: two faces', entryOf(log, fork));
  damage(
    'ERR_TIMESTAMP_ORDER',
    'an earlier time',
    entryOf(log, { ...third, timestampMs: second.timestampMs - 1 }),
  );
}

// ------------------------------------------------------------------------------------- witnesses

const leaves = Array.from({ length: 20 }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));
const rootAt = (treeSize: number): Uint8Array => MTH(leaves.slice(0, treeSize));
const noteOf = (treeSize: number, root = rootAt(treeSize)): string =>
  cosigned([], textOf(treeSize, { root }));
const lines = (hashes: readonly Uint8Array[]): string =>
  hashes.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
const proofOf = (older: number, newer: number): Uint8Array[] =>
  older === 0 || older === newer ? [] : PROOF(older, leaves.slice(0, newer));
const bodyOf = (older: number, newer: number, proof = proofOf(older, newer), note = noteOf(newer)): string =>
  `old ${older}\n${lines(proof)}\n${note}`;

function addRequests(file: VectorFile): void {
  const add = (name: string, body: string): void => void file.valid('AddCheckpoint', name, { body });
  add('request from nothing', bodyOf(0, 7));
  add('request with a proof', bodyOf(3, 7));
  add('request of the same size', bodyOf(7, 7));
  add(
    'request with 63 hashes',
    bodyOf(
      2 ** 53 - 1,
      7,
      Array.from({ length: 63 }, () => Buffer.alloc(32, 9)),
    ),
  );
  const of = 'request with a proof';
  const damage = (code: string, what: string, body: string): void => file.invalid(of, code, what, { body });
  const good = bodyOf(3, 7);
  damage('ERR_NOTE_FORMAT', 'no old size', good.slice(good.indexOf('\n') + 1));
  damage('ERR_NOTE_FORMAT', 'an old size with a leading zero', good.replace('old 3', 'old 03'));
  damage('ERR_NOTE_FORMAT', 'two spaces', good.replace('old 3', 'old  3'));
  damage('ERR_NOTE_FORMAT', 'no empty line', 'old 3\n');
  damage('ERR_INTEGER', 'an old size above 2^53 - 1', good.replace('old 3', 'old 9007199254740992'));
  damage(
    'ERR_LENGTH',
    '64 hashes',
    bodyOf(
      3,
      7,
      Array.from({ length: 64 }, () => Buffer.alloc(32, 9)),
    ),
  );
  damage('ERR_LENGTH', 'a hash of 31 bytes', bodyOf(3, 7, [Buffer.alloc(31)]));
  damage('ERR_TEXT_ENCODING', 'a hash without padding', good.replace('=\n', '\n'));
}

function addAnswers(file: VectorFile): void {
  const checkpoint = noteOf(7);
  const body7 = textOf(7, { root: rootAt(7) });
  const line = (by: typeof w1, of = body7, nowMs = NOW_MS): string =>
    writeSignatureLine(signatureLine(by, of, nowMs));
  const add = (name: string, status: number, body: string, keys = vkeys(w1)): void =>
    void file.valid('WitnessAnswer', name, { status, body, checkpoint, keys });
  add('answer with a cosignature', 200, line(w1));
  add('answer with one of somebody else besides', 200, line(w2) + line(w1));
  add('answer with a false one of somebody else besides', 200, line(w2, textOf(8)) + line(w1));
  add('answer of two keys', 200, line(w2) + line(w1), vkeys(w1, w2));
  add('answer with the size that it has', 409, '20852014\n');
  add('answer that it has nothing', 409, '0\n');
  add('answer without a size', 409, '');
  add('answer that it does not know the log', 404, 'unknown log\n');
  const damage = (code: string, what: string, body: string, of = 'answer with a cosignature'): void =>
    file.invalid(of, code, what, { body });
  damage('ERR_NOTE_FORMAT', 'nothing', '');
  damage('ERR_NOTE_FORMAT', 'no newline at the end', line(w1).slice(0, -1));
  damage('ERR_NOTE_UNSIGNED', 'another witness’s line', line(w2));
  damage(
    'ERR_NOTE_UNSIGNED',
    'the log’s own line',
    writeSignatureLine(signatureLine(logs.ed25519, body7, 0)),
  );
  damage('ERR_SIGNATURE', 'the cosignature of another checkpoint', line(w1, textOf(8)));
  damage('ERR_SIGNATURE', 'a cosignature without its time', line(w1, body7, 0));
  const size = 'answer with the size that it has';
  damage('ERR_CHECKPOINT_FORMAT', 'a size with a leading zero', '020852014\n', size);
  damage('ERR_CHECKPOINT_FORMAT', 'a size without newline', '20852014', size);
  damage('ERR_INTEGER', 'a size above 2^53 - 1', '9007199254740992\n', size);
}

function addDecisions(file: VectorFile): void {
  const known = [{ origin: ORIGIN, keys: vkeys(logs.ed25519) }];
  const latestAt = (treeSize: number): Json => ({ treeSize, root: hex(rootAt(treeSize)) });
  const add = (name: string, body: string, latest: Json = latestAt(8)): void =>
    void file.valid('WitnessDecision', name, { body, logs: known, latest });
  const stranger = signer(ORIGIN, 'ed25519', 'stranger');
  const other = MTH(leaves.slice(0, 20).reverse());
  add('the first checkpoint', bodyOf(0, 8), null);
  add('the next', bodyOf(8, 20));
  add('the same again', bodyOf(8, 8));
  add('from an empty tree', bodyOf(0, 20), latestAt(0));
  add('an empty tree', bodyOf(0, 0), null);
  add('no request', 'hello');
  add('no note', `old 8\n\n${ORIGIN}\n`);
  add(
    'an origin that it does not know',
    bodyOf(8, 20, [], cosigned([], textOf(20, { origin: 'example.com/x' }))),
  );
  add(
    'nobody that it knows',
    bodyOf(8, 20).replace(
      /— [^]*$/,
      writeSignatureLine(signatureLine(stranger, textOf(20, { root: rootAt(20) }), 0)),
    ),
  );
  add(
    'a false signature',
    bodyOf(8, 20)
      .replace(/.(.{3})\n$/, 'AA$1\n')
      .replace(/..(AA.{3}\n)$/, 'A$1'),
  );
  add('an old size above the new one', bodyOf(8, 7, []));
  add('an old size that it has not', bodyOf(7, 20));
  add('an old size of nothing', bodyOf(0, 20));
  add('an old size where it has nothing', bodyOf(8, 20), null);
  add('a root over nothing', bodyOf(0, 0, [], noteOf(0, Buffer.alloc(32))), null);
  add('no proof', bodyOf(8, 20, []));
  add('a proof from another size', bodyOf(8, 20, proofOf(7, 20)));
  add('a proof where none may be', bodyOf(0, 8, [Buffer.alloc(32)]), null);
  add('a proof for the same', bodyOf(8, 8, [Buffer.alloc(32)]));
  add('another tree', bodyOf(8, 20, proofOf(8, 20), noteOf(20, other)));
  add('another root of the same size', bodyOf(8, 8, [], noteOf(8, other)));
  if (vkey(stranger) === vkey(logs.ed25519)) throw new Error('no stranger');
}

// ------------------------------------------------------------------------------------- comparing

function addComparisons(file: VectorFile): void {
  const root = (i: number, face = ''): Buffer => leafHash(Buffer.from(`root ${i} ${face}`));
  const head = (i: number): Head => ({ position: 1 + 3 * i, timestampMs: NOW_MS + 10 * i, root: root(i) });
  const range = (from: number, to: number): Head[] =>
    Array.from({ length: to - from }, (_, i) => head(from + i));
  const add = (
    name: string,
    heads: readonly Head[],
    {
      matched = null,
      pending = range(10, 20),
      oldestMs = NOW_MS + 150,
    }: {
      matched?: Head | null;
      pending?: readonly Head[];
      oldestMs?: number;
    } = {},
  ): void =>
    void file.valid('WitnessedComparison', name, {
      matched: orNull(matched),
      pending: pending.map(headFields),
      heads: heads.map(headFields),
      oldestMs,
    });
  const withHead = (i: number, change: Partial<Head>): Head[] =>
    range(5, 20).map((one) => (one.position === head(i).position ? { ...one, ...change } : one));
  const without = (i: number): Head[] => range(5, 20).filter(({ position }) => position !== head(i).position);
  const between: Head = { ...head(12), position: head(12).position + 1 };
  add('all the same', range(5, 20));
  add('the user has more', range(5, 25));
  add('the head log has more', range(5, 18));
  add('another root', withHead(12, { root: root(12, 'other') }));
  add('another root at the last', withHead(19, { root: root(19, 'other') }));
  add('another root before the first that was read', withHead(9, { root: root(9, 'other') }));
  add('another time', withHead(12, { timestampMs: 5 }));
  add('no such head of the user’s', without(12));
  add('no such head in the head log', [...range(5, 13), between, ...range(13, 20)]);
  add('what was compared before, again', withHead(12, { root: root(12, 'other') }), {
    matched: head(12),
    pending: range(13, 20),
  });
  add('what came before that, not again', withHead(11, { root: root(11, 'other') }), {
    matched: head(12),
    pending: range(13, 20),
  });
  add('heads that the user’s list does not cover', range(14, 20));
  add('and some that were compared before', range(16, 20), { matched: head(12), pending: range(13, 20) });
  add('nothing in common, and nothing recent', range(20, 25), { oldestMs: NOW_MS + 191 });
  add('nothing in common, since the user comes late', range(20, 25));
  add('nothing in common, and the user’s log has not come there', range(0, 5));
  add('no heads', [], { matched: head(19), pending: [] });
  add('no heads, and nothing recent', [], { matched: head(12), pending: range(13, 15) });
  add('no heads, and something that waits', [], { matched: head(12), pending: range(13, 20) });
  add('exactly old enough', range(5, 20), { oldestMs: NOW_MS + 190 });
}
