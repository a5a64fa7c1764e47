/** Safety numbers, and what scanning one shows. */
import { encodePublicKey, type KeyPair } from '../../test/reference/keys.js';
import { type Party, partyOf, readScannable, safetyNumber } from '../../test/reference/safety-number.js';
import { alice, bob, bytesOf, mallory } from './people.js';
import { readKey } from './public-codes.js';
import {
  bytes,
  cut,
  type Fields,
  flipped,
  hex,
  type Json,
  longer,
  number,
  patched,
  VectorFile,
} from './vector-file.js';

function party(value: Json | undefined): Party {
  const { id, key } = value as Fields;
  return { id: bytes(id), key: bytes(key) };
}

const version = (value: Json | undefined): 1 | 2 => (number(value) === 1 ? 1 : 2);

export function safetyNumbers(): VectorFile {
  const file = new VectorFile(
    'safety-numbers',
    'Safety numbers as Signal computes them, the scannable form in both versions, and what scanning shows.',
    {
      SafetyNumber: (input) => {
        const [local, remote] = [party(input['local']), party(input['remote'])];
        const made = safetyNumber(local, remote, version(input['version']), number(input['iterations']));
        return { display: made.display, scannable: hex(made.scannable) };
      },
      AccountSafetyNumber: (input) => {
        const [local, remote] = [readKey(input['local']), readKey(input['remote'])];
        const { display, scannable } = safetyNumber(partyOf(local), partyOf(remote), 2);
        return { display, formatted: (display.match(/.{5}/g) ?? []).join(' '), scannable: hex(scannable) };
      },
      ScannedSafetyNumber: (input) => ({
        outcome: readScannable(bytes(input['own']), bytes(input['scanned'])),
      }),
    },
  );

  const key = (pair: KeyPair): string => hex(encodePublicKey(pair.publicKey));
  for (const [name, local, remote] of [
    ['Alice and Bob', alice, bob],
    ['Bob and Alice', bob, alice],
    ['Alice and Mallory', alice, mallory],
  ] as const) {
    file.valid('AccountSafetyNumber', name, { local: key(local), remote: key(remote) });
  }

  // As Signal has it: 33 bytes of key, a telephone number or a UUID for an id.
  const ours = { id: hex(Buffer.from('+14152222222')), key: `05${hex(bytesOf('a key of ours'))}` };
  const theirs = { id: hex(Buffer.from('+14153333333')), key: `05${hex(bytesOf('a key of theirs'))}` };
  const longest = { id: '61'.repeat(1000), key: '62'.repeat(1000) };
  for (const form of [1, 2]) {
    const both = { local: ours, remote: theirs, iterations: 5200, version: form };
    file.valid('SafetyNumber', `version ${form}`, both);
    file.valid('SafetyNumber', `version ${form}, from the other side`, {
      ...both,
      local: theirs,
      remote: ours,
    });
  }
  file.valid('SafetyNumber', '2 iterations', { local: ours, remote: theirs, iterations: 2, version: 2 });
  file.valid('SafetyNumber', 'long ids and keys', {
    local: longest,
    remote: ours,
    iterations: 3,
    version: 1,
  });
  file.valid('SafetyNumber', 'both the same', { local: ours, remote: ours, iterations: 5200, version: 2 });

  addScans(file, safetyNumber(party(ours), party(theirs), 2).scannable);
  return file;
}

/** Outcomes, not errors: whoever scans wants to know what he saw. */
function addScans(file: VectorFile, own: Buffer): void {
  const mine = own.subarray(6, 38);
  const yours = own.subarray(42, 74);
  const shown = patched(patched(own, 6, yours), 42, mine);
  const scan = (name: string, scanned: Uint8Array, expected: string): void => {
    const { outcome } = file.valid('ScannedSafetyNumber', `scanned: ${name}`, {
      own: hex(own),
      scanned: hex(scanned),
    });
    if (outcome !== expected) throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  };
  scan('the other side shows the same', shown, 'match');
  scan('nothing was scanned', Buffer.alloc(0), 'not-a-safety-number');
  scan('a text was scanned', Buffer.from('https://example.org'), 'not-a-safety-number');
  scan('the last byte is missing', cut(shown), 'not-a-safety-number');
  scan('a zero follows', longer(shown), 'not-a-safety-number');
  scan(
    'the second field first',
    patched(patched(shown, 2, Buffer.of(0x1a)), 38, Buffer.of(0x12)),
    'not-a-safety-number',
  );
  scan('version 0', patched(shown, 1, Buffer.of(0)), 'unknown-version');
  scan('version 3', patched(shown, 1, Buffer.of(3)), 'unknown-version');
  scan('version 3 and nothing else', Buffer.of(8, 3), 'unknown-version');
  scan('version 1', patched(shown, 1, Buffer.of(1)), 'other-version');
  scan('the own code', own, 'own-code');
  scan('one bit of what is theirs', flipped(shown, 6), 'my-key-for-them-differs');
  scan('one bit of what is mine', flipped(shown, -1), 'their-key-for-me-differs');
  scan('one bit of each', flipped(flipped(shown, 6), -1), 'my-key-for-them-differs');
}
