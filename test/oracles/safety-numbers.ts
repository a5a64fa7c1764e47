/**
 * Safety numbers against libsignal, the implementation that Signal ships: digits and scannable form, versions
 * 1 and 2, and what each side says when it scans the other.
 */

import { randomBytes, randomInt } from 'node:crypto';
import { compareScannedSafetyNumber, deriveSafetyNumber } from 'contact-key-verification/codes.js';
import type { Ledger, Oracle } from './ledger.js';
import { load, versionOf } from './third-party.js';

interface SignalPublicKey {
  serialize(): Uint8Array;
}

interface SignalScannable {
  compare(other: SignalScannable): boolean;
  toBuffer(): Uint8Array;
}

interface Libsignal {
  readonly PrivateKey: { generate(): { getPublicKey(): SignalPublicKey } };
  readonly ScannableFingerprint: { _fromBuffer(bytes: Uint8Array): SignalScannable };
  readonly Fingerprint: {
    new: (
      iterations: number,
      version: number,
      localId: Uint8Array,
      localKey: SignalPublicKey,
      remoteId: Uint8Array,
      remoteKey: SignalPublicKey,
    ) => {
      displayableFingerprint(): { toString(): string };
      scannableFingerprint(): SignalScannable;
    };
  };
}

interface Party {
  readonly id: Uint8Array;
  readonly key: SignalPublicKey;
}

const NAME = '@signalapp/libsignal-client';
const VERSIONS = [1, 2] as const;
/** Pairs at Signal's own 5200 iterations, which is what counts, and at any other number. */
const PAIRS = 500;
const PAIRS_OF_OTHER_ITERATIONS = 500;
const CASES_PER_VERSION = 5;

export const safetyNumbers: Oracle = {
  name: 'safety numbers',
  expected: (PAIRS + PAIRS_OF_OTHER_ITERATIONS) * VERSIONS.length * CASES_PER_VERSION,
  async run(ledger) {
    const libsignal = await load<Libsignal>(NAME);
    const party = (): Party => ({
      id: randomBytes(randomInt(1, 100)),
      key: libsignal.PrivateKey.generate().getPublicKey(),
    });
    for (let pair = 0; pair < PAIRS; pair++) {
      comparePair(ledger, libsignal, [party(), party()], 5200);
    }
    for (let pair = 0; pair < PAIRS_OF_OTHER_ITERATIONS; pair++) {
      comparePair(ledger, libsignal, [party(), party()], randomInt(2, 200));
    }
    return versionOf(NAME);
  },
};

/** Alice's number of Bob by both implementations; then each reads the other's rendering of Bob's. */
function comparePair(
  ledger: Ledger,
  libsignal: Libsignal,
  [alice, bob]: readonly [Party, Party],
  iterations: number,
): void {
  // Marked as internal over there, and the only way to give libsignal the bytes of a scan.
  const fromBuffer = libsignal.ScannableFingerprint['_fromBuffer'];
  for (const version of VERSIONS) {
    const theirs = (local: Party, remote: Party) =>
      libsignal.Fingerprint.new(iterations, version, local.id, local.key, remote.id, remote.key);
    const ours = deriveSafetyNumber({
      local: { id: alice.id, key: alice.key.serialize() },
      remote: { id: bob.id, key: bob.key.serialize() },
      iterations,
      version,
    });
    const [alices, bobs] = [theirs(alice, bob), theirs(bob, alice)];
    const what = `version ${version}, ${iterations} iterations, ids of ${alice.id.length} and ${bob.id.length} bytes`;

    ledger.same(`digits, ${what}`, ours.display, alices.displayableFingerprint().toString());
    const own = alices.scannableFingerprint();
    const scanned = bobs.scannableFingerprint();
    ledger.same(`scannable, ${what}`, ours.scannable, own.toBuffer());
    ledger.same(`we scan, ${what}`, compareScannedSafetyNumber(ours.scannable, scanned.toBuffer()), 'match');
    const rendered = fromBuffer(ours.scannable);
    ledger.holds(`they scan, ${what}`, scanned.compare(rendered));

    // One bit of what Bob holds for Alice is another: neither implementation may call that a match.
    const damaged = Uint8Array.from(ours.scannable);
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    const refused = !scanned.compare(fromBuffer(damaged));
    const outcome = compareScannedSafetyNumber(scanned.toBuffer(), damaged);
    ledger.holds(`a damaged one, ${what}`, refused && outcome === 'my-key-for-them-differs');
  }
}
