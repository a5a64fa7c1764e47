/**
 * Every misuse that the protocol names, first working against somebody who leaves the rule out (the plain reference, or
 * a part of it), then refused by the library.
 */

import { createSasSession } from 'contact-key-verification/codes.js';
import {
  deriveNextPosition,
  draftDeviceRemoval,
  encodePrivateKeyRaw,
  generatePrivateKey,
  type PrivateKey,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import {
  deriveKeyId,
  ed25519,
  encodeLabelled,
  encodePublicKey,
  p256,
} from 'contact-key-verification/suites.js';
import {
  createLinkOffer,
  LINK_LIFETIME_MS,
  openBackup,
  parseRecoveryKey,
  sealAccountKeyForListed,
  sealAccountKeyForQr,
  sealAccountKeyForSession,
  sealBackup,
} from 'contact-key-verification/transfer.js';
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../reference/encoding.js';
import { aeadSeal, hpkeOpen, hpkeSeal } from '../reference/hpke.js';
import { type KeyPair, keyId, keyPairFrom, sign, verify } from '../reference/keys.js';
import { sasCode } from '../reference/sas.js';
import {
  decodeBackup,
  decodeLinkMessage,
  decodeLinkOffer,
  deriveBackup,
  encodeBackup,
  encodeLinkMessage,
  linkContent,
  linkInfo,
  offerOf,
  openBackup as openBackupPlainly,
  openFromSession as openPlainly,
  plaintextOf,
  readRecoveryKey,
  sealBackup as sealBackupPlainly,
  sealFor,
  showRecoveryKey,
} from '../reference/transfer.js';
import { codeOf, codeOfAsync, firstList, makeDevice } from '../support/accounts.js';
import { ALICE, beginContact, BOB, exchange, hex, NOW, outgoing, T0 } from '../support/sas.js';
import { confirmedBy, linkingSessions, secretOf } from '../support/transfer.js';
import { twoKeyCiphertext } from '../support/two-key-ciphertext.js';
import { offerFrom } from './transfer-draws.js';

const bytes = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);

/** The same key for the library and for the reference. */
function bothWays(key: PrivateKey): KeyPair {
  return keyPairFrom(key.publicKey.scheme, encodePrivateKeyRaw(key));
}

const accountKey = generatePrivateKey(ed25519);
const account = bothWays(accountKey);
const directory = bothWays(generatePrivateKey(ed25519));
const own = { secret: bytes(0x51), nonce: bytes(0x52, 16) };
const ephemeral = bytes(0x53);
const SALT = bytes(0x54);

const reasonOf = (run: () => unknown): string => {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
};

describe('base mode with the directory’s key', () => {
  /** The directory answers an offer with an account of its own, signed by the key of that account. */
  const message = sealFor(directory, offerOf(own), ephemeral);

  test('works against a device that believes a message which fits itself', () => {
    const { account_key, enc, ciphertext, signature } = decodeLinkMessage(message);
    const info = linkInfo(offerOf(own), account_key);
    expect(verify(account_key, 'link', linkContent(info, enc, ciphertext), signature)).toBe(true);
    expect(hpkeOpen(own.secret, enc, ciphertext, { info })).toEqual(plaintextOf(directory));
  });

  test('is refused: the key is not the one that was compared', async () => {
    const offer = offerFrom(own);
    const { fresh: confirmed } = confirmedBy(offer, accountKey.publicKey);
    expect(await codeOfAsync(() => offer.openFromSession(message, { confirmed, ...NOW }))).toBe(
      'ERR_SEALED_ACCOUNT',
    );
  });

  test('is refused where a QR code was shown: it does not know the secret', async () => {
    const offer = offerFrom(own);
    offer.revealQr(NOW);
    const unsigned = encodeLinkMessage({ ...decodeLinkMessage(message), signature: bytes(0, 0) });
    expect(await codeOfAsync(() => offer.openFromQr(unsigned, NOW))).toBe('ERR_SEALED');
  });

  test('is refused by a listed device: the key is not that of its list', async () => {
    const laptop = makeDevice('laptop');
    const list = firstList(accountKey, [laptop]);
    const offer = offerFrom(own);
    await offer.sign({ device: 'laptop', signer: laptop.key, ...NOW });
    const held = accountKey.publicKey;
    expect(await codeOfAsync(() => offer.openFromListed(message, { accountKey: held, list, ...NOW }))).toBe(
      'ERR_SEALED_ACCOUNT',
    );
  });

  test('the other way about, the directory’s offer: the codes differ, and nothing is sealed to it', async () => {
    const theirs = createLinkOffer(NOW).encoded;
    // Without a session the old device would seal to whatever offer arrived.
    const info = linkInfo(decodeLinkOffer(theirs), account.publicKey);
    expect(() =>
      hpkeSeal(decodeLinkOffer(theirs).hpke_key, ephemeral, plaintextOf(account), { info }),
    ).not.toThrow();
    const offer = createLinkOffer(NOW);
    // Passing the messages on does not help: the commitment covers the offer.
    expect(codeOf(() => linkingSessions(offer.encoded, accountKey.publicKey, { offer: theirs }))).toBe(
      'ERR_SAS_COMMITMENT',
    );
    // So the directory runs a session with each.
    const { fresh } = linkingSessions(offer.encoded, accountKey.publicKey);
    const { old } = linkingSessions(theirs, accountKey.publicKey);
    expect(fresh.readCode(NOW).digits).not.toBe(old.readCode(NOW).digits);
    const different = old.answer('different', NOW);
    expect(await codeOfAsync(() => sealAccountKeyForSession(accountKey, different as never, NOW))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });
});

describe('a linking code used as a contact code', () => {
  const offer = createLinkOffer(NOW).encoded;
  const transcript = {
    sessionId: bytes(1, 16),
    initiator: offer,
    responder: encodePublicKey(accountKey.publicKey),
    nonceI: bytes(2),
    nonceR: bytes(3),
  };

  test('works where the purpose is not hashed: both sessions show the same digits', () => {
    const { sessionId, initiator, responder, nonceI, nonceR } = transcript;
    const digits = (_purpose: 'contact' | 'linking'): string => {
      const content = Buffer.concat([sessionId, initiator, responder]);
      const mac = createHmac('sha256', Buffer.concat([nonceI, nonceR])).update(
        encodeLabelled('sas code', content),
      );
      return String(mac.digest().readBigUInt64BE() % 100_000_000n);
    };
    expect(digits('contact')).toBe(digits('linking'));
    expect(sasCode({ ...transcript, purpose: 1 })).not.toBe(sasCode({ ...transcript, purpose: 2 }));
  });

  test('is refused: a contact session takes no start for linking, nor the other way about', () => {
    const linking = createSasSession({
      purpose: 'linking',
      role: 'initiator',
      own: offer,
      peer: accountKey.publicKey,
      attempts: [],
      ...NOW,
    });
    const contact = beginContact('responder', BOB, ALICE);
    expect(codeOf(() => contact.receive(outgoing(linking), NOW))).toBe('ERR_SAS_PURPOSE');
    const old = createSasSession({
      purpose: 'linking',
      role: 'responder',
      own: accountKey.publicKey,
      peer: offer,
      attempts: [],
      ...NOW,
    });
    expect(codeOf(() => old.receive(outgoing(beginContact('initiator', ALICE, BOB)), NOW))).toBe(
      'ERR_SAS_PURPOSE',
    );
  });

  test('is refused: what was said of a contact hands over no account key, on either side', async () => {
    const { initiator, responder } = exchange();
    const [hers, his] = [initiator.answer('same', NOW), responder.answer('same', NOW)];
    // The types say so too.
    expect(await codeOfAsync(() => sealAccountKeyForSession(accountKey, his as never, NOW))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    const live = createLinkOffer(NOW);
    expect(await codeOfAsync(() => live.openFromSession(bytes(0), { confirmed: hers, ...NOW }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });
});

describe('an offer used twice or late', () => {
  const first = sealFor(account, offerOf(own), ephemeral);
  const second = sealFor(account, offerOf(own), bytes(0x55));

  test('works against a device that keeps its offer: both messages open, years later', () => {
    for (const message of [first, second, first])
      expect(openPlainly(own, account.publicKey, message).publicKey).toEqual(account.publicKey);
  });

  test('is refused the second time, for the same message and for another', async () => {
    for (const again of [first, second]) {
      const offer = offerFrom(own);
      const confirmed = confirmedBy(offer, accountKey.publicKey).fresh;
      const another = confirmedBy(offer, accountKey.publicKey).fresh;
      expect(secretOf(await offer.openFromSession(first, { confirmed, ...NOW }))).toBe(secretOf(accountKey));
      expect(await codeOfAsync(() => offer.openFromSession(again, { confirmed: another, ...NOW }))).toBe(
        'ERR_SPENT',
      );
    }
  });

  test('is refused after ten minutes', async () => {
    const offer = offerFrom(own);
    const { fresh: confirmed } = confirmedBy(offer, accountKey.publicKey);
    const nowMs = T0 + LINK_LIFETIME_MS;
    expect(await codeOfAsync(() => offer.openFromSession(first, { confirmed, nowMs }))).toBe(
      'ERR_LINK_EXPIRED',
    );
  });
});

describe('a swapped ciphertext', () => {
  const honest = decodeLinkMessage(sealFor(account, offerOf(own), ephemeral));
  const info = linkInfo(offerOf(own), account.publicKey);
  /** Anybody can seal to an offer: here the directory's key, under the honest account key and its signature. */
  const sealed = hpkeSeal(offerOf(own).hpke_key, ephemeral, plaintextOf(directory), { info });
  const swapped = encodeLinkMessage({ ...honest, ...sealed });

  test('works against a device that does not check the signature', () => {
    const { enc, ciphertext } = decodeLinkMessage(swapped);
    expect(hpkeOpen(own.secret, enc, ciphertext, { info })).toEqual(plaintextOf(directory));
  });

  test('is refused: the account key did not sign it', async () => {
    const offer = offerFrom(own);
    const { fresh: confirmed } = confirmedBy(offer, accountKey.publicKey);
    expect(await codeOfAsync(() => offer.openFromSession(swapped, { confirmed, ...NOW }))).toBe(
      'ERR_SIGNATURE',
    );
  });

  test('is refused even when signed: a key that is sealed must be the account’s own', async () => {
    const offer = offerFrom(own);
    const { fresh: confirmed } = confirmedBy(offer, accountKey.publicKey);
    const signature = sign(account, 'link', linkContent(info, sealed.enc, sealed.ciphertext));
    const message = encodeLinkMessage({ ...honest, ...sealed, signature });
    expect(await codeOfAsync(() => offer.openFromSession(message, { confirmed, ...NOW }))).toBe(
      'ERR_SEALED_KEY',
    );
  });

  test('of another offer is refused: each seals to one', async () => {
    const offers = [createLinkOffer(NOW), createLinkOffer(NOW)] as const;
    const [one, two] = await Promise.all(
      offers.map((offer) => sealAccountKeyForQr(accountKey, offer.revealQr(NOW))),
    );
    expect(await codeOfAsync(() => offers[0].openFromQr(two as Uint8Array, NOW))).toBe('ERR_SEALED');
    expect(await codeOfAsync(() => offers[1].openFromQr(one as Uint8Array, NOW))).toBe('ERR_SEALED');
  });
});

describe('a removed device asking for the new key', () => {
  const [phone, lost] = [makeDevice('phone', p256), makeDevice('lost')];
  const before = firstList(accountKey, [phone, lost]);
  const nextKey = generatePrivateKey(p256);
  const list = signDeviceList(
    draftDeviceRemoval(before, { author: 'phone', ids: ['lost'], nextAccountKey: nextKey.publicKey }),
    [accountKey, nextKey, phone.key],
  );

  test('works against a device that asks the list it removed it from', async () => {
    const signed = await createLinkOffer(NOW).sign({ device: 'lost', signer: lost.key, ...NOW });
    const asking = before.devices.find(({ id }) => Buffer.from(id).toString() === 'lost');
    expect(
      verify(asking?.signingKey as never, 'link offer', signed.subarray(0, 49), signed.subarray(-64)),
    ).toBe(true);
    expect(deriveNextPosition(before).sequence).toBe(list.sequence);
  });

  test('is refused: it is not in the list of that key', async () => {
    const offer = createLinkOffer(NOW);
    const signed = await offer.sign({ device: 'lost', signer: lost.key, ...NOW });
    expect(await codeOfAsync(() => sealAccountKeyForListed(nextKey, signed, { list }))).toBe(
      'ERR_LINK_DEVICE',
    );
    expect(await codeOfAsync(() => sealAccountKeyForListed(nextKey, signed, { list: before }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });

  test('is refused under the name of a device that stays', async () => {
    const signed = await createLinkOffer(NOW).sign({ device: 'phone', signer: lost.key, ...NOW });
    expect(await codeOfAsync(() => sealAccountKeyForListed(nextKey, signed, { list }))).toBe(
      'ERR_LINK_DEVICE',
    );
  });
});

const FIRST = 'ABCDEFGHJKLMNPQRSTUVWXYZ23';
const RECOVERY = showRecoveryKey(FIRST);
const recoveryKey = parseRecoveryKey(RECOVERY);

describe('a blob under another account’s header', () => {
  const lax = { commitment: true, header: false };
  const other = generatePrivateKey(p256);

  test('works where the header is not authenticated and the key not compared', () => {
    const { key, commitment } = deriveBackup(FIRST, SALT);
    const ciphertext = aeadSeal(key, bytes(0, 12), bytes(0, 0), plaintextOf(account));
    const header = { version: 1, key_id: deriveKeyId(other.publicKey), salt: SALT, commitment };
    const blob = encodeBackup({ ...header, ciphertext });
    expect(openBackupPlainly(blob, RECOVERY, undefined, lax).publicKey).toEqual(account.publicKey);
    expect(codeOf(() => openBackup(blob, { recoveryKey }))).toBe('ERR_SEALED');
  });

  test('is refused: every field of the header is authenticated', () => {
    const blob = sealBackup(accountKey, recoveryKey);
    for (const key_id of [deriveKeyId(other.publicKey), bytes(0)]) {
      const renamed = encodeBackup({ ...decodeBackup(blob), key_id });
      expect(codeOf(() => openBackup(renamed, { recoveryKey }))).toBe('ERR_SEALED');
    }
  });

  test('is refused even when sealed so: the key that is opened must have the keyId', () => {
    const blob = sealBackupPlainly(account, RECOVERY, SALT, deriveKeyId(other.publicKey));
    expect(codeOf(() => openBackup(blob, { recoveryKey }))).toBe('ERR_SEALED_KEY');
  });

  test('is refused where the account is known', () => {
    const blob = sealBackup(accountKey, recoveryKey);
    const accountKeyId = deriveKeyId(other.publicKey);
    expect(codeOf(() => openBackup(blob, { recoveryKey, accountKeyId }))).toBe('ERR_SEALED_ACCOUNT');
  });
});

describe('a partitioning guess', () => {
  const lax = { commitment: false, header: true };
  /** What the server guesses at, and what it does not. */
  const [one, two, three] = ['A', 'B', 'C'].map((letter) => showRecoveryKey(letter.repeat(26))) as [
    string,
    string,
    string,
  ];

  /** A blob that opens under the first two recovery keys, with the commitment of the first. */
  function crafted(): Uint8Array {
    const [a, b] = [one, two].map((text) => deriveBackup(readRecoveryKey(text), SALT));
    const header = {
      version: 1,
      key_id: keyId(account.publicKey),
      salt: SALT,
      commitment: a?.commitment as Uint8Array,
    };
    const encoded = encodeBackup({ ...header, ciphertext: bytes(0, 0) }).subarray(0, -2);
    const keys = [a?.key, b?.key] as [Uint8Array, Uint8Array];
    return encodeBackup({ ...header, ciphertext: twoKeyCiphertext(keys, bytes(0, 12), encoded) });
  }

  test('works against a device without the commitment: one blob tells two keys from a third', () => {
    const blob = crafted();
    const reasons = [one, two, three].map((text) =>
      reasonOf(() => openBackupPlainly(blob, text, undefined, lax)),
    );
    // The plaintexts are noise; that they were reached is what the server learns.
    expect(reasons.map((reason) => reason === 'sealed')).toEqual([false, false, true]);
  });

  test('is refused: under every key but the committed one the same is said, and before anything is opened', () => {
    const blob = crafted();
    const codes = [one, two, three].map((text) =>
      codeOf(() => openBackup(blob, { recoveryKey: parseRecoveryKey(text) })),
    );
    expect(codes[0]).not.toBe('ERR_SEALED');
    expect(codes.slice(1)).toEqual(['ERR_SEALED', 'ERR_SEALED']);
  });

  test('a wrong key, a changed commitment and a changed ciphertext are told apart by nothing', () => {
    const blob = sealBackup(accountKey, recoveryKey);
    const errors = [
      () => openBackup(blob, { recoveryKey: parseRecoveryKey(one) }),
      () => openBackup(changed(blob, 65), { recoveryKey }),
      () => openBackup(changed(blob, blob.length - 1), { recoveryKey }),
    ].map((run) => {
      try {
        return run();
      } catch (error) {
        return String(error);
      }
    });
    expect(new Set(errors).size).toBe(1);
    expect(String(errors[0])).toContain('VerificationError');
  });
});

function changed(whole: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(whole);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

test('hex of two backups of one key differs in salt, commitment and ciphertext', () => {
  const [one, two] = [sealBackup(accountKey, recoveryKey), sealBackup(accountKey, recoveryKey)];
  for (const [from, to] of [
    [33, 65],
    [65, 97],
    [99, one.length],
  ] as const)
    expect(hex(one.subarray(from, to))).not.toBe(hex(two.subarray(from, to)));
  expect(one.subarray(0, 33)).toEqual(two.subarray(0, 33));
});
