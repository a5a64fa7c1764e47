/**
 * The TLS presentation language as CKV/1 uses it, written and read as plainly as possible.
 *
 * "big-endian integers; a vector's length prefix counts *elements* and is as wide as its ceiling needs.
 * Decoders are strict: no trailing bytes, no unknown enum value, stated order (bytewise) and limits."
 *
 * This folder is the oracle of the test suite. It is slow on purpose, runs under Node only, and shares no code
 * with the library: whoever changes the one must not be able to change the other by accident.
 */

/** Why the reference refuses something; the names are its own, and coarser or finer than the library's codes. */
export type Reason =
  // the bytes
  | 'too-large'
  | 'unknown-version'
  | 'unknown-scheme'
  | 'truncated'
  | 'trailing-bytes'
  | 'vector-length'
  | 'number-too-large'
  | 'unknown-value'
  | 'key-invalid'
  | 'secret-invalid'
  | 'text-invalid'
  | 'format-invalid'
  // the rules that the bytes of one list decide by themselves
  | 'too-many-devices'
  | 'too-many-successions'
  | 'device-order'
  | 'signing-key-reused'
  | 'chain-key-reused'
  | 'succession-order'
  | 'sequence-impossible'
  | 'previous-impossible'
  | 'author-impossible'
  | 'joined-wrong'
  | 'since-impossible'
  | 'author-signature-presence'
  // what was looked up, and signatures
  | 'other-identifier'
  | 'succession-signature'
  | 'possession-signature'
  | 'account-signature'
  | 'author-signature'
  // the list before
  | 'rollback'
  | 'fork'
  | 'previous-wrong'
  | 'author-unknown'
  | 'chain-broken'
  | 'entry-replayed'
  | 'succeeded-key'
  | 'gap'
  | 'no-chain-from-pin'
  | 'stored-invalid'
  // lists in a log
  | 'version-unknown'
  | 'list-misfiled'
  | 'head-order'
  // binary ladders
  | 'ladder-length'
  | 'ladder-conflict'
  // searches
  | 'queue-timestamps'
  | 'queue-searches'
  | 'queue-roots'
  | 'timestamp-order'
  | 'entry-root'
  | 'greatest-version'
  // one signature
  | 'signature'
  // the code session
  | 'sas-own-key'
  | 'sas-reflected'
  | 'sas-purpose'
  | 'sas-out-of-order'
  | 'sas-commitment'
  // the account key on a new device, and its backup
  | 'recovery-key'
  | 'sealed'
  | 'sealed-account'
  | 'sealed-key'
  | 'link-device'
  // the log
  | 'retained-differs'
  | 'empty-head'
  | 'index-beyond-tree'
  | 'proof-length'
  | 'proof-root'
  | 'heads-reversed'
  | 'heads-differ'
  // signed notes
  | 'key-name'
  | 'key-id'
  | 'note-form'
  | 'note-character'
  | 'note-unsigned'
  // checkpoints
  | 'checkpoint-form'
  | 'other-origin'
  | 'empty-tree-root'
  | 'too-few-witnesses'
  | 'not-in-time'
  // tiles
  | 'tile-path'
  | 'tile-root'
  | 'entry-hash'
  // key transparency
  | 'unknown-suite'
  | 'lifetime-not-above-window'
  // the verifiable random function, and commitments
  | 'vrf-point'
  | 'vrf-scalar'
  | 'vrf-proof'
  | 'commitment'
  // prefix trees
  | 'prefix-count'
  | 'prefix-duplicate'
  | 'prefix-order'
  | 'prefix-depth'
  | 'prefix-commitment'
  | 'prefix-leaf-key'
  | 'prefix-leaf-path'
  | 'prefix-conflict'
  | 'prefix-present'
  | 'prefix-absent'
  // a user's operations in a transparency log
  | 'head-same'
  | 'head-ahead'
  | 'head-behind'
  | 'auditor-start'
  | 'auditor-time'
  | 'auditor-lag'
  | 'auditor-signature'
  | 'credential-label'
  | 'credential-early'
  | 'credential-position'
  | 'credential-terminal'
  | 'value-signature'
  | 'signed-nothing'
  | 'signed-behind'
  | 'update-empty'
  | 'entry-full'
  | 'ladder-steps'
  | 'ladder-commitment'
  | 'retained-version'
  | 'version-absent'
  | 'version-expired'
  | 'monitored-version'
  | 'owner-start'
  | 'owned-versions'
  | 'update-position'
  | 'update-versions'
  | 'updated-version'
  // audited log entries
  | 'removed-early'
  | 'removed-unknown'
  // evidence
  | 'evidence-other-log'
  | 'evidence-agrees'
  | 'evidence-expired'
  | 'evidence-keys'
  | 'log-fork'
  | 'version-changed'
  | 'value-signed-twice'
  | 'entry-expired'
  // head logs
  | 'other-log'
  | 'head-log-order';

/** Thrown by every reader and rule of the reference. Anything else that is thrown is a bug of the reference. */
export class Refusal extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Refuses for the given reason unless the rule holds. */
export function demand(rule: boolean, reason: Reason): void {
  if (!rule) throw new Refusal(reason);
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

export function concat(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts);
}

// ---------------------------------------------------------------------------------------------- writing

/** "big-endian integers": the digits of `value` to base 256, most significant first. */
export function uint(width: number, value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error('the reference writes 0 to 2^53-1 only');
  const out = Buffer.alloc(width);
  let rest = value;
  for (let i = width - 1; i >= 0; i--) {
    out[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  if (rest !== 0) throw new Error('the number does not fit its width');
  return out;
}

/** "as wide as its ceiling needs": 1 byte up to 255, 2 up to 65,535, and so on. */
function prefixWidth(ceiling: number): number {
  let width = 1;
  while (256 ** width <= ceiling) width++;
  return width;
}

/** `opaque name[length]`. */
export function fixed(length: number, bytes: Uint8Array): Buffer {
  if (bytes.length !== length) throw new Error(`expected ${length} bytes`);
  return Buffer.from(bytes);
}

/** `opaque name<floor..ceiling>`. */
export function opaque(floor: number, ceiling: number, bytes: Uint8Array): Buffer {
  if (bytes.length < floor || bytes.length > ceiling)
    throw new Error(`expected ${floor} to ${ceiling} bytes`);
  return concat(uint(prefixWidth(ceiling), bytes.length), bytes);
}

/** `Element name<0..ceiling>`: the prefix counts the elements, not their bytes. */
export function vector(ceiling: number, elements: readonly Uint8Array[]): Buffer {
  if (elements.length > ceiling) throw new Error(`expected at most ${ceiling} elements`);
  return concat(uint(prefixWidth(ceiling), elements.length), ...elements);
}

/** `optional<T>`: one byte 0 or 1, then the value if it is 1. */
export function optional(value: Uint8Array | undefined): Buffer {
  return value === undefined ? uint(1, 0) : concat(uint(1, 1), value);
}

// ---------------------------------------------------------------------------------------------- reading

/** Reads from the front; whoever made it calls `end` last. */
export class Reader {
  #rest: Buffer;

  constructor(bytes: Uint8Array) {
    this.#rest = Buffer.from(bytes);
  }

  fixed(length: number): Buffer {
    demand(this.#rest.length >= length, 'truncated');
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  uint(width: number): number {
    let value = 0n;
    for (const byte of this.fixed(width)) value = value * 256n + BigInt(byte);
    demand(value <= 2n ** 53n - 1n, 'number-too-large');
    return Number(value);
  }

  opaque(floor: number, ceiling: number): Buffer {
    const length = this.uint(prefixWidth(ceiling));
    demand(length >= floor && length <= ceiling, 'vector-length');
    return this.fixed(length);
  }

  /** The count is judged before the first element is read: it stands before them. */
  vector<T>(ceiling: number, readElement: () => T, limit = ceiling, beyond: Reason = 'vector-length'): T[] {
    const count = this.uint(prefixWidth(ceiling));
    demand(count <= limit, beyond);
    const elements: T[] = [];
    for (let i = 0; i < count; i++) elements.push(readElement());
    return elements;
  }

  optional<T>(readValue: () => T): T | undefined {
    const present = this.uint(1);
    demand(present === 0 || present === 1, 'unknown-value');
    return present === 1 ? readValue() : undefined;
  }

  end(): void {
    demand(this.#rest.length === 0, 'trailing-bytes');
  }
}
