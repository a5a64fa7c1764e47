/**
 * The published vectors of linking and backup through the library. Sealing draws its ephemeral secret, and a backup its
 * salt: they run here while the platform yields the published draws. Offers of published secrets come from the room,
 * because no door makes one. What a session says is said by a session, in which both sides see the same code.
 */

import { encodePrivateKeyRaw, type PrivateKey, verifyDeviceList } from 'contact-key-verification/keys.js';
import {
  ed25519,
  encodePublicKey,
  p256,
  type PublicKey,
  parsePublicKey,
} from 'contact-key-verification/suites.js';
import {
  type LinkOffer,
  openBackup,
  parseRecoveryKey,
  sealAccountKeyForListed,
  sealAccountKeyForQr,
  sealAccountKeyForSession,
  sealBackup,
} from 'contact-key-verification/transfer.js';
import { parsePrivateKeyRaw } from 'contact-key-verification/keys.js';
import { describe, expect, test } from 'vitest';
import { codeOfAsync } from '../support/accounts.js';
import { NOW } from '../support/sas.js';
import { linkingSessions } from '../support/transfer.js';
import { bytes, type Fields, hex, PUBLISHED, type PublishedFile, text } from '../vectors/files.js';
import { drawing, offerFrom } from './transfer-draws.js';

const privateKey = (input: Fields): PrivateKey =>
  parsePrivateKeyRaw(input['scheme'] === 'P-256' ? p256 : ed25519, bytes(input['secret']));
const publicKey = (value: unknown): PublicKey => parsePublicKey(bytes(value));
const offerOf = (input: Fields): LinkOffer =>
  offerFrom({ secret: bytes(input['hpkeSecret']), nonce: bytes(input['nonce']) });
const listOf = (input: Fields): ReturnType<typeof verifyDeviceList> =>
  verifyDeviceList(bytes(input['signed']), { identifier: bytes(input['identifier']) });

const sealing = async (input: Fields, seal: () => Promise<Uint8Array>): Promise<Fields> => ({
  message: hex(await drawing([bytes(input['ephemeralSecret'])], seal)),
});

async function opened(opening: Promise<PrivateKey> | PrivateKey): Promise<Fields> {
  const key = await opening;
  return { secret: hex(encodePrivateKeyRaw(key)), publicKey: hex(encodePublicKey(key.publicKey)) };
}

/** An offer whose QR code was shown, with the published secret in it. */
async function shownOffer(input: Fields): Promise<{ offer: LinkOffer; qr: Uint8Array }> {
  const offer = offerOf(input);
  return { offer, qr: await drawing([bytes(input['psk'])], () => offer.revealQr(NOW)) };
}

const JUDGES: Readonly<Record<string, (input: Fields) => Promise<Fields>>> = {
  LinkOfferOf: async (input) => {
    const { offer, qr } = await shownOffer(input);
    return { offer: hex(offer.encoded), qr: hex(qr) };
  },
  SignedLinkOfferOf: async (input) => {
    const signer = privateKey(input);
    const signed = await offerOf(input).sign({ device: bytes(input['device']), signer, ...NOW });
    return { signedOffer: hex(signed) };
  },
  QrSealing: (input) => sealing(input, () => sealAccountKeyForQr(privateKey(input), bytes(input['scanned']))),
  SessionSealing: async (input) => {
    const key = privateKey(input);
    const confirmed = linkingSessions(bytes(input['offer']), key.publicKey).old.answer('same', NOW);
    return sealing(input, () => sealAccountKeyForSession(key, confirmed as never, NOW));
  },
  ListedSealing: (input) =>
    sealing(input, () =>
      sealAccountKeyForListed(privateKey(input), bytes(input['signedOffer']), { list: listOf(input) }),
    ),
  QrOpening: async (input) => {
    const { offer } = await shownOffer(input);
    return opened(offer.openFromQr(bytes(input['message']), NOW));
  },
  SessionOpening: async (input) => {
    const offer = offerOf(input);
    const { fresh } = linkingSessions(offer.encoded, publicKey(input['compared']));
    const confirmed = fresh.answer('same', NOW) as never;
    return opened(offer.openFromSession(bytes(input['message']), { confirmed, ...NOW }));
  },
  ListedOpening: async (input) => {
    const offer = offerOf(input);
    await offer.sign({ device: 'laptop', signer: privateKey(input), ...NOW });
    return opened(
      offer.openFromListed(bytes(input['message']), {
        accountKey: publicKey(input['held']),
        list: listOf(input),
        ...NOW,
      }),
    );
  },
  RecoveryKey: async (input) => ({ text: parseRecoveryKey(text(input['text'])).reveal() }),
  BackupOf: async (input) => {
    const recoveryKey = parseRecoveryKey(text(input['recoveryKey']));
    const sealed = await drawing([bytes(input['salt'])], () => sealBackup(privateKey(input), recoveryKey));
    return { backup: hex(sealed) };
  },
  Backup: async (input) =>
    opened(
      openBackup(bytes(input['backup']), {
        recoveryKey: parseRecoveryKey(text(input['recoveryKey'])),
        accountKeyId: input['accountKeyId'] === null ? undefined : bytes(input['accountKeyId']),
      }),
    ),
};

const judge = (structure: string, input: Fields): Promise<Fields> => {
  const known = JUDGES[structure];
  if (known === undefined) throw new Error(`nothing judges ${structure}`);
  return known(input);
};

const file = PUBLISHED.find((published) => published.file === 'transfer') as PublishedFile;

test('every structure has cases', () => {
  expect([...new Set(file.valid.map(({ structure }) => structure))].sort()).toEqual(
    Object.keys(JUDGES).sort(),
  );
});

describe('transfer', () => {
  test.each(file.valid)('$structure accepts: $name', async ({ structure, input, output }) => {
    expect(await judge(structure, input)).toEqual(output);
  });

  test.each(file.invalid)('$structure refuses: $name', async ({ structure, input, code }) => {
    expect(await codeOfAsync(() => judge(structure, input))).toBe(code);
  });
});
