/**
 * The sealed backup of an account key (CKV/1, "The account key on a new device, and its backup"):
 *
 *     struct { uint8 version = 1; opaque key_id[32]; opaque salt[32]; opaque commitment[32];
 *              opaque ciphertext<0..2^16-1>; } Backup;
 *     HKDF-SHA256(ikm: ASCII of the 26 characters, salt, info: "CKV/1 backup", 64 bytes) = key[32] ‖ commitment[32]
 *
 * ChaCha20-Poly1305 does not commit to its key: a server that keeps backups could make one that opens under many
 * recovery keys, and learn from whether it opened which half of them the true one is in. The commitment, which comes
 * from the recovery key and a fresh salt, fits one only; it is compared before anything is opened. The nonce is zero,
 * because each key seals once.
 */

import { type Codec, decode, encode, fixedBytes, opaque, struct, version } from '../bytes/codec.js';
import { assertObject } from '../bytes/arguments.js';
import { assertBytes, equalBytes } from '../bytes/compare.js';
import { encodeUtf8 } from '../bytes/text.js';
import {
  AEAD_KEY_LENGTH,
  AEAD_NONCE_LENGTH,
  type AeadContext,
  openAead,
  sealAead,
} from '../crypto/chacha20-poly1305.js';
import { hkdfExpand, hkdfExtract } from '../crypto/hkdf.js';
import type { Purpose } from '../crypto/label.js';
import { deriveKeyId } from '../crypto/public-key.js';
import { ArgumentRangeError, ArgumentTypeError, VerificationError } from '../errors.js';
import type { PrivateKey } from '../keys/private-key.js';
import { randomBytes } from '../platform.js';
import { otherAccount } from './link-account.js';
import { RecoveryKey } from './recovery-key.js';
import { assertPrivateKey, encodeSealedKey, openSealedKey } from './sealed-key.js';

const KEY_ID_LENGTH = 32;
const SALT_LENGTH = 32;
const COMMITMENT_LENGTH = 32;
/** All that the structure can hold. */
const BACKUP_MAX_BYTES: number = 1 + KEY_ID_LENGTH + SALT_LENGTH + COMMITMENT_LENGTH + 2 + (2 ** 16 - 1);
const PURPOSE: Purpose = 'backup';

interface BackupHeader {
  readonly version: 1;
  readonly keyId: Uint8Array;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
}

interface Backup extends BackupHeader {
  readonly ciphertext: Uint8Array;
}

const header = {
  version: /* @__PURE__ */ version(1, 1),
  keyId: /* @__PURE__ */ fixedBytes(KEY_ID_LENGTH),
  salt: /* @__PURE__ */ fixedBytes(SALT_LENGTH),
  commitment: /* @__PURE__ */ fixedBytes(COMMITMENT_LENGTH),
};

const headerCodec: Codec<BackupHeader> = /* @__PURE__ */ struct<BackupHeader>(header);

const backupCodec: Codec<Backup> = /* @__PURE__ */ struct<Backup>({
  ...header,
  ciphertext: opaque(0, 2 ** 16 - 1),
});

interface Derived {
  readonly key: Uint8Array;
  readonly commitment: Uint8Array;
}

/** Key and commitment for one salt. The caller overwrites the key. */
function derive(recoveryKey: RecoveryKey, salt: Uint8Array): Derived {
  const pseudorandomKey = recoveryKey.use((ascii) => hkdfExtract(salt, ascii));
  const both = hkdfExpand(
    pseudorandomKey,
    encodeUtf8(`CKV/1 ${PURPOSE}`),
    AEAD_KEY_LENGTH + COMMITMENT_LENGTH,
  );
  pseudorandomKey.fill(0);
  const key = both.slice(0, AEAD_KEY_LENGTH);
  const commitment = both.slice(AEAD_KEY_LENGTH);
  both.fill(0);
  return { key, commitment };
}

/** `fields` may hold more than the header: the codec writes what it knows. */
function contextOf(key: Uint8Array, fields: BackupHeader): AeadContext {
  return { key, nonce: new Uint8Array(AEAD_NONCE_LENGTH), associatedData: encode(headerCodec, fields) };
}

function assertRecoveryKey(value: unknown): asserts value is RecoveryKey {
  if (!(value instanceof RecoveryKey)) throw new ArgumentTypeError('recoveryKey must be a RecoveryKey');
}

/**
 * Seals the account key under a recovery key, for storage anywhere. Who has the blob and not the recovery key learns
 * which account key it is of (its keyId) and nothing more.
 * @param accountKey not changed, and not destroyed
 * @param recoveryKey it may seal any number of backups: each has a salt of its own
 * @returns the encoded Backup, fresh
 * @throws StateError `ERR_DESTROYED`; UnsupportedError `ERR_NO_RANDOMNESS`; argument errors
 * @example
 * store(sealBackup(accountKey, recoveryKey));
 */
export function sealBackup(accountKey: PrivateKey, recoveryKey: RecoveryKey): Uint8Array<ArrayBuffer> {
  assertPrivateKey(accountKey);
  assertRecoveryKey(recoveryKey);
  const salt = randomBytes(SALT_LENGTH);
  const { key, commitment } = derive(recoveryKey, salt);
  try {
    const fields: BackupHeader = { version: 1, keyId: deriveKeyId(accountKey.publicKey), salt, commitment };
    const plaintext = encodeSealedKey(accountKey);
    const ciphertext = sealAead(contextOf(key, fields), plaintext);
    plaintext.fill(0);
    return encode(backupCodec, { ...fields, ciphertext });
  } finally {
    key.fill(0);
  }
}

/**
 * Opens a backup.
 *
 * It proves that who sealed it knew the recovery key. It does not prove that the account key is still in force: see the
 * account's newest list before using it.
 *
 * @param blob the encoded Backup, from outside; not changed
 * @param options.accountKeyId keyId of the account to restore, where it is known; another one is refused
 * @returns the account key: store it, and destroy it after use
 * @throws DecodeError any code; UnsupportedError `ERR_VERSION`, `ERR_SCHEME`; VerificationError `ERR_SEALED_ACCOUNT`,
 *   `ERR_SEALED` (another recovery key, or a changed blob: which is not said), `ERR_SEALED_KEY`; StateError
 *   `ERR_DESTROYED`; argument errors
 * @example
 * const accountKey = openBackup(blob, { recoveryKey: parseRecoveryKey(typed) });
 */
export function openBackup(
  blob: Uint8Array,
  options: { readonly recoveryKey: RecoveryKey; readonly accountKeyId?: Uint8Array | undefined },
): PrivateKey {
  assertBytes(blob, 'blob');
  assertObject(options, 'options');
  const { recoveryKey, accountKeyId } = options;
  assertRecoveryKey(recoveryKey);
  if (accountKeyId !== undefined) assertKeyId(accountKeyId);
  const backup = decode(backupCodec, blob, 'Backup', BACKUP_MAX_BYTES);
  if (accountKeyId !== undefined && !equalBytes(accountKeyId, backup.keyId)) throw otherAccount();

  const { key, commitment } = derive(recoveryKey, backup.salt);
  try {
    const isCommitted = equalBytes(commitment, backup.commitment);
    const plaintext = isCommitted ? openAead(contextOf(key, backup), backup.ciphertext) : undefined;
    if (plaintext === undefined) throw new VerificationError('ERR_SEALED', 'the backup does not open');
    return openSealedKey(plaintext, (publicKey) => equalBytes(deriveKeyId(publicKey), backup.keyId));
  } finally {
    key.fill(0);
  }
}

function assertKeyId(value: unknown): void {
  assertBytes(value, 'accountKeyId');
  if (value.length !== KEY_ID_LENGTH) throw new ArgumentRangeError('a keyId must have 32 bytes');
}
