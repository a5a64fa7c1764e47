/** The lies and damages of credentials, once more with both cipher suites. */

import { describe, expect, test } from 'vitest';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import { CREDENTIAL_LIES, outcomeOf } from './credential-lies.js';

describe.each([
  ['Ed25519', KT_128_SHA256_Ed25519],
  ['P-256', KT_128_SHA256_P256],
] as const)('suite %s', (_, suite) => {
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
