/** Structures of key transparency: a configuration, a request, an entry of the log, and bytes that are none. */

import { encodeHex, encodeUtf8, parseHex } from 'contact-key-verification/bytes.js';
import { DecodeError } from 'contact-key-verification/errors.js';
import {
  encodeConfiguration,
  encodeLogEntry,
  encodeSearchRequest,
  parseConfiguration,
  parseLogEntry,
  parseSearchRequest,
} from 'contact-key-verification/transparency.js';

export function work(): string {
  const key = '0020' + '11'.repeat(32);
  const config = parseConfiguration(
    parseHex(`000201${key}${key}000000000000271000000000000027100000000005265c0000`),
  );
  const request = encodeSearchRequest({ last: 50, label: encodeUtf8('alice'), version: undefined });
  const entry = { timestampMs: 1_700_000_000_000, prefixTree: new Uint8Array(32) };
  let refusal = 'nothing refused';
  try {
    parseSearchRequest(Uint8Array.of(2, ...request.subarray(1)));
  } catch (error) {
    if (error instanceof DecodeError) refusal = error.code;
  }
  return [
    `${config.mode} every ${config.reasonableMonitoringWindowMs} ms in ${encodeConfiguration(config).length} bytes`,
    encodeHex(request),
    `entry of ${parseLogEntry(encodeLogEntry(entry)).timestampMs}`,
    refusal,
  ].join(', ');
}
