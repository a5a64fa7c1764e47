/**
 * A year of an honest life, as seen by two devices of one user: the contact's devices come and go, the number may
 * change hands, replicas lag, clocks are off, messages get lost, people dismiss, compare and block; and the two devices
 * tell each other what they know, now and then.
 */

import {
  type ContactEvent,
  type ContactState,
  type LogEvidence,
  mergeContacts,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import fc from 'fast-check';
import {
  DAY,
  firstOf,
  HOUR,
  keyIdOf,
  listIdOf,
  MINUTE,
  nextOf,
  refusalOf,
  signingKeyOf,
  START,
  verified,
  type WorldList,
} from './contact-world.js';

export const NUMBER = 'tel:+15551234567';

/** One step of a life; `pick` chooses within it, `device` is the user's. */
export interface LifeStep {
  readonly kind: (typeof KINDS)[number];
  readonly device: 0 | 1;
  readonly pick: number;
  readonly waitMs: number;
}

const KINDS = [
  'look',
  'look',
  'look',
  'look',
  'lagging-look',
  'add',
  'remove',
  'retire',
  'rekey',
  'rotate',
  'reassign',
  'switch-off-and-on',
  'compare',
  'read-public-code',
  'interrupt',
  'message',
  'log-away',
  'sync',
  'see',
  'accept',
  'block-and-unblock',
  'wait',
] as const;

/** Lives of up to so many steps. */
export function lifeOf(maxLength: number): fc.Arbitrary<LifeStep[]> {
  return fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      device: fc.constantFrom(0, 1),
      pick: fc.nat(1000),
      waitMs: fc.oneof(
        fc.integer({ min: MINUTE, max: 3 * HOUR }),
        fc.integer({ min: MINUTE, max: 12 * DAY }),
      ),
    }),
    { maxLength },
  );
}

export const lifeSteps: fc.Arbitrary<LifeStep[]> = lifeOf(36);

/** What happened, for laws about every step. */
export interface Moment {
  readonly step: LifeStep;
  readonly device: 0 | 1;
  readonly before: Review;
  readonly after: Review;
}

const LAG_MAX = 12 * HOUR;
/** How far the clocks of the user's devices are off, from the log's. */
const SKEWS = [-2 * MINUTE, 2 * MINUTE] as const;

export class Life {
  readonly states: [ContactState | undefined, ContactState | undefined] = [undefined, undefined];
  readonly moments: Moment[] = [];
  readonly snapshots: ContactState[] = [];
  nowMs: number = START;
  /** The contact's lists, with when each was published. */
  #lists: { list: WorldList; atMs: number }[] = [
    { list: firstOf(NUMBER, 'K0', ['d0', 'd1']), atMs: START - DAY },
  ];
  #made = 2;

  get list(): WorldList {
    return this.#lists.at(-1)?.list as WorldList;
  }

  clockOf(device: 0 | 1): number {
    return this.nowMs + SKEWS[device];
  }

  /** The list that a device's state goes by. */
  storedOf(device: 0 | 1): WorldList | undefined {
    const listed = this.states[device]?.list?.sequence;
    return listed === undefined ? undefined : this.#lists[listed]?.list;
  }

  stateOf(device: 0 | 1): ContactState {
    if (this.states[device] === undefined) this.look(device);
    return this.states[device] as ContactState;
  }

  review(device: 0 | 1): Review {
    return reviewContact({ stored: this.states[device], nowMs: this.clockOf(device) });
  }

  proof(lagMs = 0): LogEvidence {
    const provenMs = this.nowMs - lagMs;
    const { list } = [...this.#lists].reverse().find(({ atMs }) => atMs <= provenMs) ?? { list: this.list };
    return { kind: 'newest', sequence: list.sequence, listId: listIdOf(list), provenMs };
  }

  publish(change: Partial<WorldList>): void {
    this.#lists.push({ list: nextOf(this.list, change), atMs: this.nowMs });
  }

  /** Looks the contact up, list by list, with the log's proof. */
  look(device: 0 | 1, lagMs = 0): void {
    const stored = this.storedOf(device);
    const nowMs = this.clockOf(device);
    const log = this.proof(lagMs);
    const visible = this.#lists.filter(({ atMs }) => atMs <= this.nowMs - lagMs).map(({ list }) => list);
    const newest = visible.at(-1) ?? (this.#lists[0]?.list as WorldList);
    if (stored === undefined) {
      this.#take(device, { kind: 'list', list: verified(newest) }, log, nowMs);
      return;
    }
    const code = newest.sequence < stored.sequence ? refusalOf(newest, stored) : undefined;
    if (code !== undefined) {
      this.#take(device, { kind: 'refused', code }, log, nowMs);
      return;
    }
    const missing = visible.slice(stored.sequence + 1);
    let before = stored;
    for (const list of missing) {
      const last = list === missing.at(-1);
      this.#take(device, { kind: 'list', list: verified(list, before) }, last ? log : undefined, nowMs);
      before = list;
    }
    if (missing.length === 0) {
      this.#take(device, { kind: 'list', list: verified(stored, stored) }, log, nowMs);
    }
  }

  event(device: 0 | 1, event: ContactEvent): void {
    this.states[device] = reduceContact(this.stateOf(device), event, { nowMs: this.clockOf(device) });
  }

  run(steps: readonly LifeStep[]): this {
    for (const step of steps) {
      this.nowMs = Math.min(this.nowMs + step.waitMs, START + 365 * DAY);
      const { device } = step;
      this.stateOf(device);
      const before = this.review(device);
      this.#do(step);
      this.moments.push({ step, device, before, after: this.review(device) });
      const state = this.states[device];
      if (state !== undefined) this.snapshots.push(state);
    }
    return this;
  }

  #take(
    device: 0 | 1,
    directory: NonNullable<Parameters<typeof reviewContact>[0]['directory']>,
    log: LogEvidence | undefined,
    nowMs: number,
  ): void {
    this.states[device] = reviewContact({ stored: this.states[device], directory, log, nowMs }).state;
  }

  #isPinned(): boolean {
    return this.states.some((state) => state?.pins.some(({ atMs, droppedMs }) => atMs > droppedMs));
  }

  #do({ kind, device, pick }: LifeStep): void {
    const { list } = this;
    const { devices, chain } = list;
    const fresh = { name: `d${this.#made++}`, messaging: 0 };
    const chosen = pick % Math.max(devices.length, 1);
    const without = devices.filter((_, i) => i !== chosen);
    const successor = [...chain, `K${this.#made++}`];
    switch (kind) {
      case 'look':
        return this.look(device);
      case 'lagging-look':
        return this.look(device, (pick / 1000) * LAG_MAX);
      case 'add':
        return this.publish({ devices: [...devices, fresh].slice(-6) });
      case 'remove':
        return devices.length < 2 ? undefined : this.publish({ devices: without, chain: successor });
      case 'retire':
        return devices.length < 2 ? undefined : this.publish({ devices: without });
      case 'rekey': {
        const rekeyed = devices.map((other, i) =>
          i === chosen ? { ...other, messaging: other.messaging + 1 } : other,
        );
        return this.publish({ devices: rekeyed });
      }
      case 'rotate':
        return this.publish({ chain: successor });
      case 'reassign':
        // Where a key was compared, its loss is an alarm on purpose.
        if (this.#isPinned()) return undefined;
        return this.publish({ how: 'reset', chain: [`K${this.#made++}`], devices: [fresh] });
      case 'switch-off-and-on':
        this.publish({ verification: false });
        if (pick % 2 === 0) this.look(device);
        return this.publish({ verification: true });
      case 'compare':
        // Both go by the newest list while they compare, or the app lets nobody begin.
        this.look(device);
        return this.event(device, { kind: 'code-same', keyId: keyIdOf(chain.at(-1) as string) });
      case 'read-public-code':
        this.look(device);
        return this.event(device, { kind: 'public-code-saved', keyId: keyIdOf(chain.at(-1) as string) });
      case 'interrupt':
        return this.event(device, { kind: 'code-interrupted', why: 'session-cancelled' });
      case 'message': {
        this.look(device);
        const from = devices[chosen];
        if (from === undefined) return undefined;
        return this.event(device, {
          kind: 'message-received',
          device: { signingKey: signingKeyOf(from.name) },
        });
      }
      case 'log-away': {
        const scope = pick % 2 === 0 ? 'log' : 'label';
        this.states[device] = reviewContact({
          stored: this.stateOf(device),
          directory: { kind: 'unreachable' },
          log: { kind: 'unavailable', scope },
          nowMs: this.clockOf(device),
        }).state;
        return undefined;
      }
      case 'sync':
        this.states[device] = mergeContacts(this.stateOf(device), this.stateOf(device === 0 ? 1 : 0));
        return undefined;
      case 'see': {
        const { findings } = this.review(device);
        const finding = findings[pick % Math.max(findings.length, 1)];
        return finding === undefined
          ? undefined
          : this.event(device, { kind: 'finding-seen', id: finding.id });
      }
      case 'accept':
        return this.event(device, { kind: 'change-accepted' });
      case 'block-and-unblock':
        return this.event(device, { kind: pick % 3 === 0 ? 'contact-blocked' : 'contact-unblocked' });
      case 'wait':
        return undefined;
    }
  }
}
