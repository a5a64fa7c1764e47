/**
 * CKV/1, section "The 8-digit code": the three messages, the commitment and the code. The rules of the session
 * (who may send what when) are not here: this is what both sides compute once they have followed them.
 */
import { createHmac } from 'node:crypto';
import { Reader, concat, demand, fixed, opaque, uint } from './encoding.js';
import { H, labelled } from './keys.js';

type Bytes = Uint8Array;

/** "purpose: 1 contact, 2 linking" */
export type Purpose = 1 | 2;

export type SasStart = {
  readonly type: 'start';
  readonly purpose: Purpose;
  readonly session_id: Bytes;
  readonly commitment: Bytes;
};
export type SasReply = { readonly type: 'reply'; readonly session_id: Bytes; readonly nonce: Bytes };
export type SasReveal = { readonly type: 'reveal'; readonly session_id: Bytes; readonly nonce: Bytes };
export type SasMessage = SasStart | SasReply | SasReveal;

const TYPES = { start: 1, reply: 2, reveal: 3 } as const;

export function encodeSasMessage(message: SasMessage): Buffer {
  const head = concat(uint(1, 1), uint(1, TYPES[message.type])); // uint8 version = 1; uint8 type
  return message.type === 'start'
    ? concat(head, uint(1, message.purpose), fixed(16, message.session_id), fixed(32, message.commitment))
    : concat(head, fixed(16, message.session_id), fixed(32, message.nonce));
}

export function decodeSasMessage(bytes: Bytes): SasMessage {
  const reader = new Reader(bytes);
  const version = reader.uint(1);
  demand(version === 1, 'unknown-version');
  const type = reader.uint(1);
  demand(type === 1 || type === 2 || type === 3, 'unknown-value');
  let message: SasMessage;
  if (type === 1) {
    const purpose = reader.uint(1);
    demand(purpose === 1 || purpose === 2, 'unknown-value');
    const session_id = reader.fixed(16);
    message = { type: 'start', purpose: purpose as Purpose, session_id, commitment: reader.fixed(32) };
  } else {
    const session_id = reader.fixed(16);
    message = { type: type === 2 ? 'reply' : 'reveal', session_id, nonce: reader.fixed(32) };
  }
  reader.end();
  return message;
}

/**
 * `opaque Subject<1..2^16-1>`: "contact: each side's account PublicKey; linking: I its LinkOffer, R the account
 * PublicKey", in each case the encoded structure.
 */
function subject(encoded: Bytes): Buffer {
  return opaque(1, 2 ** 16 - 1, encoded);
}

/** What both sides know in the end. Subjects are encoded structures, without the length of `Subject`. */
export type Transcript = {
  readonly purpose: Purpose;
  readonly sessionId: Bytes;
  readonly initiator: Bytes;
  readonly responder: Bytes;
  readonly nonceI: Bytes;
  readonly nonceR: Bytes;
};

/** `commitment = H("sas commitment", { version, purpose, session_id, Subject initiator, nonce_i })` */
export function sasCommitment(t: Pick<Transcript, 'purpose' | 'sessionId' | 'initiator' | 'nonceI'>): Buffer {
  return H(
    'sas commitment',
    concat(uint(1, 1), uint(1, t.purpose), fixed(16, t.sessionId), subject(t.initiator), fixed(32, t.nonceI)),
  );
}

/**
 * "code = first 8 bytes of HMAC-SHA256( key = nonce_i ‖ nonce_r, message = the struct of H with label "CKV/1 sas
 * code" and content { version, purpose, session_id, Subject initiator, Subject responder, commitment } ) as a
 * big-endian uint64, mod 10^8, padded with zeros to 8 digits"
 */
export function sasCode(t: Transcript): string {
  const content = concat(
    uint(1, 1),
    uint(1, t.purpose),
    fixed(16, t.sessionId),
    subject(t.initiator),
    subject(t.responder),
    sasCommitment(t),
  );
  const key = concat(fixed(32, t.nonceI), fixed(32, t.nonceR));
  const mac = createHmac('sha256', key).update(labelled('sas code', content)).digest();
  return (mac.readBigUInt64BE(0) % 10n ** 8n).toString().padStart(8, '0');
}

/** "shown as `1234 5678`" */
export function showSasCode(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`;
}
