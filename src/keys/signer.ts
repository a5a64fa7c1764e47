/**
 * Who signs: a private key held here, or something outside that only offers signatures (a non-extractable
 * WebCrypto key, an enclave, an HSM).
 *
 * Everything that signs is written once, as a generator that yields what has to be signed and is handed the
 * signature. `signNow` runs it with keys held here, `signLater` with any signer.
 */

import { assertArray, assertObject } from '../bytes/arguments.js';
import { assertBytes } from '../bytes/compare.js';
import { encodePublicKey, equalPublicKeys, isValidSignature, type PublicKey } from '../crypto/public-key.js';
import { encodeLabelled, type Purpose } from '../crypto/label.js';
import { ArgumentRangeError, ArgumentTypeError, VerificationError } from '../errors.js';

/** Signs bytes with a key that may live anywhere. */
export interface Signer {
  readonly publicKey: PublicKey;
  /**
   * 64 bytes: r ‖ s over SHA-256 of the message (P-256), or RFC 8032 over the message (Ed25519). The message is typed
   * so that WebCrypto takes it as it is.
   */
  sign(message: Uint8Array<ArrayBuffer>): Uint8Array | Promise<Uint8Array>;
}

/** A signer that answers at once. */
export interface LocalSigner extends Signer {
  sign(message: Uint8Array<ArrayBuffer>): Uint8Array;
}

/** One signature that is needed. */
export interface SignatureRequest {
  readonly publicKey: PublicKey;
  readonly purpose: Purpose;
  readonly content: Uint8Array;
}

/** A computation that asks for signatures on its way to a result. */
export type Signing<T> = Generator<SignatureRequest, T, Uint8Array>;

/** Asks for one signature inside a {@link Signing}. */
export function* requestSignature(
  publicKey: PublicKey,
  purpose: Purpose,
  content: Uint8Array,
): Signing<Uint8Array> {
  return yield { publicKey, purpose, content };
}

/** Runs a signing with keys that answer at once. */
export function signNow<T>(signing: Signing<T>, signers: readonly LocalSigner[]): T {
  let step = signing.next();
  while (step.done !== true) {
    const request = step.value;
    const signature = signerFor(request, signers).sign(encodeLabelled(request.purpose, request.content));
    step = signing.next(checked(request, signature));
  }
  return step.value;
}

/** Runs a signing with any signers, one signature after the other. */
export async function signLater<T>(signing: Signing<T>, signers: readonly Signer[]): Promise<T> {
  let step = signing.next();
  while (step.done !== true) {
    const request = step.value;
    const signature = await signerFor(request, signers).sign(
      encodeLabelled(request.purpose, request.content),
    );
    step = signing.next(checked(request, signature));
  }
  return step.value;
}

/**
 * Refuses signers that are none, and a list of signers in which one is missing, before any of them signs.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function assertSigners(
  signers: readonly Signer[],
  needed: readonly Omit<SignatureRequest, 'content'>[],
): void {
  assertArray(signers, 'signers');
  for (const signer of signers) {
    assertObject(signer, 'a signer');
    if (typeof signer.sign !== 'function') throw new ArgumentTypeError('a signer must have a sign function');
    encodePublicKey(signer.publicKey);
  }
  for (const request of needed) signerFor(request, signers);
}

/** Signers are found by their key, so a caller cannot hand them over in the wrong order. */
function signerFor<S extends Signer>(request: Omit<SignatureRequest, 'content'>, signers: readonly S[]): S {
  const signer = signers.find((candidate) => equalPublicKeys(candidate.publicKey, request.publicKey));
  if (signer === undefined)
    throw new ArgumentRangeError(`no signer was given for the label "${request.purpose}"`);
  return signer;
}

/** An outside signer may be broken or hold another key; nothing it makes is passed on unchecked. */
function checked(request: SignatureRequest, signature: Uint8Array): Uint8Array {
  assertBytes(signature, 'a signature (an asynchronous signer needs the …Async function)');
  if (!isValidSignature(request.publicKey, request.purpose, request.content, signature)) {
    throw new VerificationError('ERR_SIGNATURE', `the signer's signature for "${request.purpose}" is false`);
  }
  return Uint8Array.from(signature);
}
