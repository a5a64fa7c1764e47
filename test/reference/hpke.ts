/**
 * RFC 9180 for one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, modes base (0) and psk (1).
 * Section numbers are the RFC's; the primitives are Node's.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from 'node:crypto';
import { concat, demand, Refusal, uint } from './encoding.js';

type Bytes = Uint8Array;
const NONE: Buffer = Buffer.alloc(0);

// ------------------------------------------------------------------------------------- X25519 (RFC 7748)

function privateKeyOf(secret: Bytes): KeyObject {
  // RFC 8410, section 7: PKCS#8 around the 32 bytes.
  const der = concat(Buffer.from('302e020100300506032b656e04220420', 'hex'), secret);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

export function x25519Public(secret: Bytes): Buffer {
  const x = createPublicKey(privateKeyOf(secret)).export({ format: 'jwk' }).x as string;
  return Buffer.from(x, 'base64url');
}

/** The shared secret, or `undefined` where it is all zeros: OpenSSL refuses that by itself. */
export function x25519(secret: Bytes, publicKey: Bytes): Buffer | undefined {
  const x = Buffer.from(publicKey).toString('base64url');
  const peer = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
  try {
    return diffieHellman({ privateKey: privateKeyOf(secret), publicKey: peer });
  } catch {
    return undefined;
  }
}

// ------------------------------------------------------------------------------------- HKDF-SHA256 (RFC 5869)

const hmac = (key: Bytes, ...parts: readonly Bytes[]): Buffer =>
  createHmac('sha256', key)
    .update(concat(...parts))
    .digest();

export const extract = (salt: Bytes, ikm: Bytes): Buffer =>
  hmac(salt.length === 0 ? Buffer.alloc(32) : salt, ikm);

export function expand(prk: Bytes, info: Bytes, length: number): Buffer {
  let block: Buffer = NONE;
  let out: Buffer = NONE;
  for (let i = 1; out.length < length; i++) {
    block = hmac(prk, block, info, uint(1, i));
    out = concat(out, block);
  }
  return out.subarray(0, length);
}

// ------------------------------------------------------------------------------------- ChaCha20-Poly1305 (RFC 8439)

export function aeadSeal(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAAD(aad, { plaintextLength: plaintext.length });
  return concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

/** @returns the plaintext, or a refusal */
export function aeadOpen(key: Bytes, nonce: Bytes, aad: Bytes, ciphertext: Bytes): Buffer {
  demand(ciphertext.length >= 16, 'sealed');
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  decipher.setAAD(aad, { plaintextLength: ciphertext.length - 16 });
  decipher.setAuthTag(ciphertext.subarray(-16));
  try {
    return concat(decipher.update(ciphertext.subarray(0, -16)), decipher.final());
  } catch {
    throw new Refusal('sealed');
  }
}

// ------------------------------------------------------------------------------------- HPKE

/** Section 7.1 to 7.3: the numbers of the three algorithms. */
const KEM = 0x0020;
const KDF = 0x0001;
const AEAD = 0x0003;

const ascii = (text: string): Buffer => Buffer.from(text, 'ascii');
const KEM_SUITE: Buffer = concat(ascii('KEM'), uint(2, KEM));
const HPKE_SUITE: Buffer = concat(ascii('HPKE'), uint(2, KEM), uint(2, KDF), uint(2, AEAD));

/** Section 4. */
const labeledExtract = (suite: Bytes, salt: Bytes, label: string, ikm: Bytes): Buffer =>
  extract(salt, concat(ascii('HPKE-v1'), suite, ascii(label), ikm));

const labeledExpand = (suite: Bytes, prk: Bytes, label: string, info: Bytes, length: number): Buffer =>
  expand(prk, concat(uint(2, length), ascii('HPKE-v1'), suite, ascii(label), info), length);

/** Section 4.1: ExtractAndExpand, from dh to the shared secret. */
function extractAndExpand(dh: Bytes, kemContext: Bytes): Buffer {
  return labeledExpand(
    KEM_SUITE,
    labeledExtract(KEM_SUITE, NONE, 'eae_prk', dh),
    'shared_secret',
    kemContext,
    32,
  );
}

/** Section 7.1.3: DeriveKeyPair for X25519; the private key. */
export const deriveSecret = (ikm: Bytes): Buffer =>
  labeledExpand(KEM_SUITE, labeledExtract(KEM_SUITE, NONE, 'dkp_prk', ikm), 'sk', NONE, 32);

/** The secret of mode psk and its name; without it, mode base. */
export type Psk = { readonly psk: Bytes; readonly pskId: Bytes };

/** Section 5.1: KeySchedule, as far as one message needs it. */
function keySchedule(
  sharedSecret: Bytes,
  info: Bytes,
  preShared: Psk | undefined,
): { key: Buffer; nonce: Buffer } {
  const { psk, pskId } = preShared ?? { psk: NONE, pskId: NONE };
  const pskIdHash = labeledExtract(HPKE_SUITE, NONE, 'psk_id_hash', pskId);
  const infoHash = labeledExtract(HPKE_SUITE, NONE, 'info_hash', info);
  const context = concat(uint(1, preShared === undefined ? 0 : 1), pskIdHash, infoHash);
  const secret = labeledExtract(HPKE_SUITE, sharedSecret, 'secret', psk);
  return {
    key: labeledExpand(HPKE_SUITE, secret, 'key', context, 32),
    nonce: labeledExpand(HPKE_SUITE, secret, 'base_nonce', context, 12),
  };
}

/** Section 6.1, SealBase and SealPSK, with the ephemeral secret given and an empty aad unless given. */
export function hpkeSeal(
  recipient: Bytes,
  ephemeral: Bytes,
  plaintext: Bytes,
  { info, psk, aad = NONE }: { info: Bytes; psk?: Psk | undefined; aad?: Bytes },
): { enc: Buffer; ciphertext: Buffer } {
  const dh = x25519(ephemeral, recipient);
  if (dh === undefined) throw new Refusal('key-invalid');
  const enc = x25519Public(ephemeral);
  const { key, nonce } = keySchedule(extractAndExpand(dh, concat(enc, recipient)), info, psk);
  return { enc, ciphertext: aeadSeal(key, nonce, aad, plaintext) };
}

/** Section 6.1, OpenBase and OpenPSK. */
export function hpkeOpen(
  recipientSecret: Bytes,
  enc: Bytes,
  ciphertext: Bytes,
  { info, psk, aad = NONE }: { info: Bytes; psk?: Psk | undefined; aad?: Bytes },
): Buffer {
  demand(enc.length === 32, 'sealed');
  const dh = x25519(recipientSecret, enc);
  if (dh === undefined) throw new Refusal('sealed');
  const kemContext = concat(enc, x25519Public(recipientSecret));
  const { key, nonce } = keySchedule(extractAndExpand(dh, kemContext), info, psk);
  return aeadOpen(key, nonce, aad, ciphertext);
}
