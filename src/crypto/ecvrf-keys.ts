/**
 * Keys of the elliptic-curve VRF: the public one with multiples of its point for verification, the private one in a
 * holder that shows nothing.
 */

import { interleavedMSMUnsafe, normalizeZ } from '@noble/curves/abstract/curve.js';
import { ArgumentTypeError, DecodeError } from '../errors.js';
import type { EcvrfGroup, EcvrfPoint } from './ecvrf-group.js';
import { SecretBytes } from './secret-bytes.js';
import type { VrfName, VrfPrivateKey, VrfPublicKey } from './vrf.js';

/** Challenges have 128 bits; they are taken apart into four limbs, one for each multiple of the key's point. */
const LIMBS = 4;
const LIMB_BITS = 32;
const LIMB_MASK = 2n ** 32n - 1n;
/**
 * Width of the signed digits. The table is 32 points; it costs a quarter of one verification and saves a sixth of each,
 * so it pays from the second proof on. Wider ones cost more and save hardly anything.
 */
const WINDOW = 5;

/** A parsed public key. Its class is its proof of having been checked: nothing else makes one. */
export class EcvrfPublicKey<P extends EcvrfPoint<P>> implements VrfPublicKey {
  readonly encoded: Uint8Array;
  readonly #group: EcvrfGroup<P>;
  readonly #point: P;
  #multiply: ((limbs: bigint[]) => P) | undefined;

  private constructor(group: EcvrfGroup<P>, point: P, encoded: Uint8Array) {
    this.#group = group;
    this.#point = point;
    this.encoded = encoded;
    Object.freeze(this);
  }

  /**
   * ECVRF_validate_key (RFC 9381 section 5.4.5) on the decoded point.
   * @throws DecodeError `ERR_KEY_LENGTH`, `ERR_KEY_POINT`, `ERR_KEY_ORDER`
   */
  static parse<Point extends EcvrfPoint<Point>>(
    group: EcvrfGroup<Point>,
    bytes: Uint8Array,
  ): EcvrfPublicKey<Point> {
    if (bytes.length !== group.publicKeyLength) throw keyError('ERR_KEY_LENGTH', group);
    const encoded = Uint8Array.from(bytes);
    const point = group.decodePoint(encoded);
    if (point === undefined) throw keyError('ERR_KEY_POINT', group);
    if (point.isSmallOrder()) throw keyError('ERR_KEY_ORDER', group);
    return new EcvrfPublicKey(group, point, encoded);
  }

  /** The key as one of this group; forged look-alikes and other suites' keys are the program's mistake. */
  static of<Point extends EcvrfPoint<Point>>(
    group: EcvrfGroup<Point>,
    key: VrfPublicKey,
  ): EcvrfPublicKey<Point> {
    if (!(key instanceof EcvrfPublicKey) || key.vrf !== group.name)
      throw new ArgumentTypeError(`expected a public key parsed for ${group.name}`);
    return key as EcvrfPublicKey<Point>;
  }

  get vrf(): VrfName {
    return this.#group.name;
  }

  /**
   * −c·Y, for public c below 2^128. The minus belongs to the point: where Y has a part of small order, −c·Y is not
   * (order − c)·Y.
   */
  minusTimes(c: bigint): P {
    this.#multiply ??= multiplesOf(this.#group, this.#point.negate());
    const limbs: bigint[] = [];
    for (let i = 0; i < LIMBS; i++) limbs.push((c >> BigInt(i * LIMB_BITS)) & LIMB_MASK);
    return this.#multiply(limbs);
  }
}

/** Multiplies P by Σ limb_i · 2^(32 i): 32 doublings are shared by all four limbs, where c·P alone takes 128. */
function multiplesOf<P extends EcvrfPoint<P>>(group: EcvrfGroup<P>, point: P): (limbs: bigint[]) => P {
  const multiples = [point];
  let last = point;
  for (let i = 1; i < LIMBS; i++) {
    for (let bit = 0; bit < LIMB_BITS; bit++) last = last.double();
    multiples.push(last);
  }
  return interleavedMSMUnsafe(group.points, normalizeZ(group.points, multiples), WINDOW);
}

/** A private key, with its public key computed once. */
export class EcvrfPrivateKey<P extends EcvrfPoint<P>> implements VrfPrivateKey {
  readonly publicKey: EcvrfPublicKey<P>;
  readonly #secret: SecretBytes;

  /**
   * @param secret copied
   * @throws DecodeError `ERR_KEY_LENGTH`, `ERR_KEY_SCALAR`
   */
  constructor(group: EcvrfGroup<P>, secret: Uint8Array) {
    const defect = group.privateKeyDefect(secret);
    if (defect !== undefined)
      throw new DecodeError(defect, 'VrfPrivateKey', 0, `no private key of ${group.name}`);
    const point = group.points.BASE.multiply(group.secretScalar(secret));
    this.publicKey = EcvrfPublicKey.parse(group, point.toBytes());
    this.#secret = new SecretBytes(secret);
    Object.freeze(this);
  }

  /** The key as one of this group, as for public keys. */
  static of<Point extends EcvrfPoint<Point>>(
    group: EcvrfGroup<Point>,
    key: VrfPrivateKey,
  ): EcvrfPrivateKey<Point> {
    if (!(key instanceof EcvrfPrivateKey) || key.publicKey.vrf !== group.name)
      throw new ArgumentTypeError(`expected a private key of ${group.name}`);
    return key as EcvrfPrivateKey<Point>;
  }

  /**
   * Lends the secret bytes to `use`, which must neither keep nor change them.
   * @throws StateError `ERR_DESTROYED`
   */
  use<T>(use: (secret: Uint8Array) => T): T {
    return this.#secret.use(use);
  }

  reveal(): Uint8Array {
    return this.#secret.reveal();
  }

  get isDestroyed(): boolean {
    return this.#secret.isDestroyed;
  }

  destroy(): void {
    this.#secret.destroy();
  }

  toString(): string {
    return '[VrfPrivateKey redacted]';
  }

  toJSON(): string {
    return this.toString();
  }
}

function keyError(
  code: 'ERR_KEY_LENGTH' | 'ERR_KEY_POINT' | 'ERR_KEY_ORDER',
  group: { readonly name: VrfName },
): DecodeError {
  return new DecodeError(code, 'VrfPublicKey', 0, `no public key of ${group.name}`);
}
