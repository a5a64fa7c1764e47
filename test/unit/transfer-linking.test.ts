/** The three ways to link a device, and the rules of an offer. */

import { inspect } from 'node:util';
import { concatBytes } from 'contact-key-verification/bytes.js';
import {
  deriveNextPosition,
  draftAccountKeyChange,
  draftDeviceRemoval,
  generatePrivateKey,
  type PrivateKey,
  signDeviceList,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { ed25519, p256, SecretBytes } from 'contact-key-verification/suites.js';
import * as door from 'contact-key-verification/transfer.js';
import {
  createLinkOffer,
  LINK_LIFETIME_MS,
  type LinkOffer,
  sealAccountKeyForListed,
  sealAccountKeyForQr,
  sealAccountKeyForSession,
} from 'contact-key-verification/transfer.js';
import { describe, expect, test, vi } from 'vitest';
import { codeOf, codeOfAsync, entryOf, firstList, makeDevice, SCHEMES } from '../support/accounts.js';
import { NOW, T0 } from '../support/sas.js';
import { confirmedBy, linkingSessions, secretOf } from '../support/transfer.js';

const accountKey = generatePrivateKey(ed25519);
const nextKey = generatePrivateKey(p256);
const phone = makeDevice('phone', p256);
const laptop = makeDevice('laptop');
const before = firstList(accountKey, [phone, laptop]);
const list = signDeviceList(
  draftAccountKeyChange(before, {
    author: 'phone',
    nextAccountKey: nextKey.publicKey,
    devices: [phone, laptop].map((device) => entryOf(device, deriveNextPosition(before, nextKey.publicKey))),
  }),
  [accountKey, nextKey, phone.key],
);

const late = { nowMs: T0 + LINK_LIFETIME_MS };
const justInTime = { nowMs: T0 + LINK_LIFETIME_MS - 1 };

/** One way of linking: an offer, the message that answers it, and how it is opened. */
interface Path {
  readonly name: string;
  begin(key: PrivateKey): Promise<{
    readonly offer: LinkOffer;
    readonly message: Uint8Array;
    open(message: Uint8Array, now?: { nowMs: number }): Promise<PrivateKey>;
  }>;
}

const qr: Path = {
  name: 'QR',
  async begin(key) {
    const offer = createLinkOffer(NOW);
    const message = await sealAccountKeyForQr(key, offer.revealQr(NOW));
    return { offer, message, open: (bytes, now = NOW) => offer.openFromQr(bytes, now) };
  },
};

const session: Path = {
  name: 'session',
  async begin(key) {
    const offer = createLinkOffer(NOW);
    const said = confirmedBy(offer, key.publicKey);
    const message = await sealAccountKeyForSession(key, said.old, NOW);
    const open = (bytes: Uint8Array, now = NOW): Promise<PrivateKey> =>
      offer.openFromSession(bytes, { confirmed: said.fresh, ...now });
    return { offer, message, open };
  },
};

const listed: Path = {
  name: 'listed',
  async begin() {
    const offer = createLinkOffer(NOW);
    const signed = await offer.sign({ device: 'laptop', signer: laptop.key, ...NOW });
    const message = await sealAccountKeyForListed(nextKey, signed, { list });
    const open = (bytes: Uint8Array, now = NOW): Promise<PrivateKey> =>
      offer.openFromListed(bytes, { accountKey: accountKey.publicKey, list, ...now });
    return { offer, message, open };
  },
};

const PATHS = [qr, session, listed];

test('the door exports these names', () => {
  expect(Object.keys(door).sort()).toEqual([
    'LINK_LIFETIME_MS',
    'createLinkOffer',
    'generateRecoveryKey',
    'openBackup',
    'parseRecoveryKey',
    'sealAccountKeyForListed',
    'sealAccountKeyForQr',
    'sealAccountKeyForSession',
    'sealBackup',
  ]);
});

describe.each(SCHEMES)('$name', (scheme) => {
  const key = generatePrivateKey(scheme);

  test.each([qr, session])('an account key moves by $name', async (path) => {
    const { message, open } = await path.begin(key);
    const opened = await open(message);
    expect(secretOf(opened)).toBe(secretOf(key));
    expect(opened.publicKey).toEqual(key.publicKey);
    expect(key.isDestroyed).toBe(false);
  });
});

test('a new account key reaches a device that stays in the list', async () => {
  const { message, open } = await listed.begin(nextKey);
  expect(secretOf(await open(message))).toBe(secretOf(nextKey));
});

test('a key of several changes ago is succeeded too, and the device id may be bytes', async () => {
  const third = generatePrivateKey(ed25519);
  const draft = draftAccountKeyChange(list, { author: 'phone', nextAccountKey: third.publicKey });
  const newest = signDeviceList(draft, [nextKey, third, phone.key]);
  const offer = createLinkOffer(NOW);
  const device = new TextEncoder().encode('laptop');
  const signed = await offer.sign({ device, signer: laptop.key, ...NOW });
  const message = await sealAccountKeyForListed(third, signed, { list: newest });
  const opened = await offer.openFromListed(message, {
    accountKey: accountKey.publicKey,
    list: newest,
    ...NOW,
  });
  expect(secretOf(opened)).toBe(secretOf(third));
});

describe.each(PATHS)('an offer by $name', (path) => {
  test('is taken up to the last millisecond, and not after', async () => {
    const inTime = await path.begin(accountKey);
    expect(inTime.offer.isLive(justInTime)).toBe(true);
    await inTime.open(inTime.message, justInTime);
    const tooLate = await path.begin(accountKey);
    expect(tooLate.offer.isLive(late)).toBe(false);
    expect(await codeOfAsync(() => tooLate.open(tooLate.message, late))).toBe('ERR_LINK_EXPIRED');
    // A clock that is set back afterwards does not bring it back.
    expect(await codeOfAsync(() => tooLate.open(tooLate.message, NOW))).toBe('ERR_SPENT');
  });

  test('is void before its time: a clock that went back vouches for nothing', async () => {
    const { offer, message, open } = await path.begin(accountKey);
    expect(offer.isLive({ nowMs: T0 - 1 })).toBe(false);
    expect(await codeOfAsync(() => open(message, { nowMs: T0 - 1 }))).toBe('ERR_LINK_EXPIRED');
  });

  test('takes one message', async () => {
    const { offer, message, open } = await path.begin(accountKey);
    await open(message);
    expect(offer.isLive(NOW)).toBe(false);
    expect(await codeOfAsync(() => open(message))).toBe('ERR_SPENT');
  });

  test('takes one of two messages at once', async () => {
    const { message, open } = await path.begin(accountKey);
    const results = await Promise.allSettled([open(message), open(message)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  test('is spent by a false message too, and its secrets are overwritten', async () => {
    const { message, open } = await path.begin(accountKey);
    const destroy = vi.spyOn(SecretBytes.prototype, 'destroy');
    expect(await codeOfAsync(() => open(message.subarray(1)))).toMatch(/^ERR_/);
    expect(destroy).toHaveBeenCalledTimes(path === qr ? 2 : 1);
    destroy.mockRestore();
    expect(await codeOfAsync(() => open(message))).toBe('ERR_SPENT');
  });

  test('is not touched by an argument of the wrong kind', async () => {
    const { message, open } = await path.begin(accountKey);
    expect(await codeOfAsync(() => open('text' as never))).toBe('ERR_ARGUMENT_TYPE');
    expect(await codeOfAsync(() => open(message, { nowMs: -1 }))).toBe('ERR_ARGUMENT_RANGE');
    expect(await codeOfAsync(() => open(message, { nowMs: '1' as never }))).toBe('ERR_ARGUMENT_TYPE');
    await open(message);
  });

  test('can be destroyed, more than once', async () => {
    const { offer, message, open } = await path.begin(accountKey);
    offer.destroy();
    offer.destroy();
    expect(offer.isLive(NOW)).toBe(false);
    expect(await codeOfAsync(() => open(message))).toBe('ERR_SPENT');
  });
});

describe('a message by one path, opened as one by another', () => {
  const byListed = { accountKey: accountKey.publicKey, list, ...NOW };

  test('QR as session: nobody signed it', async () => {
    const { offer, message } = await qr.begin(accountKey);
    const { fresh: confirmed } = confirmedBy(offer, accountKey.publicKey);
    expect(await codeOfAsync(() => offer.openFromSession(message, { confirmed, ...NOW }))).toBe(
      'ERR_SIGNATURE',
    );
  });

  test('QR as listed: the offer was not signed, or nobody signed the message', async () => {
    const { offer, message } = await qr.begin(nextKey);
    expect(await codeOfAsync(() => offer.openFromListed(message, byListed))).toBe('ERR_NOT_READY');
    await offer.sign({ device: 'laptop', signer: laptop.key, ...NOW });
    expect(await codeOfAsync(() => offer.openFromListed(message, byListed))).toBe('ERR_SIGNATURE');
  });

  test.each([session, listed])('$name as QR: no code was shown, or it is signed', async (path) => {
    const { offer, message } = await path.begin(nextKey);
    expect(await codeOfAsync(() => offer.openFromQr(message, NOW))).toBe('ERR_NOT_READY');
    offer.revealQr(NOW);
    expect(await codeOfAsync(() => offer.openFromQr(message, NOW))).toBe('ERR_LENGTH');
  });

  test('session as QR, its signature left out: another mode', async () => {
    const { offer, message } = await session.begin(accountKey);
    offer.revealQr(NOW);
    const unsigned = concatBytes(message.subarray(0, -66), Uint8Array.of(0, 0));
    expect(await codeOfAsync(() => offer.openFromQr(unsigned, NOW))).toBe('ERR_SEALED');
  });
});

describe('an offer', () => {
  test('is 49 bytes, 84 in a QR code, and the same whenever it is asked for', () => {
    const offer = createLinkOffer(NOW);
    expect(offer.createdMs).toBe(T0);
    expect(offer.encoded.length).toBe(49);
    expect(offer.encoded[0]).toBe(1);
    expect(offer.encoded).toEqual(offer.encoded);
    expect(offer.encoded).not.toBe(offer.encoded);
    const shown = offer.revealQr(NOW);
    expect(shown.length).toBe(84);
    expect(shown.subarray(0, 52)).toEqual(concatBytes(new TextEncoder().encode('CKL'), offer.encoded));
    expect(offer.revealQr(NOW)).toEqual(shown);
    shown.fill(0);
    expect(offer.revealQr(NOW).subarray(3, 52)).toEqual(offer.encoded);
  });

  test('is never made twice', () => {
    const [one, two] = [createLinkOffer(NOW), createLinkOffer(NOW)];
    expect(one.encoded.subarray(1, 33)).not.toEqual(two.encoded.subarray(1, 33));
    expect(one.encoded.subarray(33)).not.toEqual(two.encoded.subarray(33));
    expect(one.revealQr(NOW).subarray(52)).not.toEqual(two.revealQr(NOW).subarray(52));
  });

  test('is shown and signed only while it is live', async () => {
    const offer = createLinkOffer(NOW);
    expect(codeOf(() => offer.revealQr(late))).toBe('ERR_LINK_EXPIRED');
    expect(codeOf(() => offer.revealQr(NOW))).toBe('ERR_SPENT');
    const signer = laptop.key;
    const another = createLinkOffer(NOW);
    expect(await codeOfAsync(() => another.sign({ device: 'laptop', signer, ...late }))).toBe(
      'ERR_LINK_EXPIRED',
    );
    expect(await codeOfAsync(() => another.sign({ device: 'laptop', signer, ...NOW }))).toBe('ERR_SPENT');
  });

  test('that is destroyed while its signer takes its time is not handed out', async () => {
    const offer = createLinkOffer(NOW);
    const signer = {
      publicKey: laptop.key.publicKey,
      sign: async (message: Uint8Array) => {
        offer.destroy();
        return laptop.key.sign(message);
      },
    };
    expect(await codeOfAsync(() => offer.sign({ device: 'laptop', signer, ...NOW }))).toBe('ERR_SPENT');
  });

  test('is not signed by a broken signer, and still serves', async () => {
    const offer = createLinkOffer(NOW);
    const broken = { publicKey: laptop.key.publicKey, sign: () => new Uint8Array(64) };
    expect(await codeOfAsync(() => offer.sign({ device: 'laptop', signer: broken, ...NOW }))).toBe(
      'ERR_SIGNATURE',
    );
    expect(offer.isLive(NOW)).toBe(true);
  });

  test.each(['', 'x'.repeat(33)])('is not signed for a device of the name "%s"', async (device) => {
    const { offer, message } = await qr.begin(nextKey);
    expect(await codeOfAsync(() => offer.sign({ device, signer: laptop.key, ...NOW }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    const options = { accountKey: accountKey.publicKey, list, ...NOW };
    expect(await codeOfAsync(() => offer.openFromListed(message, options))).toBe('ERR_NOT_READY');
  });

  test('shows nothing secret of itself', async () => {
    const { offer } = await qr.begin(accountKey);
    const printed = [
      JSON.stringify(offer),
      String(offer),
      inspect(offer, { depth: 9, showHidden: true }),
      inspect(structuredClone(offer), { depth: 9, showHidden: true }),
    ].join('\n');
    expect(printed).not.toMatch(/\d+,\s*\d+,\s*\d+/);
    expect(Object.isFrozen(offer)).toBe(true);
  });

  test('refuses arguments of the wrong kind', async () => {
    expect(codeOf(() => createLinkOffer({ nowMs: 1.5 }))).toBe('ERR_ARGUMENT_RANGE');
    const offer = createLinkOffer(NOW);
    const key = accountKey.publicKey;
    const bytes = new Uint8Array(1);
    const calls: readonly (() => Promise<unknown>)[] = [
      () => offer.sign(undefined as never),
      () => offer.sign({ device: 'laptop', ...NOW } as never),
      () => offer.sign({ device: 1 as never, signer: laptop.key, ...NOW }),
      () => offer.openFromSession(bytes, undefined as never),
      () => offer.openFromSession(bytes, { confirmed: undefined as never, ...NOW }),
      () => offer.openFromListed(bytes, undefined as never),
      () => offer.openFromListed(bytes, { accountKey: key, list: undefined as never, ...NOW }),
      () => offer.openFromListed(bytes, { accountKey: key, list: {} as never, ...NOW }),
      () => sealAccountKeyForQr(key as never, bytes),
      () => sealAccountKeyForQr(accountKey, 'text' as never),
      () => sealAccountKeyForSession(key as never, {} as never, NOW),
      () => sealAccountKeyForSession(accountKey, undefined as never, NOW),
      () => sealAccountKeyForSession(accountKey, {} as never, { nowMs: '1' as never }),
      () => sealAccountKeyForListed(key as never, bytes, { list }),
      () => sealAccountKeyForListed(nextKey, undefined as never, { list }),
      () => sealAccountKeyForListed(nextKey, bytes, undefined as never),
    ];
    for (const call of calls) expect(await codeOfAsync(call), String(call)).toBe('ERR_ARGUMENT_TYPE');
    expect(offer.isLive(NOW)).toBe(true);
  });
});

describe('what the users said', () => {
  const cases = async (): Promise<{ offer: LinkOffer; message: Uint8Array }> => session.begin(accountKey);

  test('serves once, on both sides', async () => {
    const offer = createLinkOffer(NOW);
    const said = confirmedBy(offer, accountKey.publicKey);
    const message = await sealAccountKeyForSession(accountKey, said.old, NOW);
    expect(await codeOfAsync(() => sealAccountKeyForSession(accountKey, said.old, NOW))).toBe('ERR_SPENT');
    const another = createLinkOffer(NOW);
    const confirmed = said.fresh;
    expect(await codeOfAsync(() => another.openFromSession(message, { confirmed, ...NOW }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    expect(await codeOfAsync(() => offer.openFromSession(message, { confirmed, ...NOW }))).toBe('ERR_SPENT');
    expect(offer.isLive(NOW)).toBe(true);
  });

  test('does not serve the old device longer than the session would have lived', async () => {
    for (const [nowMs, code] of [
      [T0 + LINK_LIFETIME_MS - 1, undefined],
      [T0 + LINK_LIFETIME_MS, 'ERR_LINK_EXPIRED'],
      [T0 - 1, 'ERR_LINK_EXPIRED'],
    ] as const) {
      const { old } = confirmedBy(createLinkOffer(NOW), accountKey.publicKey);
      const sealing = sealAccountKeyForSession(accountKey, old, { nowMs });
      if (code === undefined) await sealing;
      else expect(await codeOfAsync(() => sealing)).toBe(code);
    }
  });

  test('is needed as it was said: no copy, nothing made up, no other answer', async () => {
    const { offer } = await cases();
    const { fresh, old } = linkingSessions(offer.encoded, accountKey.publicKey);
    const copied = structuredClone(fresh.answer('same', NOW));
    const madeUp = { outcome: 'same', purpose: 'linking', pinned: offer.encoded } as const;
    const different = old.answer('different', NOW);
    const bytes = new Uint8Array(1);
    const open = (confirmed: unknown): Promise<unknown> =>
      offer.openFromSession(bytes, { confirmed: confirmed as never, ...NOW });
    expect(await codeOfAsync(() => open(copied))).toBe('ERR_ARGUMENT_RANGE');
    for (const confirmed of [madeUp, different]) {
      expect(await codeOfAsync(() => sealAccountKeyForSession(accountKey, confirmed as never, NOW))).toBe(
        'ERR_ARGUMENT_RANGE',
      );
    }
    expect(offer.isLive(NOW)).toBe(true);
  });

  test('belongs to one side, one offer and one account key', async () => {
    const [offer, another] = [createLinkOffer(NOW), createLinkOffer(NOW)];
    const bytes = new Uint8Array(1);
    const { fresh, old } = confirmedBy(offer, accountKey.publicKey);
    expect(await codeOfAsync(() => another.openFromSession(bytes, { confirmed: fresh, ...NOW }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    expect(await codeOfAsync(() => sealAccountKeyForSession(nextKey, old, NOW))).toBe('ERR_ARGUMENT_RANGE');
    const swapped = confirmedBy(offer, accountKey.publicKey);
    expect(
      await codeOfAsync(() => offer.openFromSession(bytes, { confirmed: swapped.old as never, ...NOW })),
    ).toBe('ERR_ARGUMENT_RANGE');
    expect(await codeOfAsync(() => sealAccountKeyForSession(accountKey, swapped.fresh as never, NOW))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });
});

describe('a device that is still listed', () => {
  const own = { accountKey: accountKey.publicKey, list, ...NOW };

  test('must have signed the offer, by the key of the list', async () => {
    const offer = createLinkOffer(NOW);
    const byStranger = await offer.sign({ device: 'laptop', signer: makeDevice('laptop').key, ...NOW });
    expect(await codeOfAsync(() => sealAccountKeyForListed(nextKey, byStranger, { list }))).toBe(
      'ERR_LINK_DEVICE',
    );
    const asPhone = await offer.sign({ device: 'phone', signer: laptop.key, ...NOW });
    expect(await codeOfAsync(() => sealAccountKeyForListed(nextKey, asPhone, { list }))).toBe(
      'ERR_LINK_DEVICE',
    );
    const unknown = await offer.sign({ device: 'tablet', signer: laptop.key, ...NOW });
    expect(await codeOfAsync(() => sealAccountKeyForListed(nextKey, unknown, { list }))).toBe(
      'ERR_LINK_DEVICE',
    );
  });

  test('gets the key of the newest list only', async () => {
    const offer = createLinkOffer(NOW);
    const signed = await offer.sign({ device: 'laptop', signer: laptop.key, ...NOW });
    expect(await codeOfAsync(() => sealAccountKeyForListed(nextKey, signed, { list: before }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    expect(await codeOfAsync(() => sealAccountKeyForListed(accountKey, signed, { list }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });

  test('takes a successor of its key only, and the key of the list', async () => {
    const same = await listed.begin(nextKey);
    expect(
      await codeOfAsync(() =>
        same.offer.openFromListed(same.message, { ...own, accountKey: nextKey.publicKey }),
      ),
    ).toBe('ERR_SEALED_ACCOUNT');
    const foreign = await listed.begin(nextKey);
    const { publicKey } = generatePrivateKey(ed25519);
    expect(
      await codeOfAsync(() =>
        foreign.offer.openFromListed(foreign.message, { ...own, accountKey: publicKey }),
      ),
    ).toBe('ERR_SEALED_ACCOUNT');
    const older = await listed.begin(nextKey);
    expect(await codeOfAsync(() => older.offer.openFromListed(older.message, { ...own, list: before }))).toBe(
      'ERR_SEALED_ACCOUNT',
    );
  });

  test('takes nothing once it is no longer listed', async () => {
    const { offer, message } = await listed.begin(nextKey);
    const third = generatePrivateKey(ed25519);
    const draft = draftDeviceRemoval(list, {
      author: 'phone',
      ids: ['laptop'],
      nextAccountKey: third.publicKey,
    });
    const without = signDeviceList(draft, [nextKey, third, phone.key]);
    expect(await codeOfAsync(() => offer.openFromListed(message, { ...own, list: without }))).toBe(
      'ERR_LINK_DEVICE',
    );
  });

  test('goes by lists that verify, whatever the value says', async () => {
    const forged: VerifiedDeviceList = { ...list, accountKey: accountKey.publicKey };
    const offer = createLinkOffer(NOW);
    const signed = await offer.sign({ device: 'laptop', signer: laptop.key, ...NOW });
    expect(await codeOfAsync(() => sealAccountKeyForListed(accountKey, signed, { list: forged }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    const broken: VerifiedDeviceList = { ...list, encoded: Uint8Array.from(list.encoded).fill(0, 80, 90) };
    expect(await codeOfAsync(() => sealAccountKeyForListed(nextKey, signed, { list: broken }))).toMatch(
      /^ERR_(?!ARGUMENT)/,
    );
  });
});

test('a destroyed account key is not sealed', async () => {
  const key = generatePrivateKey(ed25519);
  const offer = createLinkOffer(NOW);
  const scanned = offer.revealQr(NOW);
  key.destroy();
  expect(await codeOfAsync(() => sealAccountKeyForQr(key, scanned))).toBe('ERR_DESTROYED');
});

test('a key of small order in an offer is refused by the sealer', async () => {
  const scanned = createLinkOffer(NOW).revealQr(NOW);
  scanned.fill(0, 4, 36);
  expect(await codeOfAsync(() => sealAccountKeyForQr(accountKey, scanned))).toBe('ERR_KEY_ORDER');
});

test('a platform without randomness is named, not hidden in an error of the encryption', async () => {
  const scanned = createLinkOffer(NOW).revealQr(NOW);
  vi.stubGlobal('crypto', undefined);
  try {
    expect(await codeOfAsync(() => sealAccountKeyForQr(accountKey, scanned))).toBe('ERR_NO_RANDOMNESS');
  } finally {
    vi.unstubAllGlobals();
  }
});
