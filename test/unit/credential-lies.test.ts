/** Every lie and damage of credentials is refused with its own code; the same story without it is accepted. */

import { describe, expect, test } from 'vitest';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import { CREDENTIAL_LIES, type CredentialLie, type Teller } from './credential-lies.js';
import { PAPER_SUITE } from './paper-suite.js';

async function outcomeOf(
  { mode = 'contactMonitoring', tell }: CredentialLie,
  suite: typeof PAPER_SUITE,
  lies: boolean,
): Promise<string> {
  const teller: Teller = { options: { suite, mode }, lies, lie: (lie) => (lies ? lie : {}) };
  const operation = await tell(teller);
  try {
    operation();
  } catch (error) {
    const { name, code, message } = error as Error & { readonly code?: string };
    return `${name} ${code ?? message}`;
  }
  return 'accepted';
}

describe.each([
  ['on paper', PAPER_SUITE],
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

test('no two lies have one name, and there are more than 25', () => {
  const names = CREDENTIAL_LIES.flatMap(([, lies]) => lies.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(25);
});
