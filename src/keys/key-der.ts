/**
 * Keys as DER: SubjectPublicKeyInfo (RFC 5280) and PKCS#8 (RFC 5958), in the forms of RFC 5480/5915 for P-256
 * and RFC 8410 for Ed25519.
 *
 * DER leaves these two algorithms exactly one encoding each (two for a P-256 private key, with and without its
 * public half), so there is no ASN.1 parser here to go wrong: a key is a known prefix and its bytes. Refused
 * are compressed points, explicit curve parameters, attributes, and PKCS#8 version 2.
 */

import { assertBytes, concatBytes, equalBytes } from '../bytes/compare.js';
import { parseHex } from '../bytes/text.js';
import { ed25519 } from '../crypto/ed25519.js';
import { p256 } from '../crypto/p256.js';
import { type PublicKey, schemeOf } from '../crypto/public-key.js';
import { PRIVATE_KEY_LENGTH, type SignatureScheme } from '../crypto/signature-scheme.js';
import { bytesAfter, encodeSpki, parseSpki } from '../crypto/spki.js';
import { DecodeError } from '../errors.js';
import { PrivateKey, parsePublicKeyRaw } from './private-key.js';

/** What stands around a private key's bytes, as hex. */
interface DerForm {
  readonly scheme: SignatureScheme;
  /** SEQUENCE { version 0, AlgorithmIdentifier, OCTET STRING, … up to the private key. */
  readonly pkcs8: string;
  /** As `pkcs8`, where the public key follows the private key after `publicTag`. */
  readonly pkcs8WithPublic?: { readonly prefix: string; readonly publicTag: string };
}

const FORMS: readonly DerForm[] = [
  {
    scheme: ed25519,
    pkcs8: '302e020100300506032b657004220420',
  },
  {
    scheme: p256,
    pkcs8: '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
    pkcs8WithPublic: {
      prefix: '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
      publicTag: 'a144034200',
    },
  },
];

function formOf(scheme: SignatureScheme): DerForm {
  return FORMS.find((form) => form.scheme === scheme) as DerForm;
}

/**
 * A public key from SubjectPublicKeyInfo.
 * @throws DecodeError `ERR_KEY_FORMAT` (any other DER), `ERR_KEY_POINT`, `ERR_KEY_ORDER`
 */
export function parsePublicKeyDer(der: Uint8Array): PublicKey {
  assertBytes(der, 'a public key');
  for (const { scheme } of FORMS) {
    const key = parseSpki(scheme, der);
    if (key !== undefined) return parsePublicKeyRaw(scheme, key);
  }
  throw new DecodeError('ERR_KEY_FORMAT', 'SubjectPublicKeyInfo', 0, 'no P-256 or Ed25519 key in DER');
}

/** SubjectPublicKeyInfo of a public key, fresh. */
export function encodePublicKeyDer(publicKey: PublicKey): Uint8Array {
  return encodeSpki(schemeOf(publicKey.scheme), publicKey.key);
}

/**
 * A private key from PKCS#8. Where it carries its public key, the two must fit.
 * @param der not changed; the caller overwrites it after use
 * @throws DecodeError `ERR_KEY_FORMAT` (any other DER, a public key that does not fit), `ERR_KEY_SCALAR`
 */
export function parsePrivateKeyDer(der: Uint8Array): PrivateKey {
  assertBytes(der, 'a private key');
  for (const { scheme, pkcs8, pkcs8WithPublic } of FORMS) {
    const secret = bytesAfter(parseHex(pkcs8), der, PRIVATE_KEY_LENGTH);
    if (secret !== undefined) return new PrivateKey(scheme, secret);
    if (pkcs8WithPublic === undefined) continue;
    const tag = parseHex(pkcs8WithPublic.publicTag);
    const both = bytesAfter(
      parseHex(pkcs8WithPublic.prefix),
      der,
      PRIVATE_KEY_LENGTH + tag.length + scheme.publicKeyLength,
    );
    if (both === undefined) continue;
    const publicKey = bytesAfter(tag, both.subarray(PRIVATE_KEY_LENGTH), scheme.publicKeyLength);
    if (publicKey === undefined) continue;
    return matching(
      new PrivateKey(scheme, both.subarray(0, PRIVATE_KEY_LENGTH)),
      publicKey,
      'PrivateKeyInfo',
    );
  }
  throw new DecodeError('ERR_KEY_FORMAT', 'PrivateKeyInfo', 0, 'no P-256 or Ed25519 key in PKCS#8 DER');
}

/** PKCS#8 of a private key (P-256: with its public key, as OpenSSL writes it), fresh. Overwrite it after use. */
export function encodePrivateKeyDer(privateKey: PrivateKey): Uint8Array {
  const { pkcs8, pkcs8WithPublic } = formOf(schemeOf(privateKey.publicKey.scheme));
  const secret = privateKey.reveal();
  try {
    return pkcs8WithPublic === undefined
      ? concatBytes(parseHex(pkcs8), secret)
      : concatBytes(
          parseHex(pkcs8WithPublic.prefix),
          secret,
          parseHex(pkcs8WithPublic.publicTag),
          privateKey.publicKey.key,
        );
  } finally {
    secret.fill(0);
  }
}

/** The private key, if `publicKey` is its public half; a pair that does not fit is destroyed and refused. */
export function matching(privateKey: PrivateKey, publicKey: Uint8Array, structure: string): PrivateKey {
  if (equalBytes(privateKey.publicKey.key, publicKey)) return privateKey;
  privateKey.destroy();
  throw new DecodeError('ERR_KEY_FORMAT', structure, 0, 'the public key does not fit the private key');
}
