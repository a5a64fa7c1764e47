/**
 * Devices of one user that are told things apart: one the list, one its proof, one that something is wrong, one that it
 * is over; and the person decides on whichever is at hand. So that what two of them know would be trust only together.
 */

import {
  type ContactState,
  type DirectoryAnswer,
  type LogEvidence,
  mergeContacts,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import fc from 'fast-check';
import { answerOf } from './contact-answers.js';
import { herAccount, resetUnderSameKey } from './contact-forgeries.js';
import { unknownContact } from './contact-noisy-life.js';
import { type Page, tellAccount } from './contact-story.js';
import { DAY, HOUR, START } from './contact-world.js';

/** What may happen to a device, as often as it stands here. */
const KINDS = [
  ...(['next-list', 'next-list', 'late-list', 'older-list', 'same-list', 'reset', 'two-chains'] as const),
  ...(['proof', 'proof', 'proof', 'proof', 'false-proofs', 'written'] as const),
  ...(['same', 'same', 'different', 'false-reveal', 'false-reveal'] as const),
  ...(['see-all', 'see-all', 'see-all', 'accept', 'block', 'unblock', 'unblock', 'hear'] as const),
] as const;

export interface ApartStep {
  readonly kind: (typeof KINDS)[number];
  readonly device: 0 | 1 | 2;
  readonly pick: number;
  readonly waitMs: number;
}

const step: fc.Arbitrary<ApartStep> = fc.record({
  kind: fc.constantFrom(...KINDS),
  device: fc.constantFrom<0 | 1 | 2>(0, 0, 1, 1, 2),
  pick: fc.nat(11),
  waitMs: fc.constantFrom(0, HOUR, HOUR, 13 * HOUR, 2 * DAY),
});

/** Two of them have met the contact. */
const MEETINGS: readonly ApartStep[] = ([0, 1] as const).map((device) => ({
  kind: 'next-list',
  device,
  pick: 0,
  waitMs: 0,
}));

export const apartSteps: fc.Arbitrary<ApartStep[]> = fc.array(step, {
  minLength: 3,
  maxLength: 14,
  size: 'max',
});

/** A few lists of one account that follow each other. */
function lists(): readonly Page[] {
  const pages: Page[] = [];
  for (let page = tellAccount()[0]; page !== undefined && pages.length < 5; page = page.after[0])
    pages.push(page);
  return pages;
}

/** Three devices and what each has been, newest last, every state reviewed as an app does; and the time. */
export function liveApart(
  steps: readonly ApartStep[],
  owner: 'contact' | 'own',
): { readonly pasts: readonly ContactState[][]; readonly nowMs: number } {
  const states = [0, 1, 2].map(() => unknownContact(owner));
  const pasts: ContactState[][] = [[], [], []];
  let nowMs = START;
  for (const { waitMs, device, ...happens } of [...MEETINGS, ...steps]) {
    nowMs += waitMs;
    const state = after(states[device] as ContactState, states, happens, nowMs);
    states[device] = state;
    pasts[device]?.push(state);
  }
  return { pasts, nowMs };
}

function after(
  state: ContactState,
  states: readonly ContactState[],
  { kind, pick }: Pick<ApartStep, 'kind' | 'pick'>,
  nowMs: number,
): ContactState {
  const pages = lists();
  const at = pages.findIndex(({ list }) => list.listId.join() === state.list?.listId.join());
  const page = pages[at] ?? (pages[0] as Page);
  const stored = at < 0 ? undefined : page.list;
  const review = (directory: DirectoryAnswer | undefined, log?: LogEvidence): ContactState =>
    reviewContact({ stored: state, directory, log, nowMs }).state;
  const event = (kindOf: 'change-accepted' | 'false-reveal' | 'code-different'): ContactState =>
    reduceContact(state, { kind: kindOf }, { nowMs });
  const shown = (of: Page | undefined, options: { gapExpired?: boolean } = {}): ContactState =>
    review(answerOf((of ?? page).list.encoded, stored, options));
  switch (kind) {
    case 'next-list':
      return shown(pages[at + 1]);
    case 'late-list':
      return shown(pages[at + 2], { gapExpired: true });
    case 'older-list':
      return shown(pages[Math.max(at - 1, 0)]);
    case 'same-list':
      return shown(page);
    case 'reset':
      return pick < 9 ? state : review(answerOf(resetUnderSameKey(page).encoded, stored));
    case 'two-chains': {
      const answer = answerOf(page.list.encoded, stored);
      return answer.kind === 'list' ? review({ ...answer, others: [herAccount()] }) : state;
    }
    case 'proof': {
      // Of the list in use, the next, or the one before; now, or by a head of some time ago.
      const { list } = pages[Math.max(0, at + ([0, 0, 1, -1][pick % 4] as number))] ?? page;
      const ageMs = [0, HOUR, 2 * DAY + 12 * HOUR, 5 * DAY][Math.floor(pick / 3)] as number;
      const of = { sequence: list.sequence, listId: list.listId, provenMs: nowMs - ageMs };
      return review(undefined, { kind: pick === 10 ? 'included' : 'newest', ...of });
    }
    case 'false-proofs': {
      const log = { kind: 'proof-invalid' } as const;
      return reviewContact({ stored: review(undefined, log), log, nowMs }).state;
    }
    case 'written': {
      if (state.owner !== 'own') return state;
      const { sequence, listId } = (pages[at + 1] ?? page).list;
      return reduceContact(state, { kind: 'own-list-written', sequence, listId }, { nowMs });
    }
    case 'same': {
      const keyId = (pages[at + (pick % 8 === 7 ? 1 : 0)] ?? page).list.accountKeyId;
      return reduceContact(state, { kind: pick < 9 ? 'code-same' : 'public-code-saved', keyId }, { nowMs });
    }
    case 'different':
      return pick < 9 ? state : event('code-different');
    case 'false-reveal':
      return event('false-reveal');
    case 'see-all':
      return reviewContact({ stored: state, nowMs }).findings.reduce(
        (seen, { id }) => reduceContact(seen, { kind: 'finding-seen', id }, { nowMs }),
        review(undefined),
      );
    case 'accept':
      return event('change-accepted');
    case 'block':
    case 'unblock':
      return reduceContact(
        state,
        { kind: kind === 'block' ? 'contact-blocked' : 'contact-unblocked' },
        { nowMs },
      );
    case 'hear':
      return reviewContact({ stored: mergeContacts(state, states[pick % 3] as ContactState), nowMs }).state;
  }
}
