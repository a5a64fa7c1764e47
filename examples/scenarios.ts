/**
 * What a directory, a network or a man in the middle may try, and what the phones make of it. Each scenario also
 * runs without its attack, so that nothing is refused by accident.
 */

import { comparePublicCode, derivePublicCode, parsePublicCode } from 'contact-key-verification/codes.js';
import type { ContactEvent } from 'contact-key-verification/contacts.js';
import { encodeHex } from 'contact-key-verification/bytes.js';
import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { verifyConsistency } from 'contact-key-verification/log.js';
import { ed25519, type PublicKey } from 'contact-key-verification/suites.js';
import type { Account } from './account.js';
import { compareCodes, compareCodesIntercepted, type SpokenCodes } from './code-session.js';
import type { Directory } from './directory.js';
import {
  flipProofBit,
  type ForgedList,
  forgeAccount,
  forgeExtraDevice,
  forgeMessagingKeys,
  serveOldList,
} from './lies.js';
import type { AnswersLookups, Phone } from './phone.js';
import type { SignedHead } from './signed-head.js';
import { grindCollision } from './truncated-hash.js';

/** Everybody, as the story leaves them: Alice has verified Bob. */
export interface World {
  readonly directory: Directory;
  readonly alice: { readonly accountKey: PublicKey; readonly phone: Phone };
  readonly bob: Account;
  readonly carol: { readonly phone: Phone };
  readonly nowMs: number;
}

/** What came of a scenario. */
export interface Outcome {
  /** `accepted`, or the code of the error or finding that stopped it. */
  readonly code: string;
  /** What the phones saw, as name and value. */
  readonly evidence: readonly (readonly [name: string, value: string])[];
  /** What the user did or noticed, where it was not an error that stopped the attack. */
  readonly event?: ContactEvent;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly story: string;
  /** The code that must stop the attack. */
  readonly caughtBy: string;
  /** What that code tells Alice. */
  readonly meaning: string;
  /** Whether the person it happens to had compared codes with Bob. */
  readonly compared: boolean;
  run(world: World, attacked: boolean): Outcome;
}

const ACCEPTED = 'accepted';
const short = (bytes: Uint8Array): string => `${encodeHex(bytes.slice(0, 8))}…`;

function describe({ treeSize, root, signature }: SignedHead): string {
  return `${treeSize.toLocaleString('en')} entries, root ${short(root)}, signed ${short(signature)}`;
}

/** Runs what may be refused, and says how it went. */
function attempt(evidence: Outcome['evidence'], act: () => Outcome['evidence']): Outcome {
  try {
    return { code: ACCEPTED, evidence: [...evidence, ...act()] };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { code: String(error.code), evidence: [...evidence, [error.name, error.message]] };
  }
}

/** Alice's phone looks Bob up. */
function lookUp(world: World, directory: AnswersLookups, evidence: Outcome['evidence']): Outcome {
  return attempt(evidence, () => {
    const list = world.alice.phone.fork().lookUp(directory, world.bob.identifier);
    return [
      ['accepted list', `sequence ${list.sequence}, ${list.devices.length} devices, mark ${list.mark}`],
    ];
  });
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

/** Two people read codes to each other: the finding is theirs. */
function spoken(codes: SpokenCodes, evidence: Outcome['evidence'] = []): Outcome {
  const heard: Outcome['evidence'] = [
    ['Alice reads', codes.initiator],
    ['Bob reads', codes.responder],
  ];
  return {
    code: codes.initiator === codes.responder ? ACCEPTED : 'codes-differ',
    evidence: [...evidence, ...heard],
    event: { kind: 'code-different' },
  };
}

/** Every attack of the demo. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'device-added',
    compared: true,
    title: 'The directory adds a device to Bob’s list',
    story:
      'It makes a key, lists it as one more device of Bob’s, and logs that list. Whoever encrypts to all of Bob’s devices would encrypt to the directory.',
    caughtBy: 'ERR_LIST_SIGNATURE',
    meaning: 'Bob’s account key did not sign this list.',
    run: (world, attacked) =>
      nextList(world, attacked ? forgeExtraDevice(world.bob.list) : undefined, (directory, bob) =>
        bob.addDevice(directory, 'web', 'laptop'),
      ),
  },
  {
    name: 'messaging-keys-swapped',
    compared: true,
    title: 'The directory keeps a device and swaps its messaging keys',
    story: 'Same device id, same signing key, but messages to it would now be readable by the directory.',
    caughtBy: 'ERR_DEVICE_POSSESSION',
    meaning: 'The device itself did not sign its entry.',
    run: (world, attacked) =>
      nextList(world, attacked ? forgeMessagingKeys(world.bob.list, 'laptop') : undefined, (directory, bob) =>
        bob.changeMessagingKeys(directory, 'laptop'),
      ),
  },
  {
    name: 'account-key-replaced',
    compared: true,
    title: 'The directory replaces Bob’s account key',
    story:
      'It begins Bob’s chain anew under a key of its own. Every signature in that list is true, and the log proves that it is there.',
    caughtBy: 'ERR_ACCOUNT_KEY',
    meaning: 'No chain links this list to the key that Alice verified with Bob.',
    run: (world, attacked) =>
      nextList(world, attacked ? forgeAccount(world.bob.list) : undefined, (directory, bob) =>
        bob.changeAccountKey(directory, 'laptop'),
      ),
  },
  {
    name: 'man-in-the-middle',
    compared: false,
    title: 'A man in the middle sits in the code session',
    story:
      'Before Alice ever verified Bob, the directory gave each of them a key of its own for the other, and relays their session.',
    caughtBy: 'codes-differ',
    meaning: 'Alice and Bob read different digits to each other, and say so.',
    run: ({ alice, bob, nowMs }, attacked) => {
      if (!attacked) return spoken(honestCodes(alice.accountKey, bob.accountKey, nowMs));
      const [asBob, asAlice] = [generatePrivateKey(ed25519).publicKey, generatePrivateKey(ed25519).publicKey];
      return spoken(compareCodesIntercepted(alice.accountKey, bob.accountKey, asBob, asAlice, nowMs));
    },
  },
  {
    name: 'keys-ground',
    compared: false,
    title: 'He grinds keys until the codes agree',
    story:
      'Against 8 digits of a hash of both keys, which this library refuses to offer, two lists of some ten thousand keys are enough. He takes the pair that he found into a real session.',
    caughtBy: 'codes-differ',
    meaning:
      'In a real session the digits depend on nonces that neither side can choose, so grinding gains nothing.',
    run: ({ alice, bob, nowMs }, attacked) => {
      if (!attacked) return spoken(honestCodes(alice.accountKey, bob.accountKey, nowMs));
      const { asBob, asAlice, code, keysMade } = grindCollision(alice.accountKey, bob.accountKey);
      return spoken(compareCodesIntercepted(alice.accountKey, bob.accountKey, asBob, asAlice, nowMs), [
        ['truncated hash: Alice', code],
        ['truncated hash: Bob', `${code}   broken after ${keysMade.toLocaleString('en')} keys`],
      ]);
    },
  },
  {
    name: 'old-list',
    compared: true,
    title: 'The directory serves an old list',
    story: 'The one before Bob removed his lost phone. It is truly Bob’s, and truly in the log.',
    caughtBy: 'ERR_LIST_ROLLBACK',
    meaning: 'Alice has already accepted a newer one.',
    run: (world, attacked) => {
      const { directory, bob } = world;
      return lookUp(world, serveOldList(directory, bob.list.sequence - (attacked ? 1 : 0)), []);
    },
  },
  {
    name: 'two-logs',
    compared: true,
    title: 'The directory shows Alice and Carol different logs',
    story:
      'Each log is flawless by itself. Then Alice and Carol compare heads, as their apps do inside messages.',
    caughtBy: 'ERR_HEAD_MISMATCH',
    meaning: 'Two heads of one size, both signed by the log, with different roots: proof that it lies.',
    run: (world, attacked) => {
      const forAlice = world.directory.fork();
      const forCarol = attacked ? world.directory.fork() : forAlice;
      world.bob.fork().addDevice(forAlice, 'web', 'laptop');
      if (attacked) world.bob.fork().changeMessagingKeys(forCarol, 'laptop');
      const [alice, carol] = [world.alice.phone.fork(), world.carol.phone.fork()];
      alice.lookUp(forAlice, world.bob.identifier);
      carol.lookUp(forCarol, world.bob.identifier);
      const [hers, theirs] = [alice.head, carol.head];
      if (hers === undefined || theirs === undefined) throw new Error('both have looked something up');
      return attempt(
        [
          ['Alice’s head', describe(hers)],
          ['Carol’s head', describe(theirs)],
        ],
        () => {
          verifyConsistency(hers, theirs, []);
          return [['verdict', 'one log']];
        },
      );
    },
  },
  {
    name: 'proof-damaged',
    compared: true,
    title: 'One bit of a proof is changed',
    story: 'Of the hashes that prove that Bob’s list is in the log, one has another first bit.',
    caughtBy: 'ERR_PROOF_ROOT',
    meaning: 'The proof leads to another root than the signed one.',
    run: (world, attacked) => lookUp(world, attacked ? flipProofBit(world.directory) : world.directory, []),
  },
  {
    name: 'public-code-forged',
    compared: false,
    title: 'Bob’s profile shows a code that is not his',
    story:
      'Somebody put another account’s public code into his profile. Carol’s app compares it with his list.',
    caughtBy: 'public-code-mismatch',
    meaning: 'The code fits neither Bob’s account key nor an earlier one of his.',
    run: ({ bob }, attacked) => {
      const code = derivePublicCode(attacked ? generatePrivateKey(ed25519).publicKey : bob.accountKey);
      const match = comparePublicCode(code, bob.list);
      return {
        code: match === 'other' ? 'public-code-mismatch' : ACCEPTED,
        evidence: [
          ['code in the profile', `${code.slice(0, 32)}…`],
          ['compared with the list', match],
        ],
        event: { kind: 'public-code-saved', keyId: parsePublicCode(code) },
      };
    },
  },
];

function honestCodes(alice: PublicKey, bob: PublicKey, nowMs: number): SpokenCodes {
  return compareCodes({ own: alice, peer: bob }, { own: bob, peer: alice }, nowMs);
}
