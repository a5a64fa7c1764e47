/** The oracle's codes against outputs of libsignal, the examples of BIP 350, and a second writing in Python. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../reference/encoding.js';
import { ECDSA_P256_SHA256, ED25519, encodePublicKey, keyId, keyPairFrom } from '../reference/keys.js';
import {
  comparePublicCode,
  decodeBech32m,
  decodePublicCode,
  encodeBech32m,
  publicCode,
} from '../reference/public-code.js';
import { qrPayload, readQrPayload, safetyNumber } from '../reference/safety-number.js';
import {
  type SasMessage,
  decodeSasMessage,
  encodeSasMessage,
  sasCode,
  sasCommitment,
  showSasCode,
} from '../reference/sas.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function reasonOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  return 'accepted';
}

describe('codes of account keys', () => {
  // The keys of RFC 6979, appendix A.2.5, and RFC 8032, section 7.1, TEST 2.
  const p256 = keyPairFrom(
    ECDSA_P256_SHA256,
    hex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'),
  );
  const ed = keyPairFrom(ED25519, hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'));
  const codes = { sessionId: hex('000102030405060708090a0b0c0d0e0f'), nonceI: hex('a1'.repeat(32)) };

  it('computes the 8-digit code that Python computes', () => {
    // hashlib and hmac over structures written out by hand with struct.pack.
    const transcript = {
      ...codes,
      purpose: 1 as const,
      nonceR: hex('b2'.repeat(32)),
      initiator: encodePublicKey(ed.publicKey),
      responder: encodePublicKey(p256.publicKey),
    };
    expect(text(sasCommitment(transcript))).toBe(
      '1e04359e23831a4f6bb8b8368b1081676d5df0b60f5ad00750f7aa578ca2960d',
    );
    expect(sasCode(transcript)).toBe('71511480');
    expect(showSasCode('71511480')).toBe('7151 1480');
  });

  it('writes the public code that Python writes, in 63 characters', () => {
    const code = 'ckv1q8nx2hak4aes65y093mwu84a6mt96sx04ldesfmzgw2pz0ltqxv2xzuz7tj';
    expect(publicCode(ed.publicKey)).toBe(code);
    expect(code).toHaveLength(63);
    expect(text(decodePublicCode(code.toUpperCase()))).toBe(text(keyId(ed.publicKey)));
    expect(reasonOf(() => decodePublicCode(`C${code.slice(1)}`))).toBe('text-invalid');
    expect(reasonOf(() => decodePublicCode(code.replace('7tj', '7tq')))).toBe('text-invalid');
    const { data } = decodeBech32m(code);
    expect(reasonOf(() => decodePublicCode(encodeBech32m('ckw', data)))).toBe('text-invalid');
    expect(reasonOf(() => decodePublicCode(encodeBech32m('ckv', data.slice(0, 52))))).toBe('text-invalid');
    expect(reasonOf(() => decodePublicCode(encodeBech32m('ckv', [...data, 0])))).toBe('text-invalid');
    expect(reasonOf(() => decodePublicCode(encodeBech32m('ckv', [0])))).toBe('truncated');
    const padded = [...data.slice(0, 52), (data[52] as number) + 1];
    expect(reasonOf(() => decodePublicCode(encodeBech32m('ckv', padded)))).toBe('text-invalid');
    expect(reasonOf(() => decodePublicCode(encodeBech32m('ckv', [0, 8, 1, 2])))).toBe('unknown-version');

    const succession = { key: ed.publicKey, sequence: 1, signature: Buffer.alloc(64) };
    const chain = { successions: [succession], account_key: p256.publicKey };
    expect(comparePublicCode(publicCode(p256.publicKey), chain)).toBe('current');
    expect(comparePublicCode(code, chain)).toBe('earlier');
    expect(comparePublicCode(code, { successions: [], account_key: p256.publicKey })).toBe('other');
  });
});

describe('session messages', () => {
  const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
    fc.uint8Array({ minLength: length, maxLength: length });
  const message: fc.Arbitrary<SasMessage> = fc.oneof(
    fc.record({
      type: fc.constant('start' as const),
      purpose: fc.constantFrom(1 as const, 2 as const),
      session_id: bytes(16),
      commitment: bytes(32),
    }),
    fc.record({
      type: fc.constantFrom('reply' as const, 'reveal' as const),
      session_id: bytes(16),
      nonce: bytes(32),
    }),
  );

  it('read as they were written, and nothing longer or shorter', () => {
    fc.assert(
      fc.property(message, (m) => {
        const encoded = encodeSasMessage(m);
        expect(text(encodeSasMessage(decodeSasMessage(encoded)))).toBe(text(encoded));
        expect(reasonOf(() => decodeSasMessage(Buffer.concat([encoded, hex('00')])))).toBe('trailing-bytes');
        expect(reasonOf(() => decodeSasMessage(encoded.subarray(0, -1)))).toBe('truncated');
      }),
      { numRuns: 1000 },
    );
    expect(reasonOf(() => decodeSasMessage(hex('02')))).toBe('unknown-version');
    expect(reasonOf(() => decodeSasMessage(hex('0104')))).toBe('unknown-value');
    expect(reasonOf(() => decodeSasMessage(hex('010103')))).toBe('unknown-value');
  });
});

describe('Bech32m', () => {
  // BIP 350, "Test vectors for Bech32m".
  it.each([
    'A1LQFN3A',
    'a1lqfn3a',
    'an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6',
    'abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx',
    '11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8',
    'split1checkupstagehandshakeupstreamerranterredcaperredlc445v',
    '?1v759aa',
  ])('accepts %s', (string) => {
    const { humanPart, data } = decodeBech32m(string);
    expect(encodeBech32m(humanPart, data)).toBe(string.toLowerCase());
  });

  it.each([
    ' 1xj0phk',
    '\x7f1g6xzxy',
    '\x801vctc34',
    'an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4',
    'qyrz8wqd2c9m',
    '1qyrz8wqd2c9m',
    'y1b0jsk6g',
    'lt1igcx5c0',
    'in1muywd',
    'mm1crxm3i',
    'au1s5cgom',
    'M1VUXWEZ',
    '16plkw9',
    '1p2gdwpf',
    'a1LQFN3A',
  ])('refuses %s', (string) => {
    expect(reasonOf(() => decodeBech32m(string))).toMatch(/^(text-invalid|too-large)$/);
  });
});

describe('safety number', () => {
  // Inputs of our own (Curve25519 keys from SHA-256 of chosen words), outputs of @signalapp/libsignal-client 0.103.0.
  // 300 random pairs agreed besides.
  it.each([
    {
      version: 1 as const,
      iterations: 5200,
      localId: 'tel:+1555000one',
      localKey: '056ae7fa3bb834893f221f8dd98444fa0107a6c96a3cc85c352e59fe6d47fa224d',
      remoteId: 'mailto:two@example.org',
      remoteKey: '05b293dfdef1359b5b4684dfeffd067a7546ceec5328b9ff5aefdd01b92c146972',
      display: '115882764313005501142144126122304586310424911572283897167612',
      scannable:
        '080112220a20151e6f1ce4d1007b073be15926226d989e6380a280045d0f018fb1176e4abffe1a220a20c817bea9ba815ea527c073ae20cf8fa7cc71eeec4f768c8cdb1046ec4b3cb8bd',
    },
    {
      version: 2 as const,
      iterations: 5200,
      localId: 'tel:+1555000three',
      localKey: '05794794127eb4032f9493f8a8e70c5935f6cc00e7ad99baa24e67569510aae655',
      remoteId: 'mailto:four@example.org',
      remoteKey: '05dbff3b976b1859c8e23c9312739916d2a68efaf9d9e6336cc68bae5478f3cf68',
      display: '697609759875586788749521078950719800018757556046889216385770',
      scannable:
        '080212220a20c1f721beacbe57e6595b1790c638b441891dc870cc60dc8163465fcb8b8a830b1a220a2099cb4abf4065b5a097be4fb39495427e50b464da2231d2ee4aba6494a0063ff5',
    },
    {
      version: 2 as const,
      iterations: 1024,
      localId: 'tel:+1555000six',
      localKey: '05e797315ab7f23819f3acd5ed0001114e4d312bd2ba09389c79b025e7975c385e',
      remoteId: 'mailto:five@example.org',
      remoteKey: '057007806176e66aa87694b595f744dcd94f9147e3e99579ae6b6d83e5c39b2f10',
      display: '309181448559499258786408676937649488872986360012476469452967',
      scannable:
        '080212220a2072877fb394bc7bc87e3991459a1f38c6253120bf9f7ae71556cc745fa287b8c31a220a20ccec2a69a6bbfc6ef5154377b4ffcb7bc15191f662b66679765889a902c9924b',
    },
  ])('is libsignal’s, version $version, $iterations iterations', (answer) => {
    const local = { id: Buffer.from(answer.localId), key: hex(answer.localKey) };
    const remote = { id: Buffer.from(answer.remoteId), key: hex(answer.remoteKey) };
    const mine = safetyNumber(local, remote, answer.version, answer.iterations);
    expect(mine.display).toBe(answer.display);
    expect(text(mine.scannable)).toBe(answer.scannable);
    const theirs = safetyNumber(remote, local, answer.version, answer.iterations);
    expect(theirs.display).toBe(answer.display);
    expect(text(theirs.scannable)).not.toBe(answer.scannable);
  });
});

describe('QR payload', () => {
  it('tries its outcomes in the stated order', () => {
    const [a, b, c] = ['aa', 'bb', 'cc'].map((byte) => hex(byte.repeat(32))) as [Buffer, Buffer, Buffer];
    const scan = (payload: Buffer): string => readQrPayload(payload, a, b);
    expect(scan(qrPayload(b, a))).toBe('match');
    expect(scan(qrPayload(b, c))).toBe('their-key-for-me-differs');
    expect(scan(qrPayload(c, c))).toBe('my-key-for-them-differs');
    expect(scan(qrPayload(a, b))).toBe('own-code');
    expect(scan(qrPayload(b, a).subarray(1))).toBe('not-a-ckv-code');
    expect(scan(hex('434b'))).toBe('not-a-ckv-code');
    expect(scan(hex('434b56'))).toBe('wrong-length');
    expect(scan(hex('434b5602'))).toBe('unknown-version');
    expect(scan(hex('434b5601'))).toBe('wrong-length');
    expect(scan(Buffer.concat([qrPayload(b, a), hex('00')]))).toBe('wrong-length');
  });
});
