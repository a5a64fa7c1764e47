/** What can be wrong with heads that an auditor signed before, with its key, and with what it is told of its start. */
import type { Combined } from '../../test/reference/keytrans-entries.js';
import { contextOf } from '../../test/reference/keytrans-users.js';
import { readWire } from '../../test/reference/keytrans-wire.js';
import { type AuditLog, MIDDLE, middleLog, wholeLog } from './keytrans-audit-logs.js';
import { minute } from './keytrans-stories.js';
import { bytes, cut, flipped, hex, type VectorFile } from './vector-file.js';

const ED25519 = 'from the beginning, Ed25519';
const P256 = 'from the beginning, P-256';

export function addAuditHeadDamages(file: VectorFile): void {
  addHeads(file, wholeLog(1, 'P-256'), wholeLog(2, 'Ed25519'));
  addStarts(file, middleLog(1, 'P-256'));
  addUnknown(file, middleLog(2, 'Ed25519'));
}

function addHeads(file: VectorFile, p256: AuditLog, ed25519: AuditLog): void {
  const again = 'restored, and at the newest head again';
  const encode = (log: AuditLog, head: unknown): string => log.encode('AuditorTreeHead', head);
  const head = p256.operator.auditorHead(8);
  file.invalid(`${P256}: ${again}`, 'ERR_AUDITOR_SIGNATURE', 'the newest head is of another time', {
    newestHead: encode(p256, p256.operator.auditorHead(8, minute(7) + 1)),
  });
  file.invalid(`${P256}: ${again}`, 'ERR_AUDITOR_SIGNATURE', 'the newest head has another signature', {
    newestHead: encode(p256, { ...head, signature: flipped(head.signature, 9) }),
  });
  const { treeSize, timestampMs } = ed25519.operator.auditorHead(8);
  file.invalid(`${ED25519}: ${again}`, 'ERR_AUDITOR_SIGNATURE', 'the operator signs for the auditor', {
    newestHead: encode(ed25519, {
      treeSize,
      timestampMs,
      signature: ed25519.operator.signHead(8, ed25519.operator.log().root(8)),
    }),
  });
  const other = ed25519.tell(7, [ed25519.leaf('a', 6)], [ed25519.leafBefore('c', 7)]);
  file.invalid(
    `${ED25519}: ${again}`,
    'ERR_AUDITOR_SIGNATURE',
    'another history than the one that was signed',
    {
      updates: [...ed25519.told(4, 7), ed25519.encode('AuditorUpdate', other)],
    },
  );
  file.invalid(`${P256}: ${again}`, 'ERR_TRUNCATED', 'the newest head lacks a byte', {
    newestHead: hex(cut(bytes(encode(p256, head)))),
  });
  file.invalid(
    `${P256}: the first log entry`,
    'ERR_SIGNATURE',
    'a key that the configuration does not name',
    {
      secret: hex(p256.operator.options.secret('another auditor')),
    },
  );
}

/** What is said of the log before the auditor's start. */
function addStarts(file: VectorFile, log: AuditLog): void {
  const proof = readWire(
    'CombinedTreeProof',
    bytes(log.start(MIDDLE)),
    contextOf(log.operator.config),
  ) as Combined;
  const started = (code: string, damage: string, change: Partial<Combined>): void => {
    const start = log.encode('CombinedTreeProof', { ...proof, ...change });
    file.invalid('from the middle, P-256: the first log entry that is audited', code, damage, { start });
  };
  const { timestampsMs: times, prefixRoots: roots, inclusion } = proof;
  started('ERR_PROOF_TIMESTAMPS', 'a timestamp of the start is missing', { timestampsMs: times.slice(1) });
  started('ERR_PROOF_TIMESTAMPS', 'a timestamp of the start is left over', {
    timestampsMs: [...times, minute(6)],
  });
  started('ERR_PROOF_ROOTS', 'a prefix root of the start is missing', { prefixRoots: roots.slice(1) });
  started('ERR_PROOF_LENGTH', 'a head of the start is missing', {
    inclusion: { elements: inclusion.elements.slice(1) },
  });
  started('ERR_TIMESTAMP_ORDER', 'timestamps of the start decrease', { timestampsMs: [...times].reverse() });
  started('ERR_TIMESTAMP_ORDER', 'the start is younger than the first log entry', {
    timestampsMs: times.map((time) => time + 10 * 60_000),
  });
}

function addUnknown(file: VectorFile, log: AuditLog): void {
  const unknown = log.tell(6, [], [log.leafBefore('c', 6)]);
  file.invalid(
    'from the middle, Ed25519: the first log entry that is audited',
    'ERR_REMOVED_UNKNOWN',
    'a leaf from before the start, removed before an audited entry shows it',
    { updates: [log.encode('AuditorUpdate', unknown)] },
  );
}
