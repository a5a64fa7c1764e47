/**
 * A private account key as it is sealed, for a new device or into a backup:
 *
 *     struct { uint8 version = 1; uint16 scheme; opaque private_key<0..2^8-1>; }                        36 bytes
 *
 * The private key is 32 bytes: a scalar, big-endian (P-256), or a seed (Ed25519).
 */

import { type Codec, decode, encode, mapped, opaque, struct, uint16, version } from '../bytes/codec.js';
import { equalPublicKeys, type PublicKey, schemeOf } from '../crypto/public-key.js';
import type { SignatureScheme } from '../crypto/signature-scheme.js';
import { ArgumentTypeError, VerificationError } from '../errors.js';
import { PrivateKey } from '../keys/private-key.js';

interface SealedKey {
  readonly version: 1;
  readonly scheme: SignatureScheme;
  readonly privateKey: Uint8Array;
}

const MAX_BYTES: number = 1 + 2 + 1 + (2 ** 8 - 1);

const sealedKeyCodec: Codec<SealedKey> = /* @__PURE__ */ struct<SealedKey>({
  version: version(1, 1),
  scheme: mapped<number, SignatureScheme>(uint16, schemeOf, ({ id }) => id),
  privateKey: opaque(0, 2 ** 8 - 1),
});

/** Refuses what is no private key of this library, such as a signer that cannot hand its key out. */
export function assertPrivateKey(value: unknown): asserts value is PrivateKey {
  if (!(value instanceof PrivateKey)) {
    throw new ArgumentTypeError(
      'an account key must be a PrivateKey: one that cannot leave its place cannot move',
    );
  }
}

/**
 * The plaintext of a private key, fresh. The caller overwrites it after use.
 * @throws StateError `ERR_DESTROYED`
 */
export function encodeSealedKey(privateKey: PrivateKey): Uint8Array {
  const secret = privateKey.reveal();
  try {
    const scheme = schemeOf(privateKey.publicKey.scheme);
    return encode(sealedKeyCodec, { version: 1, scheme, privateKey: secret });
  } finally {
    secret.fill(0);
  }
}

/**
 * The private key in an opened plaintext, which is overwritten. Only who knew the sealing secret can have made it, so
 * its defects are told apart.
 * @param isExpected whether this is the public key that the key was sealed for
 * @throws DecodeError; UnsupportedError `ERR_VERSION`, `ERR_SCHEME`; VerificationError `ERR_SEALED_KEY`
 */
export function openSealedKey(
  plaintext: Uint8Array,
  isExpected: (publicKey: PublicKey) => boolean,
): PrivateKey {
  try {
    const { scheme, privateKey } = decode(sealedKeyCodec, plaintext, 'SealedKey', MAX_BYTES);
    try {
      const opened = new PrivateKey(scheme, privateKey);
      if (isExpected(opened.publicKey)) return opened;
      opened.destroy();
      throw new VerificationError('ERR_SEALED_KEY', 'the sealed key is not that of its public key');
    } finally {
      privateKey.fill(0);
    }
  } finally {
    plaintext.fill(0);
  }
}

/** {@link openSealedKey} for one public key. */
export function openKeyOf(publicKey: PublicKey, plaintext: Uint8Array): PrivateKey {
  return openSealedKey(plaintext, (opened) => equalPublicKeys(opened, publicKey));
}
