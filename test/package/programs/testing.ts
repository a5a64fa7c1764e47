/** A right store keeps the contract; one that forgets does not. */

import { createMemoryNodeStore } from 'contact-key-verification/prefix.js';
import { nodeStoreContract, operatorStoreContract } from 'contact-key-verification/testing.js';

export async function work(): Promise<string> {
  const checks = nodeStoreContract(createMemoryNodeStore);
  const logChecks = operatorStoreContract(createMemoryNodeStore);
  for (const { run } of [...checks, ...logChecks]) await run();
  const forgetful = { ...createMemoryNodeStore(), putMany: async () => undefined };
  const codes = new Set<string>();
  for (const { run } of nodeStoreContract(() => forgetful)) {
    await run().catch((error: unknown) => codes.add((error as { code: string }).code));
  }
  return `${checks.length} checks, ${logChecks.length} for a log, ${[...codes].join()}`;
}
