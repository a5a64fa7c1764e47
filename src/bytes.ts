/**
 * Bytes and their text forms: strict hex, base64, base64url and UTF-8, comparison without early exit.
 * This door carries no cryptography.
 */

export { compareBytes, concatBytes, equalBytes } from './bytes/compare.js';
export {
  encodeBase64,
  encodeBase64Url,
  encodeHex,
  encodeUtf8,
  parseBase64,
  parseBase64Url,
  parseHex,
  parseUtf8,
} from './bytes/text.js';
