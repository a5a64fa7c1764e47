/**
 * Events that make no sense together: whatever an app, a directory, a log or a person could hand in, in any order, at
 * any time, to any of the user's devices. Lists are really signed ones, but verified against lists that the device
 * never stored; clocks go back; keys are compared that nobody has.
 */

import {
  type ContactEvent,
  type ContactState,
  createContact,
  type DirectoryAnswer,
  type LogEvidence,
  mergeContacts,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import type { VerifiedDeviceList } from 'contact-key-verification/keys.js';
import fc from 'fast-check';
import {
  herReset,
  herTwin,
  honestNext,
  MALLORY,
  resetUnderSameKey,
  stolenKeyAdds,
} from './contact-forgeries.js';
import type { UserDevice } from './contact-steps.js';
import { answerOf, NUMBER, type Page, pageOf, publicKeyOf, tellAccount } from './contact-story.js';
import { DAY, digest, HOUR, START } from './contact-world.js';

const EVENTS = [
  'code-same',
  'number-same',
  'qr-same',
  'public-code-saved',
  'public-code-forgotten',
  'code-different',
  'number-different',
  'qr-different',
  'false-reveal',
  'code-interrupted',
  'message-received',
  'change-accepted',
  'finding-seen',
  'contact-blocked',
  'contact-unblocked',
  'time-passed',
] as const satisfies readonly ContactEvent['kind'][];

const KINDS = [
  'next-list',
  'next-list',
  'next-list',
  'any-list',
  'any-list',
  'forged-list',
  'other-identifiers',
  'named-devices',
  'refused',
  'no-list',
  'unreachable',
  'proven-newest',
  'proven-newest',
  'proven-included',
  'unavailable',
  'stale',
  'fork',
  'proof-invalid',
  'merge',
  'own-list-written',
  'finding-seen',
  ...EVENTS,
] as const;

/** One event; `a` and `b` choose within it. */
export interface Noise {
  readonly kind: (typeof KINDS)[number];
  readonly device: UserDevice;
  readonly a: number;
  readonly b: number;
  readonly waitMs: number;
}

/** Steps that carry a proof, or a person's answer. Nothing else may raise trust. */
export const RAISING: ReadonlySet<Noise['kind']> = new Set([
  'next-list',
  'any-list',
  'forged-list',
  'other-identifiers',
  'named-devices',
  'proven-newest',
  'proven-included',
  'code-same',
  'number-same',
  'qr-same',
  'public-code-saved',
  'change-accepted',
  'finding-seen',
  'contact-unblocked',
  'merge',
]);

/** A person's own acts, whose effect on trust is no news to them. */
export const OWN_ACTS: ReadonlySet<Noise['kind']> = new Set([
  'contact-blocked',
  'contact-unblocked',
  'public-code-forgotten',
  'change-accepted',
]);

const devices: fc.Arbitrary<UserDevice> = fc.constantFrom<UserDevice>(0, 1, 2);

export const noise: fc.Arbitrary<Noise> = fc.record({
  kind: fc.constantFrom(...KINDS),
  device: devices,
  a: fc.nat(1000),
  b: fc.nat(1000),
  waitMs: fc.oneof(
    fc.integer({ min: 0, max: HOUR }),
    fc.integer({ min: -HOUR, max: 5 * DAY }),
    fc.constantFrom(-40 * DAY, 0, 60 * DAY),
  ),
});

/** Less of what makes alarms, so that there is trust to lose. */
const calm: fc.Arbitrary<Noise> = fc.record({
  kind: fc.constantFrom<Noise['kind']>(
    ...(['next-list', 'next-list', 'proven-newest', 'code-same', 'public-code-saved', 'qr-same'] as const),
    ...(['finding-seen', 'finding-seen', 'finding-seen', 'merge', 'merge', 'change-accepted'] as const),
    ...([
      'contact-blocked',
      'contact-unblocked',
      'false-reveal',
      'code-different',
      'message-received',
    ] as const),
  ),
  device: devices,
  a: fc.oneof(fc.constant(0), fc.nat(1000)),
  b: fc.nat(1000),
  waitMs: fc.integer({ min: 0, max: 3 * HOUR }),
});

const manyOf = (event: fc.Arbitrary<Noise>): fc.Arbitrary<Noise[]> =>
  fc.array(event, { maxLength: 16, size: 'max' });
export const noises: fc.Arbitrary<Noise[]> = fc.oneof(manyOf(noise), manyOf(calm));

const pick = <T>(from: readonly T[], index: number): T => from[index % from.length] as T;
/** Few pages, so that they meet again. */
const pages = (): readonly Page[] => tellAccount().slice(0, 12);

const CODES = [
  ...['ERR_LIST_SIGNATURE', 'ERR_LIST_AUTHOR', 'ERR_LIST_IDENTIFIER', 'ERR_LIST_GAP', 'ERR_LIST_FORK'],
  ...[
    'ERR_LIST_ROLLBACK',
    'ERR_ACCOUNT_KEY',
    'ERR_VERSION',
    'ERR_SCHEME',
    'ERR_TRUNCATED',
    'ERR_NOBODY_KNOWS',
  ],
];

/** What the directory or the log says in this event, if either does. */
export function answerIn(
  { kind, a, b }: Noise,
  state: ContactState,
  nowMs: number,
): { directory?: DirectoryAnswer; log?: LogEvidence } | undefined {
  const page = pick(pages(), a);
  const current = pageOf(state.list?.listId);
  const asList = (list: VerifiedDeviceList, stored?: VerifiedDeviceList, gapExpired = false) => ({
    directory: answerOf(list.encoded, stored, { gapExpired }),
  });
  const proof = (shown: 'newest' | 'included') => {
    const { sequence, listId } = b % 2 === 0 && state.list !== undefined ? state.list : page.list;
    return {
      log: { kind: shown, sequence, listId, provenMs: Math.max(0, nowMs - (b % 11) * HOUR + HOUR) },
    } as const;
  };
  switch (kind) {
    case 'next-list':
      return asList(current === undefined ? page.list : honestNext(current), current?.list);
    case 'any-list':
      return asList(page.list, b % 3 === 0 ? undefined : pick(pages(), b).list, b % 2 === 0);
    case 'forged-list': {
      const from = current ?? page;
      return asList(pick([herReset, herTwin, resetUnderSameKey, stolenKeyAdds], b)(from), from.list);
    }
    case 'other-identifiers': {
      const answer = answerOf(page.list.encoded);
      const other = answerOf(pick([page, pick(pages(), b)], b).list.encoded);
      if (answer.kind !== 'list' || other.kind !== 'list') throw new Error('a page is a list');
      return { directory: { ...answer, others: [other.list] } };
    }
    case 'named-devices': {
      const answer = answerOf((current ?? page).list.encoded, current?.list);
      if (answer.kind === 'unreachable') return { directory: answer };
      return { directory: { ...answer, named: [deviceAt(state, a, b)] } };
    }
    case 'refused':
      return { directory: { kind, code: pick(CODES, a), bytes: Uint8Array.of(b % 256) } };
    case 'no-list':
    case 'unreachable':
      return { directory: { kind } };
    case 'proven-newest':
      return proof('newest');
    case 'proven-included':
      return proof('included');
    case 'unavailable':
      return { log: { kind, scope: a % 2 === 0 ? 'log' : 'label' } };
    case 'fork':
      return { log: { kind, evidence: Uint8Array.of(a % 3) } };
    case 'stale':
    case 'proof-invalid':
      return { log: { kind } };
    default:
      return undefined;
  }
}

function deviceAt({ list }: ContactState, a: number, b: number) {
  const known = list === undefined ? undefined : list.devices[a % (list.devices.length + 1)];
  const signingKey = known?.signingKey ?? publicKeyOf(`${MALLORY} ${b % 12}`);
  return b % 2 === 0 ? { signingKey } : { signingKey, messagingKeys: digest('keys', b % 3) };
}

/** What happened otherwise. */
export function eventOf({ kind, a, b }: Noise, state: ContactState, nowMs: number): ContactEvent {
  const keys = [state.list?.accountKeyId, pick(pages(), b).list.accountKeyId, digest('nobody', b % 5)];
  const keyId = pick(keys, a) ?? digest('nobody', 0);
  switch (kind) {
    case 'code-same':
    case 'number-same':
    case 'qr-same':
    case 'public-code-saved':
    case 'public-code-forgotten':
      return { kind, keyId };
    case 'code-interrupted':
      return {
        kind,
        why: pick(['session-cancelled', 'session-expired', 'session-aborted', 'further-start'], a),
      };
    case 'message-received':
      return { kind, device: deviceAt(state, a, b) };
    case 'finding-seen': {
      const { findings } = reviewContact({ stored: state, nowMs });
      return { kind, id: pick([...findings.map(({ id }) => id), 'no such finding'], a) };
    }
    case 'own-list-written':
      if (state.owner !== 'own') return { kind: 'time-passed' };
      return { kind, sequence: a % 5, listId: pick(pages(), b).list.listId };
    default:
      return (EVENTS as readonly string[]).includes(kind)
        ? ({ kind } as ContactEvent)
        : { kind: 'time-passed' };
  }
}

/** The state of a device after an event; `others` are the user's devices, for a merge. */
export function apply(
  state: ContactState,
  event: Noise,
  nowMs: number,
  others: readonly ContactState[] = [state],
): ContactState {
  if (event.kind === 'merge') return mergeContacts(state, pick(others, event.a));
  const answer = answerIn(event, state, nowMs);
  if (answer !== undefined) return reviewContact({ stored: state, ...answer, nowMs }).state;
  return reduceContact(state, eventOf(event, state, nowMs), { nowMs });
}

/** One event as it happened. */
export interface Happening {
  readonly event: Noise;
  readonly before: ContactState;
  readonly after: ContactState;
  readonly nowMs: number;
}

export const unknownContact = (owner: 'contact' | 'own' = 'contact'): ContactState =>
  createContact({ identifier: encodeUtf8(NUMBER), owner });

/** Three devices through it all. */
export function live(
  events: readonly Noise[],
  owner: 'contact' | 'own' = 'contact',
): { readonly states: readonly ContactState[]; readonly happenings: readonly Happening[] } {
  const states = [unknownContact(owner), unknownContact(owner), unknownContact(owner)];
  const happenings: Happening[] = [];
  let nowMs = START;
  for (const event of events) {
    nowMs = Math.max(0, nowMs + event.waitMs);
    const before = states[event.device] as ContactState;
    const after = apply(before, event, nowMs, states);
    states[event.device] = after;
    happenings.push({ event, before, after, nowMs });
  }
  return { states, happenings };
}
