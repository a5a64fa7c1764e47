/**
 * Verifiable random functions as KEYTRANS uses them (draft-ietf-keytrans-protocol, *Verifiable Random Function*):
 * the holder of the private key turns an input into 32 bytes that nobody else can compute, and proves that these
 * are the right ones. One constant per file: `vrf-p256.ts`, `vrf-edwards25519.ts`.
 *
 * Inputs may leak through the time that hashing them to the curve takes (RFC 9381 section 5.4.1.1): one bit of
 * them in the usual case. Both parties know the label, so this matters only where others can time the prover.
 */

/** The VRFs of RFC 9381 that the two cipher suites use. */
export type VrfName = 'ECVRF-P256-SHA256-TAI' | 'ECVRF-EDWARDS25519-SHA512-TAI';

/**
 * A VRF public key that was checked when it was parsed (RFC 9381 section 5.4.5). Made by {@link Vrf.parsePublicKey}
 * only. From the first proof on it keeps multiples of its point, about 10 kB, which make verifying the next ones a
 * sixth faster: parse a log's key once and hold on to it.
 */
export interface VrfPublicKey {
  readonly vrf: VrfName;
  /** 33 bytes, compressed SEC1 (P-256), or 32 bytes (edwards25519). They belong to the key and must not be changed. */
  readonly encoded: Uint8Array;
}

/**
 * A VRF private key. Printing and JSON show no secret; `destroy` overwrites it (what that does not achieve in
 * JavaScript: see `SecretBytes`). Who has it can find out which labels a log holds.
 */
export interface VrfPrivateKey {
  readonly publicKey: VrfPublicKey;
  readonly isDestroyed: boolean;
  /**
   * The 32 secret bytes, for storing them. The caller overwrites them after use.
   * @throws StateError `ERR_DESTROYED`
   */
  reveal(): Uint8Array;
  /** Overwrites the secret. Afterwards proving throws. May be called again. */
  destroy(): void;
}

/** What proving yields. Both are fresh. */
export interface VrfProof {
  /** {@link Vrf.proofLength} bytes. */
  readonly proof: Uint8Array;
  /** 32 bytes: what `verify` will return for this proof. */
  readonly output: Uint8Array;
}

/** One VRF. Frozen. */
export interface Vrf {
  readonly name: VrfName;
  /** Bytes of an encoded public key: 33 (P-256) or 32 (edwards25519). */
  readonly publicKeyLength: 33 | 32;
  /** Bytes of a proof, the draft's `VRF.Np`: 81 (P-256) or 80 (edwards25519). */
  readonly proofLength: 81 | 80;
  /** Bytes of an output, the draft's `VRF.Nh`; edwards25519's 64 are cut to it. */
  readonly outputLength: 32;

  /**
   * A public key from its one encoding, checked as RFC 9381 section 5.4.5 has it. On edwards25519 a key with a
   * part of small order passes, as there: outputs are unique all the same (section 7.1.1).
   * @param bytes copied
   * @throws DecodeError `ERR_KEY_LENGTH`; `ERR_KEY_POINT` no point of the curve, or another encoding of one;
   *   `ERR_KEY_ORDER` a point of small order
   */
  parsePublicKey(bytes: Uint8Array): VrfPublicKey;

  /**
   * A private key from its 32 bytes: a scalar, big-endian (P-256), or a seed (edwards25519).
   * @param bytes copied; the caller overwrites its own
   * @throws DecodeError `ERR_KEY_LENGTH`, `ERR_KEY_SCALAR`
   */
  parsePrivateKey(bytes: Uint8Array): VrfPrivateKey;

  /**
   * A fresh private key from the platform's CSPRNG.
   * @throws UnsupportedError `ERR_NO_RANDOMNESS`
   */
  generatePrivateKey(): VrfPrivateKey;

  /**
   * The output for an input, and its proof (RFC 9381 section 5.1). Deterministic. The proof hides neither the
   * input nor which key made it.
   * @param input of any length; in KEYTRANS an encoded VrfInput
   * @throws StateError `ERR_DESTROYED`
   */
  prove(privateKey: VrfPrivateKey, input: Uint8Array): VrfProof;

  /**
   * The output that this proof shows to belong to this input under this key (RFC 9381 section 5.3). Proves nothing
   * about what the log stores there. One output can have several proofs.
   * @param input of any length
   * @returns 32 bytes, fresh
   * @throws DecodeError `ERR_LENGTH` another number of bytes; `ERR_VRF_POINT` the first part is no point of the
   *   curve, or another encoding of one; `ERR_VRF_SCALAR` the last part is not below the group's order
   * @throws VerificationError `ERR_VRF_PROOF` the proof is of another key or input, or made up
   */
  verify(publicKey: VrfPublicKey, input: Uint8Array, proof: Uint8Array): Uint8Array;
}
