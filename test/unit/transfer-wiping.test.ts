/**
 * Copies of secrets that linking and backup make on their way are overwritten, also where something fails. Seen from
 * below: every overwriting with zeros is recorded with what was there before. That no other copy exists, no test can see.
 */

import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { DecodeError } from 'contact-key-verification/errors.js';
import { ed25519 } from 'contact-key-verification/suites.js';
import {
  createLinkOffer,
  openBackup,
  parseRecoveryKey,
  sealAccountKeyForListed,
  sealAccountKeyForQr,
  sealBackup,
} from 'contact-key-verification/transfer.js';
import { describe, expect, test, vi } from 'vitest';
import { parseLinkOffer } from '../../src/transfer/link-encoding.js';
import { extract } from '../reference/hpke.js';
import { keyPairFrom } from '../reference/keys.js';
import {
  deriveBackup,
  plaintextOf,
  readRecoveryKey,
  sealBackup as sealPlainly,
  showRecoveryKey,
} from '../reference/transfer.js';
import { codeOf, codeOfAsync, firstList, makeDevice } from '../support/accounts.js';
import { NOW } from '../support/sas.js';
import { secretOf } from '../support/transfer.js';
import { drawing } from './transfer-draws.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** How often each value was overwritten while `run` ran. */
async function wipedBy(run: () => unknown): Promise<(value: Uint8Array | string) => number> {
  const wiped: string[] = [];
  const fill = Uint8Array.prototype.fill;
  const spy = vi.spyOn(Uint8Array.prototype, 'fill').mockImplementation(function (
    this: Uint8Array,
    value: number,
    ...range: (number | undefined)[]
  ) {
    if (value === 0 && range.length === 0) wiped.push(hex(this));
    return fill.call(this, value, ...range);
  });
  try {
    await run();
  } finally {
    spy.mockRestore();
  }
  return (value) => wiped.filter((each) => each === (typeof value === 'string' ? value : hex(value))).length;
}

const accountKey = generatePrivateKey(ed25519);
const SECRET = secretOf(accountKey);
const pair = keyPairFrom(accountKey.publicKey.scheme, accountKey.reveal());
const PLAINTEXT = plaintextOf(pair);
const SHOWN = showRecoveryKey('ABCDEFGHJKLMNPQRSTUVWXYZ23');
const FIRST = Buffer.from(readRecoveryKey(SHOWN));
const recoveryKey = parseRecoveryKey(SHOWN);
const drawn = (value: number): Uint8Array => new Uint8Array(32).fill(value);

describe('overwritten after use', () => {
  test('what a recovery key is read from, a mistyped one too', async () => {
    const wiped = await wipedBy(() => parseRecoveryKey(SHOWN));
    expect(wiped(FIRST)).toBe(1);
    const mistyped = await wipedBy(() => codeOf(() => parseRecoveryKey(SHOWN.replace('A', 'B'))));
    expect(mistyped(Buffer.from(`B${FIRST.toString().slice(1)}`))).toBe(1);
  });

  test('private key, plaintext and keys of a backup that is sealed', async () => {
    const made: { blob?: Uint8Array } = {};
    const wiped = await wipedBy(() => {
      made.blob = sealBackup(accountKey, recoveryKey);
    });
    const salt = made.blob?.subarray(33, 65) as Uint8Array;
    const { key, commitment } = deriveBackup(FIRST.toString(), salt);
    expect(wiped(SECRET)).toBe(1);
    expect(wiped(PLAINTEXT)).toBe(1);
    expect(wiped(extract(salt, FIRST))).toBeGreaterThan(0);
    expect(wiped(Buffer.concat([key, commitment]))).toBe(1);
    expect(wiped(key)).toBeGreaterThan(0);
  });

  test('private key, plaintext and key of a backup that is opened', async () => {
    const blob = sealBackup(accountKey, recoveryKey);
    const wiped = await wipedBy(() => openBackup(blob, { recoveryKey }));
    expect(wiped(SECRET)).toBeGreaterThan(0);
    expect(wiped(PLAINTEXT)).toBe(1);
    expect(wiped(deriveBackup(FIRST.toString(), blob.subarray(33, 65)).key)).toBeGreaterThan(0);
  });

  test('what is opened and refused', async () => {
    const salt = drawn(1);
    const blob = sealPlainly(pair, SHOWN, salt, drawn(2));
    const wiped = await wipedBy(() => codeOf(() => openBackup(blob, { recoveryKey })));
    // Read from the plaintext, and held by the key that was refused.
    expect(wiped(SECRET)).toBe(2);
    expect(wiped(PLAINTEXT)).toBe(1);
    expect(wiped(deriveBackup(FIRST.toString(), salt).key)).toBeGreaterThan(0);
  });

  test('the key of a backup, where nothing is sealed or opened with it', async () => {
    const salt = drawn(1);
    const { key } = deriveBackup(FIRST.toString(), salt);
    const destroyed = generatePrivateKey(ed25519);
    destroyed.destroy();
    const sealing = await wipedBy(() =>
      drawing([salt], () => codeOf(() => sealBackup(destroyed, recoveryKey))),
    );
    expect(sealing(key)).toBe(1);
    const blob = Uint8Array.from(sealPlainly(pair, SHOWN, salt));
    blob[65] = (blob[65] as number) ^ 1;
    const opening = await wipedBy(() => codeOf(() => openBackup(blob, { recoveryKey })));
    expect(opening(key)).toBe(1);
  });

  test('what an offer is drawn from, and its two secrets once it was used', async () => {
    const opening: { message?: Uint8Array } = {};
    const offers: ReturnType<typeof createLinkOffer>[] = [];
    const made = await wipedBy(() => drawing([drawn(0x61)], () => void offers.push(createLinkOffer(NOW))));
    expect(made(drawn(0x61))).toBe(1);
    const offer = offers[0] as ReturnType<typeof createLinkOffer>;
    const shown = await wipedBy(() => drawing([drawn(0x62)], () => offer.revealQr(NOW)));
    expect(shown(drawn(0x62))).toBe(1);

    const sealed = await wipedBy(async () => {
      opening.message = await drawing([drawn(0x63)], () =>
        sealAccountKeyForQr(accountKey, offer.revealQr(NOW)),
      );
    });
    expect(sealed(SECRET)).toBe(1);
    expect(sealed(PLAINTEXT)).toBe(1);
    expect(sealed(drawn(0x63))).toBe(1);
    // As read from the code, as kept while sealing, and as handed to the encryption.
    expect(sealed(drawn(0x62))).toBe(3);

    const opened = await wipedBy(() => offer.openFromQr(opening.message as Uint8Array, NOW));
    expect(opened(drawn(0x61))).toBe(1);
    expect(opened(drawn(0x62))).toBe(2);
    expect(opened(PLAINTEXT)).toBe(1);
    expect(opened(SECRET)).toBe(1);
  });

  test('the secret of a QR code, where sealing fails', async () => {
    const offer = createLinkOffer(NOW);
    const scanned = await drawing([drawn(0x62)], () => offer.revealQr(NOW));
    scanned.fill(0, 4, 36);
    const wiped = await wipedBy(() => codeOfAsync(() => sealAccountKeyForQr(accountKey, scanned)));
    expect(wiped(drawn(0x62))).toBeGreaterThan(1);
    expect(wiped(PLAINTEXT)).toBe(1);
  });
});

/** Where bytes are refused, as people who look for the mistake are told. */
describe('an error names its structure and place', () => {
  const placeOf = async (run: () => unknown): Promise<string> => {
    try {
      await run();
    } catch (error) {
      if (error instanceof DecodeError) return `${error.structure} ${error.offset}`;
    }
    throw new Error('not refused by a DecodeError');
  };
  const offer = (): ReturnType<typeof createLinkOffer> => {
    const made = createLinkOffer(NOW);
    made.revealQr(NOW);
    return made;
  };
  const none = new Uint8Array(0);
  const laptop = makeDevice('laptop');
  const list = firstList(accountKey, [laptop]);

  test.each([
    ['LinkOffer.version 0', () => parseLinkOffer(none)],
    ['LinkQr.magic 0', () => sealAccountKeyForQr(accountKey, none)],
    ['SignedLinkOffer.offer.version 0', () => sealAccountKeyForListed(accountKey, none, { list })],
    ['LinkMessage.accountKey.scheme 0', () => offer().openFromQr(none, NOW)],
    ['Backup.version 0', () => openBackup(none, { recoveryKey })],
    [
      'SealedKey.version 0',
      () => openBackup(sealPlainly(pair, SHOWN, drawn(1), undefined, none), { recoveryKey }),
    ],
  ] as const)('%s', async (place, run) => {
    expect(await placeOf(run)).toBe(place);
  });

  test('a signature where none is due', async () => {
    const signedOffer = createLinkOffer(NOW);
    const signed = await signedOffer.sign({ device: 'laptop', signer: laptop.key, ...NOW });
    const message = await sealAccountKeyForListed(accountKey, signed, { list });
    const at = 36 + 34 + 54;
    expect(await placeOf(() => offer().openFromQr(message, NOW))).toBe(`LinkMessage.signature ${at}`);
  });
});
