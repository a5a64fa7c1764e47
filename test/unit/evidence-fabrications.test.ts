/**
 * Nobody can make up evidence against an honest log: every attempt of the table, in every deployment mode and over both
 * cipher suites, is refused for its own reason; and so are all pairs of what an honest log has signed.
 */

import { beforeAll, describe, expect, test } from 'vitest';
import { DecodeError, VerificationError } from '../../src/errors.js';
import type { CipherSuite } from '../../src/suites.js';
import { encodeEvidence } from '../../src/transparency/evidence/evidence.js';
import { verifyEvidence } from '../../src/transparency/evidence/verify-evidence.js';
import type { Configuration } from '../../src/transparency/wire/configuration.js';
import { codeOf, grow, logOf } from './client-world.js';
import { ALL_SUITES, auditorHeadOf, evidenceOf, headOf, nodesOf, sideOf } from './evidence-world.js';
import { FABRICATIONS, fabricated, type Scene, sceneOf } from './evidence-fabrications.js';
import { PAPER_SUITE } from './paper-suite.js';

const MODES: readonly Configuration['mode'][] = [
  'contactMonitoring',
  'thirdPartyManagement',
  'thirdPartyAuditing',
];
const withByte = (bytes: Uint8Array, at: number, byte: number): Uint8Array =>
  bytes.map((each, i) => (i === at ? byte : each));
const verify = (scene: Scene, bytes: Uint8Array) => verifyEvidence(bytes, { suites: [scene.suite] });

test('each attempt has a name of its own, and each can be tried somewhere', () => {
  const names = FABRICATIONS.map(({ name, code }) => `${name} ${code}`);
  expect(new Set(names).size).toBe(names.length);
  expect(FABRICATIONS.length).toBeGreaterThanOrEqual(80);
});

const SCENES = ALL_SUITES.flatMap((suite) => MODES.map((mode) => [suite.name, mode, suite] as const));

describe.each(SCENES)('%s, %s', (_, mode, suite: CipherSuite) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await sceneOf(suite, mode);
  });

  test.each(FABRICATIONS)('$name: $code', (fabrication) => {
    if (fabrication.where?.(scene) === false) return;
    expect(codeOf(() => verify(scene, fabricated(scene, fabrication)))).toBe(fabrication.code);
  });

  test('against a log of one’s own, everything can be shown: it is not the log that is meant', async () => {
    const { log } = scene;
    const own = await logOf(4, { suite, mode, vrfSecret: 'own' });
    const two = own.fork();
    await grow(own, 1);
    await grow(two, 1, () => 2);
    const sides = [sideOf(own, 5, 5), sideOf(two, 5, 5)] as const;
    const bytes = evidenceOf(own, { kind: 'fork', size: 5, first: sides[0], second: sides[1] });
    const options = { suites: [suite], configuration: log.configurationBytes };
    expect(codeOf(() => verifyEvidence(bytes, options))).toBe('ERR_EVIDENCE_LOG');
    expect(verifyEvidence(bytes, { suites: [suite] }).configuration).not.toEqual(log.configuration);
    const renamed = encodeEvidence({
      configuration: log.configuration,
      accusation: { kind: 'fork', size: 5, first: sides[0], second: sides[1] },
    });
    expect(codeOf(() => verifyEvidence(renamed, options))).toBe('ERR_SIGNATURE');
  });
});

test('every pair of heads, cut at every size: they agree', async () => {
  const log = await logOf(11, { suite: PAPER_SUITE, mode: 'thirdPartyAuditing' });
  const sizes = Array.from({ length: 11 }, (_, i) => i + 1);
  const heads = sizes.flatMap((size) => [headOf(log, size), auditorHeadOf(log, size)]);
  const codes = new Set<string>();
  let tried = 0;
  for (const first of heads) {
    for (const second of heads) {
      for (const size of sizes) {
        const least = Math.min(first.treeSize, second.treeSize);
        const cut = (treeSize: number): readonly Uint8Array[] =>
          nodesOf(log, treeSize, Math.min(size, treeSize));
        const bytes = evidenceOf(log, {
          kind: 'fork',
          size,
          first: { head: first, nodes: cut(first.treeSize) },
          second: { head: second, nodes: cut(second.treeSize) },
        });
        const code = codeOf(() => verifyEvidence(bytes, { suites: [PAPER_SUITE] }));
        expect(code).toBe(size <= least ? 'ERR_EVIDENCE_AGREES' : 'ERR_HEAD_ORDER');
        codes.add(code);
        tried++;
      }
    }
  }
  expect([...codes].sort()).toEqual(['ERR_EVIDENCE_AGREES', 'ERR_HEAD_ORDER']);
  expect(tried).toBe(22 * 22 * 11);
});

describe('bytes', () => {
  test('cut short, made longer, of another version or of no kind', async () => {
    const log = await logOf(8, { suite: PAPER_SUITE });
    const side = sideOf(log, 8, 8);
    const bytes = evidenceOf(log, { kind: 'fork', size: 8, first: side, second: side });
    const code = (changed: Uint8Array): string =>
      codeOf(() => verifyEvidence(changed, { suites: [PAPER_SUITE] }));
    for (let length = 0; length < bytes.length; length++) {
      expect(['ERR_TRUNCATED', 'ERR_LENGTH']).toContain(code(bytes.slice(0, length)));
    }
    expect(code(Uint8Array.of(...bytes, 0))).toBe('ERR_TRAILING_BYTES');
    expect(code(new Uint8Array(2 ** 22 + 1))).toBe('ERR_TOO_LARGE');
    expect(code(withByte(bytes, 1, 2))).toBe('ERR_VERSION');
    const kindAt = 2 + log.configurationBytes.length;
    for (const kind of [0, 5, 255]) expect(code(withByte(bytes, kindAt, kind))).toBe('ERR_ENUM');
    const signerAt = kindAt + 9;
    for (const signer of [0, 3]) expect(code(withByte(bytes, signerAt, signer))).toBe('ERR_ENUM');
    for (const wrong of [undefined, null, 'evidence', [1]]) {
      expect(code(wrong as never)).toBe('ERR_ARGUMENT_TYPE');
    }
    expect(codeOf(() => verifyEvidence(bytes, null as never))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => verifyEvidence(bytes, { suites: 5 as never }))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => verifyEvidence(bytes, { configuration: 5 as never }))).toBe('ERR_ARGUMENT_TYPE');
  });

  test('what refuses them is an error of outside bytes', async () => {
    const log = await logOf(8, { suite: PAPER_SUITE });
    const side = sideOf(log, 8, 8);
    const bytes = evidenceOf(log, { kind: 'fork', size: 8, first: side, second: side });
    expect(() => verifyEvidence(bytes, { suites: [PAPER_SUITE] })).toThrow(VerificationError);
    expect(() => verifyEvidence(bytes.slice(0, -1))).toThrow(DecodeError);
  });
});
