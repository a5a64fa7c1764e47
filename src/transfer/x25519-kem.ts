/**
 * DHKEM(X25519, HKDF-SHA256) (RFC 9180 section 4.1) in the form in which the `hpke` package takes a KEM from outside.
 * The curve is `@noble/curves`': Node 20, older browsers and React Native have no X25519 in WebCrypto.
 */

import { concat, encode, type KEM, type Key, type KeyPair, LabeledExpand, LabeledExtract } from 'hpke';
import { SecretBytes } from '../crypto/secret-bytes.js';
import {
  deriveX25519PublicKey,
  deriveX25519Shared,
  generateX25519Secret,
  X25519_LENGTH,
} from '../crypto/x25519.js';
import { ArgumentTypeError } from '../errors.js';
import { hkdfSha256 } from './hpke-primitives.js';

const KEM_ID = 0x0020;
const NAME = 'DHKEM(X25519, HKDF-SHA256)';

/** A key of this KEM, public or private. The private one shows nothing of itself, and can be destroyed. */
export class X25519Key implements Key {
  readonly algorithm: { name: string } = Object.freeze({ name: NAME });
  readonly type: 'private' | 'public';
  readonly extractable: boolean;
  readonly publicKey: Uint8Array;
  readonly #secret: SecretBytes | undefined;

  private constructor(publicKey: Uint8Array, secret: SecretBytes | undefined, extractable: boolean) {
    this.publicKey = publicKey;
    this.#secret = secret;
    this.type = secret === undefined ? 'public' : 'private';
    this.extractable = extractable;
    Object.freeze(this);
  }

  /** @param bytes 32, copied */
  static public(bytes: Uint8Array): X25519Key {
    return new X25519Key(Uint8Array.from(bytes), undefined, true);
  }

  /** @param secret 32 bytes, copied */
  static private(secret: Uint8Array, extractable = false): X25519Key {
    return new X25519Key(deriveX25519PublicKey(secret), new SecretBytes(secret), extractable);
  }

  /** Lends the secret of a private key. @throws StateError `ERR_DESTROYED` */
  use<T>(use: (secret: Uint8Array) => T): T {
    if (this.#secret === undefined) throw new ArgumentTypeError('a private key is needed');
    return this.#secret.use(use);
  }

  /** Overwrites the secret of a private key. */
  destroy(): void {
    this.#secret?.destroy();
  }

  toJSON(): string {
    return `[X25519Key ${this.type}]`;
  }
}

function pairOf(secret: Uint8Array, extractable: boolean): KeyPair<X25519Key> {
  const privateKey = X25519Key.private(secret, extractable);
  return { privateKey, publicKey: X25519Key.public(privateKey.publicKey) };
}

/** The shared secret of one exchange: Encap and Decap from DH on. */
async function shareOf(secret: Uint8Array, publicKey: Uint8Array, context: Uint8Array): Promise<Uint8Array> {
  const dh = deriveX25519Shared(secret, publicKey);
  if (dh === undefined) throw new RangeError('a public key of small order');
  const suiteId = suiteIdOf();
  const eaePrk = await LabeledExtract(hkdfSha256(), suiteId, new Uint8Array(0), encode('eae_prk'), dh);
  dh.fill(0);
  const shared = await LabeledExpand(
    hkdfSha256(),
    suiteId,
    eaePrk,
    encode('shared_secret'),
    context,
    X25519_LENGTH,
  );
  eaePrk.fill(0);
  return shared;
}

/** `"KEM" ‖ I2OSP(kem_id, 2)`. */
const suiteIdOf = (): Uint8Array => concat(encode('KEM'), Uint8Array.of(0, KEM_ID));

/**
 * The KEM.
 * @param drawSecret where ephemeral secrets come from: 32 bytes, overwritten after use. Only published vectors have a
 *   reason to bring their own.
 */
export function x25519Kem(drawSecret: () => Uint8Array = generateX25519Secret): KEM<X25519Key> {
  return {
    id: KEM_ID,
    type: 'KEM',
    name: NAME,
    Nsecret: X25519_LENGTH,
    Nenc: X25519_LENGTH,
    Npk: X25519_LENGTH,
    Nsk: X25519_LENGTH,

    async DeriveKeyPair(ikm, extractable) {
      const suiteId = suiteIdOf();
      const prk = await LabeledExtract(hkdfSha256(), suiteId, new Uint8Array(0), encode('dkp_prk'), ikm);
      const none = new Uint8Array(0);
      const secret = await LabeledExpand(hkdfSha256(), suiteId, prk, encode('sk'), none, X25519_LENGTH);
      return pairOf(secret, extractable);
    },

    async GenerateKeyPair(extractable) {
      const secret = drawSecret();
      try {
        return pairOf(secret, extractable);
      } finally {
        secret.fill(0);
      }
    },

    SerializePublicKey: async (key) => Uint8Array.from(key.publicKey),
    DeserializePublicKey: async (bytes) => X25519Key.public(bytes),
    SerializePrivateKey: async (key) => key.use((secret) => Uint8Array.from(secret)),
    DeserializePrivateKey: async (bytes, extractable) => X25519Key.private(bytes, extractable),

    async Encap(recipient) {
      const secret = drawSecret();
      try {
        const enc = deriveX25519PublicKey(secret);
        return {
          shared_secret: await shareOf(secret, recipient.publicKey, concat(enc, recipient.publicKey)),
          enc,
        };
      } finally {
        secret.fill(0);
      }
    },

    Decap: async (enc, recipient) =>
      recipient.use((secret) => shareOf(secret, enc, concat(enc, recipient.publicKey))),
  };
}
