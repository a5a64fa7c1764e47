/** Stored states, out of honest and of arbitrary lives. */

import { type ContactState, encodeContact, parseContact } from 'contact-key-verification/contacts.js';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Life } from '../support/contact-life.js';
import { noises } from '../support/contact-noise.js';
import { live } from '../support/contact-noisy-life.js';
import { lifeSteps } from '../support/contact-steps.js';
import { look } from '../support/contact-trust.js';
import { DAY, START } from '../support/contact-world.js';
import { check } from '../support/property.js';

const owners = fc.constantFrom<'contact' | 'own'>('contact', 'own');
const honest = fc.tuple(lifeSteps, owners).map(([steps, owner]) => {
  const life = new Life({ owner }).run(steps);
  return [life.stateOf(0), life.stateOf(1)];
});
const arbitrary = fc.tuple(noises, owners).map(([events, owner]) => {
  const { states, happenings } = live(events, owner);
  return [...states.slice(0, 2), ...happenings.slice(-1).map(({ after }) => after)];
});

test('encoding and decoding is the identity', () => {
  check(
    fc.property(fc.oneof(honest, arbitrary), (states) => {
      for (const state of states) {
        const bytes = encodeContact(state);
        const read = parseContact(bytes);
        expect(isDeepStrictEqual(read, state)).toBe(true);
        expect(isDeepStrictEqual(encodeContact(read), bytes)).toBe(true);
      }
    }),
  );
});

test('damaged bytes are refused by their kind of error, never believed as another state', () => {
  let refused = 0;
  check(
    fc.property(arbitrary, fc.nat(), fc.integer({ min: 1, max: 255 }), ([state], at, flip) => {
      const bytes = encodeContact(state as ContactState);
      const index = at % bytes.length;
      const damaged = bytes.map((byte, i) => (i === index ? byte ^ flip : byte));
      let read: ContactState;
      try {
        read = parseContact(damaged);
      } catch (error) {
        expect(['DecodeError', 'UnsupportedError']).toContain((error as Error).name);
        refused++;
        return;
      }
      // Earlier versions are read and written anew as the newest; every other state has one encoding.
      if (damaged[1] === 3) expect(encodeContact(read)).toEqual(damaged);
      // Whatever was believed can be reviewed.
      look(read, START + 100 * DAY);
    }),
  );
  expect(refused).toBeGreaterThan(100);
});
