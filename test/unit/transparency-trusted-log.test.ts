/** A log as its users know it beforehand: whose keys it has, and under which code their signatures are refused. */

import { expect, test } from 'vitest';
import { encodeConfiguration } from '../../src/transparency/wire/configuration.js';
import { openLog, verifySignature } from '../../src/transparency/verifier/trusted-log.js';
import { codeOf, hex, logOf, utf8 } from './client-world.js';
import { PAPER_SUITE } from './paper-suite.js';

test.each(['contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'] as const)(
  'has the keys of mode %s, and no others',
  async (mode) => {
    const { configurationBytes } = await logOf(1, { mode });
    const log = openLog(configurationBytes, PAPER_SUITE);
    expect(log.valueKey !== undefined).toBe(mode === 'thirdPartyManagement');
    expect(log.auditorKey !== undefined).toBe(mode === 'thirdPartyAuditing');
  },
);

test('is another one where the mode, the key of tree heads or that of the VRF is another', async () => {
  const { configuration } = await logOf(1);
  const audited = await logOf(1, { mode: 'thirdPartyAuditing' });
  const managed = await logOf(1, { mode: 'thirdPartyManagement' });
  const idOf = (bytes: Uint8Array): string => hex(openLog(bytes, PAPER_SUITE).id);
  const changed = (change: object): string =>
    idOf(encodeConfiguration({ ...configuration, ...change } as typeof configuration));
  const key = new Uint8Array(32).fill(7);
  const ids = [
    idOf(encodeConfiguration(configuration)),
    idOf(audited.configurationBytes),
    idOf(managed.configurationBytes),
    changed({ signaturePublicKey: key }),
    changed({ vrfPublicKey: key }),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(changed({ maxAheadMs: 77, reasonableMonitoringWindowMs: 78 })).toBe(ids[0]);
});

test('needs a suite', async () => {
  const { configurationBytes } = await logOf(1);
  for (const suite of [undefined, null, 'KT_128_SHA256_P256']) {
    expect(codeOf(() => openLog(configurationBytes, suite as never))).toBe('ERR_ARGUMENT_TYPE');
  }
});

test('refuses a signature under the code that is asked for, and no other error under it', async () => {
  const world = await logOf(1);
  const log = openLog(world.configurationBytes, PAPER_SUITE);
  const verify = (key: typeof log.headKey): string =>
    codeOf(() => verifySignature(log, key, utf8('x'), new Uint8Array(64), 'ERR_AUDITOR_SIGNATURE'));
  expect(verify(log.headKey)).toBe('ERR_AUDITOR_SIGNATURE');
  const broken = {
    ...log,
    suite: {
      ...PAPER_SUITE,
      signatures: {
        ...PAPER_SUITE.signatures,
        verify: (): never => {
          throw new RangeError('broken');
        },
      },
    },
  };
  expect(() => verifySignature(broken, log.headKey, utf8('x'), new Uint8Array(64), 'ERR_SIGNATURE')).toThrow(
    RangeError,
  );
});
