/**
 * The reference's VRF, and with it the published vectors, held to the values that RFC 9381 prints; and what holds for
 * proofs that no honest prover makes.
 */
import { KT_128_SHA256_Ed25519 } from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../scripts/vectors/people.js';
import { vrfProve, vrfVerify } from '../reference/vrf.js';
import { bytes, hex, PUBLISHED, text, type ValidCase } from '../vectors/files.js';

/** Appendix B, the examples with try-and-increment. */
const EXAMPLES = [
  {
    example: 10,
    counter: 1,
    pi:
      '035b5c726e8c0e2c488a107c600578ee75cb702343c153cb1eb8dec77f4b5071b4a53f0a46f018bc' +
      '2c56e58d383f2305e0975972c26feea0eb122fe7893c15af376b33edf7de17c6ea056d4d82de6bc02f',
    beta: 'a3ad7b0ef73d8fc6655053ea22f9bede8c743f08bbed3d38821f0e16474b505e',
  },
  {
    example: 11,
    counter: 3,
    pi:
      '034dac60aba508ba0c01aa9be80377ebd7562c4a52d74722e0abae7dc3080ddb56c19e067b15a8a8' +
      '174905b13617804534214f935b94c2287f797e393eb0816969d864f37625b443f30f1a5a33f2b3c854',
    beta: 'a284f94ceec2ff4b3794629da7cbafa49121972671b466cab4ce170aa365f26d',
  },
  {
    example: 12,
    counter: 1,
    pi:
      '03d03398bf53aa23831d7d1b2937e005fb0062cbefa06796579f2a1fc7e7b8c667d091c00b0f5c36' +
      '19d10ecea44363b5a599cadc5b2957e223fec62e81f7b4825fc799a771a3d7334b9186bdbee87316b1',
    beta: '90871e06da5caa39a3c61578ebb844de8635e27ac0b13e829997d0d95dd98c19',
  },
  {
    example: 16,
    counter: 0,
    pi:
      '8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee' +
      '1b190bed1f479d9727d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805',
    beta:
      '90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff' +
      '66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae',
  },
  {
    example: 17,
    counter: 1,
    pi:
      'f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed5933bf0864a62558b3e' +
      'd7f2fea45c92a465301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02',
    beta:
      'eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb' +
      '5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031',
  },
  {
    example: 18,
    counter: 0,
    pi:
      '9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf8096bb474e53895c36' +
      '2d8628ee9f9ea3c0e52c7a5c691b6c18c9979866568add7a2d41b00b05081ed0f58ee5e31b3a970e',
    beta:
      '645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c45' +
      '2118fec1219202a0edcf038bb6373241578be7217ba85a2687f7a0310b2df19f',
  },
] as const;

const VALID = PUBLISHED.find(({ file }) => file === 'vrf')?.valid ?? [];

function caseOf(name: string): ValidCase {
  const found = VALID.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

describe('example', () => {
  test.each(EXAMPLES)('$example', ({ example, counter, pi, beta }) => {
    const { input } = caseOf(`RFC 9381, example ${example}`);
    const vrf = text(input['vrf']);
    const trace = vrfProve(vrf, bytes(input['secret']), bytes(input['input']));
    expect([trace.ctr, hex(trace.pi), hex(trace.beta)]).toEqual([counter, pi, beta]);
    expect(hex(vrfVerify(vrf, trace.PK, bytes(input['input']), trace.pi))).toBe(beta);
  });
});

test('parts of small order in Gamma change the proof and not the output', () => {
  const { vrf } = KT_128_SHA256_Ed25519;
  const key = vrf.parsePrivateKey(bytesOf('VRF key on edwards25519'));
  const odd = VALID.filter(({ name }) => name.includes('Gamma with a part of order'));
  for (const { input, output } of odd) {
    const honest = vrf.prove(key, bytes(input['input']));
    expect(hex(honest.output)).toBe(output['output']);
    expect(hex(honest.proof)).not.toBe(input['proof']);
  }
  expect(odd).toHaveLength(2);
});
