/** Attacks by what directory and log say, withhold or repeat, and by whoever is on the line of a code session. */

import { type ContactEvent, createContact, type Review } from 'contact-key-verification/contacts.js';
import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import { herReset, herTwin, honestNext, listAfterGap, MALLORY, stolenKeyAdds } from './contact-forgeries.js';
import { after, at, type Attack, proves, type Scene, served, upon, twice } from './contact-scene.js';
import { answerOf } from './contact-answers.js';
import { NUMBER, publicKeyOf, tellAccount } from './contact-story.js';
import { DAY, digest, HOUR, MINUTE } from './contact-world.js';

const same = (scene: Scene): ReturnType<typeof served> => served(scene, scene.page.list);
const isOn = ({ page }: Scene): boolean => page.list.verification;
const isPinned = ({ state }: Scene): boolean => state.pins.some(({ atMs, droppedMs }) => atMs > droppedMs);
/** Where the log has shown nothing newer yet, or it would be caught in another lie first. */
const isUpToDate = ({ state, page }: Scene): boolean => (state.proven?.sequence ?? 0) <= page.list.sequence;
const onTheLine = (name: string, finding: string, ...events: readonly ContactEvent[]): Attack => ({
  name,
  finding,
  run: (scene) => upon(scene, ...events),
});
const furtherStart = { kind: 'code-interrupted', why: 'further-start' } as const;

export const serviceAttacks: readonly Attack[] = [
  {
    name: 'the list withheld',
    finding: 'verification-missing alarm',
    run: (scene) => at(scene, { kind: 'no-list' }),
    where: (scene) => isOn(scene) || isPinned(scene),
  },
  {
    name: 'an old list, served for good',
    finding: 'directory-outdated alarm',
    run: (scene) => twice(scene, 2 * DAY, served(scene, (tellAccount()[0] as Scene['page']).list)),
    where: ({ page }) => page.list.sequence > 0,
  },
  {
    name: 'newer lists held back, which the log shows',
    finding: 'directory-outdated alarm',
    run: (scene) => {
      const shown = (delayMs: number) => proves(scene, honestNext(scene.page), delayMs);
      return twice(scene, 2 * DAY, same(scene), shown);
    },
    where: isUpToDate,
  },
  {
    name: 'newer lists held back, while the directory repeats the old one in between',
    finding: 'directory-outdated alarm',
    run: (scene) => {
      const shown = (from: Scene, delayMs: number): Review =>
        at(from, same(scene), proves(scene, honestNext(scene.page), delayMs), delayMs);
      const repeated = at(after(scene, shown(scene, MINUTE)), same(scene), undefined, DAY);
      return shown(after(scene, repeated), 2 * DAY);
    },
    where: isUpToDate,
  },
  {
    name: 'newer lists held back, behind an even older list in between',
    finding: 'directory-outdated alarm',
    run: (scene) => {
      const shown = (from: Scene, delayMs: number): Review =>
        at(from, same(scene), proves(scene, honestNext(scene.page), delayMs), delayMs);
      const root = served(scene, (tellAccount()[0] as Scene['page']).list);
      const older = at(after(scene, shown(scene, MINUTE)), root, undefined, HOUR);
      const repeated = at(after(scene, older), same(scene), undefined, DAY);
      return shown(after(scene, repeated), 2 * DAY);
    },
    where: (scene) => isUpToDate(scene) && scene.page.list.sequence > 0,
  },
  {
    name: 'lists between withheld',
    finding: 'list-gap warning',
    run: (scene) => twice(scene, 5 * DAY, served(scene, listAfterGap(scene.page))),
  },
  {
    name: 'a version nobody knows, for good',
    finding: 'update-needed warning',
    run: (scene) => {
      const unknown = Uint8Array.from(scene.page.list.encoded);
      unknown[1] = 2;
      return twice(scene, 5 * DAY, answerOf(unknown, scene.page.list));
    },
  },
  {
    name: 'the log goes back to an older list',
    finding: 'list-rollback alarm',
    run: (scene) => {
      const newer = honestNext(scene.page);
      const shown = at(scene, served(scene, newer), proves(scene, newer, MINUTE));
      return at(after(scene, shown), undefined, proves(scene, scene.page.list, HOUR), HOUR);
    },
  },
  {
    name: 'the log shows another list in its place',
    finding: 'list-fork alarm',
    run: (scene) => {
      const shown = at(scene, same(scene), proves(scene, scene.page.list, MINUTE));
      return at(after(scene, shown), undefined, proves(scene, herTwin(scene.page), HOUR), HOUR);
    },
    where: isUpToDate,
  },
  {
    name: 'a list that the log never shows',
    finding: 'log-outdated alarm',
    run: (scene) => {
      const secret = served(scene, stolenKeyAdds(scene.page));
      const first = at(scene, secret, proves(scene, scene.page.list, MINUTE));
      return at(after(scene, first), undefined, proves(scene, scene.page.list, 2 * DAY), 2 * DAY);
    },
    where: isUpToDate,
  },
  {
    name: 'a log with two faces',
    finding: 'log-fork alarm',
    run: (scene) => at(scene, undefined, { kind: 'fork', evidence: Uint8Array.of(1) }),
  },
  {
    name: 'false proofs, again and again',
    finding: 'log-proof-invalid alarm',
    run: (scene) => twice(scene, HOUR, undefined, () => ({ kind: 'proof-invalid' })),
  },
  {
    name: 'the log kept away',
    finding: 'log-unavailable warning',
    run: (scene) =>
      twice(scene, 5 * DAY, { kind: 'unreachable' }, () => ({ kind: 'unavailable', scope: 'label' })),
  },
  {
    name: 'the log frozen',
    finding: 'log-stale warning',
    run: (scene) => twice(scene, 5 * DAY, { kind: 'unreachable' }, () => ({ kind: 'stale' })),
  },
  {
    name: 'a log that goes on repeating an old proof',
    finding: 'log-stale warning',
    run: (scene) => twice(scene, 9 * DAY, same(scene), () => proves(scene, scene.page.list, -4 * DAY)),
  },
  {
    name: 'a log whose clock runs ahead, so that its proofs never age',
    finding: 'log-stale warning',
    run: (scene) => twice(scene, 5 * DAY, same(scene), () => proves(scene, scene.page.list, 30 * DAY)),
  },
  onTheLine('a man in the middle of a code session', 'codes-differ alarm', { kind: 'code-different' }),
  onTheLine('a man in the middle of a safety number', 'codes-differ alarm', { kind: 'number-different' }),
  onTheLine("somebody else's QR code", 'codes-differ alarm', { kind: 'qr-different' }),
  onTheLine('a nonce chosen after the commitment', 'codes-differ alarm', { kind: 'false-reveal' }),
  onTheLine(
    'sessions begun over and over',
    'code-interrupted warning',
    furtherStart,
    furtherStart,
    furtherStart,
  ),
  {
    name: 'a key that is not the published one',
    finding: 'public-code-mismatch alarm',
    run: (scene) => upon(scene, { kind: 'public-code-saved', keyId: digest('somebody else') }),
  },
  {
    name: 'a code saved before an attacker was ever met, and her account',
    finding: 'public-code-mismatch alarm',
    run: (scene) => {
      const stranger = createContact({ identifier: encodeUtf8(NUMBER) });
      const keyId = scene.page.list.accountKeyId;
      const saved = upon({ ...scene, state: stranger }, { kind: 'public-code-saved', keyId });
      return at(after(scene, saved), answerOf(herTwin(scene.page).encoded));
    },
  },
];

const messageFrom = (name: string): ContactEvent => ({
  kind: 'message-received',
  device: { signingKey: publicKeyOf(name) },
});

/** On one's own account, inserted into a life in which one's own devices make the lists. */
export const ownAttacks: readonly Attack[] = [
  {
    name: 'a list by the stolen account key',
    finding: 'own-list-foreign alarm',
    run: (scene) => at(scene, served(scene, stolenKeyAdds(scene.page))),
  },
  {
    name: 'and the device it adds',
    finding: 'own-device-unknown alarm',
    run: (scene) => at(scene, served(scene, stolenKeyAdds(scene.page))),
  },
  {
    name: 'another account in my place',
    finding: 'own-list-foreign alarm',
    run: (scene) => at(scene, served(scene, herReset(scene.page))),
  },
  {
    name: 'and its device',
    finding: 'own-device-unknown alarm',
    run: (scene) => at(scene, served(scene, herReset(scene.page))),
  },
  {
    name: 'a second list of one sequence in my place',
    finding: 'list-fork alarm',
    run: (scene) => at(scene, served(scene, herTwin(scene.page))),
  },
  {
    name: 'a ghost device among mine, named by the directory',
    finding: 'own-device-unknown alarm',
    run: (scene) => {
      const answer = same(scene);
      if (answer.kind === 'unreachable') throw new Error('it was served');
      return at(scene, { ...answer, named: [{ signingKey: publicKeyOf(MALLORY) }] });
    },
    where: isOn,
  },
  {
    name: 'a message to myself from a ghost device',
    finding: 'own-device-unknown alarm',
    run: (scene) => upon(scene, messageFrom(MALLORY)),
    where: isOn,
  },
  {
    name: 'my list withheld',
    finding: 'verification-missing alarm',
    run: (scene) => at(scene, { kind: 'no-list' }),
  },
  {
    name: 'a list under an identifier that I left empty',
    finding: 'own-list-foreign alarm',
    run: (scene) => {
      const empty = createContact({ identifier: encodeUtf8(NUMBER), owner: 'own' });
      return at({ ...scene, state: empty }, answerOf(herTwin(scene.page).encoded));
    },
  },
  {
    name: 'the log goes back behind my newest list',
    finding: 'list-rollback alarm',
    run: (scene) => {
      const newer = honestNext(scene.page);
      const shown = at(scene, served(scene, newer), proves(scene, newer, MINUTE));
      return at(after(scene, shown), undefined, proves(scene, scene.page.list, HOUR), HOUR);
    },
  },
];
