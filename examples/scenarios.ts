/**
 * What a directory, a network or a man in the middle may try, and what people are told. Each scenario also runs without
 * its attack, so that nothing is refused by accident.
 */

import { derivePublicCode, parsePublicCode } from 'contact-key-verification/codes.js';
import { encodeHex } from 'contact-key-verification/bytes.js';
import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { deriveKeyId, ed25519, type PublicKey } from 'contact-key-verification/suites.js';
import { Account } from './account.js';
import { compareCodes, compareCodesIntercepted, type SpokenCodes } from './code-session.js';
import type { Heard } from './contact.js';
import type { Directory } from './directory.js';
import {
  flipProofBit,
  type ForgedList,
  forgeAccount,
  forgeExtraDevice,
  forgeMessagingKeys,
  serveOldList,
} from './lies.js';
import { type AnswersLookups, Phone } from './phone.js';
import type { SignedHead } from './signed-head.js';
import { grindCollision } from './truncated-hash.js';

/** Everybody, as the story leaves them: Alice has compared codes with Bob, Carol has saved his published code. */
export interface World {
  readonly directory: Directory;
  readonly alice: { readonly accountKey: PublicKey; readonly phone: Phone };
  readonly bob: Account;
  readonly carol: { readonly phone: Phone };
  readonly nowMs: number;
}

/** What came of a scenario. */
export interface Outcome {
  /** What the app says now. */
  readonly review: Heard;
  /** What went over the wire, as name and value. */
  readonly evidence: readonly (readonly [name: string, value: string])[];
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly story: string;
  /** The finding that has to be told, by code and level. */
  readonly told: string;
  /** The code of the error that refuses what was heard, where the attack fails at a check. */
  readonly refusedBy?: string;
  /** How the app knows. */
  readonly meaning: string;
  run(world: World, attacked: boolean): Outcome;
}

const short = (bytes: Uint8Array): string => `${encodeHex(bytes.slice(0, 8))}…`;

function describe({ treeSize, root, signature }: SignedHead): string {
  return `${treeSize.toLocaleString('en')} entries, root ${short(root)}, signed ${short(signature)}`;
}

/** Alice’s phone, which has compared codes, looks Bob up. */
function lookUp(world: World, directory: AnswersLookups, evidence: Outcome['evidence'] = []): Outcome {
  const review = world.alice.phone.fork().lookUp(directory, world.bob.identifier, world.nowMs);
  return { review, evidence };
}

/** The directory logs forged bytes as Bob's next list; or Bob makes an honest change of the same kind. */
function nextList(
  world: World,
  forged: ForgedList | undefined,
  honest: (directory: Directory, bob: Account) => void,
): Outcome {
  const directory = world.directory.fork();
  if (forged === undefined) honest(directory, world.bob.fork());
  else directory.append(world.bob.identifier, forged.bytes);
  return lookUp(world, directory, forged === undefined ? [] : [['the logged list names', forged.claim]]);
}

/** Keys of the man in the middle: to Alice he is Bob, to Bob he is Alice. */
interface Impostor {
  readonly asBob: PublicKey;
  readonly asAlice: PublicKey;
}

/**
 * Somebody who has not compared anything yet looks Bob up and reads codes with him. A man in the middle has made the
 * directory show each of them a key of his own.
 */
function readCodes(
  world: World,
  impostor: Impostor | undefined,
  evidence: Outcome['evidence'] = [],
): Outcome {
  const { alice, bob, directory, nowMs } = world;
  const phone = new Phone(directory.logKey);
  const shown = impostor === undefined ? directory : directory.face();
  if (impostor !== undefined) Account.register(shown, bob.identifier, ['phone']);
  phone.lookUp(shown, bob.identifier, nowMs);
  const codes: SpokenCodes =
    impostor === undefined
      ? compareCodes(
          { own: alice.accountKey, peer: bob.accountKey },
          { own: bob.accountKey, peer: alice.accountKey },
          nowMs,
        )
      : compareCodesIntercepted(alice.accountKey, bob.accountKey, impostor.asBob, impostor.asAlice, nowMs);
  const { pinned } = codes;
  // The app asks "are they the same?", and passes the answer on.
  const same = codes.initiator === codes.responder && pinned !== undefined;
  const event = same
    ? ({ kind: 'code-same', keyId: deriveKeyId(pinned) } as const)
    : ({ kind: 'code-different' } as const);
  return {
    review: phone.contact(bob.identifier).tell(event, nowMs),
    evidence: [...evidence, ['Alice reads', codes.initiator], ['Bob reads', codes.responder]],
  };
}

/** Every attack of the demo. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'device-added',
    title: 'The directory adds a device to Bob’s list',
    story:
      'It makes a key, lists it as one more device of Bob’s, and logs that list. Whoever encrypts to all of Bob’s devices would encrypt to the directory.',
    told: 'list-invalid alarm',
    refusedBy: 'ERR_LIST_SIGNATURE',
    meaning: 'Bob’s account key did not sign this list.',
    run: (world, attacked) =>
      nextList(world, attacked ? forgeExtraDevice(world.bob.list) : undefined, (directory, bob) =>
        bob.addDevice(directory, 'web', 'laptop'),
      ),
  },
  {
    name: 'messaging-keys-swapped',
    title: 'The directory keeps a device and swaps its messaging keys',
    story: 'Same device id, same signing key, but messages to it would now be readable by the directory.',
    told: 'list-invalid alarm',
    refusedBy: 'ERR_DEVICE_POSSESSION',
    meaning: 'The device itself did not sign its entry.',
    run: (world, attacked) =>
      nextList(world, attacked ? forgeMessagingKeys(world.bob.list, 'laptop') : undefined, (directory, bob) =>
        bob.changeMessagingKeys(directory, 'laptop'),
      ),
  },
  {
    name: 'account-key-replaced',
    title: 'The directory replaces Bob’s account key',
    story:
      'It begins Bob’s chain anew under a key of its own. Every signature in that list is true, and the log proves that it is there.',
    told: 'verified-key-changed alarm',
    meaning: 'No chain links this list to the key that Alice compared with Bob.',
    run: (world, attacked) =>
      nextList(world, attacked ? forgeAccount(world.bob.list) : undefined, (directory, bob) =>
        bob.changeAccountKey(directory, 'laptop'),
      ),
  },
  {
    name: 'man-in-the-middle',
    title: 'A man in the middle sits in the code session',
    story:
      'Before Alice ever verified Bob, the directory gave each of them a key of its own for the other, and relays their session.',
    told: 'codes-differ alarm',
    meaning: 'Alice and Bob read different digits to each other, and say so.',
    run: (world, attacked) => {
      const key = (): PublicKey => generatePrivateKey(ed25519).publicKey;
      return readCodes(world, attacked ? { asBob: key(), asAlice: key() } : undefined);
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
    name: 'old-list',
    title: 'The directory serves an old list',
    story: 'The one before Bob removed his lost phone. It is truly Bob’s, and truly in the log.',
    told: 'directory-outdated notice',
    refusedBy: 'ERR_LIST_ROLLBACK',
    meaning: 'Alice has already accepted a newer one.',
    run: (world, attacked) => {
      const { directory, bob } = world;
      return lookUp(world, serveOldList(directory, bob.list.sequence - (attacked ? 1 : 0)));
    },
  },
  {
    name: 'two-logs',
    title: 'The directory shows Alice and Carol different logs',
    story:
      'Each log is flawless by itself. Then Alice and Carol compare heads, as their apps do inside messages.',
    told: 'log-fork alarm',
    refusedBy: 'ERR_HEAD_MISMATCH',
    meaning: 'Two heads of one size, both signed by the log, with different roots: proof that it lies.',
    run: (world, attacked) => {
      const forAlice = world.directory.fork();
      const forCarol = attacked ? world.directory.fork() : forAlice;
      world.bob.fork().addDevice(forAlice, 'web', 'laptop');
      if (attacked) world.bob.fork().changeMessagingKeys(forCarol, 'laptop');
      const [alice, carol] = [world.alice.phone.fork(), world.carol.phone.fork()];
      const { identifier } = world.bob;
      alice.lookUp(forAlice, identifier, world.nowMs);
      carol.lookUp(forCarol, identifier, world.nowMs);
      const [hers, theirs] = [alice.head, carol.head];
      if (hers === undefined || theirs === undefined) throw new Error('both have looked something up');
      return {
        review: alice.hearHead(identifier, theirs, world.nowMs),
        evidence: [
          ['Alice’s head', describe(hers)],
          ['Carol’s head', describe(theirs)],
        ],
      };
    },
  },
  {
    name: 'proof-damaged',
    title: 'One bit of a proof is changed',
    story: 'Of the hashes that prove that Bob’s list is in the log, one has another first bit.',
    told: 'log-proof-invalid warning',
    refusedBy: 'ERR_PROOF_ROOT',
    meaning: 'The proof leads to another root than the signed one.',
    run: (world, attacked) => lookUp(world, attacked ? flipProofBit(world.directory) : world.directory),
  },
  {
    name: 'public-code-forged',
    title: 'Bob’s profile shows a code that is not his',
    story:
      'Somebody put another account’s public code into his profile. Dave, who saves it, has not compared anything before.',
    told: 'public-code-mismatch alarm',
    meaning: 'The code fits neither Bob’s account key nor an earlier one of his.',
    run: ({ bob, directory, nowMs }, attacked) => {
      const code = derivePublicCode(attacked ? generatePrivateKey(ed25519).publicKey : bob.accountKey);
      const phone = new Phone(directory.logKey);
      phone.lookUp(directory, bob.identifier, nowMs);
      const saved = { kind: 'public-code-saved', keyId: parsePublicCode(code) } as const;
      return {
        review: phone.contact(bob.identifier).tell(saved, nowMs),
        evidence: [['code in the profile', `${code.slice(0, 32)}…`]],
      };
    },
  },
];
