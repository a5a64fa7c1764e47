/**
 * Three devices of one user, and what they are shown of an account whose lists are published.
 *
 * A fourth device, the witness, is shown everything that any of them is shown, and does whatever the person does on any
 * of them, so that nothing ever has to be merged for it to know everything.
 */

import {
  type ContactEvent,
  type ContactState,
  createContact,
  type LogEvidence,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import type { UserDevice } from './contact-steps.js';
import { answerOf } from './contact-answers.js';
import { Publication } from './contact-publication.js';
import { NUMBER, type Page, pageOf } from './contact-story.js';
import { HOUR, MINUTE, START } from './contact-world.js';

/** Of directory and log; the policy's own limit is a day. */
export const LAG_MAX = 12 * HOUR;
/** How far clocks of the user's devices are off from the log's; the policy allows five minutes ahead. */
const SKEWS = [-2 * MINUTE, 2 * MINUTE, 0] as const;
const WITNESS = 3;
type Device = UserDevice | typeof WITNESS;

export const proofOf = (page: Pick<Page, 'list'>, provenMs: number): LogEvidence => ({
  kind: 'newest',
  sequence: page.list.sequence,
  listId: page.list.listId,
  provenMs,
});

const isPinned = (state: ContactState | undefined): boolean =>
  state?.pins.some(({ atMs, droppedMs }) => atMs > droppedMs) === true;

export class Devices {
  readonly states: (ContactState | undefined)[] = [undefined, undefined, undefined, undefined];
  /** What each device has been, newest last. */
  readonly pasts: [ContactState[], ContactState[], ContactState[]] = [[], [], []];
  /** How often what happened. */
  readonly counts: Map<string, number> = new Map<string, number>();
  nowMs: number = START;
  readonly owner: 'contact' | 'own';
  protected readonly witnessed: boolean;
  protected readonly account: Publication = new Publication();

  constructor(options: { owner?: 'contact' | 'own'; witnessed?: boolean } = {}) {
    this.owner = options.owner ?? 'contact';
    this.witnessed = options.witnessed ?? false;
    if (this.owner !== 'own') return;
    // Each is there from the first list on, or begins with the state of the one that it was linked by.
    for (const device of [0, 1, 2] as const) {
      this.wrote(device, this.page);
      this.look(device);
    }
  }

  get page(): Page {
    return this.account.newest;
  }

  clockOf(device: UserDevice): number {
    // Before a witness, the devices' clocks agree: which decision is the latest is not in doubt.
    return this.nowMs + (this.witnessed ? 0 : SKEWS[device]);
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
    for (const one of this.witnessed ? ([device, WITNESS] as const) : [device]) {
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
    const visible = this.account.visibleAt(this.nowMs - directoryLagMs);
    const newest = visible.at(-1) as Page;
    const [proven] = this.account.visibleAt(this.nowMs - logLagMs).slice(-1) as [Page];
    const provenMs = this.nowMs - logLagMs;
    if (options.gapExpired === true) this.account.expireBefore(newest);
    const nowMs = this.clockOf(device);
    if (newest !== this.page) this.count('directory-lags');
    if (proven !== this.page) this.count('log-lags');
    if (provenMs > nowMs) this.count('clock-behind-the-log');
    for (const one of this.witnessed ? ([device, WITNESS] as const) : [device]) {
      const stored = this.storedOf(one);
      if (stored !== undefined && newest.list.sequence < stored.list.sequence) this.count('older-list-shown');
      const gapExpired = stored !== undefined && this.account.hasGapAfter(stored);
      const from = stored === undefined || gapExpired ? visible.length - 1 : stored.list.sequence + 1;
      const missing = visible.slice(from);
      let before = stored?.list;
      for (const page of missing.length > 0 ? missing : [newest]) {
        const directory = answerOf(page.list.encoded, before, { gapExpired });
        const isLast = page === newest;
        const log = isLast ? proofOf(proven, provenMs) : undefined;
        const reviewed = reviewContact({
          stored: this.states[one] ?? this.unknown(),
          directory,
          log,
          nowMs,
        });
        if (directory.kind === 'list' && directory.list.mark === 'fallen' && gapExpired && one === device)
          this.count('lists-expired');
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
    const page = this.account.publish(this.nowMs, pick, isAllowed);
    if (page === undefined) return undefined;
    // What no listed device authors, every device is told of before it is published.
    const byDevice = page.list.author.length > 0;
    if (this.owner === 'own') {
      for (const one of byDevice ? [device] : ([0, 1, 2] as const)) this.wrote(one, page);
    }
    this.count(page.change);
    return page;
  }

  protected unknown(): ContactState {
    return createContact({ identifier: encodeUtf8(NUMBER), owner: this.owner });
  }

  protected wrote(device: UserDevice, { list }: Page): void {
    const event = { kind: 'own-list-written', sequence: list.sequence, listId: list.listId } as const;
    const nowMs = this.clockOf(device);
    this.happen(device, (state) => reduceContact(state ?? this.unknown(), event, { nowMs }));
  }

  protected count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
