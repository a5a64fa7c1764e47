import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import {
  deriveKeyId,
  encodeLabelled,
  encodePublicKey,
  equalPublicKeys,
  hashLabelled,
  isValidSignature,
  PURPOSES,
  SecretBytes,
} from 'contact-key-verification/suites.js';
import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { describe, expect, test, vi } from 'vitest';
import { codeOf, SCHEMES } from '../support/accounts.js';

describe('labels', () => {
  test('are distinct, and none is the beginning of a labelled string of another', () => {
    const encodings = PURPOSES.map((purpose) =>
      Buffer.from(encodeLabelled(purpose, new Uint8Array(0))).toString('hex'),
    );
    expect(new Set(encodings).size).toBe(PURPOSES.length);
  });

  test('stand before the content, each with its length', () => {
    const expected = Buffer.concat([
      Buffer.of(12),
      Buffer.from('CKV/1 key id'),
      Buffer.of(0, 0, 0, 3),
      Buffer.of(1, 2, 3),
    ]);
    expect(Buffer.from(encodeLabelled('key id', Uint8Array.of(1, 2, 3)))).toEqual(expected);
    expect(Buffer.from(hashLabelled('key id', Uint8Array.of(1, 2, 3)))).toEqual(
      createHash('sha256').update(expected).digest(),
    );
  });
});

describe.each(SCHEMES.map((scheme) => [scheme.name, scheme] as const))('%s', (_, scheme) => {
  const key = generatePrivateKey(scheme);
  const content = Uint8Array.of(1, 2, 3);
  const signature = key.sign(encodeLabelled('pre-keys', content));

  test('a signature serves its own purpose, content and key only', () => {
    const { publicKey } = key;
    expect(isValidSignature(publicKey, 'pre-keys', content, signature)).toBe(true);
    for (const purpose of PURPOSES) {
      expect(isValidSignature(publicKey, purpose, content, signature)).toBe(purpose === 'pre-keys');
    }
    expect(isValidSignature(publicKey, 'pre-keys', Uint8Array.of(1, 2), signature)).toBe(false);
    expect(isValidSignature(generatePrivateKey(scheme).publicKey, 'pre-keys', content, signature)).toBe(
      false,
    );
  });

  test('any single flipped bit of a signature is refused', () => {
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const damaged = Uint8Array.from(signature);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(isValidSignature(key.publicKey, 'pre-keys', content, damaged), `bit ${bit}`).toBe(false);
    }
  });

  test('malformed signatures and keys are false, never an exception', () => {
    for (const length of [0, 1, 63, 65, 72, 10_000]) {
      expect(scheme.isValidSignature(key.publicKey.key, content, new Uint8Array(length))).toBe(false);
    }
    for (const length of [0, 31, 32, 33, 64, 65, 66]) {
      expect(scheme.isValidSignature(new Uint8Array(length), content, signature)).toBe(false);
      expect(scheme.isValidSignature(new Uint8Array(length).fill(255), content, signature)).toBe(false);
    }
  });

  test('keyIds tell keys and schemes apart', () => {
    const other = generatePrivateKey(scheme).publicKey;
    expect(deriveKeyId(key.publicKey)).not.toEqual(deriveKeyId(other));
    expect(equalPublicKeys(key.publicKey, other)).toBe(false);
    expect(equalPublicKeys(key.publicKey, { ...key.publicKey })).toBe(true);
    expect(deriveKeyId(key.publicKey)).toEqual(hashLabelled('key id', encodePublicKey(key.publicKey)));
  });
});

describe('SecretBytes', () => {
  test('copies, redacts, lends and destroys', () => {
    const bytes = Uint8Array.of(222, 173, 190, 239);
    const secret = new SecretBytes(bytes);
    bytes.fill(0);
    expect(secret.reveal()).toEqual(Uint8Array.of(222, 173, 190, 239));
    const shown = [inspect(secret, { showHidden: true, depth: 9 }), JSON.stringify({ secret }), `${secret}`];
    for (const text of shown) expect(text).not.toMatch(/222|de, ad|dead/i);
    expect(Object.keys(secret)).toEqual([]);
    expect(structuredClone(secret)).not.toHaveProperty('bytes');
    let lent: Uint8Array | undefined;
    secret.use((inside) => {
      lent = inside;
    });
    secret.destroy();
    secret.destroy();
    expect(lent).toEqual(new Uint8Array(4));
    expect(secret.isDestroyed).toBe(true);
    expect(secret.length).toBe(0);
    expect(codeOf(() => secret.reveal())).toBe('ERR_DESTROYED');
    expect(codeOf(() => secret.use(() => 1))).toBe('ERR_DESTROYED');
    expect(codeOf(() => new SecretBytes('x' as unknown as Uint8Array))).toBe('ERR_ARGUMENT_TYPE');
  });
});

test('without a CSPRNG no key is made', () => {
  vi.stubGlobal('crypto', undefined);
  try {
    for (const scheme of SCHEMES) expect(codeOf(() => generatePrivateKey(scheme))).toBe('ERR_NO_RANDOMNESS');
  } finally {
    vi.unstubAllGlobals();
  }
});
