/** Every lie and damage of credentials is refused with its own code; the same story without it is accepted. */

import { describe, expect, test } from 'vitest';
import { CREDENTIAL_LIES, outcomeOf } from './credential-lies.js';
import { PAPER_SUITE as suite } from './paper-suite.js';

describe('on paper', () => {
  describe.each(CREDENTIAL_LIES)('%s', (_about, lies) => {
    test.each(lies.map((lie) => [lie.name, lie] as const))('%s', async (_name, lie) => {
      expect(await outcomeOf(lie, suite, false)).toBe('accepted');
      const refusals = [lie.code, lie.orCode ?? lie.code].map(
        (code) => `${lie.refusal ?? 'VerificationError'} ${code}`,
      );
      expect(refusals).toContain(await outcomeOf(lie, suite, true));
    });
  });
});

test('no two lies have one name, and there are more than 25', () => {
  const names = CREDENTIAL_LIES.flatMap(([, lies]) => lies.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(25);
});
