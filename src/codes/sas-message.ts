/**
 * The three messages of a code session (CKV/1, "The 8-digit code").
 *
 *     1  I → R   SasStart   version type purpose session_id[16] commitment[32]     51 bytes
 *     2  R → I   SasReply   version type session_id[16] nonce[32]                  50 bytes
 *     3  I → R   SasReveal  version type session_id[16] nonce[32]                  50 bytes
 */

import { type Codec, decode, encode, fixedBytes, mapped, struct, uint8, version } from '../bytes/codec.js';
import { compareBytes } from '../bytes/compare.js';

export const SESSION_ID_LENGTH = 16;
export const NONCE_LENGTH = 32;
const COMMITMENT_LENGTH = 32;

/** What a session is for: comparing a contact's account key, or linking a new device of one's own. */
export type SasPurpose = 'contact' | 'linking';

/** Who sent the commitment, and who answered it. */
export type SasRole = 'initiator' | 'responder';

/** Opens a session and binds its initiator to a nonce. */
export interface SasStart {
  readonly type: 'start';
  readonly purpose: SasPurpose;
  readonly sessionId: Uint8Array;
  readonly commitment: Uint8Array;
}

/** The responder's nonce, chosen without knowing the initiator's. */
export interface SasReply {
  readonly type: 'reply';
  readonly sessionId: Uint8Array;
  readonly nonce: Uint8Array;
}

/** The initiator's nonce, which must open the commitment. */
export interface SasReveal {
  readonly type: 'reveal';
  readonly sessionId: Uint8Array;
  readonly nonce: Uint8Array;
}

export type SasMessage = SasStart | SasReply | SasReveal;

const TYPES = { start: 1, reply: 2, reveal: 3 } as const;

/** The version that stands in every message, in the commitment and in the code. */
export const sasVersion: Codec<1> = /* @__PURE__ */ version(1, 1);

export const purposeCodec: Codec<SasPurpose> = /* @__PURE__ */ mapped(
  uint8,
  (wire, reader, start) => {
    if (wire !== 1 && wire !== 2) throw reader.error('ERR_ENUM', 'unknown purpose', start);
    return wire === 1 ? 'contact' : 'linking';
  },
  (purpose) => (purpose === 'contact' ? 1 : 2),
);

export const sessionIdCodec: Codec<Uint8Array> = /* @__PURE__ */ fixedBytes(SESSION_ID_LENGTH);
export const nonceCodec: Codec<Uint8Array> = /* @__PURE__ */ fixedBytes(NONCE_LENGTH);

const startBody: Codec<Omit<SasStart, 'type'>> = /* @__PURE__ */ struct({
  purpose: purposeCodec,
  sessionId: sessionIdCodec,
  commitment: fixedBytes(COMMITMENT_LENGTH),
});

const nonceBody: Codec<Omit<SasReply, 'type'>> = /* @__PURE__ */ struct({
  sessionId: sessionIdCodec,
  nonce: nonceCodec,
});

const messageCodec: Codec<SasMessage> = {
  read(reader) {
    sasVersion.read(reader);
    const start = reader.offset;
    switch (reader.uint(1)) {
      case TYPES.start:
        return Object.freeze({ type: 'start', ...startBody.read(reader) });
      case TYPES.reply:
        return Object.freeze({ type: 'reply', ...nonceBody.read(reader) });
      case TYPES.reveal:
        return Object.freeze({ type: 'reveal', ...nonceBody.read(reader) });
      default:
        throw reader.error('ERR_ENUM', 'unknown message type', start);
    }
  },
  write(writer, message) {
    sasVersion.write(writer, 1);
    writer.uint(1, TYPES[message.type]);
    if (message.type === 'start') startBody.write(writer, message);
    else nonceBody.write(writer, message);
  },
};

/** What is looked at: far more than version 1 needs, so that a newer one is unsupported, and not damage. */
const RECEIVED_MAX_BYTES = 1024;

/** Bytes of the longest message. */
export const SAS_MESSAGE_MAX_BYTES: number = 1 + 1 + 1 + SESSION_ID_LENGTH + COMMITMENT_LENGTH;

/**
 * One message from its bytes.
 * @throws DecodeError `ERR_TOO_LARGE`, `ERR_TRUNCATED`, `ERR_TRAILING_BYTES`, `ERR_ENUM`;
 *   UnsupportedError `ERR_VERSION`
 */
export function parseSasMessage(bytes: Uint8Array): SasMessage {
  return decode(messageCodec, bytes, 'SasMessage', RECEIVED_MAX_BYTES);
}

/** The encoding of one message, fresh. */
export function encodeSasMessage(message: SasMessage): Uint8Array<ArrayBuffer> {
  return encode(messageCodec, message);
}

/** Whether two messages are the same bytes. */
export function equalSasMessages(a: SasMessage, b: SasMessage): boolean {
  return compareBytes(encodeSasMessage(a), encodeSasMessage(b)) === 0;
}
