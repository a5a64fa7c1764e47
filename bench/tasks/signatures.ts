/**
 * Tasks: one signature made, one checked, by this library and by Node's own cryptography.
 */

import { sign, verify } from 'node:crypto';
import type { SignatureScheme } from 'contact-key-verification/suites.js';
import { assertRefused } from '../control.js';
import { digest, type Task } from '../harness.js';
import { nodeKeysOf, sampleKey } from '../sample-keys.js';

const MESSAGE: Uint8Array = Buffer.from(
  'some 100 bytes, which is about what a device signs for its entry '.repeat(2),
);
const OURS = 'this library';
const R_AND_S = 'ieee-p1363';

export function signingTask(scheme: SignatureScheme): Task {
  const key = sampleKey(scheme, 'signer');
  const { privateKey, publicKey, digest: algorithm } = nodeKeysOf(key);
  // ECDSA signatures of two signers differ and are both right.
  const checksum = (signature: Uint8Array): string =>
    String(verify(algorithm, MESSAGE, { key: publicKey, dsaEncoding: R_AND_S }, signature));
  const contenders = [
    { name: OURS, run: () => key.sign(MESSAGE) },
    {
      name: 'node:crypto sign()',
      run: () => sign(algorithm, MESSAGE, { key: privateKey, dsaEncoding: R_AND_S }),
    },
  ];
  return {
    title: `${scheme.name}: sign`,
    unit: 'signatures',
    units: 1,
    baseline: OURS,
    contenders: contenders.map((contender) => ({ ...contender, checksum, expected: 'true' })),
  };
}

export function verifyingTask(scheme: SignatureScheme): Task {
  const key = sampleKey(scheme, 'signer');
  const { publicKey, privateKey, digest: algorithm } = nodeKeysOf(key);
  const signature: Uint8Array = sign(algorithm, MESSAGE, { key: privateKey, dsaEncoding: R_AND_S });
  const damaged = Uint8Array.from(signature);
  damaged[40] = (damaged[40] ?? 0) ^ 1;
  const contenders = [
    {
      name: OURS,
      accepts: (given: Uint8Array) => scheme.isValidSignature(key.publicKey.key, MESSAGE, given),
    },
    {
      name: 'node:crypto verify()',
      accepts: (given: Uint8Array) =>
        verify(algorithm, MESSAGE, { key: publicKey, dsaEncoding: R_AND_S }, given),
    },
  ];
  return {
    title: `${scheme.name}: verify`,
    unit: 'signatures',
    units: 1,
    baseline: OURS,
    contenders: contenders.map(({ name, accepts }) => {
      const accepted = (given: Uint8Array): Uint8Array => {
        if (!accepts(given)) throw new Error(`${name} refused a true signature`);
        return given;
      };
      assertRefused(name, () => accepted(damaged));
      return { name, run: () => accepted(signature), expected: digest(signature) };
    }),
  };
}
