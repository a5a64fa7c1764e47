import {
  appendSignatures,
  type Checkpoint,
  type CheckpointPolicy,
  cosignCheckpoint,
  cosignCheckpointAsync,
  encodeCheckpointText,
  encodeVerifierKey,
  hashLeaf,
  openCheckpoint,
  openNote,
  parseCheckpointText,
  signCheckpoint,
  signCheckpointAsync,
  signNote,
  verifyConsistency,
  verifyInclusion,
  type WitnessPolicy,
} from 'contact-key-verification/log.js';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  everyAlgorithm,
  flipBit,
  NOW_MS,
  ORIGIN,
  signerOf,
  textOf,
  witnesses,
} from '../support/log-notes.js';
import { outcome } from '../support/log-tree.js';
import { MTH } from '../support/rfc6962.js';

const leaves = ['a', 'b', 'c'].map((entry) => hashLeaf(bytesOf(entry)));
const draft = { origin: ORIGIN, treeSize: 3, root: MTH(leaves) };
const [log, , , treeHead] = everyAlgorithm as [
  (typeof everyAlgorithm)[0],
  unknown,
  unknown,
  (typeof everyAlgorithm)[0],
];
const [w1, w2, w3, w4] = witnesses as [typeof log, typeof log, typeof log, typeof log];
const policy: CheckpointPolicy = { origin: ORIGIN, keys: [log.key] };
const note = signCheckpoint(draft, [log]);
const opened = openCheckpoint(note, policy);

/** The checkpoint with cosignatures, each some seconds after another. */
function cosigned(signers: readonly (typeof log)[], firstMs = NOW_MS, stepMs = 0): Uint8Array {
  return signers.reduce(
    (bytes, signer, i) =>
      appendSignatures(bytes, cosignCheckpoint(opened, signer, { nowMs: firstMs + i * stepMs })),
    note,
  );
}

function open(bytes: Uint8Array, more: Partial<CheckpointPolicy>): Checkpoint {
  return openCheckpoint(bytes, { ...policy, ...more });
}

describe('a checkpoint', () => {
  it('is opened by a key of the log', () => {
    expect(opened).toMatchObject({
      ...draft,
      extensions: [],
      text: encodeCheckpointText(draft),
      cosignedBy: [],
    });
    expect(opened.signedBy).toEqual([{ name: ORIGIN, id: log.key.id, algorithm: 'ed25519' }]);
    expect(open(note, { keys: [encodeVerifierKey(log.key)] })).toEqual(opened);
    expect(Object.isFrozen(opened)).toBe(true);
  });

  it('is a head to verify against', () => {
    const proof = [leaves[1], leaves[2]] as Uint8Array[];
    expect(verifyInclusion(opened, { index: 0, leafHash: leaves[0] as Uint8Array, proof }).treeSize).toBe(3);
    expect(verifyConsistency(opened, opened, []).root).toEqual(draft.root);
  });

  it.each(everyAlgorithm.map((one) => [one.key.algorithm, one] as const))(
    'is signed with %s',
    async (_, one) => {
      const time = { nowMs: NOW_MS };
      const bytes = signCheckpoint(draft, [one], time);
      const timestamped = { cosignature: 1_700_000_000_000, 'tree-head': NOW_MS } as Record<string, number>;
      const timestampMs = timestamped[one.key.algorithm];
      expect(open(bytes, { keys: [one.key] }).signedBy).toEqual([
        {
          name: ORIGIN,
          id: one.key.id,
          algorithm: one.key.algorithm,
          ...(timestampMs === undefined ? {} : { timestampMs }),
        },
      ]);
      const later = { key: one.key, sign: async (message: Uint8Array) => one.sign(message) };
      await expect(signCheckpointAsync(draft, [later], time)).resolves.toEqual(bytes);
    },
  );

  it('carries extension lines, which the log signed too', () => {
    const bytes = signCheckpoint({ ...draft, extensions: ['Timestamp: 1', '— quoted'] }, [log]);
    expect(open(bytes, {}).extensions).toEqual(['Timestamp: 1', '— quoted']);
    expect(outcome(() => open(bytesOf(textOf(bytes).replace('Timestamp: 1\n', '')), {}))).toBe(
      'ERR_SIGNATURE',
    );
  });

  it('of no leaves has the root of the empty tree, and is no head to verify against', () => {
    const empty = open(signCheckpoint({ ...draft, treeSize: 0, root: MTH([]) }, [log]), {});
    expect(empty.treeSize).toBe(0);
    const claim = { index: 0, leafHash: leaves[0] as Uint8Array, proof: [] };
    expect(outcome(() => verifyInclusion(empty, claim))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => open(signCheckpoint({ ...draft, treeSize: 0 }, [log]), {}))).toBe(
      'ERR_CHECKPOINT_EMPTY',
    );
  });

  it('is not opened without a signature of the log', () => {
    const stranger = signerOf(ORIGIN, 'ed25519', 99);
    expect(outcome(() => open(signCheckpoint(draft, [stranger]), {}))).toBe('ERR_NOTE_UNSIGNED');
    expect(outcome(() => open(signCheckpoint({ ...draft, origin: 'example.com/2' }, [log]), {}))).toBe(
      'ERR_CHECKPOINT_ORIGIN',
    );
    expect(outcome(() => open(note, { origin: `${ORIGIN}/` }))).toBe('ERR_CHECKPOINT_ORIGIN');
    expect(outcome(() => open(signNote('no checkpoint\n', [log]), {}))).toBe('ERR_CHECKPOINT_FORMAT');
  });

  it('is not opened by witnesses alone', () => {
    const lines = textOf(cosigned([w1, w2]))
      .split('\n')
      .filter((line) => !line.startsWith(`— ${ORIGIN}`));
    const bytes = bytesOf(lines.join('\n'));
    expect(outcome(() => open(bytes, { witnesses: { threshold: 1, keys: [w1.key] } }))).toBe(
      'ERR_NOTE_UNSIGNED',
    );
  });
});

describe("a checkpoint's text", () => {
  const root = Buffer.from(draft.root).toString('base64');

  it('is read as it was written', () => {
    for (const checkpoint of [
      { ...draft, extensions: [] },
      { origin: ' é ', treeSize: 0, root: MTH([]), extensions: ['x', ' '] },
      { origin: '0', treeSize: Number.MAX_SAFE_INTEGER, root: draft.root, extensions: [] },
    ]) {
      expect(parseCheckpointText(encodeCheckpointText(checkpoint))).toEqual(checkpoint);
    }
  });

  it.each([
    ['nothing', '', 'ERR_CHECKPOINT_FORMAT'],
    ['two lines', `o\n1\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['no newline at the end', `o\n1\n${root}`, 'ERR_CHECKPOINT_FORMAT'],
    ['no origin', `\n1\n${root}\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['no size', `o\n\n${root}\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['a leading zero', `o\n01\n${root}\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['a sign', `o\n+1\n${root}\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['a negative size', `o\n-1\n${root}\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['a hexadecimal size', `o\n0x1\n${root}\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['an exponent', `o\n1e3\n${root}\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['a space', `o\n1 \n${root}\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['digits of another script', `o\n\u0661\n${root}\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['2^53', `o\n9007199254740992\n${root}\n`, 'ERR_INTEGER'],
    ['400 digits', `o\n${'9'.repeat(400)}\n${root}\n`, 'ERR_INTEGER'],
    ['no padding', `o\n1\n${root.replace('=', '')}\n`, 'ERR_TEXT_ENCODING'],
    ['base64url', `o\n1\n${'-'.repeat(43)}=\n`, 'ERR_TEXT_ENCODING'],
    ['no root', `o\n1\n\n`, 'ERR_LENGTH'],
    ['31 bytes of root', `o\n1\n${Buffer.alloc(31).toString('base64')}\n`, 'ERR_LENGTH'],
    ['an empty extension line', `o\n1\n${root}\nx\n\ny\n`, 'ERR_CHECKPOINT_FORMAT'],
    ['an empty line at the end', `o\n1\n${root}\n\n`, 'ERR_CHECKPOINT_FORMAT'],
  ])('is refused with %s', (_, text, code) => {
    expect(outcome(() => parseCheckpointText(text))).toBe(code);
  });

  it.each([
    ['an empty origin', { origin: '' }],
    ['an origin of two lines', { origin: 'a\nb' }],
    ['an origin with a tab', { origin: 'a\tb' }],
    ['an empty extension line', { extensions: [''] }],
    ['a size that is none', { treeSize: -1 }],
    ['a fraction', { treeSize: 0.5 }],
    ['a root of 31 bytes', { root: new Uint8Array(31) }],
  ])('is not written with %s', (_, damage) => {
    expect(outcome(() => encodeCheckpointText({ ...draft, ...damage }))).toBe('ERR_ARGUMENT_RANGE');
  });
});

describe('witnesses', () => {
  const two: WitnessPolicy = { threshold: 2, keys: [w1.key, w2.key, w3.key] };

  it('are as many as the policy asks for', () => {
    expect(open(cosigned([w1, w3]), { witnesses: two }).cosignedBy).toEqual([
      { name: w1.key.name, id: w1.key.id, algorithm: 'cosignature', timestampMs: 1_700_000_000_000 },
      { name: w3.key.name, id: w3.key.id, algorithm: 'cosignature', timestampMs: 1_700_000_000_000 },
    ]);
    expect(open(cosigned([w1, w2, w3, w4]), { witnesses: two }).cosignedBy).toHaveLength(3);
    expect(outcome(() => open(cosigned([w1]), { witnesses: two }))).toBe('ERR_WITNESSES');
    expect(outcome(() => open(cosigned([w1, w4]), { witnesses: two }))).toBe('ERR_WITNESSES');
    expect(outcome(() => open(note, { witnesses: two }))).toBe('ERR_WITNESSES');
    expect(open(cosigned([w1]), {}).cosignedBy).toEqual([]);
  });

  it('count once, whatever number of times they sign', () => {
    const first = cosignCheckpoint(opened, w1, { nowMs: NOW_MS });
    const second = cosignCheckpoint(opened, w1, { nowMs: NOW_MS + 5000 });
    const bytes = bytesOf(textOf(note) + textOf(first) + textOf(second) + textOf(first));
    expect(outcome(() => open(bytes, { witnesses: two }))).toBe('ERR_WITNESSES');
    const { cosignedBy } = open(bytes, { witnesses: { ...two, threshold: 1 } });
    expect(cosignedBy.map(({ timestampMs }) => timestampMs)).toEqual([1_700_000_005_000]);
  });

  it('refuse the checkpoint with one false signature, though enough are true', () => {
    const bytes = cosigned([w1, w2]);
    const third = cosignCheckpoint(opened, w3, { nowMs: NOW_MS });
    const [, blob] = textOf(third).trim().split(`${w3.key.name} `);
    const damaged = flipBit(new Uint8Array(Buffer.from(blob as string, 'base64')), 8 * 11);
    const line = `— ${w3.key.name} ${Buffer.from(damaged).toString('base64')}\n`;
    expect(outcome(() => open(bytesOf(textOf(bytes) + line), { witnesses: two }))).toBe('ERR_SIGNATURE');
    const without = { threshold: 2, keys: [w1.key, w2.key] };
    expect(open(bytesOf(textOf(bytes) + line), { witnesses: without }).cosignedBy).toHaveLength(2);
  });

  it('form groups', () => {
    const groups: WitnessPolicy = {
      threshold: 2,
      groups: [
        { threshold: 2, keys: [w1.key, w2.key] },
        { threshold: 1, keys: [w3.key, w4.key] },
      ],
    };
    expect(open(cosigned([w1, w2, w4]), { witnesses: groups }).cosignedBy).toHaveLength(3);
    expect(outcome(() => open(cosigned([w1, w3, w4]), { witnesses: groups }))).toBe('ERR_WITNESSES');
    expect(outcome(() => open(cosigned([w1, w2]), { witnesses: groups }))).toBe('ERR_WITNESSES');
    const mixed = { threshold: 1, keys: [w4.key], groups: [{ threshold: 2, keys: [w1.key, w2.key] }] };
    expect(outcome(() => open(cosigned([w4]), { witnesses: mixed }))).toBe('accepted');
    expect(outcome(() => open(cosigned([w1, w2]), { witnesses: mixed }))).toBe('accepted');
    expect(outcome(() => open(cosigned([w1, w3]), { witnesses: mixed }))).toBe('ERR_WITNESSES');
  });

  it('are not the log', () => {
    const self = signerOf('witness.example/self', 'cosignature', 1);
    expect(self.key.publicKey).toEqual(log.key.publicKey);
    const policyOfSelf = { threshold: 1, keys: [self.key] };
    expect(outcome(() => open(cosigned([self]), { witnesses: policyOfSelf }))).toBe('ERR_ARGUMENT_RANGE');
  });

  const renamed = signerOf('witness.example/other', 'cosignature', 11);
  const nested = (depth: number): WitnessPolicy =>
    depth === 1 ? { threshold: 1, keys: [w1.key] } : { threshold: 1, groups: [nested(depth - 1)] };
  const cyclic: { threshold: number; groups: WitnessPolicy[] } = { threshold: 1, groups: [] };
  cyclic.groups.push(cyclic);

  it.each([
    ['a threshold of 0', { threshold: 0, keys: [w1.key] }],
    ['a threshold above the members', { threshold: 2, keys: [w1.key] }],
    ['no members', { threshold: 1 }],
    ['a group that asks for nothing', { threshold: 1, groups: [{ threshold: 0, keys: [w1.key] }] }],
    ['a key that makes no cosignatures', { threshold: 1, keys: [log.key] }],
    ['one key twice', { threshold: 2, keys: [w1.key, w1.key] }],
    ['one public key under two names', { threshold: 2, keys: [w1.key, renamed.key] }],
    ['one key in two groups', { threshold: 2, keys: [w1.key], groups: [{ threshold: 1, keys: [w1.key] }] }],
    [
      'two keys of one name and id',
      {
        threshold: 2,
        keys: [w1.key],
        groups: [{ threshold: 1, keys: [{ ...w2.key, name: w1.key.name, id: w1.key.id }] }],
      },
    ],
    ['groups 33 deep', nested(33)],
    ['a group within itself', cyclic],
    [
      '101 keys',
      {
        threshold: 1,
        keys: Array.from({ length: 101 }, (_, i) => signerOf(`w/${i}`, 'cosignature', 50 + i).key),
      },
    ],
  ])('are refused as a policy with %s', (_, damaged) => {
    expect(outcome(() => open(cosigned([w1, w2]), { witnesses: damaged }))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => open(cosigned([w1]), { witnesses: nested(32) }))).toBe('accepted');
  });

  it('sign with cosignature keys, sooner or later', async () => {
    expect(outcome(() => cosignCheckpoint(opened, log, { nowMs: NOW_MS }))).toBe('ERR_ARGUMENT_RANGE');
    const later = { key: w1.key, sign: async (message: Uint8Array) => w1.sign(message) };
    const line = cosignCheckpoint(opened, w1, { nowMs: NOW_MS });
    await expect(cosignCheckpointAsync(opened, later, { nowMs: NOW_MS })).resolves.toEqual(line);
  });

  it('sign the time: another one is no signature', () => {
    const line = textOf(cosignCheckpoint(opened, w1, { nowMs: NOW_MS })).trim();
    const blob = new Uint8Array(Buffer.from(line.split(' ').at(-1) as string, 'base64'));
    const at = (seconds: bigint): Uint8Array => {
      const changed = Buffer.from(blob);
      changed.writeBigUInt64BE(seconds, 4);
      return bytesOf(`${textOf(note)}— ${w1.key.name} ${changed.toString('base64')}\n`);
    };
    const times = [
      1_700_000_000n,
      1_700_000_001n,
      0n,
      9_007_199_254_741n,
      2n ** 53n,
      2n ** 63n,
      2n ** 64n - 1n,
    ];
    const outcomes = times.map((time) => outcome(() => openNote(at(time), [w1.key])));
    expect(outcomes).toEqual(['accepted', ...Array.from({ length: 6 }, () => 'ERR_SIGNATURE')]);
  });
});

describe('a cosignature of the far future', () => {
  it('is none, though its key made it: its milliseconds are no integer here', () => {
    const cosignatureAt = (seconds: bigint): string => {
      const message = `cosignature/v1\ntime ${seconds}\n${opened.text}`;
      const blob = Buffer.alloc(12);
      blob.write(w1.key.id, 'hex');
      blob.writeBigUInt64BE(seconds, 4);
      const signed = Buffer.concat([blob, w1.sign(bytesOf(message))]).toString('base64');
      return outcome(() => openNote(bytesOf(`${opened.text}\n— ${w1.key.name} ${signed}\n`), [w1.key]));
    };
    expect(cosignatureAt(1_679_315_147n)).toBe('accepted');
    expect(cosignatureAt(9_007_199_254_740n)).toBe('accepted');
    expect(cosignatureAt(9_007_199_254_741n)).toBe('ERR_SIGNATURE');
    expect(cosignatureAt(2n ** 53n)).toBe('ERR_SIGNATURE');
  });
});

describe('freshness', () => {
  const second = 1000;
  const freshness = { nowMs: 1_700_000_060_000, maxAgeMs: 60 * second };
  const witnessed: WitnessPolicy = { threshold: 2, keys: [w1.key, w2.key, w3.key] };
  const result = (firstMs: number, stepMs: number, more: Partial<CheckpointPolicy> = {}): string =>
    outcome(() => open(cosigned([w1, w2], firstMs, stepMs), { witnesses: witnessed, freshness, ...more }));

  it('counts witnesses within the time allowed', () => {
    expect(result(1_700_000_000_000, 0)).toBe('accepted');
    expect(result(1_699_999_999_999, 0)).toBe('ERR_CHECKPOINT_TIME');
    expect(result(1_699_999_999_000, 1000)).toBe('ERR_CHECKPOINT_TIME');
    expect(result(1_700_000_060_000, 0)).toBe('accepted');
    expect(result(1_700_000_061_000, 0)).toBe('ERR_CHECKPOINT_TIME');
    expect(result(1_700_000_061_000, 0, { freshness: { ...freshness, maxAheadMs: 1000 } })).toBe('accepted');
    expect(result(1_600_000_000_000, 0, { freshness: undefined })).toBe('accepted');
  });

  it('is not what makes up for missing witnesses', () => {
    const bytes = cosigned([w1]);
    expect(outcome(() => open(bytes, { witnesses: witnessed, freshness }))).toBe('ERR_WITNESSES');
  });

  it("is the log's own where there are no witnesses", () => {
    const bytes = signCheckpoint(draft, [log, treeHead], { nowMs: NOW_MS });
    const keys = [log.key, treeHead.key];
    expect(outcome(() => open(bytes, { keys, freshness }))).toBe('accepted');
    expect(outcome(() => open(bytes, { keys, freshness: { ...freshness, maxAgeMs: 59_499 } }))).toBe(
      'ERR_CHECKPOINT_TIME',
    );
    expect(outcome(() => open(note, { freshness }))).toBe('ERR_CHECKPOINT_TIME');
  });

  it.each([
    ['no time', { nowMs: undefined as unknown as number }, 'ERR_ARGUMENT_TYPE'],
    ['a negative age', { maxAgeMs: -1 }, 'ERR_ARGUMENT_RANGE'],
    ['a fraction', { nowMs: 0.5 }, 'ERR_ARGUMENT_RANGE'],
  ])('is refused with %s', (_, damage, code) => {
    expect(result(NOW_MS, 0, { freshness: { ...freshness, ...damage } })).toBe(code);
  });
});
