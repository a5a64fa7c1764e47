/**
 * ECDSA signatures as X.509, Certificate Transparency and Sigstore carry them (RFC 3279, section 2.2.3): two INTEGERs,
 * r and s, in a SEQUENCE. DER has one encoding of each pair: what is read is written again, and must be the same.
 */
import { concat, demand, equal } from './encoding.js';

/** A positive INTEGER: no byte too many, but a zero before what would look negative. */
function integer(part: Uint8Array): Buffer {
  let bytes: Buffer = Buffer.from(part);
  while (bytes.length > 1 && bytes[0] === 0) bytes = bytes.subarray(1);
  if ((bytes[0] as number) >= 0x80) bytes = concat(Buffer.of(0), bytes);
  return concat(Buffer.of(0x02, bytes.length), bytes);
}

/** r ‖ s, 64 bytes, as DER. */
export function writeDer(signature: Uint8Array): Buffer {
  const both = concat(integer(signature.subarray(0, 32)), integer(signature.subarray(32)));
  return concat(Buffer.of(0x30, both.length), both);
}

/** DER as r ‖ s, 64 bytes. 30 length 02 length r 02 length s; whatever else stands there is not written again. */
export function readDer(der: Uint8Array): Buffer {
  const lengthOfR = der[3] ?? 0;
  const r = der.subarray(4, 4 + lengthOfR);
  const s = der.subarray(4 + lengthOfR + 2);
  const signature = concat(last32(r), last32(s));
  demand(equal(writeDer(signature), der), 'signature');
  return signature;
}

function last32(bytes: Uint8Array): Buffer {
  return concat(Buffer.alloc(32), bytes).subarray(-32);
}
