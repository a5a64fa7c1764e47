/**
 * The recovery key: 130 random bits that a person writes down (CKV/1, "The account key on a new device, and its
 * backup").
 *
 *     ABCD-EFGH-JKLM-NPQR-STUV-WXYZ-2345        5 bits a character, the most significant first
 *     └────────── 26 random ──────────┘└┘ check: the first 10 bits of H("recovery check", ASCII of the 26)
 *
 * It is long enough that nobody can search for it, so nothing slows a search down. Short secrets that people choose are
 * not offered: offline they can be searched whatever is computed from them, unless a server limits the guesses.
 */

import { encodeUtf8 } from '../bytes/text.js';
import { hashLabelled } from '../crypto/label.js';
import { SecretBytes } from '../crypto/secret-bytes.js';
import { ArgumentTypeError, DecodeError } from '../errors.js';
import { randomBytes } from '../platform.js';

/** No I, O, 0 and 1: they are taken for each other. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const SECRET_LENGTH = 26;
/** What a person may type with all their hyphens and spaces; nothing longer is looked at. */
const TEXT_LENGTH_MAX = 256;
/** Both cases, and no `i` flag: under it strangers would be let in by case mapping. */
const CHARACTERS = /^[A-HJ-NP-Za-hj-np-z2-9]{28}$/;

/**
 * A recovery key. Printing and JSON show no character of it; `destroy` overwrites it (what that does not achieve in
 * JavaScript: see {@link SecretBytes}; the text that was displayed or typed stays in memory as long as the engine likes).
 */
export class RecoveryKey {
  readonly #ascii: SecretBytes;

  /** Not for callers. @param ascii the 26 random characters; copied */
  constructor(ascii: Uint8Array) {
    this.#ascii = new SecretBytes(ascii);
    Object.freeze(this);
  }

  /**
   * What the person writes down: 7 groups of 4 characters with hyphens between them.
   * @throws StateError `ERR_DESTROYED`
   */
  reveal(): string {
    return this.#ascii.use((ascii) => {
      const text = String.fromCharCode(...ascii) + checkOf(ascii);
      return (text.match(/.{4}/g) as string[]).join('-');
    });
  }

  /** Lends the ASCII of the 26 random characters, which `use` must neither keep nor change. @throws StateError `ERR_DESTROYED` */
  use<T>(use: (ascii: Uint8Array) => T): T {
    return this.#ascii.use(use);
  }

  get isDestroyed(): boolean {
    return this.#ascii.isDestroyed;
  }

  /** Overwrites the key. Afterwards every use throws. */
  destroy(): void {
    this.#ascii.destroy();
  }

  toString(): string {
    return '[RecoveryKey redacted]';
  }

  toJSON(): string {
    return this.toString();
  }
}

/** 5 bits as a character. */
const characterOf = (value: number): string => ALPHABET.charAt(value & 31);

/** The two check characters of 26. */
function checkOf(ascii: Uint8Array): string {
  const [first = 0, second = 0] = hashLabelled('recovery check', ascii);
  return characterOf(first >> 3) + characterOf((first << 2) | (second >> 6));
}

/**
 * A fresh recovery key from the platform's CSPRNG.
 * @throws UnsupportedError `ERR_NO_RANDOMNESS`
 * @example
 * const recoveryKey = generateRecoveryKey();
 * show(recoveryKey.reveal());
 */
export function generateRecoveryKey(): RecoveryKey {
  // One byte a character: 256 is a multiple of 32, so each has its 5 bits, and no bit has to cross a byte.
  const drawn = randomBytes(SECRET_LENGTH);
  try {
    for (const [i, byte] of drawn.entries()) drawn[i] = ALPHABET.charCodeAt(byte & 31);
    return new RecoveryKey(drawn);
  } finally {
    drawn.fill(0);
  }
}

/**
 * A recovery key from what a person typed: case, hyphens and spaces are ignored.
 *
 * The check characters find 1,023 of 1,024 typing mistakes. That they fit proves nothing else.
 *
 * @param text from outside
 * @throws DecodeError `ERR_RECOVERY_KEY`; ArgumentTypeError
 */
export function parseRecoveryKey(text: string): RecoveryKey {
  if (typeof text !== 'string') throw new ArgumentTypeError('a recovery key must be a string');
  const typed = text.length > TEXT_LENGTH_MAX ? '' : text.replace(/[- ]/g, '');
  if (!CHARACTERS.test(typed)) throw noRecoveryKey();
  const whole = typed.toUpperCase();
  const ascii = encodeUtf8(whole.slice(0, SECRET_LENGTH));
  try {
    if (checkOf(ascii) !== whole.slice(SECRET_LENGTH)) throw noRecoveryKey();
    return new RecoveryKey(ascii);
  } finally {
    ascii.fill(0);
  }
}

function noRecoveryKey(): DecodeError {
  return new DecodeError('ERR_RECOVERY_KEY', 'RecoveryKey', 0, 'no recovery key, or mistyped');
}
