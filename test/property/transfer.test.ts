/** Laws of linking and backup, for any keys, any messages and any typing. */

import {
  deriveNextPosition,
  draftAccountKeyChange,
  parsePrivateKeyRaw,
  type PrivateKey,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import { deriveKeyId, ed25519, p256 } from 'contact-key-verification/suites.js';
import {
  createLinkOffer,
  type LinkOffer,
  openBackup,
  parseRecoveryKey,
  sealAccountKeyForListed,
  sealAccountKeyForQr,
  sealAccountKeyForSession,
  sealBackup,
} from 'contact-key-verification/transfer.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  openBackup as openPlainly,
  sealBackup as sealPlainly,
  showRecoveryKey,
} from '../reference/transfer.js';
import { keyPairFrom } from '../reference/keys.js';
import { codeOf, codeOfAsync, entryOf, firstList, makeDevice } from '../support/accounts.js';
import { check, checkAsync } from '../support/property.js';
import { NOW } from '../support/sas.js';
import { confirmedBy, secretOf } from '../support/transfer.js';

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Account keys; making them is the slow part, so there are a few, of both schemes. */
const KEYS: readonly PrivateKey[] = [1, 2, 3, 4].map((value) =>
  parsePrivateKeyRaw(value % 2 === 0 ? ed25519 : p256, new Uint8Array(32).fill(value)),
);
const anyKey = fc.constantFrom(...KEYS);
const first26 = fc
  .array(fc.constantFrom(...ALPHABET), { minLength: 26, maxLength: 26 })
  .map((characters) => characters.join(''));

const laptop = makeDevice('laptop');
const held = KEYS[0] as PrivateKey;
const next = KEYS[1] as PrivateKey;
const before = firstList(held, [laptop]);
const list = signDeviceList(
  draftAccountKeyChange(before, {
    author: 'laptop',
    nextAccountKey: next.publicKey,
    devices: [entryOf(laptop, deriveNextPosition(before, next.publicKey))],
  }),
  [held, next, laptop.key],
);

interface Answered {
  readonly key: PrivateKey;
  readonly message: Uint8Array;
  open(bytes: Uint8Array): Promise<PrivateKey>;
}

/** An offer that was answered, by each of the three paths. */
const PATHS: readonly ((offer: LinkOffer, key: PrivateKey) => Promise<Answered>)[] = [
  async (offer, key) => ({
    key,
    message: await sealAccountKeyForQr(key, offer.revealQr(NOW)),
    open: (bytes) => offer.openFromQr(bytes, NOW),
  }),
  async (offer, key) => {
    const { fresh: confirmed, old } = confirmedBy(offer, key.publicKey);
    const message = await sealAccountKeyForSession(key, old, NOW);
    return { key, message, open: (bytes) => offer.openFromSession(bytes, { confirmed, ...NOW }) };
  },
  async (offer) => {
    const signed = await offer.sign({ device: 'laptop', signer: laptop.key, ...NOW });
    const message = await sealAccountKeyForListed(next, signed, { list });
    const options = { accountKey: held.publicKey, list, ...NOW };
    return { key: next, message, open: (bytes) => offer.openFromListed(bytes, options) };
  },
];
/** The paths with a list verify it twice for each message, so they come less often. */
const anyPath = fc.oneof(
  { weight: 6, arbitrary: fc.constant(PATHS[0]) },
  { weight: 3, arbitrary: fc.constant(PATHS[1]) },
  { weight: 1, arbitrary: fc.constant(PATHS[2]) },
) as fc.Arbitrary<(typeof PATHS)[number]>;

/** What reaches the device in the place of the message. */
const anyDelivery = fc.oneof(
  fc.constant((message: Uint8Array) => message),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, by]) => (message: Uint8Array) => {
    const changed = Uint8Array.from(message);
    const index = at % changed.length;
    changed[index] = (changed[index] as number) ^ by;
    return changed;
  }),
  fc.nat().map((length) => (message: Uint8Array) => message.subarray(0, length % message.length)),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => () => bytes),
);

test('what is sealed is opened, by every path; anything else is refused with a code', () =>
  checkAsync(
    fc.asyncProperty(anyPath, anyKey, anyDelivery, async (path, account, deliver) => {
      const { key, message, open } = await path(createLinkOffer(NOW), account);
      const delivered = deliver(message);
      if (delivered === message) expect(secretOf(await open(delivered))).toBe(secretOf(key));
      else expect(await codeOfAsync(() => open(delivered))).toMatch(/^ERR_(?!ARGUMENT)/);
    }),
  ));

test('the sealer refuses whatever is no offer, with a code', () =>
  checkAsync(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const named = Uint8Array.of(0x43, 0x4b, 0x4c, ...bytes.subarray(0, 60));
      const code = /^ERR_(?!ARGUMENT)/;
      expect(await codeOfAsync(() => sealAccountKeyForQr(held, bytes))).toMatch(code);
      expect(await codeOfAsync(() => sealAccountKeyForQr(held, named))).toMatch(code);
      expect(await codeOfAsync(() => sealAccountKeyForListed(next, bytes, { list }))).toMatch(code);
    }),
  ));

test('a recovery key is read however it is typed', () =>
  check(
    fc.property(
      first26,
      fc.infiniteStream(fc.constantFrom('', '', ' ', '-', '- ')),
      fc.boolean(),
      (key, gaps, lower) => {
        const shown = showRecoveryKey(key);
        const characters = [...shown.replaceAll('-', '')];
        const typed = characters.map((character) => String(gaps.next().value) + character).join('');
        expect(parseRecoveryKey(lower ? typed.toLowerCase() : typed).reveal()).toBe(shown);
      },
    ),
  ));

test('one character mistyped, or two neighbours exchanged, is hardly ever taken', () => {
  let taken = 0;
  let tried = 0;
  check(
    fc.property(first26, fc.nat(27), fc.constantFrom(...ALPHABET), fc.boolean(), (key, at, by, exchange) => {
      const right = [...showRecoveryKey(key).replaceAll('-', '')];
      const typed = [...right];
      if (exchange && at < 27) [typed[at], typed[at + 1]] = [right[at + 1] as string, right[at] as string];
      else typed[at] = by;
      if (typed.join('') === right.join('')) return;
      tried++;
      try {
        expect(parseRecoveryKey(typed.join('')).reveal()).not.toBe(showRecoveryKey(key));
        taken++;
      } catch (error) {
        expect((error as { code: string }).code).toBe('ERR_RECOVERY_KEY');
      }
    }),
  );
  // One in 1,024 is expected.
  expect(tried).toBeGreaterThan(500);
  expect(taken).toBeLessThan(12);
});

test('any text is a recovery key or refused as one, and what is read is read again', () =>
  check(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({ unit: fc.constantFrom(...ALPHABET, '-', ' ', 'o', '0'), maxLength: 40 }),
      ),
      (text) => {
        try {
          const shown = parseRecoveryKey(text).reveal();
          expect(parseRecoveryKey(shown).reveal()).toBe(shown);
        } catch (error) {
          expect((error as { code: string }).code).toBe('ERR_RECOVERY_KEY');
        }
      },
    ),
  ));

test('a backup is what the reference makes of the same salt, and each opens the other’s', () =>
  check(
    fc.property(anyKey, first26, (key, first) => {
      const shown = showRecoveryKey(first);
      const recoveryKey = parseRecoveryKey(shown);
      const blob = sealBackup(key, recoveryKey);
      const pair = keyPairFrom(key.publicKey.scheme, key.reveal());
      expect(Uint8Array.from(sealPlainly(pair, shown, blob.subarray(33, 65)))).toEqual(blob);
      expect(openPlainly(blob, shown).publicKey.key).toEqual(Buffer.from(key.publicKey.key));
      const accountKeyId = deriveKeyId(key.publicKey);
      expect(secretOf(openBackup(blob, { recoveryKey, accountKeyId }))).toBe(secretOf(key));
    }),
  ));

test('a backup opens under no other recovery key, and changed under none', () => {
  const recoveryKey = parseRecoveryKey(showRecoveryKey('A'.repeat(26)));
  const blobs = KEYS.map((key) => sealBackup(key, recoveryKey));
  check(
    fc.property(
      fc.constantFrom(...blobs),
      first26,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (blob, first, at, by) => {
        const other = parseRecoveryKey(showRecoveryKey(first));
        if (first !== 'A'.repeat(26))
          expect(codeOf(() => openBackup(blob, { recoveryKey: other }))).toBe('ERR_SEALED');
        const changed = Uint8Array.from(blob);
        const index = at % changed.length;
        changed[index] = (changed[index] as number) ^ by;
        expect(codeOf(() => openBackup(changed, { recoveryKey }))).toMatch(
          /^ERR_(?:SEALED|VERSION|TRUNCATED|TRAILING_BYTES)$/,
        );
      },
    ),
  );
});
