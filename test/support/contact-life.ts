/**
 * A year of an honest life, as seen by three devices of one user: the lists are really signed ones, the number may
 * change hands, replicas lag, clocks are off, messages get lost or come late, people dismiss, compare and block; and
 * the devices tell each other what they know, now and then.
 */

import {
  type ContactState,
  mergeContacts,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { Devices, LAG_MAX } from './contact-devices.js';
import type { LifeStep, UserDevice } from './contact-steps.js';
import type { Page } from './contact-story.js';
import { DAY, HOUR, START } from './contact-world.js';

/** What a step did to the device it happened on. */
export interface Moment {
  readonly step: LifeStep;
  readonly device: UserDevice;
  readonly before: Review;
  readonly after: Review;
}

export class Life extends Devices {
  /** Of every step, where the life is recorded. */
  readonly moments: Moment[] = [];
  readonly #recorded: boolean;

  constructor(options: { owner?: 'contact' | 'own'; witnessed?: boolean; recorded?: boolean } = {}) {
    super(options);
    this.#recorded = options.recorded ?? false;
  }

  run(steps: readonly LifeStep[]): this {
    for (const step of steps) {
      this.nowMs = Math.min(this.nowMs + step.waitMs, START + 365 * DAY);
      const { device } = step;
      this.stateOf(device);
      const before = this.#recorded ? this.review(device) : undefined;
      this.#perform(step);
      if (before !== undefined) this.moments.push({ step, device, before, after: this.review(device) });
      this.pasts[device].push(this.states[device] as ContactState);
    }
    return this;
  }

  #perform({ kind, device, pick, other }: LifeStep): void {
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
        this.count(kind);
        return this.happen(device, (stored) => reviewContact({ stored, directory, log, nowMs }).state);
      }
      case 'sync':
        this.states[device] = mergeContacts(this.stateOf(device), this.stateOf(other));
        return undefined;
      case 'late-sync': {
        const past = this.pasts[other];
        const state = past[pick % Math.max(1, past.length)];
        if (state === undefined) return undefined;
        this.count(kind);
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
    if (this.owner === 'own') this.wrote(other, loser);
    if (this.publish(device, pick, loser) === undefined) return;
    this.count('race');
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
    this.count('late-message');
    this.event(device, { kind: 'message-received', device: { signingKey: from.signingKey } });
  }
}
