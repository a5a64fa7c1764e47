/**
 * Bytes as text, each with one accepted spelling: what is read is written again, and must be the same text.
 * Hex in lower case; base64 with padding and base64url without (RFC 4648, sections 4 and 5); UTF-8 (RFC 3629).
 */
import { type Reason, demand, equal } from './encoding.js';

export type TextForm = 'hex' | 'base64' | 'base64url';

/** Node's decoders skip what they do not know; writing again shows what was skipped. */
export function fromText(form: TextForm, text: string, reason: Reason = 'text-invalid'): Buffer {
  const bytes = Buffer.from(text, form);
  demand(bytes.toString(form) === text, reason);
  return bytes;
}

/** Node replaces what is no UTF-8 by U+FFFD, which reads back as other bytes. A byte order mark is a character. */
export function fromUtf8(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  demand(equal(Buffer.from(text, 'utf8'), bytes), 'text-invalid');
  return text;
}
