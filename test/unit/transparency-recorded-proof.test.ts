/** What a log's own data must be for a proof to be made of them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { recordProof, type StoredLog } from '../../src/transparency/operator/recorded-proof.js';
import { askIsOver, type Walk } from '../../src/transparency/walks/walk.js';
import { codeOfAsync } from '../support/accounts.js';
import { sceneIn } from './engine-search.js';
import { historyOf, requestOf, type Scene, storedLabel, storedLog, walkOf } from './engine-world.js';

describe('a log whose data contradict themselves makes no proof', () => {
  const times = [1, 2, 3];
  let scene: Scene;
  beforeAll(async () => {
    scene = sceneIn(await historyOf('maker', [0, 1, 1]), { times, target: 1, kind: 'greatest' });
  });
  const made = (change: {
    log?: Partial<StoredLog>;
    holds?: boolean;
    advertisedSize?: number;
    treeSize?: number;
  }) =>
    codeOfAsync(() =>
      recordProof(
        { ...requestOf(scene.task), ...change },
        { ...storedLog(scene), ...change.log },
        {
          ...storedLabel(scene),
          ...(change.holds === undefined ? {} : { holds: () => change.holds === true }),
        },
        walkOf(scene.task),
      ),
    );

  test('timestamps decrease', async () => {
    const { entry } = storedLog(scene);
    const late: StoredLog['entry'] = async (position) => ({
      ...(await entry(position)),
      timestampMs: 9 - position,
    });
    expect(await made({ log: { entry: late } })).toBe('ERR_STORED_STATE');
  });
  test('the label has a version that the prefix tree lacks', async () => {
    const scene3 = { ...scene, task: { ...scene.task, target: 2 } };
    expect(
      await codeOfAsync(() =>
        recordProof(
          requestOf(scene3.task),
          storedLog(scene3),
          { ...storedLabel(scene3), holds: (_, version) => version <= 2 },
          walkOf(scene3.task),
        ),
      ),
    ).toBe('ERR_STORED_STATE');
  });
  test('the prefix tree has a version that the label lacks', async () => {
    const fixed = { ...scene, task: { ...scene.task, kind: 'fixed' as const } };
    expect(
      await codeOfAsync(() =>
        recordProof(
          requestOf(fixed.task),
          storedLog(fixed),
          { ...storedLabel(fixed), holds: () => false },
          walkOf(fixed.task),
        ),
      ),
    ).toBe('ERR_STORED_STATE');
  });
  test('a version that is not the greatest is not proven to be', async () => {
    const lied = { ...scene.task, target: 0 };
    expect(
      await codeOfAsync(() =>
        recordProof(requestOf(lied), storedLog(scene), storedLabel(scene), walkOf(lied)),
      ),
    ).toBe('ERR_GREATEST_VERSION');
  });
  test('a proof goes on where nobody says that it ends', async () => {
    const asked = function* (): Walk<boolean> {
      return yield* askIsOver(1, 0);
    };
    const isOver = (endsBefore?: () => boolean) =>
      recordProof({ ...requestOf(scene.task), endsBefore }, storedLog(scene), storedLabel(scene), asked());
    expect((await isOver()).result).toBe(false);
    expect((await isOver(() => true)).result).toBe(true);
  });
  test('sizes that no user can have advertised', async () => {
    expect(await made({ advertisedSize: 0 })).toBe('ERR_ARGUMENT_RANGE');
    expect(await made({ advertisedSize: 4 })).toBe('ERR_ARGUMENT_RANGE');
    expect(await made({ treeSize: 0 })).toBe('ERR_ARGUMENT_RANGE');
  });
});
