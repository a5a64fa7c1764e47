/**
 * Named attacks, each inserted anywhere into an honest year: its finding is there no later than the review after
 * the evidence arrived. None needs a key of the contact's; what a stolen account key can do is among the last.
 */

import {
  type ContactEvent,
  type ContactState,
  createContact,
  type DirectoryAnswer,
  type LogEvidence,
  mergeContacts,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Life, lifeOf, NUMBER } from '../support/contact-life.js';
import {
  DAY,
  firstOf,
  HOUR,
  keyIdOf,
  listIdOf,
  MINUTE,
  nextOf,
  signingKeyOf,
  verified,
  type WorldList,
} from '../support/contact-world.js';
import { check } from '../support/property.js';

/** The scene of an attack: a device that has just looked the contact up. */
interface Scene {
  readonly state: ContactState;
  /** The list in use, which the log shows. */
  readonly list: WorldList;
  readonly nowMs: number;
  readonly log: LogEvidence;
}

type Attack = readonly [name: string, finding: string, run: (scene: Scene) => Review];

const at = (
  { state, nowMs }: Scene,
  directory?: DirectoryAnswer,
  log?: LogEvidence,
  delayMs: number = MINUTE,
): Review => reviewContact({ stored: state, directory, log, nowMs: nowMs + delayMs });

const then = (scene: Scene, ...events: ContactEvent[]): Review => {
  const nowMs = scene.nowMs + MINUTE;
  const stored = events.reduce((state, event) => reduceContact(state, event, { nowMs }), scene.state);
  return reviewContact({ stored, nowMs });
};

const after = (scene: Scene, review: Review): Scene => ({ ...scene, state: review.state });

const keyOf = (list: WorldList): Uint8Array => keyIdOf(list.chain.at(-1) as string);

/** The scene in which a person had compared codes. */
const compared = (scene: Scene): Scene =>
  after(scene, then(scene, { kind: 'code-same', keyId: keyOf(scene.list) }));

const listed = (list: WorldList, before?: WorldList): DirectoryAnswer => ({
  kind: 'list',
  list: verified(list, before),
});
const refused = (code: string): DirectoryAnswer => ({ kind: 'refused', code });
const proves = (list: WorldList, provenMs: number): LogEvidence => ({
  kind: 'newest',
  sequence: list.sequence,
  listId: listIdOf(list),
  provenMs,
});
const mallory = { name: 'mallory', messaging: 0 };
const named = (scene: Scene, name: string, messagingKeys?: Uint8Array): DirectoryAnswer => ({
  kind: 'list',
  list: verified(scene.list, scene.list),
  named: [{ signingKey: signingKeyOf(name), messagingKeys }],
});
const reset = (list: WorldList, account: string): WorldList =>
  nextOf(list, { how: 'reset', chain: [account], devices: [mallory] });
/** Another list than the one in use, of the same sequence. */
const twin = (list: WorldList): WorldList => ({ ...list, salt: 'twin', devices: [mallory] });

const refusals: readonly Attack[] = [
  'ERR_LIST_SIGNATURE',
  'ERR_LIST_AUTHOR',
  'ERR_LIST_PREVIOUS',
  'ERR_DEVICE_POSSESSION',
  'ERR_DEVICE_ENTRY',
  'ERR_KEY_REUSED',
  'ERR_SUCCESSION_CHAIN',
  'ERR_SUCCESSION_SIGNATURE',
  'ERR_LIST_START',
  'ERR_LIST_IDENTIFIER',
  'ERR_TRUNCATED',
].map(
  (code): Attack => [`a list refused by ${code}`, 'list-invalid alarm', (scene) => at(scene, refused(code))],
);

const attacks: readonly Attack[] = [
  ...refusals,
  [
    'another account under a compared contact',
    'verified-key-changed alarm',
    (scene) => at(compared(scene), listed(reset(scene.list, 'M'), scene.list)),
  ],
  [
    'a reset under the compared key itself',
    'verified-key-changed alarm',
    (scene) => at(compared(scene), listed(reset(scene.list, scene.list.chain.at(-1) as string), scene.list)),
  ],
  [
    'another account under a contact that nobody compared',
    'account-key-reset warning',
    (scene) =>
      at(
        after(scene, then(scene, { kind: 'change-accepted' }, ...forget(scene))),
        listed(reset(scene.list, 'M'), scene.list),
      ),
  ],
  [
    'a list that no chain links to the pinned key',
    'verified-key-changed alarm',
    (scene) => at(compared(scene), refused('ERR_ACCOUNT_KEY')),
  ],
  [
    'a ghost device in the older interface',
    'device-unsigned alarm',
    (scene) => at(scene, named(scene, 'mallory')),
  ],
  [
    "a listed device with the attacker's messaging keys",
    'device-unsigned alarm',
    (scene) => at(scene, named(scene, scene.list.devices[0]?.name as string, new Uint8Array(32))),
  ],
  [
    'a message from a ghost device',
    'device-unsigned alarm',
    (scene) => then(scene, { kind: 'message-received', device: { signingKey: signingKeyOf('mallory') } }),
  ],
  [
    'a device that was removed long ago goes on talking',
    'device-unsigned alarm',
    (scene) => {
      const shorter = nextOf(scene.list, { devices: [mallory] });
      const { state } = at(scene, listed(shorter, scene.list));
      const signingKey = signingKeyOf(scene.list.devices[0]?.name as string);
      const nowMs = scene.nowMs + 3 * DAY;
      const event = { kind: 'message-received', device: { signingKey } } as const;
      return reviewContact({ stored: reduceContact(state, event, { nowMs }), nowMs });
    },
  ],
  ['the list withheld', 'verification-missing alarm', (scene) => at(scene, { kind: 'no-list' })],
  [
    'an old list, served for good',
    'directory-outdated alarm',
    (scene) => {
      const first = at(scene, refused('ERR_LIST_ROLLBACK'));
      return at(after(scene, first), refused('ERR_LIST_ROLLBACK'), undefined, 2 * DAY);
    },
  ],
  [
    'newer lists held back, which the log shows',
    'directory-outdated alarm',
    (scene) => {
      const newer = nextOf(scene.list, {});
      const shown = (delayMs: number, from: Scene): Review =>
        at(from, listed(scene.list, scene.list), proves(newer, scene.nowMs + delayMs), delayMs);
      return shown(2 * DAY, after(scene, shown(MINUTE, scene)));
    },
  ],
  ['a second list of one sequence', 'list-fork alarm', (scene) => at(scene, refused('ERR_LIST_FORK'))],
  [
    'a second list of one sequence, to a device that forgot the first',
    'list-fork alarm',
    (scene) => at(scene, listed(twin(scene.list))),
  ],
  [
    "two lists of one sequence, one for each of the user's devices",
    'list-fork alarm',
    (scene) => {
      const stored = createContact({ identifier: encodeUtf8(NUMBER) });
      const other = reviewContact({ stored, directory: listed(twin(scene.list)), nowMs: scene.nowMs }).state;
      return at(after(scene, { ...at(scene), state: mergeContacts(scene.state, other) }));
    },
  ],
  [
    "two accounts, one for each of the user's devices, both compared",
    'verified-key-changed alarm',
    (scene) => {
      const stored = createContact({ identifier: encodeUtf8(NUMBER) });
      const event = { kind: 'code-same', keyId: keyIdOf('M') } as const;
      const other = reduceContact(stored, event, { nowMs: scene.nowMs });
      return at(after(scene, { ...at(scene), state: mergeContacts(compared(scene).state, other) }));
    },
  ],
  [
    "another identifier's list",
    'list-invalid alarm',
    (scene) => at(scene, listed(firstOf('tel:+15550000000', 'M', ['mallory']))),
  ],
  [
    "the contact's mail address under another account",
    'verified-key-changed alarm',
    (scene) => {
      const others = [verified(firstOf('mailto:bob@example.com', 'M', ['mallory']))];
      const list = verified(scene.list, scene.list);
      return at(compared(scene), { kind: 'list', list, others });
    },
  ],
  [
    'a list from after a gap that is not one',
    'list-gap warning',
    (scene) => {
      const far = nextOf(nextOf(scene.list, {}), { devices: [mallory] });
      const first = at(scene, listed(far, nextOf(scene.list, {})));
      return at(after(scene, first), listed(far, nextOf(scene.list, {})), undefined, 4 * DAY);
    },
  ],
  ['lists between withheld', 'list-gap warning', (scene) => twice(scene, refused('ERR_LIST_GAP'))],
  [
    'a version nobody knows, for good',
    'update-needed warning',
    (scene) => twice(scene, refused('ERR_VERSION')),
  ],
  [
    'the log goes back to an older list',
    'list-rollback alarm',
    (scene) => {
      const newer = nextOf(scene.list, {});
      const shown = at(scene, listed(newer, scene.list), proves(newer, scene.nowMs + MINUTE));
      return at(after(scene, shown), undefined, proves(scene.list, scene.nowMs + HOUR), HOUR);
    },
  ],
  [
    'the log shows another list in its place',
    'list-fork alarm',
    (scene) => at(scene, undefined, proves(twin(scene.list), scene.nowMs + HOUR), HOUR),
  ],
  [
    'a list that the log never shows',
    'log-outdated alarm',
    (scene) => {
      const secret = nextOf(scene.list, { how: 'alone', devices: [mallory] });
      const first = at(scene, listed(secret, scene.list), proves(scene.list, scene.nowMs + MINUTE));
      return at(after(scene, first), undefined, proves(scene.list, scene.nowMs + 2 * DAY), 2 * DAY);
    },
  ],
  [
    'a log with two faces',
    'log-fork alarm',
    (scene) => at(scene, undefined, { kind: 'fork', evidence: Uint8Array.of(1) }),
  ],
  [
    'false proofs, again and again',
    'log-proof-invalid alarm',
    (scene) => {
      const once = at(scene, undefined, { kind: 'proof-invalid' });
      return at(after(scene, once), undefined, { kind: 'proof-invalid' });
    },
  ],
  [
    'the log kept away',
    'log-unavailable warning',
    (scene) => twice(scene, { kind: 'unreachable' }, { kind: 'unavailable', scope: 'label' }),
  ],
  [
    'the log frozen',
    'log-stale warning',
    (scene) => twice(scene, { kind: 'unreachable' }, { kind: 'stale' }),
  ],
  [
    'a man in the middle of a code session',
    'codes-differ alarm',
    (scene) => then(scene, { kind: 'code-different' }),
  ],
  [
    'a man in the middle of a safety number',
    'codes-differ alarm',
    (scene) => then(scene, { kind: 'number-different' }),
  ],
  ["somebody else's QR code", 'codes-differ alarm', (scene) => then(scene, { kind: 'qr-different' })],
  [
    'a nonce chosen after the commitment',
    'codes-differ alarm',
    (scene) => then(scene, { kind: 'false-reveal' }),
  ],
  [
    'sessions begun over and over',
    'code-interrupted warning',
    (scene) => {
      const event = { kind: 'code-interrupted', why: 'further-start' } as const;
      return then(scene, event, event, event);
    },
  ],
  [
    'a key that is not the published one',
    'public-code-mismatch alarm',
    (scene) => then(scene, { kind: 'public-code-saved', keyId: keyIdOf('somebody else') }),
  ],
  [
    'a stolen account key adds a device',
    'list-unauthored warning',
    (scene) => at(scene, listed(nextOf(scene.list, { how: 'alone', devices: [mallory] }), scene.list)),
  ],
  [
    'a stolen account key hands over to another',
    'account-key-succeeded warning',
    (scene) => {
      const chain = [...scene.list.chain, 'M'];
      return at(compared(scene), listed(nextOf(scene.list, { how: 'alone', chain }), scene.list));
    },
  ],
  [
    'a stolen account key turns verification off',
    'verification-off warning',
    (scene) => at(scene, listed(nextOf(scene.list, { how: 'alone', verification: false }), scene.list)),
  ],
];

/** Codes that a person saved would make an unpinned contact a pinned one. */
function forget({ state }: Scene): ContactEvent[] {
  const given = state.pins.map(({ keyId }): ContactEvent => ({ kind: 'public-code-forgotten', keyId }));
  return [{ kind: 'code-different' }, ...given];
}

/** The same answer, now and after patience has ended. */
function twice(scene: Scene, directory: DirectoryAnswer, log?: LogEvidence): Review {
  return at(after(scene, at(scene, directory, log)), directory, log, 5 * DAY);
}

test('there are at least thirty, each with a name of its own', () => {
  expect(new Set(attacks.map(([name]) => name)).size).toBe(attacks.length);
  expect(attacks.length).toBeGreaterThanOrEqual(30);
});

describe('inserted anywhere into an honest year', () => {
  test.each(attacks)('%s: %s', (_, finding, run) => {
    check(
      fc.property(lifeOf(16), fc.constantFrom<0 | 1>(0, 1), (steps, device) => {
        const life = new Life().run(steps);
        life.look(device);
        const scene = {
          state: life.stateOf(device),
          list: life.list,
          nowMs: life.clockOf(device),
          log: life.proof(),
        };
        const { findings, trust } = run(scene);
        expect(findings.map(({ code, level }) => `${code} ${level}`)).toContain(finding);
        if (finding.endsWith('alarm')) expect(['doubtful', 'blocked']).toContain(trust);
      }),
    );
  });
});

describe("one's own account", () => {
  const start = 1_700_000_000_000;
  const own = createContact({ identifier: encodeUtf8(NUMBER), owner: 'own' });
  const list = firstOf(NUMBER, 'mine', ['phone', 'laptop']);
  const event = { kind: 'own-list-written', sequence: 0, listId: listIdOf(list) } as const;
  const mine = reviewContact({
    stored: reduceContact(own, event, { nowMs: start }),
    directory: listed(list),
    nowMs: start,
  }).state;
  const scene: Scene = { state: mine, list, nowMs: start, log: { kind: 'none' } };
  const codes = ({ findings }: Review): string[] => findings.map(({ code, level }) => `${code} ${level}`);

  test.each<Attack>([
    [
      'a list by the account key alone',
      'own-list-foreign alarm',
      (given) => at(given, listed(nextOf(list, { how: 'alone' }), list)),
    ],
    [
      'another account in my place',
      'own-device-unknown alarm',
      (given) => at(given, listed(reset(list, 'M'), list)),
    ],
    ['a ghost device among mine', 'own-device-unknown alarm', (given) => at(given, named(given, 'mallory'))],
    ['my list withheld', 'verification-missing alarm', (given) => at(given, { kind: 'no-list' })],
    [
      'a list under an identifier that I left empty',
      'own-list-foreign alarm',
      (given) => at({ ...given, state: own }, listed(list)),
    ],
  ])('%s: %s', (_, finding, run) => {
    expect(codes(run(scene))).toContain(finding);
  });
});
