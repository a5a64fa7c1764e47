/**
 * Lists whose rules hold and whose signatures do not: handovers, possessions, the list itself.
 */

import {
  bytesPiece,
  idPiece,
  type ListPieces,
  listContent,
  sequencePiece,
  signature,
  type TestKey,
} from '../support/list-forge.js';
import {
  ACCOUNT,
  ALL,
  entryFields,
  freshAt,
  NEWEST,
  newest,
  oldest,
  phone,
  refuses,
  tablet,
} from '../support/list-damages.js';
import { A1, A2, ANEW, LAPTOP, MALLORY, PHONE, TABLET, tellStory } from '../support/list-story.js';

const { first, rotated } = tellStory();
const HERS = idPiece('tel:+15557654321');

refuses('ERR_SUCCESSION_SIGNATURE', [
  ['a handover by nobody', rotated, NEWEST, (p) => (newest(p).signature = bytesPiece(new Uint8Array(64)))],
  ['a handover without signature', rotated, NEWEST, (p) => (newest(p).signature = bytesPiece(''))],
  [
    'a handover signature of 63 bytes',
    rotated,
    NEWEST,
    (p) => (newest(p).signature = bytesPiece(newest(p).signature.subarray(2, 65))),
  ],
  [
    'a handover signature of 65 bytes',
    rotated,
    NEWEST,
    (p) => (newest(p).signature = bytesPiece(Uint8Array.of(...newest(p).signature.subarray(2), 0))),
  ],
  ['a handover to another key', rotated, NEWEST, (p) => (p.accountKey = MALLORY.encoded)],
  [
    'a handover from another key',
    rotated,
    NEWEST,
    (p) => (p.devices.shift(), (oldest(p).key = LAPTOP.encoded)),
  ],
  ['a handover at another sequence', rotated, NEWEST, (p) => (oldest(p).sequence = sequencePiece(1))],
  [
    'a handover signed for another identifier',
    rotated,
    ALL,
    (p) => (newest(p).signature = handover(A1, HERS, A1, A2, 4)),
  ],
  [
    'a handover signed for another next key',
    rotated,
    ALL,
    (p) => (newest(p).signature = handover(A1, p.identifier, A1, ANEW, 4)),
  ],
  [
    'a handover signed for another sequence',
    rotated,
    ALL,
    (p) => (newest(p).signature = handover(A1, p.identifier, A1, A2, 3)),
  ],
  [
    'a handover signed by the next key',
    rotated,
    ALL,
    (p) => (newest(p).signature = handover(A2, p.identifier, A1, A2, 4)),
  ],
  [
    'a handover signed for another purpose',
    rotated,
    ALL,
    (p) =>
      (newest(p).signature = signature(
        A1,
        'device list',
        p.identifier,
        newest(p).key,
        p.accountKey,
        newest(p).sequence,
      )),
  ],
  [
    "the handovers' signatures exchanged",
    rotated,
    NEWEST,
    (p) => exchange(oldest(p), newest(p), 'signature'),
  ],
]);

function handover(
  by: TestKey,
  identifier: Uint8Array,
  key: TestKey,
  next: TestKey,
  sequence: number,
): Buffer {
  return signature(by, 'succession', identifier, key.encoded, next.encoded, sequencePiece(sequence));
}

function exchange<T, K extends keyof T>(a: T, b: T, name: K): void {
  [a[name], b[name]] = [b[name], a[name]];
}

refuses('ERR_DEVICE_POSSESSION', [
  ['other messaging keys', rotated, ACCOUNT, (p) => (phone(p).messagingKeys = bytesPiece('keys of mallory'))],
  ['messaging keys exchanged', rotated, ACCOUNT, (p) => exchange(phone(p), tablet(p), 'messagingKeys')],
  ['no messaging keys', rotated, ACCOUNT, (p) => (tablet(p).messagingKeys = bytesPiece(''))],
  ['another signing key', rotated, ACCOUNT, (p) => (tablet(p).signingKey = LAPTOP.encoded)],
  ['another id', rotated, ACCOUNT, (p) => (tablet(p).id = idPiece('watch'))],
  ['an entry renewed by the account key', rotated, ACCOUNT, (p) => freshAt(phone(p), A2, 4)],
  ['another `since` under the same key', rotated, ACCOUNT, (p) => (tablet(p).since = sequencePiece(2))],
  ['possessions exchanged', rotated, ACCOUNT, (p) => exchange(phone(p), tablet(p), 'possession')],
  ['no possession', rotated, ACCOUNT, (p) => (tablet(p).possession = bytesPiece(''))],
  [
    'possession signed for another identifier',
    rotated,
    ALL,
    (p) =>
      (tablet(p).possession = signature(
        TABLET,
        'device possession',
        HERS,
        ...entryFields(p, tablet(p)).slice(1),
      )),
  ],
  [
    'possession signed by the account key',
    rotated,
    ALL,
    (p) => (tablet(p).possession = signature(A2, 'device possession', ...entryFields(p, tablet(p)))),
  ],
  [
    'possession signed for another purpose',
    rotated,
    ALL,
    (p) => (tablet(p).possession = signature(TABLET, 'pre-keys', ...entryFields(p, tablet(p)))),
  ],
]);

refuses('ERR_LIST_SIGNATURE', [
  ['changed without the account key', rotated, [PHONE, TABLET], (p) => (p.verification = Uint8Array.of(0))],
  ['a device dropped without the account key', rotated, [PHONE, TABLET], (p) => p.devices.pop()],
  ['a device added without the account key', first, [PHONE, LAPTOP, MALLORY], addMallory],
  ['signed by nobody', rotated, [], (p) => (p.account = bytesPiece(new Uint8Array(64)))],
  ['not signed', rotated, [], (p) => (p.account = bytesPiece(''))],
  ['63 bytes', rotated, [], (p) => (p.account = bytesPiece(p.account.subarray(2, 65)))],
  ['65 bytes', rotated, [], (p) => (p.account = bytesPiece(Uint8Array.of(...p.account.subarray(2), 0)))],
  [
    'signed by the key before',
    rotated,
    [],
    (p) => (p.account = signature(A1, 'device list', listContent(p))),
  ],
  [
    'signed by the author',
    rotated,
    [],
    (p) => (p.account = signature(TABLET, 'device list', listContent(p))),
  ],
  [
    'signed for another purpose',
    rotated,
    [],
    (p) => (p.account = signature(A2, 'device list author', listContent(p))),
  ],
  [
    'account and author exchanged',
    rotated,
    [],
    (p) => ([p.account, p.authorSignature] = [p.authorSignature, p.account]),
  ],
]);

function addMallory(p: ListPieces): void {
  const entry = { ...phone(p), id: idPiece('mallory'), signingKey: MALLORY.encoded };
  p.devices.splice(1, 0, entry);
}
