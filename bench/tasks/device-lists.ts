/**
 * Tasks: signed device lists, made and verified. A list of n devices carries n + 1 signatures; making it verifies
 * the result as a contact would.
 */

import { verify } from 'node:crypto';
import {
  type DeviceListDraft,
  deriveFirstPosition,
  draftFirstList,
  type PrivateKey,
  signDeviceEntry,
  signDeviceList,
  verifyDeviceList,
} from 'contact-key-verification/keys.js';
import type { SignatureScheme } from 'contact-key-verification/suites.js';
import { assertRefused } from '../control.js';
import { type Contender, digest, type Task } from '../harness.js';
import { encodeLabelled, hashLabelled } from '../independent.js';
import { nodeKeysOf, SCHEMES, sampleKey } from '../sample-keys.js';

const IDENTIFIER = 'tel:+15551234567';
/** What the messenger encrypts to: an identity key and a signed pre-key, as it may be. */
const MESSAGING_KEYS = new Uint8Array(64).fill(7);

/** Length of `opaque account<0..2^16-1>; opaque author<0..2^16-1>;` with 64 bytes of the one, none of the other. */
const SIGNATURES_LENGTH = 2 + 64 + 2;

/** Lists of this many devices, drafted and with their entries signed, are signed by the account key. */
export function listSigningTask(devices: number): Task {
  return compareSchemes(`Sign a list of ${named(devices)}`, (scheme) => {
    const { accountKey, draft } = sampleDraft(scheme, devices);
    const { publicKey, digest: algorithm } = nodeKeysOf(accountKey);
    return {
      run: () => signDeviceList(draft, [accountKey]).encoded,
      checksum: (encoded) => {
        const content = encoded.subarray(0, -SIGNATURES_LENGTH);
        const signatures = Buffer.from(encoded.subarray(content.length));
        const signature = signatures.subarray(2, 66);
        const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
        const isSigned = verify(algorithm, encodeLabelled('device list', content), key, signature);
        return String(isSigned && signatures.equals(Buffer.of(0, 64, ...signature, 0, 0)));
      },
      expected: 'true',
    };
  });
}

/** Lists of this many devices are verified at first sight. */
export function listVerifyingTask(devices: number): Task {
  return compareSchemes(`Verify a list of ${named(devices)}`, (scheme) => {
    const { accountKey, draft } = sampleDraft(scheme, devices);
    const { encoded } = signDeviceList(draft, [accountKey]);
    const judge = (bytes: Uint8Array): Uint8Array =>
      verifyDeviceList(bytes, { identifier: IDENTIFIER }).listId;
    const damaged = Uint8Array.from(encoded);
    const at = encoded.length - SIGNATURES_LENGTH + 40;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    assertRefused('verifyDeviceList', () => judge(damaged));
    return {
      run: () => judge(encoded),
      expected: digest(hashLabelled('device list id', encoded.subarray(0, -SIGNATURES_LENGTH))),
    };
  });
}

function named(devices: number): string {
  return devices === 1 ? '1 device' : `${devices} devices`;
}

function compareSchemes(title: string, work: (scheme: SignatureScheme) => Omit<Contender, 'name'>): Task {
  const contenders = SCHEMES.map((scheme) => ({ name: scheme.name, ...work(scheme) }));
  return { title, unit: 'lists', units: 1, baseline: 'Ed25519', contenders };
}

function sampleDraft(
  scheme: SignatureScheme,
  devices: number,
): { accountKey: PrivateKey; draft: DeviceListDraft } {
  const accountKey = sampleKey(scheme, 'account');
  const position = deriveFirstPosition({ identifier: IDENTIFIER, accountKey: accountKey.publicKey });
  const entries = Array.from({ length: devices }, (_, i) =>
    signDeviceEntry(
      position,
      { id: `device ${i}`, messagingKeys: MESSAGING_KEYS },
      sampleKey(scheme, `device ${i}`),
    ),
  );
  return { accountKey, draft: draftFirstList(position, entries) };
}
