/**
 * How fast-check runs while the source is mutated, in place of `test/support/property.ts`: always the same few cases,
 * so that a mutant that is killed once is killed each time. What only the thousandth random case finds counts as not
 * found: a mutant must fall to a test that says what it is about.
 */

import fc from 'fast-check';

const PARAMETERS: fc.Parameters<unknown> = { numRuns: 400, seed: 7, endOnFailure: true };

export function check(law: fc.IProperty<unknown> | fc.IProperty<never>): void {
  fc.assert(law as fc.IProperty<unknown>, PARAMETERS);
}

export async function checkAsync(law: fc.IAsyncProperty<unknown> | fc.IAsyncProperty<never>): Promise<void> {
  await fc.assert(law as fc.IAsyncProperty<unknown>, PARAMETERS);
}
