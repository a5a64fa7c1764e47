/** The account key on a new device, and its backup. */
import { privateKeyFrom } from '../../test/reference/key-formats.js';
import { keyId, type KeyPair, secretOf } from '../../test/reference/keys.js';
import {
  decodeLinkOffer,
  encodeLinkOffer,
  encodeLinkQr,
  offerOf,
  openBackup,
  openFromListed,
  openFromQr,
  openFromSession,
  type OwnOffer,
  readRecoveryKey,
  sealBackup,
  sealFor,
  sealForListed,
  sealForQr,
  showRecoveryKey,
  signLinkOffer,
} from '../../test/reference/transfer.js';
import { account, account2, account3, id, IDENTIFIER, laptop } from './device-list-story.js';
import { alice, bob } from './people.js';
import { readKey } from './public-codes.js';
import { schemeOf } from './scheme-names.js';
import { damagedBackups, damagedRecoveryKeys } from './transfer-backup-damages.js';
import { damagedOpenings } from './transfer-opening-damages.js';
import { damagedSealings } from './transfer-sealing-damages.js';
import {
  ALONE,
  EPHEMERAL,
  ephemeralSecret,
  key,
  nameOf,
  OFFER,
  OWN,
  ownInput,
  privateInput,
  PSK,
  QR,
  RECOVERY_KEY,
  ROTATED,
  SALT,
} from './transfer-values.js';
import { bytes, type Fields, hex, type Json, text, VectorFile } from './vector-file.js';

const pairOf = (input: Fields): KeyPair => privateKeyFrom(schemeOf(input['scheme']), bytes(input['secret']));
const ownOf = (input: Fields): OwnOffer => ({
  secret: bytes(input['hpkeSecret']),
  nonce: bytes(input['nonce']),
});
const opened = (pair: KeyPair): Fields => ({ secret: hex(secretOf(pair)), publicKey: key(pair) });
const bytesOrNull = (value: Json | undefined): Buffer | undefined =>
  value === null || value === undefined ? undefined : bytes(value);

export function transfer(): VectorFile {
  const file = new VectorFile(
    'transfer',
    'The account key on a new device, by QR code, by 8 digits or by the list; recovery keys and backups.',
    {
      LinkOfferOf: (input) => {
        const offer = offerOf(ownOf(input));
        return { offer: hex(encodeLinkOffer(offer)), qr: hex(encodeLinkQr(offer, bytes(input['psk']))) };
      },
      SignedLinkOfferOf: (input) => ({
        signedOffer: hex(signLinkOffer(offerOf(ownOf(input)), bytes(input['device']), pairOf(input))),
      }),
      QrSealing: (input) => ({
        message: hex(sealForQr(pairOf(input), bytes(input['scanned']), bytes(input['ephemeralSecret']))),
      }),
      SessionSealing: (input) => {
        const offer = decodeLinkOffer(bytes(input['offer']));
        return { message: hex(sealFor(pairOf(input), offer, bytes(input['ephemeralSecret']))) };
      },
      ListedSealing: (input) => ({
        message: hex(
          sealForListed(
            pairOf(input),
            bytes(input['signedOffer']),
            bytes(input['signed']),
            bytes(input['identifier']),
            bytes(input['ephemeralSecret']),
          ),
        ),
      }),
      QrOpening: (input) => opened(openFromQr(ownOf(input), bytes(input['psk']), bytes(input['message']))),
      SessionOpening: (input) =>
        opened(openFromSession(ownOf(input), readKey(input['compared']), bytes(input['message']))),
      ListedOpening: (input) =>
        opened(
          openFromListed(
            ownOf(input),
            pairOf(input).publicKey,
            readKey(input['held']),
            bytes(input['signed']),
            bytes(input['identifier']),
            bytes(input['message']),
          ),
        ),
      RecoveryKey: (input) => ({ text: showRecoveryKey(readRecoveryKey(text(input['text']))) }),
      BackupOf: (input) => ({
        backup: hex(sealBackup(pairOf(input), text(input['recoveryKey']), bytes(input['salt']))),
      }),
      Backup: (input) =>
        opened(
          openBackup(bytes(input['backup']), text(input['recoveryKey']), bytesOrNull(input['accountKeyId'])),
        ),
    },
  );
  addOffers(file);
  addSealings(file);
  addOpenings(file);
  addBackups(file);
  damagedSealings(file);
  damagedOpenings(file);
  damagedRecoveryKeys(file);
  damagedBackups(file);
  return file;
}

function addOffers(file: VectorFile): void {
  file.valid('LinkOfferOf', 'an offer', { ...ownInput, psk: hex(PSK) });
  for (const pair of [laptop, bob]) {
    const input = { ...ownInput, ...privateInput(pair), device: hex(id('laptop')) };
    file.valid('SignedLinkOfferOf', `an offer signed by a ${nameOf(pair)} key`, input);
  }
}

/** Both schemes as account keys. */
const ACCOUNTS = [
  ['Ed25519', alice],
  ['P-256', bob],
] as const;

function addSealings(file: VectorFile): void {
  for (const [name, pair] of ACCOUNTS) {
    const input = { ...privateInput(pair), ephemeralSecret };
    file.valid('QrSealing', `${name}, sealed for a QR code`, { ...input, scanned: hex(QR) });
    file.valid('SessionSealing', `${name}, sealed after a session`, { ...input, offer: hex(OFFER) });
  }
  file.valid('ListedSealing', 'sealed for a listed device', {
    ...privateInput(account2),
    ephemeralSecret,
    signedOffer: hex(signLinkOffer(offerOf(OWN), id('laptop'), laptop)),
    signed: ROTATED,
    identifier: hex(IDENTIFIER),
  });
}

function addOpenings(file: VectorFile): void {
  for (const [name, pair] of ACCOUNTS) {
    const byQr = hex(sealForQr(pair, QR, EPHEMERAL));
    file.valid('QrOpening', `${name}, by QR code`, { ...ownInput, psk: hex(PSK), message: byQr });
    const message = hex(sealFor(pair, offerOf(OWN), EPHEMERAL));
    file.valid('SessionOpening', `${name}, by session`, { ...ownInput, compared: key(pair), message });
  }
  const listed = { ...ownInput, ...privateInput(laptop), held: key(account), identifier: hex(IDENTIFIER) };
  file.valid('ListedOpening', 'the next account key', {
    ...listed,
    signed: ROTATED,
    message: hex(sealFor(account2, offerOf(OWN), EPHEMERAL)),
  });
  file.valid('ListedOpening', 'the account key after the next', {
    ...listed,
    signed: ALONE,
    message: hex(sealFor(account3, offerOf(OWN), EPHEMERAL)),
  });
}

function addBackups(file: VectorFile): void {
  const plain = RECOVERY_KEY.replaceAll('-', '');
  file.valid('RecoveryKey', 'as it is shown', { text: RECOVERY_KEY });
  file.valid('RecoveryKey', 'lower case, no hyphens', { text: plain.toLowerCase() });
  file.valid('RecoveryKey', 'mixed case and spaces', {
    text: ` ${plain.slice(0, 13)}  ${plain.slice(13).toLowerCase()} `,
  });
  file.valid('RecoveryKey', 'every character but the last ones the same', {
    text: showRecoveryKey('9'.repeat(26)),
  });
  for (const [name, pair] of ACCOUNTS) {
    const salt = hex(SALT);
    file.valid('BackupOf', `${name}, sealed`, { ...privateInput(pair), recoveryKey: RECOVERY_KEY, salt });
    const backup = hex(sealBackup(pair, RECOVERY_KEY, SALT));
    const input = { backup, recoveryKey: RECOVERY_KEY };
    file.valid('Backup', `${name}, opened`, { ...input, accountKeyId: null });
    file.valid('Backup', `${name}, of a known account`, {
      ...input,
      accountKeyId: hex(keyId(pair.publicKey)),
    });
  }
}
