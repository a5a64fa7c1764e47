/** The steps of a life (`contact-life.ts`), and how fast-check draws them. */

import fc from 'fast-check';
import { DAY, HOUR, MINUTE } from './contact-world.js';

/** The user's devices. */
export type UserDevice = 0 | 1 | 2;

/** What may happen, as often as it stands here. */
const KINDS = [
  'look',
  'look',
  'look',
  'lagging-look',
  'lagging-look',
  'look-after-long-absence',
  'change',
  'change',
  'change',
  'change',
  'change',
  'change',
  'change',
  'change',
  'change',
  'race',
  'compare',
  'save-code',
  'forget-code',
  'interrupt',
  'message',
  'late-message',
  'late-message',
  'lost-answer',
  'sync',
  'sync',
  'late-sync',
  'see',
  'see',
  'accept',
  'block-and-unblock',
  'wait',
] as const;

/** One step; `pick` chooses within it, `other` is the device that it may need besides. */
export interface LifeStep {
  readonly kind: (typeof KINDS)[number];
  readonly device: UserDevice;
  readonly other: UserDevice;
  readonly pick: number;
  readonly waitMs: number;
}

const devices: fc.Arbitrary<UserDevice> = fc.constantFrom<UserDevice>(0, 1, 2);

/** Lives of up to so many steps, over a year at most. */
export function lifeOf(maxLength: number, minLength = 0): fc.Arbitrary<LifeStep[]> {
  return fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      device: devices,
      other: devices,
      pick: fc.nat(1000),
      waitMs: fc.oneof(
        { weight: 2, arbitrary: fc.integer({ min: MINUTE, max: 3 * HOUR }) },
        { weight: 1, arbitrary: fc.integer({ min: MINUTE, max: 25 * DAY }) },
      ),
    }),
    { minLength, maxLength, size: 'max' },
  );
}

export const lifeSteps: fc.Arbitrary<LifeStep[]> = lifeOf(22);
