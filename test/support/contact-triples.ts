/** States of three devices of one user, as they may be merged: out of arbitrary, of honest and of torn lives. */

import type { ContactState } from 'contact-key-verification/contacts.js';
import fc from 'fast-check';
import { apartSteps, liveApart } from './contact-apart.js';
import { Life } from './contact-life.js';
import { noises } from './contact-noise.js';
import { live, unknownContact } from './contact-noisy-life.js';
import { lifeOf, type UserDevice } from './contact-steps.js';
import { START } from './contact-world.js';

export type Three = [ContactState, ContactState, ContactState];
export interface Triple {
  readonly x: ContactState;
  readonly y: ContactState;
  readonly z: ContactState;
  readonly nowMs: number;
}

function tripleFrom(all: readonly ContactState[], picks: readonly number[], nowMs: number): Triple {
  const [x, y, z] = picks.map((pick) => all[pick % all.length]) as Three;
  return { x, y, z, nowMs };
}

export const owners: fc.Arbitrary<'contact' | 'own'> = fc.constantFrom('contact', 'own');
const picks = fc.tuple(fc.nat(), fc.nat(), fc.nat());

/** Three states out of arbitrary lives of three devices, and the time. */
const arbitraryTriples = fc.tuple(noises, picks, owners).map(([events, picked, owner]) => {
  const { states, happenings } = live(events, owner);
  return tripleFrom(
    [...states, ...happenings.map(({ after }) => after)],
    picked,
    happenings.at(-1)?.nowMs ?? START,
  );
});

/** Of honest lives, into which some alarms break that cost no mark. */
const honestTriples = fc
  .tuple(
    lifeOf(16),
    fc.array(fc.tuple(fc.nat(16), fc.constantFrom<UserDevice>(0, 1, 2)), { maxLength: 2 }),
    picks,
  )
  .map(([steps, alarms, picked]) => {
    const life = new Life();
    for (const [i, step] of steps.entries()) {
      life.run([step]);
      for (const [at, device] of alarms) if (at === i) life.event(device, { kind: 'false-reveal' });
    }
    const states = [life.stateOf(0), life.stateOf(1), life.stateOf(2)];
    return tripleFrom([...life.pasts.flat(), ...states], picked, life.clockOf(1));
  });

export const triples: fc.Arbitrary<Triple> = fc.oneof(arbitraryTriples, honestTriples);

/** Of devices that are told things apart, as they are at last. */
export const apartTriples: fc.Arbitrary<Triple> = apartSteps.map((steps): Triple => {
  const { pasts, nowMs } = liveApart(steps, 'contact');
  const [x, y, z] = pasts.map((past) => past.at(-1) ?? unknownContact()) as Three;
  return { x, y, z, nowMs };
});
