/** Every text form there and back, and a form that is refused. */

import {
  compareBytes,
  concatBytes,
  encodeBase64,
  encodeBase64Url,
  encodeHex,
  encodeUtf8,
  equalBytes,
  parseBase64,
  parseBase64Url,
  parseHex,
  parseUtf8,
} from 'contact-key-verification/bytes.js';

export function work(): string {
  const bytes = concatBytes(encodeUtf8('Zoë'), Uint8Array.of(0xf0, 0x9f, 0x94, 0x91));
  const again = [
    parseHex(encodeHex(bytes)),
    parseBase64(encodeBase64(bytes)),
    parseBase64Url(encodeBase64Url(bytes)),
    encodeUtf8(parseUtf8(bytes)),
  ];
  const kept = again.filter((copy) => equalBytes(copy, bytes) && compareBytes(copy, bytes) === 0);
  let refusal = 'nothing refused';
  try {
    parseUtf8(Uint8Array.of(0xc0, 0x80));
  } catch (error) {
    refusal = String((error as { code?: unknown }).code);
  }
  return `${kept.length} forms, ${encodeBase64Url(bytes)}, ${refusal}`;
}
