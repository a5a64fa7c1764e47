/**
 * Scenes of attacks: a device of the user's somewhere in an honest life, whatever it has or has not seen, heard and
 * answered by then. A thousand lives are lived once, and every attack is inserted into each.
 */

import {
  type ContactEvent,
  type ContactState,
  type DirectoryAnswer,
  type LogEvidence,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import type { VerifiedDeviceList } from 'contact-key-verification/keys.js';
import fc from 'fast-check';
import { proofOf } from './contact-devices.js';
import { Life } from './contact-life.js';
import { lifeOf } from './contact-steps.js';
import { answerOf } from './contact-answers.js';
import type { Page } from './contact-story.js';
import { MINUTE } from './contact-world.js';

export interface Scene {
  readonly state: ContactState;
  /** The list that the device goes by: not always the newest. */
  readonly page: Page;
  /** By the device's clock, and by the log's. */
  readonly nowMs: number;
  readonly logMs: number;
  /** The steps that led here, for whoever looks into a failure. */
  readonly steps: number;
}

/** An attack, the finding it has to raise, and the scenes in which it is one. */
export interface Attack {
  readonly name: string;
  readonly finding: string;
  readonly run: (scene: Scene) => Review;
  readonly where?: (scene: Scene) => boolean;
}

/** How many lives every attack is inserted into. */
export const SCENES = 1000;

/** Scenes, the shortest lives first, so that the first that fails is the simplest. */
export function scenesOf(owner: 'contact' | 'own', seed: number): readonly Scene[] {
  const lives = fc.sample(fc.tuple(lifeOf(16, 3), fc.constantFrom<0 | 1 | 2>(0, 1, 2)), {
    numRuns: SCENES,
    seed,
  });
  const scenes = lives.map(([steps, device]): Scene => {
    const life = new Life({ owner }).run(steps);
    const state = life.stateOf(device);
    const page = life.storedOf(device) as Page;
    return { state, page, nowMs: life.clockOf(device), logMs: life.nowMs, steps: steps.length };
  });
  return scenes.sort((a, b) => a.steps - b.steps);
}

/** A review some time after the scene. */
export function at(
  { state, nowMs }: Scene,
  directory?: DirectoryAnswer,
  log?: LogEvidence,
  delayMs: number = MINUTE,
): Review {
  return reviewContact({ stored: state, directory, log, nowMs: nowMs + delayMs });
}

/** The review after these events. */
export function upon(scene: Scene, ...events: readonly ContactEvent[]): Review {
  const nowMs = scene.nowMs + MINUTE;
  const stored = events.reduce((state, event) => reduceContact(state, event, { nowMs }), scene.state);
  return reviewContact({ stored, nowMs });
}

/** The scene as it goes on after a review. */
export const after = (scene: Scene, { state }: Pick<Review, 'state'>): Scene => ({ ...scene, state });

/** The same answer, now and after so long. */
export function twice(
  scene: Scene,
  delayMs: number,
  directory: DirectoryAnswer | undefined,
  log?: (delayMs: number) => LogEvidence,
): Review {
  const first = at(scene, directory, log?.(MINUTE));
  return at(after(scene, first), directory, log?.(delayMs), delayMs);
}

/** The scene in which a person has just compared codes. */
export const compared = (scene: Scene): Scene =>
  after(scene, upon(scene, { kind: 'code-same', keyId: scene.page.list.accountKeyId }));

/** The scene in which nobody ever compared, and everything was seen. */
export function uncompared(scene: Scene): Scene {
  const pins = scene.state.pins.filter(({ droppedMs, atMs }) => atMs > droppedMs);
  const forgotten = pins.map(({ keyId }): ContactEvent => ({ kind: 'public-code-forgotten', keyId }));
  const dropped = upon(scene, ...forgotten, { kind: 'code-different' });
  const seen = dropped.findings.map(({ id }): ContactEvent => ({ kind: 'finding-seen', id }));
  return after(scene, upon(after(scene, dropped), ...seen));
}

/** What an app on this scene makes of a list that the directory hands out. */
export const served = ({ page }: Scene, list: VerifiedDeviceList): DirectoryAnswer =>
  answerOf(list.encoded, page.list);

/** The log's proof, so long after the scene, that a list is the newest. */
export const proves = ({ logMs }: Scene, list: VerifiedDeviceList, delayMs: number): LogEvidence =>
  proofOf({ list }, logMs + delayMs);
