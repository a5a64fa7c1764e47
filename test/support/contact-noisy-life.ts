/** Arbitrary events (`contact-noise.ts`) as they happen to the user's devices. */

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
import { answerOf } from './contact-answers.js';
import {
  herReset,
  herTwin,
  honestNext,
  MALLORY,
  resetUnderSameKey,
  stolenKeyAdds,
} from './contact-forgeries.js';
import { EVENTS, type Noise } from './contact-noise.js';
import { NUMBER, type Page, pageOf, publicKeyOf, tellAccount } from './contact-story.js';
import { digest, HOUR, START } from './contact-world.js';

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
  if (event.kind === 'merge') {
    // As an app does: what merging shows is reviewed, and so noted, before anything else happens.
    return reviewContact({ stored: mergeContacts(state, pick(others, event.a)), nowMs }).state;
  }
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
