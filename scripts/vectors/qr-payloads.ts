/** QR payloads, and what scanning one shows: outcomes, not errors. */
import { encodePublicKey, type KeyPair, keyId } from '../../test/reference/keys.js';
import { qrPayload, readQrPayload } from '../../test/reference/safety-number.js';
import { alice, bob, mallory } from './people.js';
import { readKey } from './public-codes.js';
import { bytes, cut, flipped, hex, longer, patched, VectorFile } from './vector-file.js';

export function qrPayloads(): VectorFile {
  const file = new VectorFile(
    'qr-payloads',
    'QR payloads: what one shows, and every outcome of scanning one.',
    {
      QrPayloadOf: (input) => {
        const [mine, theirs] = [readKey(input['mine']), readKey(input['theirs'])];
        return { payload: hex(qrPayload(keyId(mine), keyId(theirs))) };
      },
      QrPayload: (input) => {
        const [mine, theirs] = [readKey(input['mine']), readKey(input['theirs'])];
        return { outcome: readQrPayload(bytes(input['scanned']), keyId(mine), keyId(theirs)) };
      },
    },
  );

  const key = (pair: KeyPair): string => hex(encodePublicKey(pair.publicKey));
  const [ofAlice, ofBob] = [
    { mine: key(alice), theirs: key(bob) },
    { mine: key(bob), theirs: key(alice) },
  ];
  file.valid('QrPayloadOf', 'Alice shows', ofAlice);
  file.valid('QrPayloadOf', 'Bob shows', ofBob);

  // Alice scans.
  const id = (pair: KeyPair): Buffer => keyId(pair.publicKey);
  const shown = qrPayload(id(bob), id(alice));
  const scan = (name: string, scanned: Uint8Array, expected: string): void => {
    const { outcome } = file.valid('QrPayload', name, { ...ofAlice, scanned: hex(scanned) });
    if (outcome !== expected) throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  };
  scan('what Bob shows', shown, 'match');
  scan('nothing', Buffer.alloc(0), 'not-a-ckv-code');
  scan('two letters', Buffer.from('CK'), 'not-a-ckv-code');
  scan('another magic', patched(shown, 2, Buffer.from('L')), 'not-a-ckv-code');
  scan('lower case', patched(shown, 0, Buffer.from('ckv')), 'not-a-ckv-code');
  scan('no version', Buffer.from('CKV'), 'wrong-length');
  scan('version 0', patched(shown, 3, Buffer.of(0)), 'unknown-version');
  scan('version 2', patched(shown, 3, Buffer.of(2)), 'unknown-version');
  scan('version 2 and nothing else', Buffer.from('CKV\u0002'), 'unknown-version');
  scan('version 1 and nothing else', Buffer.from('CKV\u0001'), 'wrong-length');
  scan('the last byte is missing', cut(shown), 'wrong-length');
  scan('a zero follows', longer(shown), 'wrong-length');
  scan('what Alice shows herself', qrPayload(id(alice), id(bob)), 'own-code');
  scan('Alice shows herself to herself', qrPayload(id(alice), id(alice)), 'own-code');
  scan('Mallory for Bob', qrPayload(id(mallory), id(alice)), 'my-key-for-them-differs');
  scan('Bob, who holds Mallory for Alice', qrPayload(id(bob), id(mallory)), 'their-key-for-me-differs');
  scan('Mallory for both', qrPayload(id(mallory), id(mallory)), 'my-key-for-them-differs');
  scan('one bit of what is theirs', flipped(shown, 4), 'my-key-for-them-differs');
  scan('one bit of what is mine', flipped(shown, -1, 0x80), 'their-key-for-me-differs');
  return file;
}
