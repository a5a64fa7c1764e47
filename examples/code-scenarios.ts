/** Attacks on the codes that people compare, or publish. */

import { derivePublicCode, parsePublicCode } from 'contact-key-verification/codes.js';
import {
  generatePrivateKey,
  type PrivateKey,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { deriveKeyId, ed25519, type PublicKey } from 'contact-key-verification/suites.js';
import { Account } from './account.js';
import { compareCodes, compareCodesIntercepted, type SpokenCodes } from './code-session.js';
import { Phone } from './phone.js';
import type { Outcome, Scenario, World } from './scenario.js';
import { grindCollision } from './truncated-hash.js';

/** Keys of the man in the middle: to Alice he is Bob, to Bob he is Alice. */
interface Impostor {
  readonly asBob: PrivateKey;
  readonly asAlice: PublicKey;
}

/**
 * Somebody who has not compared anything yet looks Bob up and reads codes with him. A man in the middle has made the
 * directory show each of them a key of his own.
 */
async function readCodes(
  world: World,
  impostor: Impostor | undefined,
  evidence: Outcome['evidence'] = [],
): Promise<Outcome> {
  const { alice, bob, directory, nowMs } = world;
  const { identifier } = bob;
  const phone = Phone.fresh(directory.configuration);
  const shown = impostor === undefined ? directory : await directory.face(nowMs);
  if (impostor !== undefined) {
    const { configuration } = directory;
    await Account.register(shown, configuration, identifier, ['phone'], nowMs, impostor.asBob);
  }
  await phone.lookUp(shown, identifier, nowMs);
  // Her app goes by the account key of the list that it was shown.
  const seen = (phone.contact(identifier).list as VerifiedDeviceList).accountKey;
  const codes: SpokenCodes =
    impostor === undefined
      ? compareCodes(
          { own: alice.accountKey, peer: seen },
          { own: bob.accountKey, peer: alice.accountKey },
          nowMs,
        )
      : compareCodesIntercepted(alice.accountKey, bob.accountKey, seen, impostor.asAlice, nowMs);
  const { pinned } = codes;
  // The app asks "are they the same?", and passes the answer on.
  const same = codes.initiator === codes.responder && pinned !== undefined;
  const event = same
    ? ({ kind: 'code-same', keyId: deriveKeyId(pinned) } as const)
    : ({ kind: 'code-different' } as const);
  return {
    review: phone.contact(identifier).tell(event, nowMs),
    evidence: [...evidence, ['Alice reads', codes.initiator], ['Bob reads', codes.responder]],
  };
}

export const codeScenarios: readonly Scenario[] = [
  {
    name: 'man-in-the-middle',
    title: 'A man in the middle sits in the code session',
    story:
      'Before Alice ever verified Bob, the directory made a log for her alone, in which Bob’s account is its own; it did the same to Bob, and relays their session.',
    told: 'codes-differ alarm',
    meaning: 'Alice and Bob read different digits to each other, and say so.',
    run: (world, attacked) => {
      const asBob = generatePrivateKey(ed25519);
      const asAlice = generatePrivateKey(ed25519).publicKey;
      return readCodes(world, attacked ? { asBob, asAlice } : undefined);
    },
  },
  {
    name: 'keys-ground',
    title: 'He grinds keys until the codes agree',
    story:
      'Against 8 digits of a hash of both keys, which this library refuses to offer, two lists of some ten thousand keys are enough. He takes the pair that he found into a real session.',
    told: 'codes-differ alarm',
    meaning:
      'In a real session the digits depend on nonces that neither side can choose, so grinding gains nothing.',
    run: (world, attacked) => {
      if (!attacked) return readCodes(world, undefined);
      const ground = grindCollision(world.alice.accountKey, world.bob.accountKey);
      const { code, keysMade } = ground;
      return readCodes(world, ground, [
        ['truncated hash: Alice', code],
        ['truncated hash: Bob', `${code}   broken after ${keysMade.toLocaleString('en')} keys`],
      ]);
    },
  },
  {
    name: 'public-code-forged',
    title: 'Bob’s profile shows a code that is not his',
    story:
      'Somebody put another account’s public code into his profile. Dave, who saves it, has not compared anything before.',
    app: 'Dave’s app',
    told: 'public-code-mismatch alarm',
    meaning: 'The code fits neither Bob’s account key nor an earlier one of his.',
    async run({ bob, directory, nowMs }, attacked) {
      const code = derivePublicCode(attacked ? generatePrivateKey(ed25519).publicKey : bob.accountKey);
      const phone = Phone.fresh(directory.configuration);
      await phone.lookUp(directory, bob.identifier, nowMs);
      const saved = { kind: 'public-code-saved', keyId: parsePublicCode(code) } as const;
      return {
        review: phone.contact(bob.identifier).tell(saved, nowMs),
        evidence: [['code in the profile', `${code.slice(0, 32)}…`]],
      };
    },
  },
];
