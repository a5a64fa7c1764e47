/** Recovery keys that are none, and backups that do not open. */
import { concat } from '../../test/reference/encoding.js';
import { keyId, secretOf } from '../../test/reference/keys.js';
import {
  decodeBackup,
  encodeBackup,
  plaintextOf,
  sealBackup,
  showRecoveryKey,
} from '../../test/reference/transfer.js';
import { alice, bob, bytesOf, mallory } from './people.js';
import { RECOVERY_KEY, SALT } from './transfer-values.js';
import { cut, flipped, hex, longer, patched, type VectorFile } from './vector-file.js';

export function damagedRecoveryKeys(file: VectorFile): void {
  const refuse = (damage: string, text: string): void =>
    file.invalid('as it is shown', 'ERR_RECOVERY_KEY', damage, { text });
  refuse('two characters exchanged', RECOVERY_KEY.replace('AB', 'BA'));
  refuse('a character is missing', RECOVERY_KEY.slice(0, -1));
  refuse('a zero', RECOVERY_KEY.replace('A', '0'));
  refuse('the long s for S', RECOVERY_KEY.replace('S', '\u017f'));
  refuse('another check character', `${RECOVERY_KEY.slice(0, -1)}${RECOVERY_KEY.endsWith('A') ? 'B' : 'A'}`);
}

export function damagedBackups(file: VectorFile): void {
  const of = 'Ed25519, opened';
  const sealed = sealBackup(alice, RECOVERY_KEY, SALT);
  const refuse = (code: string, damage: string, bytes: Uint8Array): void =>
    file.invalid(of, code, damage, { backup: hex(bytes) });
  const changed = (fields: object): Buffer => encodeBackup({ ...decodeBackup(sealed), ...fields });

  file.invalid(of, 'ERR_SEALED', 'another recovery key', { recoveryKey: showRecoveryKey('A'.repeat(26)) });
  refuse('ERR_SEALED', 'another account’s header', changed({ key_id: keyId(bob.publicKey) }));
  refuse('ERR_SEALED', 'another salt', changed({ salt: bytesOf('another salt') }));
  refuse('ERR_SEALED', 'one bit of the commitment', flipped(sealed, 96));
  refuse('ERR_SEALED', 'one bit of the tag', flipped(sealed, -1));
  file.invalid('Ed25519, of a known account', 'ERR_SEALED_ACCOUNT', 'another account is asked for', {
    accountKeyId: hex(keyId(bob.publicKey)),
  });
  refuse(
    'ERR_SEALED_KEY',
    'sealed under another account’s keyId',
    sealBackup(alice, RECOVERY_KEY, SALT, keyId(bob.publicKey)),
  );
  refuse('ERR_SEALED_KEY', 'the private key of somebody else', plain(plaintextOf(mallory)));
  for (const version of [0, 2])
    refuse('ERR_VERSION', `version ${version}`, patched(sealed, 0, Buffer.of(version)));
  refuse('ERR_TRUNCATED', 'the last byte is missing', cut(sealed));
  refuse('ERR_TRUNCATED', 'nothing', Buffer.alloc(0));
  refuse('ERR_TRAILING_BYTES', 'a zero follows', longer(sealed));

  const ofAlice = plaintextOf(alice);
  refuse('ERR_VERSION', 'version 2 of the plaintext', plain(patched(ofAlice, 0, Buffer.of(2))));
  refuse(
    'ERR_SCHEME',
    'an unknown scheme of the private key',
    plain(patched(ofAlice, 1, Buffer.of(0x08, 0x08))),
  );
  refuse(
    'ERR_KEY_LENGTH',
    'a private key of 33 bytes',
    plain(concat(ofAlice.subarray(0, 3), Buffer.of(33), secretOf(alice), Buffer.of(0))),
  );
  refuse('ERR_TRAILING_BYTES', 'a zero after the private key', plain(longer(ofAlice)));
}

/** A backup of something else, sealed as it should be. */
const plain = (plaintext: Uint8Array): Buffer =>
  sealBackup(alice, RECOVERY_KEY, SALT, keyId(alice.publicKey), plaintext);
