/**
 * What a lying operator might tell an auditor. Each lie differs from the truth in what its name says, and is hashed and
 * proven as well as a liar can; the auditor refuses it with one code, and takes the truth instead, from the same state.
 */

import { describe, expect, test } from 'vitest';
import type { Auditor } from '../../src/auditor.js';
import type { PrefixLeaf, PrefixSearchResult } from '../../src/prefix.js';
import { type AuditorUpdate, encodeAuditorUpdate } from '../../src/transparency/wire/auditor-update.js';
import { after, AuditedLog, auditorOf, changed, codeOf, headOf, leafOf } from './auditor-world.js';
import { createWorld, SUITES, type World } from './operator-world.js';

/** What is told, in turn: all but the last is accepted. */
interface Told {
  readonly lie: readonly (AuditorUpdate | Uint8Array)[];
  readonly truth: readonly (AuditorUpdate | Uint8Array)[];
  /** Who is told, where it is not the auditor of {@link Scene}. */
  readonly auditor?: () => Auditor;
  readonly nowMs?: number;
}

/** Five entries, which the auditor has taken; `young` was inserted in the last, and no distinguished entry shows it. */
interface Scene {
  readonly world: World;
  readonly log: AuditedLog;
  readonly auditor: Auditor;
}

const YOUNG = leafOf('young');
const OLD = leafOf('old');
const NEXT_MS = 1230;

async function sceneOf(world: World): Promise<Scene> {
  const log = new AuditedLog();
  const updates = [
    await log.add({ timestampMs: 1000, added: [OLD, leafOf('a'), leafOf('b'), leafOf('c')] }),
    await log.add({ timestampMs: 1050, added: [leafOf('d'), leafOf('e')] }),
    await log.add({ timestampMs: 1200 }),
    await log.add({ timestampMs: 1210, added: [leafOf('f')] }),
    await log.add({ timestampMs: 1220, added: [YOUNG] }),
  ];
  return { world, log, auditor: after(auditorOf(world), updates) };
}

const LATER = { timestampMs: NEXT_MS };
const swapped = <T>(values: readonly T[]): T[] => [...values].reverse();

/** The results with one of them changed. */
function withResult(update: AuditorUpdate, index: number, result: PrefixSearchResult): AuditorUpdate {
  const { proof } = update;
  return {
    ...update,
    proof: { ...proof, results: proof.results.map((each, i) => (i === index ? result : each)) },
  };
}

function withElements(update: AuditorUpdate, elements: readonly Uint8Array[]): AuditorUpdate {
  return { ...update, proof: { ...update.proof, elements } };
}

const flipped = (bytes: Uint8Array): Uint8Array => changed(bytes, 31, (bytes[31] as number) ^ 1);

/** Where a leaf stands in the newest tree. */
async function depthOf(log: AuditedLog, leaf: PrefixLeaf): Promise<number> {
  return (await log.prove([leaf])).results[0]?.depth as number;
}

/** An honest update with a lie made of it. */
async function told(
  { log }: Scene,
  changes: Parameters<AuditedLog['tell']>[0],
  lie: (truth: AuditorUpdate) => AuditorUpdate | Promise<AuditorUpdate>,
): Promise<Told> {
  const truth = await log.tell(changes);
  return { lie: [await lie(truth)], truth: [truth] };
}

const NEWS = { ...LATER, added: [leafOf('g'), leafOf('h')] };
const TWO_GO = { ...LATER, removed: [OLD, leafOf('a')] };

/** A leaf whose key shares its first bits with another's: all but the last. */
function twin({ vrfOutput, commitment }: PrefixLeaf): PrefixLeaf {
  return { vrfOutput: flipped(vrfOutput), commitment };
}

const LIES: readonly [name: string, code: string, tell: (scene: Scene) => Promise<Told>][] = [
  [
    'a log entry that is older than the one before',
    'ERR_TIMESTAMP_ORDER',
    (scene) => told(scene, NEWS, (truth) => ({ ...truth, timestampMs: 1219 })),
  ],
  [
    'a log entry from the future',
    'ERR_HEAD_AHEAD',
    async (scene) => ({
      ...(await told(scene, NEWS, (truth) => ({ ...truth, timestampMs: NEXT_MS + 1001 }))),
      nowMs: NEXT_MS,
    }),
  ],
  [
    'added leaves out of order',
    'ERR_PREFIX_ORDER',
    (scene) =>
      told(scene, NEWS, ({ added, proof, ...rest }) => ({
        ...rest,
        added: swapped(added),
        proof: { ...proof, results: swapped(proof.results) },
      })),
  ],
  [
    'removed leaves out of order',
    'ERR_PREFIX_ORDER',
    (scene) =>
      told(scene, TWO_GO, ({ removed, proof, ...rest }) => ({
        ...rest,
        removed: swapped(removed),
        proof: { ...proof, results: swapped(proof.results) },
      })),
  ],
  [
    'a key added twice, with two values',
    'ERR_PREFIX_DUPLICATE',
    async (scene) => {
      const { log } = scene;
      const leaves = [leafOf('g'), leafOf('g', 'another')];
      return told(scene, NEWS, async () => ({
        ...LATER,
        added: leaves,
        removed: [],
        proof: await log.prove(leaves),
      }));
    },
  ],
  [
    'a leaf removed twice',
    'ERR_PREFIX_DUPLICATE',
    async (scene) => {
      const { log } = scene;
      return told(scene, TWO_GO, async () => ({
        ...LATER,
        added: [],
        removed: [OLD, OLD],
        proof: await log.prove([OLD, OLD]),
      }));
    },
  ],
  [
    'a value overwritten in place',
    'ERR_PREFIX_PRESENT',
    (scene) =>
      told(scene, { ...LATER, added: [leafOf('old', 'new')], removed: [OLD] }, async () =>
        scene.log.tell({ ...LATER, added: [leafOf('old', 'new')] }),
      ),
  ],
  [
    'a value overwritten in place, its leaf said to be in its own way',
    'ERR_PREFIX_LEAF_KEY',
    async (scene) => {
      const depth = await depthOf(scene.log, OLD);
      return told(scene, NEWS, async () => {
        const update = await scene.log.tell({ ...LATER, added: [leafOf('old', 'new')] });
        return withResult(update, 0, { resultType: 'nonInclusionLeaf', leaf: OLD, depth });
      });
    },
  ],
  [
    'a value overwritten in place, its place said to be empty',
    'ERR_ENTRY_ROOT',
    async (scene) => {
      const depth = await depthOf(scene.log, OLD);
      return told(scene, NEWS, async () => {
        const update = await scene.log.tell({ ...LATER, added: [leafOf('old', 'new')] });
        return withResult(update, 0, { resultType: 'nonInclusionParent', depth });
      });
    },
  ],
  [
    'a value overwritten in place, behind a leaf that is not in its way',
    'ERR_PREFIX_LEAF_PATH',
    (scene) =>
      told(scene, NEWS, async () => {
        const update = await scene.log.tell({ ...LATER, added: [leafOf('old', 'new')] });
        const opposite = { ...OLD, vrfOutput: changed(OLD.vrfOutput, 0, (OLD.vrfOutput[0] as number) ^ 128) };
        return withResult(update, 0, { resultType: 'nonInclusionLeaf', leaf: opposite, depth: 1 });
      }),
  ],
  [
    'a leaf removed that is not there',
    'ERR_PREFIX_ABSENT',
    (scene) => told(scene, TWO_GO, () => scene.log.tell({ ...LATER, removed: [leafOf('nobody')] })),
  ],
  [
    'a leaf removed that is not there, and said to be',
    'ERR_ENTRY_ROOT',
    (scene) =>
      told(scene, TWO_GO, async () => {
        const update = await scene.log.tell({ ...LATER, removed: [leafOf('nobody')] });
        const { depth } = update.proof.results[0] as PrefixSearchResult;
        return withResult(update, 0, { resultType: 'inclusion', depth });
      }),
  ],
  [
    'a leaf removed under another value than it had',
    'ERR_ENTRY_ROOT',
    (scene) =>
      told(scene, { ...LATER, removed: [OLD] }, (truth) => ({ ...truth, removed: [leafOf('old', 'x')] })),
  ],
  [
    'a leaf removed that no distinguished entry has shown',
    'ERR_REMOVED_EARLY',
    async ({ log }) => ({
      lie: [await log.tell({ ...LATER, removed: [YOUNG] })],
      // A window later the entry that removes is distinguished, and then so is the one that inserted.
      truth: [await log.tell({ timestampMs: 1310, removed: [YOUNG] })],
    }),
  ],
  [
    'a leaf removed one millisecond before a distinguished entry shows it',
    'ERR_REMOVED_EARLY',
    async ({ log }) => ({
      lie: [await log.tell({ timestampMs: 1309, removed: [YOUNG] })],
      truth: [await log.tell({ timestampMs: 1310, removed: [YOUNG] })],
    }),
  ],
  [
    'a leaf replaced that no distinguished entry has shown',
    'ERR_REMOVED_EARLY',
    async ({ log }) => ({
      lie: [await log.tell({ ...LATER, removed: [YOUNG], added: [leafOf('young', 'new')] })],
      truth: [await log.tell({ timestampMs: 1310, removed: [YOUNG], added: [leafOf('young', 'new')] })],
    }),
  ],
  [
    'a replacement that was shown under its earlier value only, removed',
    'ERR_REMOVED_EARLY',
    async ({ log }) => {
      const replaced = leafOf('old', 'new');
      const first = await log.add({ ...LATER, removed: [OLD], added: [replaced] });
      return {
        lie: [first, await log.tell({ timestampMs: 1240, removed: [replaced] })],
        truth: [first, await log.tell({ timestampMs: 1400, removed: [replaced] })],
      };
    },
  ],
  [
    'a leaf that was shown, removed, inserted again, and removed before it was shown again',
    'ERR_REMOVED_EARLY',
    async ({ log }) => {
      const before = [
        await log.add({ ...LATER, removed: [OLD] }),
        await log.add({ timestampMs: 1240, added: [OLD] }),
      ];
      return {
        lie: [...before, await log.tell({ timestampMs: 1250, removed: [OLD] })],
        truth: [...before, await log.tell({ timestampMs: 1400, removed: [OLD] })],
      };
    },
  ],
  [
    'much inserted, so that an auditor who keeps little forgets what is removed then',
    'ERR_REMOVED_UNKNOWN',
    async ({ world, log }) => {
      const forgetful = (): Auditor =>
        after(auditorOf(world, { insertionsKept: 3 }), log.updates.slice(0, 5));
      const many = Array.from({ length: 4 }, (_, i) => leafOf(`many ${i}`));
      const first = await log.add({ ...LATER, added: many });
      return {
        auditor: forgetful,
        lie: [first, await log.tell({ timestampMs: 1240, removed: [YOUNG] })],
        truth: [first, await log.tell({ timestampMs: 1400, removed: [YOUNG] })],
      };
    },
  ],
  [
    'an update that was taken before, again',
    'ERR_ENTRY_ROOT',
    async ({ log }) => ({ lie: [log.updates[4] as AuditorUpdate], truth: [await log.tell(NEWS)] }),
  ],
  [
    'two updates in each other’s place',
    'ERR_ENTRY_ROOT',
    async ({ log }) => {
      const first = await log.add(NEWS);
      const second = await log.add({ ...LATER, added: [leafOf('i')] });
      return { lie: [second, first], truth: [first, second] };
    },
  ],
  [
    'an update left out',
    'ERR_ENTRY_ROOT',
    async ({ log }) => {
      const first = await log.add(NEWS);
      const second = await log.tell({ ...LATER, removed: [OLD] });
      return { lie: [second], truth: [first, second] };
    },
  ],
  [
    'the update of another log',
    'ERR_ENTRY_ROOT',
    async (scene) => {
      const other = new AuditedLog();
      await other.append({ timestampMs: 1000, added: [leafOf('elsewhere'), OLD] });
      return { lie: [await other.tell(NEWS)], truth: [await scene.log.tell(NEWS)] };
    },
  ],
  [
    'a sibling changed that no change touches',
    'ERR_ENTRY_ROOT',
    (scene) =>
      told(scene, NEWS, (truth) => {
        const [first, ...rest] = truth.proof.elements as [Uint8Array, ...Uint8Array[]];
        return withElements(truth, [flipped(first), ...rest]);
      }),
  ],
  [
    'a sibling taken away that no change touches',
    'ERR_ENTRY_ROOT',
    (scene) =>
      told(scene, NEWS, (truth) => {
        const [, ...rest] = truth.proof.elements as [Uint8Array, ...Uint8Array[]];
        return withElements(truth, [new Uint8Array(32), ...rest]);
      }),
  ],
  [
    'a node left out of the proof',
    'ERR_PROOF_LENGTH',
    (scene) => told(scene, NEWS, (truth) => withElements(truth, truth.proof.elements.slice(1))),
  ],
  [
    'a node too many in the proof',
    'ERR_PROOF_LENGTH',
    (scene) =>
      told(scene, NEWS, (truth) => withElements(truth, [...truth.proof.elements, new Uint8Array(32)])),
  ],
  [
    'a leaf added without a search for it',
    'ERR_PREFIX_COUNT',
    (scene) =>
      told(scene, NEWS, (truth) => ({
        ...truth,
        proof: { ...truth.proof, results: truth.proof.results.slice(1) },
      })),
  ],
  [
    'a search for a leaf that is not changed',
    'ERR_PREFIX_COUNT',
    (scene) =>
      told(scene, NEWS, async (truth) => ({
        ...truth,
        proof: await scene.log.prove([...truth.added, leafOf('another')]),
      })),
  ],
  [
    'one place shown empty and taken at once',
    'ERR_PREFIX_CONFLICT',
    (scene) =>
      told(scene, { ...LATER, added: [leafOf('old', 'new')], removed: [OLD] }, (truth) =>
        withResult(truth, 0, {
          resultType: 'nonInclusionParent',
          depth: (truth.proof.results[1] as PrefixSearchResult).depth,
        }),
      ),
  ],
  [
    'two leaves whose places would have no depth',
    'ERR_PREFIX_DEPTH',
    (scene) => {
      const leaf = leafOf('g');
      return told(scene, NEWS, async () => {
        const pair = [leaf, twin(leaf)].sort((a, b) => Buffer.compare(a.vrfOutput, b.vrfOutput));
        return { ...LATER, added: pair, removed: [], proof: await scene.log.prove(pair) };
      });
    },
  ],
  [
    'a second leaf inserted that is not told of',
    'ERR_ENTRY_ROOT',
    async ({ log }) => {
      const hidden = [leafOf('g'), leafOf('hidden')];
      const part = await log.tell({ ...LATER, added: [leafOf('g')] });
      const whole = await log.add({ ...LATER, added: hidden });
      const next = await log.tell({ timestampMs: 1240, added: [leafOf('i')] });
      return { lie: [part, next], truth: [whole, next] };
    },
  ],
  [
    'a leaf removed without telling of it',
    'ERR_ENTRY_ROOT',
    async ({ log }) => {
      const part = await log.tell({ ...LATER, added: [leafOf('g')] });
      const whole = await log.add({ ...LATER, added: [leafOf('g')], removed: [OLD] });
      const next = await log.tell({ timestampMs: 1240, added: [leafOf('i')] });
      return { lie: [part, next], truth: [whole, next] };
    },
  ],
  [
    'another value inserted than was told of',
    'ERR_ENTRY_ROOT',
    async ({ log }) => {
      const other = await log.tell({ ...LATER, added: [leafOf('g', 'told')] });
      const real = await log.add({ ...LATER, added: [leafOf('g', 'real')] });
      const next = await log.tell({ timestampMs: 1240 });
      return { lie: [other, next], truth: [real, next] };
    },
  ],
  [
    'an entry without changes, of another tree',
    'ERR_ENTRY_ROOT',
    (scene) =>
      told(scene, LATER, (truth) => withElements(truth, [flipped(truth.proof.elements[0] as Uint8Array)])),
  ],
  [
    'an entry without changes, of two trees',
    'ERR_PROOF_LENGTH',
    (scene) =>
      told(scene, LATER, (truth) => withElements(truth, [...truth.proof.elements, ...truth.proof.elements])),
  ],
  [
    'another history, to an auditor who was restored from an old copy',
    'ERR_AUDITOR_SIGNATURE',
    async ({ world, log }) => {
      const truth = log.updates.slice(2, 5);
      const other = new AuditedLog();
      for (const [i, { timestampMs, added }] of log.updates.entries()) {
        await other.add({ timestampMs, added: i === 4 ? [leafOf('forged')] : added });
      }
      const newestHead = headOf(world, 5, 1220, log.root);
      const restored = (): Auditor => after(auditorOf(world, { newestHead }), log.updates.slice(0, 2));
      return { auditor: restored, lie: other.updates.slice(2, 5), truth };
    },
  ],
  [
    'bytes after an update',
    'ERR_TRAILING_BYTES',
    async ({ log }) => {
      const truth = encodeAuditorUpdate(await log.tell(NEWS));
      return { lie: [new Uint8Array([...truth, 0])], truth: [truth] };
    },
  ],
  [
    'more leaves promised than there are bytes for',
    'ERR_TRUNCATED',
    async ({ log }) => {
      const truth = encodeAuditorUpdate(await log.tell(NEWS));
      return { lie: [changed(truth, 8, 255)], truth: [truth] };
    },
  ],
];

const worlds = SUITES.map((suite) => createWorld({ suite, maxAuditorLagMs: 1000 }));

describe.each(worlds.map((world) => [world.suite.name, world] as const))('%s', (_, world) => {
  test.each(LIES)('%s: %s', async (_name, code, tell) => {
    const scene = await sceneOf(world);
    const { lie, truth, auditor = () => scene.auditor, nowMs } = await tell(scene);
    const options = nowMs === undefined ? {} : { nowMs };
    const bytes = (each: AuditorUpdate | Uint8Array): Uint8Array =>
      each instanceof Uint8Array ? each : encodeAuditorUpdate(each);

    // One by one, up to the one that is refused.
    let lied = auditor();
    const codes: string[] = [];
    for (const each of lie) {
      const found = codeOf(() => {
        lied = lied.at(lied.apply(bytes(each), options).after);
      });
      codes.push(found);
      if (found !== 'accepted') break;
    }
    expect(codes.at(-1)).toBe(code);
    // And all in one call.
    expect(codeOf(() => auditor().apply(lie.map(bytes), options))).toBe(code);

    const honest = auditor();
    const taken = honest.apply(truth.map(bytes), options);
    expect(taken.treeSize).toBe(honest.treeSize + truth.length);
    expect(taken.head).toBeDefined();
  });
});

test('there are at least 25 lies, each with a name of its own', () => {
  expect(LIES.length).toBeGreaterThanOrEqual(25);
  expect(new Set(LIES.map(([name]) => name)).size).toBe(LIES.length);
});
