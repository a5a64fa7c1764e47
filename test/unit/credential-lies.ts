/**
 * Lies and damages of credentials, by name. A story is told twice: honestly, and accepted; with the lie in it, and refused
 * with its code. Where a log could sign what it says, it has signed it.
 *
 *     entries   0 1 2 3 4 5 6 7 8 9 10 11 12 13        alice has versions 0 1 2 at 2 5 12
 *     known       d   d   d   d   d     d              credentials rest on 11
 */

import type { CipherSuite } from '../../src/suites.js';
import type { Client } from '../../src/transparency/client/client.js';
import { createCredentialReader } from '../../src/transparency/credentials/create-credential-reader.js';
import type {
  SettledCredential,
  VerifiedCredential,
} from '../../src/transparency/credentials/credential-reader.js';
import { baseLadder } from '../../src/transparency/walks/ladder.js';
import type { Credential, CredentialUpdate } from '../../src/transparency/wire/credential.js';
import type { CombinedTreeProof, PrefixProof } from '../../src/transparency/wire/proofs.js';
import type { BinaryLadderStep } from '../../src/transparency/wire/search-messages.js';
import { ALICE, grow, logOf, PROOF_DAMAGES, STEP_MS, utf8 } from './client-world.js';
import { readerOf, walked } from './credential-world.js';
import type { HonestLog, Lie, LogOptions, StoredVersion } from './honest-log.js';

export type Provisional = Extract<VerifiedCredential, { readonly kind: 'provisional' }>;
export type Unsettled = Exclude<SettledCredential, { readonly outcome: 'verified' }>;
export type Standard = Extract<Credential, { readonly credentialType: 'standard' }>;
type ProvisionalForm = Extract<Credential, { readonly credentialType: 'provisional' }>;

/** The distinguished entry that credentials rest on. */
export const BASE = 11;
const WINDOW_MS = 35;

/** How a story is told. */
export interface Teller {
  readonly options: Partial<LogOptions>;
  /** Whether the lie is told. */
  readonly lies: boolean;
  /** The lie, or nothing. */
  lie<T extends object>(lie: T): T | Record<string, never>;
}

/** A lie, or a damage. */
export interface CredentialLie {
  readonly name: string;
  readonly code: string;
  /** Where the shape of the prefix tree, which differs by suite, lets something else be found out first. */
  readonly orCode?: string;
  /** Default: `VerificationError`. */
  readonly refusal?: 'PolicyError' | 'DecodeError' | 'StateError';
  /** The mode in which it is told; default: `contactMonitoring`. */
  readonly mode?: LogOptions['mode'];
  /** The operation that is to refuse it, ready to be done. */
  tell(t: Teller): Promise<() => unknown>;
}

const at =
  (...positions: readonly number[]) =>
  (position: number): number =>
    positions.includes(position) ? 1 : 0;

/** The log of the stories. */
export function storyLog(
  t: Pick<Teller, 'options'>,
  size = 14,
  versionsAt = at(2, 5, 12),
): Promise<HonestLog> {
  return logOf(size, { windowMs: WINDOW_MS, maxAheadMs: 1000, maxBehindMs: 1000, ...t.options }, versionsAt);
}

const verifying =
  (log: HonestLog, bob: Client, bytes: Uint8Array, label = ALICE, clockMs?: number) =>
  (): VerifiedCredential =>
    readerOf(log, bob).verify(bytes, { label, clockMs });

/** A standard credential of version 1, from a log that has no version 2. */
async function standard(
  t: Teller,
  lie: Lie<Credential> = {},
  label = ALICE,
): Promise<() => VerifiedCredential> {
  const log = await storyLog(t, 14, at(2, 5));
  return verifying(log, await walked(log), await log.credential(ALICE, BASE, t.lie(lie)), label);
}

/** A provisional credential of version 2. */
async function provisional(t: Teller, lie: Lie<Credential> = {}): Promise<() => VerifiedCredential> {
  const log = await storyLog(t);
  return verifying(log, await walked(log), await log.credential(ALICE, BASE, t.lie(lie)));
}

const patch = (change: (given: Credential) => object): Lie<Credential> => ({
  patch: (given) => ({ ...given, ...change(given) }) as Credential,
});
const distinguished = (change: (given: PrefixProof) => PrefixProof): Lie<Credential> =>
  patch((given) => ({ distinguished: change((given as Standard).distinguished) }));
const searching = (change: (given: CombinedTreeProof) => CombinedTreeProof): Lie<Credential> =>
  patch((given) => ({ search: change((given as ProvisionalForm).search) }));
const ladder = (
  change: (steps: readonly BinaryLadderStep[]) => readonly BinaryLadderStep[],
): Lie<Credential> => patch(({ binaryLadder }) => ({ binaryLadder: change(binaryLadder) }));

/** Commits to something at one version of the ladder of `target`. */
const committing = (target: number, version: number): Lie<Credential> =>
  ladder((steps) =>
    steps.map((step, i) =>
      baseLadder(target)[i] === version ? { ...step, commitment: new Uint8Array(32).fill(7) } : step,
    ),
  );

const flipped = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, i) => (i === 0 ? (byte + 1) % 256 : byte));

const ABOUT_VALUES: readonly CredentialLie[] = [
  {
    name: 'a true credential of somebody else',
    code: 'ERR_CREDENTIAL_LABEL',
    tell: (t) => standard(t, {}, t.lies ? utf8('bob') : ALICE),
  },
  {
    name: 'somebody else’s label on it',
    code: 'ERR_VRF_PROOF',
    tell: (t) =>
      standard(
        t,
        patch(() => ({ label: utf8('bob') })),
        t.lies ? utf8('bob') : ALICE,
      ),
  },
  {
    name: 'another value, standard',
    code: 'ERR_ENTRY_ROOT',
    orCode: 'ERR_PREFIX_CONFLICT',
    tell: (t) =>
      standard(
        t,
        patch(({ value }) => ({ value: { ...value, value: utf8('mallory') } })),
      ),
  },
  {
    name: 'another value, provisional',
    code: 'ERR_SIGNATURE',
    tell: (t) =>
      provisional(
        t,
        patch(({ value }) => ({ value: { ...value, value: utf8('mallory') } })),
      ),
  },
  {
    name: 'another value, beside the service operator’s signature',
    code: 'ERR_VALUE_SIGNATURE',
    mode: 'thirdPartyManagement',
    tell: (t) =>
      standard(
        t,
        patch(({ value }) => ({ value: { ...value, value: utf8('mallory') } })),
      ),
  },
  {
    name: 'another signature of the service operator',
    code: 'ERR_VALUE_SIGNATURE',
    mode: 'thirdPartyManagement',
    tell: (t) =>
      provisional(
        t,
        patch(({ value: { value, suffix } }) => ({
          value: { value, suffix: { signature: flipped(suffix.signature as Uint8Array) } },
        })),
      ),
  },
  {
    name: 'another opening, standard',
    code: 'ERR_ENTRY_ROOT',
    orCode: 'ERR_PREFIX_CONFLICT',
    tell: (t) =>
      standard(
        t,
        patch(({ opening }) => ({ opening: flipped(opening) })),
      ),
  },
  {
    name: 'another opening, provisional',
    code: 'ERR_SIGNATURE',
    tell: (t) =>
      provisional(
        t,
        patch(({ opening }) => ({ opening: flipped(opening) })),
      ),
  },
  {
    name: 'a step of the ladder too few',
    code: 'ERR_LADDER_STEPS',
    tell: (t) =>
      standard(
        t,
        ladder((steps) => steps.slice(1)),
      ),
  },
  {
    name: 'a step of the ladder too many',
    code: 'ERR_LADDER_STEPS',
    tell: (t) =>
      provisional(
        t,
        ladder((steps) => [...steps, ...steps.slice(0, 1)]),
      ),
  },
  {
    name: 'a commitment to the version that is opened',
    code: 'ERR_LADDER_COMMITMENT',
    tell: (t) => standard(t, committing(1, 1)),
  },
  {
    name: 'a commitment to a version above it',
    code: 'ERR_LADDER_COMMITMENT',
    tell: (t) => provisional(t, committing(2, 3)),
  },
  {
    name: 'a commitment to an older version that is false, standard',
    code: 'ERR_ENTRY_ROOT',
    tell: (t) => standard(t, committing(1, 0)),
  },
  {
    name: 'an older version without its commitment',
    code: 'ERR_PREFIX_COMMITMENT',
    tell: (t) =>
      standard(
        t,
        ladder((steps) => steps.map((step) => ({ ...step, commitment: undefined }))),
      ),
  },
  {
    name: 'a VRF proof of another version',
    code: 'ERR_VRF_PROOF',
    tell: (t) =>
      standard(
        t,
        ladder(([first, ...rest]) =>
          [...rest.slice(0, 1), first as BinaryLadderStep, ...rest.slice(1)].map((step, i) => ({
            ...step,
            commitment: i === 0 ? (first as BinaryLadderStep).commitment : undefined,
          })),
        ),
      ),
  },
];

/** Stories in which the lie is told about a standard credential. */
const ABOUT_STANDARD: readonly CredentialLie[] = [
  {
    name: 'an older version as the greatest',
    code: 'ERR_GREATEST_VERSION',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const claims = t.lies ? log.versionsOf(ALICE).slice(0, 1) : log.versionsOf(ALICE);
      return verifying(log, await walked(log), await log.credential(ALICE, BASE, { claims }));
    },
  },
  {
    name: 'a version that is not there yet, as standard',
    code: 'ERR_GREATEST_VERSION',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5, 12));
      const lie = t.lies ? { kind: 'standard' as const } : {};
      return verifying(log, await walked(log), await log.credential(ALICE, BASE, lie));
    },
  },
  {
    name: 'a lookup left out',
    code: 'ERR_LADDER_LENGTH',
    tell: (t) =>
      standard(
        t,
        distinguished(({ results, elements }) => ({ results: results.slice(1), elements })),
      ),
  },
  {
    name: 'a lookup too many',
    code: 'ERR_LADDER_LENGTH',
    tell: (t) =>
      standard(
        t,
        distinguished(({ results, elements }) => ({ results: [...results, ...results.slice(-1)], elements })),
      ),
  },
  {
    name: 'a version hidden behind its own leaf',
    code: 'ERR_PREFIX_LEAF_KEY',
    async tell(t) {
      // Version 2 is in the tree, and the proof says that another leaf stands in its place: itself.
      const log = await storyLog(t, 14, t.lies ? at(2, 5, 8) : at(2, 5));
      const hidden = {
        vrfOutput: log.vrfOutput(ALICE, 2),
        commitment: log.commitmentOf(ALICE, 2) ?? new Uint8Array(32),
      };
      const shown = log.versionsOf(ALICE).slice(0, 2);
      const bytes = await log.credential(ALICE, BASE, {
        ...t.lie({ claims: shown }),
        ...t.lie(
          distinguished(({ results, elements }) => ({
            results: [
              ...results.slice(0, -1),
              {
                resultType: 'nonInclusionLeaf' as const,
                leaf: hidden,
                depth: results.at(-1)?.depth as number,
              },
            ],
            elements,
          })),
        ),
      });
      return verifying(log, await walked(log), bytes);
    },
  },
  {
    name: 'the proof of another log entry',
    code: 'ERR_ENTRY_ROOT',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const bytes = await log.credential(
        ALICE,
        t.lies ? 9 : BASE,
        patch(() => ({ position: BASE })),
      );
      return verifying(log, await walked(log), bytes);
    },
  },
  {
    name: 'an element of the proof changed',
    code: 'ERR_ENTRY_ROOT',
    tell: (t) =>
      standard(
        t,
        distinguished(({ results, elements }) => ({
          results,
          elements: elements.map((each, i) => (i === 0 ? flipped(each) : each)),
        })),
      ),
  },
  {
    name: 'an element of the proof too many',
    code: 'ERR_PROOF_LENGTH',
    tell: (t) =>
      standard(
        t,
        distinguished(({ results, elements }) => ({ results, elements: [...elements, new Uint8Array(32)] })),
      ),
  },
  {
    name: 'an element of the proof too few',
    code: 'ERR_PROOF_LENGTH',
    tell: (t) =>
      standard(
        t,
        distinguished(({ results, elements }) => ({ results, elements: elements.slice(1) })),
      ),
  },
  {
    name: 'the entry of a log that went another way',
    code: 'ERR_ENTRY_ROOT',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const other = await storyLog(t, 14, t.lies ? at(2, 5, 9) : at(2, 5));
      const claims = other.versionsOf(ALICE);
      return verifying(log, await walked(log), await other.credential(ALICE, BASE, { claims }));
    },
  },
  {
    name: 'an entry that is not distinguished',
    code: 'ERR_CREDENTIAL_POSITION',
    refusal: 'PolicyError',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      return verifying(log, await walked(log), await log.credential(ALICE, t.lies ? 10 : BASE));
    },
  },
  {
    name: 'an entry that is not recent any more',
    code: 'ERR_CREDENTIAL_POSITION',
    refusal: 'PolicyError',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const bytes = await log.credential(ALICE, t.lies ? 5 : 7);
      const reader = readerOf(log, await walked(log), { count: 3 });
      return () => reader.verify(bytes, { label: ALICE });
    },
  },
  {
    name: 'an entry beyond what the user knows',
    code: 'ERR_CREDENTIAL_EARLY',
    refusal: 'PolicyError',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const bob = await walked(log);
      const bytes = await log.credential(ALICE, BASE, t.lie(patch(() => ({ position: 2 ** 53 - 1 }))));
      return verifying(log, bob, bytes);
    },
  },
  {
    name: 'a byte too many',
    code: 'ERR_TRAILING_BYTES',
    refusal: 'DecodeError',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const bytes = await log.credential(ALICE, BASE);
      return verifying(log, await walked(log), t.lies ? Uint8Array.of(...bytes, 0) : bytes);
    },
  },
  {
    name: 'more bytes than a credential may have',
    code: 'ERR_TOO_LARGE',
    refusal: 'DecodeError',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const bytes = await log.credential(ALICE, BASE);
      return verifying(log, await walked(log), t.lies ? new Uint8Array(2 ** 21 + 1) : bytes);
    },
  },
  {
    name: 'a kind that there is not',
    code: 'ERR_ENUM',
    refusal: 'DecodeError',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const honest = await log.credential(ALICE, BASE);
      const other = await log.credential(
        ALICE,
        BASE,
        distinguished(() => ({ results: [], elements: [] })),
      );
      // The kind stands before the proof: three bytes of an empty one, and itself.
      const bytes = Uint8Array.from(honest);
      bytes[other.length - 4] = 3;
      return verifying(log, await walked(log), t.lies ? bytes : honest);
    },
  },
];

const ABOUT_PROVISIONAL: readonly CredentialLie[] = [
  {
    name: 'a tree that does not hold the distinguished entry',
    code: 'ERR_HEAD_ORDER',
    tell: (t) =>
      provisional(
        t,
        patch((given) => ({ treeHead: { ...(given as ProvisionalForm).treeHead, treeSize: BASE } })),
      ),
  },
  {
    name: 'a tree that ends with the distinguished entry',
    code: 'ERR_CREDENTIAL_TERMINAL',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const lie = t.lies ? { kind: 'provisional' as const, cut: BASE + 1 } : {};
      return verifying(log, await walked(log), await log.credential(ALICE, BASE, lie));
    },
  },
  {
    name: 'a provisional credential where a standard one could be',
    code: 'ERR_CREDENTIAL_TERMINAL',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 5));
      const lie = t.lies ? { kind: 'provisional' as const } : {};
      return verifying(log, await walked(log), await log.credential(ALICE, BASE, lie));
    },
  },
  {
    name: 'an older version as the greatest, in the newest tree',
    code: 'ERR_PREFIX_COMMITMENT',
    async tell(t) {
      const log = await storyLog(t, 14, at(2, 12, 13));
      const claims = log.versionsOf(ALICE).slice(0, t.lies ? 2 : 3);
      const lie = { claims, kind: 'provisional' as const, ...t.lie({ bend: shameless }) };
      return verifying(log, await walked(log), await log.credential(ALICE, BASE, lie));
    },
  },
  {
    name: 'a version that no log entry has',
    code: 'ERR_GREATEST_VERSION',
    async tell(t) {
      const log = await storyLog(t);
      const bob = await walked(log);
      const honest = await log.credential(ALICE, BASE);
      const next = { ...(log.versionsOf(ALICE)[2] as StoredVersion), position: 13 };
      // The ladders are those of version 3; the prefix trees have none.
      const history = log.versionsOf(ALICE);
      const claims = [...history, next];
      return verifying(
        log,
        bob,
        t.lies ? await log.credential(ALICE, BASE, { claims, history, bend: shameless }) : honest,
      );
    },
  },
  {
    name: 'no signature',
    code: 'ERR_SIGNATURE',
    tell: (t) =>
      provisional(
        t,
        patch((given) => ({
          treeHead: { ...(given as ProvisionalForm).treeHead, signature: new Uint8Array(64) },
        })),
      ),
  },
  {
    name: 'the signature of another tree',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const log = await storyLog(t);
      const signature = log.signHead(13, log.rootAt(13));
      const lie = t.lie(
        patch((given) => ({ treeHead: { ...(given as ProvisionalForm).treeHead, signature } })),
      );
      return verifying(log, await walked(log), await log.credential(ALICE, BASE, lie));
    },
  },
  {
    name: 'the auditor’s signature for the log’s',
    code: 'ERR_SIGNATURE',
    mode: 'thirdPartyAuditing',
    async tell(t) {
      const log = await storyLog(t);
      const signature = log.signAuditor({ timestampMs: log.nowMs, treeSize: 14 }, log.rootAt(14));
      const lie = t.lie(
        patch((given) => ({ treeHead: { ...(given as ProvisionalForm).treeHead, signature } })),
      );
      return verifying(log, await walked(log), await log.credential(ALICE, BASE, lie));
    },
  },
  {
    name: 'a node for an auditor’s tree',
    code: 'ERR_PROOF_LENGTH',
    mode: 'thirdPartyAuditing',
    tell: (t) =>
      provisional(
        t,
        searching((search) => ({
          ...search,
          inclusion: { elements: [...search.inclusion.elements, new Uint8Array(32)] },
        })),
      ),
  },
  {
    name: 'a tree of other times before the distinguished entry, signed',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const log = await storyLog(t, 5);
      const other = t.lies ? log.fork() : log;
      const entry = [
        { label: 'user 5', values: ['x'] },
        { label: 'alice', values: ['alice at 5 0'] },
      ];
      await other.append(log.nowMs + STEP_MS + (t.lies ? 1 : 0), entry);
      await grow(other, 8, at(12));
      if (t.lies) await grow(log, 9, at(5, 12));
      return verifying(log, await walked(log), await other.credential(ALICE, BASE));
    },
  },
  {
    name: 'a tree whose past is not the user’s, signed',
    code: 'ERR_ENTRY_ROOT',
    async tell(t) {
      const log = await storyLog(t);
      const other = await storyLog(t, 14, t.lies ? at(2, 6, 12) : at(2, 5, 12));
      return verifying(log, await walked(log), await other.credential(ALICE, BASE));
    },
  },
  {
    name: 'timestamps that fall, signed',
    code: 'ERR_TIMESTAMP_ORDER',
    async tell(t) {
      const log = await storyLog(t, 12, at(2, 5));
      const bob = await walked(log);
      await log.append(log.nowMs + STEP_MS, [{ label: 'alice', values: ['new'] }]);
      await log.append(log.nowMs + STEP_MS);
      await log.append(log.nowMs + (t.lies ? -1 : 1));
      return verifying(log, bob, await log.credential(ALICE, BASE));
    },
  },
  {
    name: 'a search for a user without the distinguished entry',
    code: 'ERR_PROOF_TIMESTAMPS',
    async tell(t) {
      const log = await storyLog(t);
      const honest = await log.credential(ALICE, BASE);
      const from = await log.credential(ALICE, 7);
      const { search } = log.parseCredential(from) as ProvisionalForm;
      return verifying(
        log,
        await walked(log),
        t.lies
          ? await log.credential(
              ALICE,
              BASE,
              searching(() => search),
            )
          : honest,
      );
    },
  },
  ...PROOF_DAMAGES.map(
    ([name, code, damage]): CredentialLie => ({
      name: `${name}, in the search`,
      code,
      tell: (t) => provisional(t, searching(damage)),
    }),
  ),
  {
    name: 'a tree that is older than the program’s clock allows',
    code: 'ERR_HEAD_BEHIND',
    refusal: 'PolicyError',
    async tell(t) {
      const log = await storyLog(t);
      const bytes = await log.credential(ALICE, BASE);
      return verifying(log, await walked(log), bytes, ALICE, log.nowMs + (t.lies ? 1001 : 1000));
    },
  },
  {
    name: 'a tree that is ahead of the program’s clock',
    code: 'ERR_HEAD_AHEAD',
    refusal: 'PolicyError',
    async tell(t) {
      const log = await storyLog(t);
      const bytes = await log.credential(ALICE, BASE);
      return verifying(log, await walked(log), bytes, ALICE, log.nowMs - (t.lies ? 1001 : 1000));
    },
  },
];

/** A walk that is told that every ladder ends as it should. */
const shameless: NonNullable<Lie<Credential>['bend']> = function* (walk) {
  let step = walk.next();
  while (step.done !== true) {
    const answer = yield step.value;
    step = walk.next(step.value.ask === 'searchLadder' ? 0 : answer);
  }
  return step.value;
};

/** A provisional credential that bob has, from one log; another log may be what he learns later. */
async function pendingOf(
  t: Pick<Teller, 'options'>,
  size = 13,
): Promise<{ readonly log: HonestLog; readonly bob: Client; readonly pending: Uint8Array }> {
  const log = await storyLog(t, size);
  const bob = await walked(log);
  const { pending } = verifying(log, bob, await log.credential(ALICE, BASE))() as Provisional;
  return { log, bob, pending };
}

const settling =
  (log: HonestLog, bob: Client, pending: Uint8Array, update?: Uint8Array) => (): SettledCredential => {
    const settled = readerOf(log, bob).settle(pending, { update });
    if (settled.outcome !== 'verified') throw new Error(`it is ${settled.outcome}`);
    return settled;
  };

/** An update of a provisional credential, up to entry 13. */
async function updated(t: Teller, lie: Lie<CredentialUpdate> = {}): Promise<() => SettledCredential> {
  const { log, bob, pending } = await pendingOf(t);
  await grow(log, 4, at());
  const asked = { version: 2, treeSize: 13, terminal: 12, distinguished: 13 };
  return settling(log, await walked(log, bob), pending, await log.credentialUpdate(ALICE, asked, t.lie(lie)));
}

const monitoring = (change: (given: CombinedTreeProof) => CombinedTreeProof): Lie<CredentialUpdate> => ({
  patch: ({ monitor }) => ({ monitor: change(monitor) }),
});

const ABOUT_SETTLING: readonly CredentialLie[] = [
  {
    name: 'another prefix tree in the terminal entry, shown to the sender',
    code: 'ERR_ENTRY_ROOT',
    async tell(t) {
      const log = await storyLog(t, 12);
      const bob = await walked(log);
      const shown = t.lies ? log.fork() : log;
      await grow(shown, 2, at(12));
      const { pending } = verifying(log, bob, await shown.credential(ALICE, BASE))() as Provisional;
      await grow(log, 18 - log.size, at());
      return settling(log, await walked(log, bob), pending);
    },
  },
  {
    name: 'another past before the terminal entry, shown to the sender',
    code: 'ERR_RETAINED_SUBTREE',
    async tell(t) {
      // The prefix trees are the same; entry 12 has another time.
      const log = await storyLog(t, 12, at(2, 5));
      const bob = await walked(log);
      const shown = t.lies ? log.fork() : log;
      const rest = async (to: HonestLog, byMs: number): Promise<void> => {
        await to.append((log.entries[11]?.timestampMs as number) + byMs, [
          { label: 'alice', values: ['new'] },
        ]);
        await to.append((log.entries[11]?.timestampMs as number) + 2 * STEP_MS);
      };
      await rest(shown, t.lies ? 1 : STEP_MS);
      const { pending } = verifying(log, bob, await shown.credential(ALICE, BASE))() as Provisional;
      if (t.lies) await rest(log, STEP_MS);
      await grow(log, 4, at());
      return settling(log, await walked(log, bob), pending);
    },
  },
  {
    name: 'another log, shown to the sender, and an update from it',
    code: 'ERR_PROOF_ROOT',
    async tell(t) {
      const log = await storyLog(t, 12);
      const bob = await walked(log);
      const shown = t.lies ? log.fork() : log;
      await grow(shown, 1, at(12));
      const { pending } = verifying(log, bob, await shown.credential(ALICE, BASE))() as Provisional;
      await grow(log, 17 - log.size, at());
      if (t.lies) await grow(shown, 4, at());
      const asked = { version: 2, treeSize: 13, terminal: 12, distinguished: 13 };
      return settling(log, await walked(log, bob), pending, await shown.credentialUpdate(ALICE, asked));
    },
  },
  {
    name: 'the version taken back in the entry that is distinguished',
    code: 'ERR_MONITORED_VERSION',
    async tell(t) {
      const { log, bob, pending } = await pendingOf(t);
      if (t.lies) await log.appendStored(log.nowMs + STEP_MS, ALICE, [], [2]);
      await grow(log, 17 - log.size, at());
      const asked = { version: 2, treeSize: 13, terminal: 12, distinguished: 13 };
      const history = log
        .versionsOf(ALICE)
        .map((stored, i) => (i === 2 && t.lies ? { ...stored, until: 13 } : stored));
      const lie = { history, shameless: t.lies };
      return settling(log, await walked(log, bob), pending, await log.credentialUpdate(ALICE, asked, lie));
    },
  },
  {
    name: 'an update without monitoring',
    code: 'ERR_PROOF_SEARCHES',
    tell: (t) => updated(t, { bend: idleWalk }),
  },
  {
    name: 'an update with monitoring, in a log with an auditor',
    code: 'ERR_PROOF_SEARCHES',
    mode: 'thirdPartyAuditing',
    tell: (t) =>
      updated(
        t,
        monitoring((proof) => ({
          ...proof,
          prefixProofs: [{ results: [], elements: [new Uint8Array(32)] }],
        })),
      ),
  },
  {
    name: 'an update with monitoring, in a log with a manager',
    code: 'ERR_PROOF_SEARCHES',
    mode: 'thirdPartyManagement',
    tell: (t) =>
      updated(
        t,
        monitoring((proof) => ({
          ...proof,
          prefixProofs: [{ results: [], elements: [new Uint8Array(32)] }],
        })),
      ),
  },
  {
    name: 'an update from another tree than the credential’s',
    code: 'ERR_PROOF_LENGTH',
    mode: 'thirdPartyAuditing',
    async tell(t) {
      const { log, bob, pending } = await pendingOf(t);
      await grow(log, 4, at());
      const asked = { version: 2, treeSize: t.lies ? 12 : 13, terminal: 12, distinguished: 13 };
      return settling(log, await walked(log, bob), pending, await log.credentialUpdate(ALICE, asked));
    },
  },
  {
    name: 'an update to another distinguished entry',
    code: 'ERR_PROOF_TIMESTAMPS',
    async tell(t) {
      const { log, bob, pending } = await pendingOf(t);
      await grow(log, 10, at());
      const asked = { version: 2, treeSize: 13, terminal: 12, distinguished: t.lies ? 15 : 13 };
      return settling(log, await walked(log, bob), pending, await log.credentialUpdate(ALICE, asked));
    },
  },
  {
    name: 'an update for another label',
    code: 'ERR_PROOF_ROOT',
    orCode: 'ERR_PROOF_LENGTH',
    async tell(t) {
      const log = await storyLog(t, 12);
      const both = { label: 'carol', values: ['a', 'b', 'c'] };
      await log.append(log.nowMs + STEP_MS, [{ label: 'alice', values: ['new'] }, both]);
      const bob = await walked(log);
      const { pending } = verifying(log, bob, await log.credential(ALICE, BASE))() as Provisional;
      await grow(log, 4, at());
      const asked = { version: 2, treeSize: 13, terminal: 12, distinguished: 13 };
      const label = t.lies ? utf8('carol') : ALICE;
      return settling(log, await walked(log, bob), pending, await log.credentialUpdate(label, asked));
    },
  },
  {
    name: 'a byte too many in an update',
    code: 'ERR_TRAILING_BYTES',
    refusal: 'DecodeError',
    async tell(t) {
      const { log, bob, pending } = await pendingOf(t);
      await grow(log, 4, at());
      const asked = { version: 2, treeSize: 13, terminal: 12, distinguished: 13 };
      const bytes = await log.credentialUpdate(ALICE, asked);
      return settling(log, await walked(log, bob), pending, t.lies ? Uint8Array.of(...bytes, 0) : bytes);
    },
  },
  {
    name: 'more bytes than an update may have',
    code: 'ERR_TOO_LARGE',
    refusal: 'DecodeError',
    async tell(t) {
      const { log, bob, pending } = await pendingOf(t);
      await grow(log, 4, at());
      const asked = { version: 2, treeSize: 13, terminal: 12, distinguished: 13 };
      const bytes = await log.credentialUpdate(ALICE, asked);
      return settling(log, await walked(log, bob), pending, t.lies ? new Uint8Array(2 ** 20 + 1) : bytes);
    },
  },
  ...PROOF_DAMAGES.map(
    ([name, code, damage]): CredentialLie => ({
      name: `${name}, in an update`,
      code: code === 'ERR_SIGNATURE' ? 'ERR_PROOF_ROOT' : code,
      tell: (t) => updated(t, monitoring(damage)),
    }),
  ),
  {
    name: 'a pending credential of another log',
    code: 'ERR_STATE_LOG',
    refusal: 'StateError',
    async tell(t) {
      const { log, bob, pending } = await pendingOf(t, 14);
      await grow(log, 4, at());
      const other = await storyLog({ options: { ...t.options, mode: 'thirdPartyAuditing' } });
      const reader = createCredentialReader(other.configurationBytes, { suite: other.options.suite });
      return t.lies ? () => reader.settle(pending) : settling(log, await walked(log, bob), pending);
    },
  },
];

/** A walk that asks for what the view was updated with. */
const idleWalk: NonNullable<Lie<CredentialUpdate>['bend']> = function* <Result>() {
  yield { ask: 'timestamp' as const, position: 13 };
  return undefined as Result;
};

export const CREDENTIAL_LIES: readonly (readonly [about: string, lies: readonly CredentialLie[]])[] = [
  ['labels and values', ABOUT_VALUES],
  ['standard credentials', ABOUT_STANDARD],
  ['provisional credentials', ABOUT_PROVISIONAL],
  ['final verification', ABOUT_SETTLING],
];

/** What becomes of a story. */
export async function outcomeOf(
  { mode = 'contactMonitoring', tell }: CredentialLie,
  suite: CipherSuite,
  lies: boolean,
): Promise<string> {
  const teller: Teller = { options: { suite, mode }, lies, lie: (lie) => (lies ? lie : {}) };
  const operation = await tell(teller);
  try {
    operation();
  } catch (error) {
    const { name, code, message } = error as Error & { readonly code?: string };
    return `${name} ${code ?? message}`;
  }
  return 'accepted';
}
