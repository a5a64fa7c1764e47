/**
 * ECDSA on P-256 with SHA-256 and the nonces of RFC 6979, section 3.2, over BigInt: node:crypto draws its nonces,
 * and what is drawn cannot be made again. Only k times the base point comes from node:crypto.
 */
import { createECDH, createHash, createHmac } from 'node:crypto';

/** The order of the group, 256 bits: as many as SHA-256 gives, so bits2int cuts nothing off. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function toInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toOctets(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  return createHmac('sha256', key).update(Buffer.concat(parts)).digest();
}

/** Fermat: the order is prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let square = value % N;
  for (let e = N - 2n; e > 0n; e /= 2n) {
    if (e % 2n === 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/** The candidates for k, steps b to h; `order` is another one of 256 bits where a test wants candidates refused. */
export function* nonces(x: bigint, h1: Uint8Array, order: bigint = N): Generator<bigint> {
  const seed = Buffer.concat([toOctets(x), toOctets(toInt(h1) % order)]);
  let V: Buffer = Buffer.alloc(32, 0x01);
  let K: Buffer = Buffer.alloc(32, 0x00);
  K = hmac(K, V, Buffer.from([0x00]), seed);
  V = hmac(K, V);
  K = hmac(K, V, Buffer.from([0x01]), seed);
  V = hmac(K, V);
  for (;;) {
    V = hmac(K, V);
    const k = toInt(V);
    if (k > 0n && k < order) yield k;
    K = hmac(K, V, Buffer.from([0x00]));
    V = hmac(K, V);
  }
}

/** r ‖ s, 64 bytes; s as it comes, in either half. */
export function signP256(secret: Uint8Array, message: Uint8Array): Buffer {
  const x = toInt(secret);
  const h1 = createHash('sha256').update(message).digest();
  for (const k of nonces(x, h1)) {
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(toOctets(k));
    const r = toInt(curve.getPublicKey().subarray(1, 33)) % N;
    const s = (inverse(k) * (toInt(h1) + r * x)) % N;
    if (r !== 0n && s !== 0n) return Buffer.concat([toOctets(r), toOctets(s)]);
  }
  throw new Error('the nonces never end');
}

/** The same r with the other s, n - s: everybody can make it, and it verifies as well. */
export function otherS(signature: Uint8Array): Buffer {
  return Buffer.concat([signature.subarray(0, 32), toOctets(N - toInt(signature.subarray(32)))]);
}
