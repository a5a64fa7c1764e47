/**
 * Secret bytes that do not show themselves and can be destroyed.
 *
 * What this cannot do: the engine may have copied the bytes while collecting garbage or compiling, and a
 * string made from them cannot be overwritten at all. Destroying shortens the time a secret lies in memory;
 * it does not prove that it is gone.
 */

import { assertBytes } from '../bytes/compare.js';
import { StateError } from '../errors.js';

const REDACTED = '[SecretBytes redacted]';

/** A secret of any length. Printing, inspecting, JSON and structured clones of it show no byte. */
export class SecretBytes {
  #bytes: Uint8Array | undefined;

  /** @param bytes copied; the caller overwrites its own */
  constructor(bytes: Uint8Array) {
    assertBytes(bytes, 'a secret');
    this.#bytes = Uint8Array.from(bytes);
  }

  /** Number of bytes; 0 once destroyed. */
  get length(): number {
    return this.#bytes?.length ?? 0;
  }

  get isDestroyed(): boolean {
    return this.#bytes === undefined;
  }

  /**
   * Lends the bytes to `use`, which must neither keep nor change them.
   * @throws StateError `ERR_DESTROYED`
   */
  use<T>(use: (bytes: Uint8Array) => T): T {
    if (this.#bytes === undefined) throw new StateError('ERR_DESTROYED', 'this secret was destroyed');
    return use(this.#bytes);
  }

  /**
   * A copy of the bytes, for storing them. The caller overwrites it after use.
   * @throws StateError `ERR_DESTROYED`
   */
  reveal(): Uint8Array {
    return this.use((bytes) => Uint8Array.from(bytes));
  }

  /** Overwrites the bytes. Afterwards every use throws. May be called again. */
  destroy(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }
}
