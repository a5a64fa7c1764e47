/**
 * Events that make no sense together: whatever an app, a directory, a log or a person could hand in, in any order, at
 * any time, to any of the user's devices. Lists are really signed ones, but verified against lists that the device
 * never stored; clocks go back; keys are compared that nobody has.
 */

import type { ContactEvent } from 'contact-key-verification/contacts.js';
import fc from 'fast-check';
import type { UserDevice } from './contact-steps.js';
import { DAY, HOUR } from './contact-world.js';

export const EVENTS = [
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
