/**
 * A year of an honest life, as seen by three devices of one user: the lists are really signed ones, the number may
 * change hands, replicas lag, clocks are off, messages get lost or come late, people dismiss, compare and block; and
 * the devices tell each other what they know, now and then.
 *
 * A fourth device, the witness, is shown everything that any of them is shown, and does whatever the person does on any
 * of them, so that nothing ever has to be merged for it to know everything.
 */

import {
  type ContactEvent,
  type ContactState,
  createContact,
  type LogEvidence,
  mergeContacts,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import type { LifeStep, UserDevice } from './contact-steps.js';
import { answerOf } from './contact-answers.js';
import { Publication } from './contact-publication.js';
import { NUMBER, type Page, pageOf } from './contact-story.js';
import { DAY, HOUR, MINUTE, START } from './contact-world.js';

/** Of directory and log; the policy's own limit is a day. */
const LAG_MAX = 12 * HOUR;
/** How far clocks of the user's devices are off from the log's; the policy allows five minutes ahead. */
const SKEWS = [-2 * MINUTE, 2 * MINUTE, 0] as const;
const WITNESS = 3;
type Device = UserDevice | typeof WITNESS;

/** What a step did to the device it happened on. */
export interface Moment {
  readonly step: LifeStep;
  readonly device: UserDevice;
  readonly before: Review;
  readonly after: Review;
}

export const proofOf = (page: Pick<Page, 'list'>, provenMs: number): LogEvidence => ({
  kind: 'newest',
  sequence: page.list.sequence,
  listId: page.list.listId,
  provenMs,
});

const isPinned = (state: ContactState | undefined): boolean =>
  state?.pins.some(({ atMs, droppedMs }) => atMs > droppedMs) === true;

export class Life {
  readonly states: (ContactState | undefined)[] = [undefined, undefined, undefined, undefined];
  /** What each device has been, newest last. */
  readonly pasts: [ContactState[], ContactState[], ContactState[]] = [[], [], []];
  /** Of every step, where the life is recorded. */
  readonly moments: Moment[] = [];
  /** How often what happened. */
  readonly counts: Map<string, number> = new Map<string, number>();
  nowMs: number = START;
  readonly owner: 'contact' | 'own';
  readonly #witnessed: boolean;
  readonly #recorded: boolean;
  readonly #account: Publication = new Publication();

  constructor(options: { owner?: 'contact' | 'own'; witnessed?: boolean; recorded?: boolean } = {}) {
    this.owner = options.owner ?? 'contact';
    this.#witnessed = options.witnessed ?? false;
    this.#recorded = options.recorded ?? false;
    if (this.owner !== 'own') return;
    // Each is there from the first list on, or begins with the state of the one that it was linked by.
    for (const device of [0, 1, 2] as const) {
      this.#wrote(device, this.page);
      this.look(device);
    }
  }

  get page(): Page {
    return this.#account.newest;
  }

  clockOf(device: UserDevice): number {
    // Before a witness, the devices' clocks agree: which decision is the latest is not in doubt.
    return this.nowMs + (this.#witnessed ? 0 : SKEWS[device]);
  }

  /** The list that a device's state goes by. */
  storedOf(device: Device): Page | undefined {
    return pageOf(this.states[device]?.list?.listId);
  }

  stateOf(device: Device): ContactState {
    if (this.states[device]?.list === undefined) this.look(device === WITNESS ? 0 : device);
    return this.states[device] as ContactState;
  }

  witness(): ContactState {
    return this.stateOf(WITNESS);
  }

  review(device: UserDevice): Review {
    return reviewContact({ stored: this.states[device], nowMs: this.clockOf(device) });
  }

  /** Reviews and events happen to a device, and to the witness. */
  happen(device: UserDevice, change: (stored: ContactState | undefined) => ContactState): void {
    for (const one of this.#witnessed ? ([device, WITNESS] as const) : [device]) {
      this.states[one] = change(this.states[one]);
    }
  }

  event(device: UserDevice, event: ContactEvent): void {
    this.stateOf(device);
    const nowMs = this.clockOf(device);
    this.happen(device, (state) => reduceContact(state as ContactState, event, { nowMs }));
  }

  /** Looks the account up, list by list, with the log's proof. */
  look(
    device: UserDevice,
    options: { directoryLagMs?: number; logLagMs?: number; gapExpired?: boolean } = {},
  ): void {
    const { directoryLagMs = 0, logLagMs = 0 } = options;
    const visible = this.#account.visibleAt(this.nowMs - directoryLagMs);
    const newest = visible.at(-1) as Page;
    const [proven] = this.#account.visibleAt(this.nowMs - logLagMs).slice(-1) as [Page];
    const provenMs = this.nowMs - logLagMs;
    if (options.gapExpired === true) this.#account.expireBefore(newest);
    const nowMs = this.clockOf(device);
    if (newest !== this.page) this.#count('directory-lags');
    if (proven !== this.page) this.#count('log-lags');
    if (provenMs > nowMs) this.#count('clock-behind-the-log');
    for (const one of this.#witnessed ? ([device, WITNESS] as const) : [device]) {
      const stored = this.storedOf(one);
      if (stored !== undefined && newest.list.sequence < stored.list.sequence)
        this.#count('older-list-shown');
      const gapExpired = stored !== undefined && this.#account.hasGapAfter(stored);
      const from = stored === undefined || gapExpired ? visible.length - 1 : stored.list.sequence + 1;
      const missing = visible.slice(from);
      let before = stored?.list;
      for (const page of missing.length > 0 ? missing : [newest]) {
        const directory = answerOf(page.list.encoded, before, { gapExpired });
        const isLast = page === newest;
        const log = isLast ? proofOf(proven, provenMs) : undefined;
        const reviewed = reviewContact({
          stored: this.states[one] ?? this.#unknown(),
          directory,
          log,
          nowMs,
        });
        if (directory.kind === 'list' && directory.list.mark === 'fallen' && gapExpired && one === device)
          this.#count('lists-expired');
        this.states[one] = reviewed.state;
        before = page.list;
      }
    }
  }

  /** Publishes the next list; one's own device first says that it made it. */
  publish(device: UserDevice, pick: number, loser?: Page): Page | undefined {
    const pinned = [...this.states, ...this.pasts.flat()].some(isPinned);
    // Where a key was compared, its loss is an alarm on purpose.
    const isAllowed = (page: Page): boolean => page !== loser && !(pinned && page.change === 'reassign');
    const page = this.#account.publish(this.nowMs, pick, isAllowed);
    if (page === undefined) return undefined;
    // What no listed device authors, every device is told of before it is published.
    const byDevice = page.list.author.length > 0;
    if (this.owner === 'own') {
      for (const one of byDevice ? [device] : ([0, 1, 2] as const)) this.#wrote(one, page);
    }
    this.#count(page.change);
    return page;
  }

  run(steps: readonly LifeStep[]): this {
    for (const step of steps) {
      this.nowMs = Math.min(this.nowMs + step.waitMs, START + 365 * DAY);
      const { device } = step;
      this.stateOf(device);
      const before = this.#recorded ? this.review(device) : undefined;
      this.#do(step);
      if (before !== undefined) this.moments.push({ step, device, before, after: this.review(device) });
      this.pasts[device].push(this.states[device] as ContactState);
    }
    return this;
  }

  #unknown(): ContactState {
    return createContact({ identifier: encodeUtf8(NUMBER), owner: this.owner });
  }

  #wrote(device: UserDevice, { list }: Page): void {
    const event = { kind: 'own-list-written', sequence: list.sequence, listId: list.listId } as const;
    const nowMs = this.clockOf(device);
    this.happen(device, (state) => reduceContact(state ?? this.#unknown(), event, { nowMs }));
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  #do({ kind, device, pick, other }: LifeStep): void {
    const nowMs = this.clockOf(device);
    const lagMs = (pick / 1000) * LAG_MAX;
    switch (kind) {
      case 'look':
        return this.look(device);
      case 'lagging-look':
        // Asked again, another replica may answer.
        if (pick % 3 === 0) this.look(device);
        return this.look(device, { directoryLagMs: lagMs, logLagMs: LAG_MAX - lagMs });
      case 'look-after-long-absence':
        // One's own devices cannot tell who made what expired: they ask each other first.
        return this.owner === 'own' ? this.look(device) : this.look(device, { gapExpired: true });
      case 'change':
        return void this.publish(device, pick);
      case 'race':
        return this.#race(device, pick, other);
      case 'compare':
      case 'save-code': {
        if (this.owner === 'own') return undefined;
        // Both go by the newest list while they compare, or the app lets nobody begin.
        this.look(device);
        const said =
          kind === 'compare' ? (['code-same', 'number-same', 'qr-same'] as const)[pick % 3] : undefined;
        return this.event(device, { kind: said ?? 'public-code-saved', keyId: this.page.list.accountKeyId });
      }
      case 'forget-code': {
        const keyId = this.stateOf(device).pins[0]?.keyId;
        return keyId && this.event(device, { kind: 'public-code-forgotten', keyId });
      }
      case 'interrupt':
        return this.event(device, { kind: 'code-interrupted', why: 'session-cancelled' });
      case 'message':
        this.look(device);
        return this.#message(device, this.page.list.devices[pick % this.page.list.devices.length]);
      case 'late-message':
        return this.#lateMessage(device, pick);
      case 'lost-answer': {
        const log = { kind: 'unavailable', scope: pick % 2 === 0 ? 'log' : 'label' } as const;
        const directory = { kind: 'unreachable' } as const;
        this.#count(kind);
        return this.happen(device, (stored) => reviewContact({ stored, directory, log, nowMs }).state);
      }
      case 'sync':
        this.states[device] = mergeContacts(this.stateOf(device), this.stateOf(other));
        return undefined;
      case 'late-sync': {
        const past = this.pasts[other];
        const state = past[pick % Math.max(1, past.length)];
        if (state === undefined) return undefined;
        this.#count(kind);
        this.states[device] = mergeContacts(this.stateOf(device), state);
        return undefined;
      }
      case 'see': {
        const { findings } = this.review(device);
        const finding = findings[pick % Math.max(findings.length, 1)];
        return finding && this.event(device, { kind: 'finding-seen', id: finding.id });
      }
      case 'accept':
        return this.event(device, { kind: 'change-accepted' });
      case 'block-and-unblock':
        return this.event(device, { kind: pick % 3 === 0 ? 'contact-blocked' : 'contact-unblocked' });
      case 'wait':
        return undefined;
    }
  }

  /** Two of the account's devices make a list at once. One is published; the other makes its own anew after it. */
  #race(device: UserDevice, pick: number, other: UserDevice): void {
    const loser = this.page.after[pick % Math.max(1, this.page.after.length)];
    if (loser === undefined || this.page.after.length < 2) return;
    if (this.owner === 'own') this.#wrote(other, loser);
    if (this.publish(device, pick, loser) === undefined) return;
    this.#count('race');
    this.publish(other, pick);
  }

  #message(device: UserDevice, from: Page['list']['devices'][number] | undefined): void {
    if (from === undefined) return;
    this.event(device, { kind: 'message-received', device: { signingKey: from.signingKey } });
  }

  /** A device that was removed a few hours ago had sent it before. */
  #lateMessage(device: UserDevice, pick: number): void {
    this.look(device);
    const { removed } = this.stateOf(device);
    const recent = removed.filter(({ atMs }) => this.nowMs - atMs < DAY - HOUR && this.nowMs - atMs > -HOUR);
    const from = recent[pick % Math.max(1, recent.length)];
    if (from === undefined) return;
    this.#count('late-message');
    this.event(device, { kind: 'message-received', device: { signingKey: from.signingKey } });
  }
}
