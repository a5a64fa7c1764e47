/** An account key that moves by QR code, a message that is used twice, and a backup under two recovery keys. */

import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { p256 } from 'contact-key-verification/suites.js';
import {
  createLinkOffer,
  generateRecoveryKey,
  openBackup,
  parseRecoveryKey,
  sealAccountKeyForQr,
  sealBackup,
} from 'contact-key-verification/transfer.js';

const nowMs = 1_700_000_000_000;

async function refusal(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

export async function work(): Promise<string> {
  const accountKey = generatePrivateKey(p256);
  const offer = createLinkOffer({ nowMs });
  const message = await sealAccountKeyForQr(accountKey, offer.revealQr({ nowMs }));
  const opened = await offer.openFromQr(message, { nowMs });
  const isSame = String(opened.publicKey.key) === String(accountKey.publicKey.key);
  const again = await refusal(() => offer.openFromQr(message, { nowMs }));

  const recoveryKey = parseRecoveryKey(generateRecoveryKey().reveal().toLowerCase());
  const blob = sealBackup(opened, recoveryKey);
  const restored = openBackup(blob, { recoveryKey });
  const isBack = String(restored.reveal()) === String(accountKey.reveal());
  const guessed = await refusal(() => openBackup(blob, { recoveryKey: generateRecoveryKey() }));
  return `${isSame ? 'the same' : 'another'} key, ${again}, ${isBack ? 'restored' : 'lost'}, ${guessed}`;
}
