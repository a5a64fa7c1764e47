/** The published requests of service operators, to a real manager: an operator over a store in memory. */
import { createOperator } from 'contact-key-verification/operator.js';
import {
  type CipherSuite,
  KT_128_SHA256_Ed25519,
  KT_128_SHA256_P256,
  SecretBytes,
} from 'contact-key-verification/suites.js';
import {
  parseConfiguration,
  parseManagerUpdateRequest,
  parseUpdateResponse,
} from 'contact-key-verification/transparency.js';
import { describe, expect, test } from 'vitest';
import { bytes, type Fields, hex, PUBLISHED } from './files.js';

const published = PUBLISHED.find(({ file }) => file === 'keytrans-management');
if (published === undefined) throw new Error('no vectors of managers');

/** What the manager says of all requests, or throws at the first that it refuses. */
async function judge(input: Fields): Promise<Fields> {
  const configurationBytes = bytes(input['configuration']);
  const configuration = parseConfiguration(configurationBytes);
  const suite = [KT_128_SHA256_P256, KT_128_SHA256_Ed25519].find(
    ({ id }) => id === configuration.ciphersuite,
  ) as CipherSuite;
  const secret = new SecretBytes(bytes(input['signatureKey']));
  const manager = await createOperator(configurationBytes, {
    suite,
    signer: (tbs) => suite.signatures.sign(secret, tbs),
    vrfKey: suite.vrf.parsePrivateKey(bytes(input['vrfKey'])),
  });
  const outcomes: Fields[] = [];
  for (const [i, request] of (input['requests'] as readonly string[]).map(bytes).entries()) {
    const [outcome] = await manager.update([{ request }], { nowMs: i });
    if (outcome?.responses === undefined) throw outcome?.refusal;
    const { greatestVersion = -1, values: sent } = parseManagerUpdateRequest(request, configuration);
    let firstVersion = greatestVersion + 1;
    let isTaken = false;
    const insertions = outcome.responses.map((response) => {
      const { position, skippedVersions, values, info } = parseUpdateResponse(response, configuration);
      isTaken = values.length === 0;
      const skipped = skippedVersions as number;
      const inserted = {
        position,
        firstVersion,
        skipped,
        values: (isTaken ? sent : values).map(({ value }) => hex(value)),
      };
      expect(info).toHaveLength(inserted.values.length);
      firstVersion += skipped + info.length;
      return inserted;
    });
    outcomes.push({ isTaken, insertions });
  }
  return { outcomes };
}

describe('a manager', () => {
  test.each(published.valid)('takes: $name', async ({ input, output }) => {
    expect(await judge(input)).toEqual(output);
  });

  test.each(published.invalid)('refuses: $name', async ({ input, code }) => {
    await expect(judge(input)).rejects.toMatchObject({ code });
  });
});
