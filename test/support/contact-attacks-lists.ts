/** Attacks with lists: false ones, other accounts, other devices, and what a stolen account key can sign. */

import {
  createContact,
  type DirectoryAnswer,
  mergeContacts,
  type Review,
} from 'contact-key-verification/contacts.js';
import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  herAccount,
  herReset,
  herTwin,
  honestNext,
  listAfterGap,
  MALLORY,
  resetUnderSameKey,
  stolenKeyAdds,
  stolenKeyHandsOver,
  stolenKeyTurnsOff,
} from './contact-forgeries.js';
import { DAMAGES, damaged } from './contact-list-damages.js';
import { after, at, type Attack, compared, type Scene, served, upon, uncompared } from './contact-scene.js';
import { answerOf } from './contact-answers.js';
import { NUMBER, publicKeyOf } from './contact-story.js';
import { DAY } from './contact-world.js';

const isOn = ({ page }: Scene): boolean => page.list.verification;

const refusals: readonly Attack[] = DAMAGES.map(
  (code): Attack => ({
    name: `a list that is refused with ${code}`,
    finding: 'list-invalid alarm',
    run: (scene) => {
      const answer = answerOf(damaged(code, scene.page), scene.page.list);
      if (answer.kind !== 'refused' || answer.code !== code)
        throw new Error(`not ${code}: ${JSON.stringify(answer)}`);
      return at(scene, answer);
    },
  }),
);

/** The list in use, and a device named beside it. */
function naming({ page }: Scene, name: string, messagingKeys?: Uint8Array): DirectoryAnswer {
  const answer = answerOf(page.list.encoded, page.list);
  if (answer.kind === 'unreachable') throw new Error('it was served');
  return { ...answer, named: [{ signingKey: publicKeyOf(name), messagingKeys }] };
}

const mailAddress = 'mailto:bob@example.com';
let herMail: ReturnType<typeof herAccount> | undefined;

/** Another device of the user's, to which the directory shows another account. */
function deceived(scene: Scene): Review {
  const stored = createContact({ identifier: encodeUtf8(NUMBER) });
  return at({ ...scene, state: stored }, answerOf(herTwin(scene.page).encoded));
}

export const listAttacks: readonly Attack[] = [
  ...refusals,
  {
    name: 'another account under a compared contact',
    finding: 'verified-key-changed alarm',
    run: (scene) => at(compared(scene), served(scene, herReset(scene.page))),
  },
  {
    name: 'a reset under the compared key itself',
    finding: 'verified-key-changed alarm',
    run: (scene) => at(compared(scene), served(scene, resetUnderSameKey(scene.page))),
  },
  {
    name: 'another account under a contact that nobody compared',
    finding: 'account-key-reset warning',
    run: (scene) => at(uncompared(scene), served(scene, herReset(scene.page))),
  },
  {
    name: 'a list that no chain links to the pinned key',
    finding: 'verified-key-changed alarm',
    run: (scene) => at(compared(scene), { kind: 'refused', code: 'ERR_ACCOUNT_KEY' }),
  },
  {
    name: 'a ghost device in the older interface',
    finding: 'device-unsigned alarm',
    run: (scene) => at(scene, naming(scene, MALLORY)),
    where: isOn,
  },
  {
    name: "a listed device with the attacker's messaging keys",
    finding: 'device-unsigned alarm',
    run: (scene) => at(scene, naming(scene, scene.page.imitation.devices[0]?.name ?? '', new Uint8Array(32))),
    where: isOn,
  },
  {
    name: 'a message from a ghost device',
    finding: 'device-unsigned alarm',
    run: (scene) => upon(scene, { kind: 'message-received', device: { signingKey: publicKeyOf(MALLORY) } }),
    where: isOn,
  },
  {
    name: 'a device that was removed long ago goes on talking',
    finding: 'device-unsigned alarm',
    run: (scene) => {
      const [gone] = scene.page.list.devices;
      if (gone === undefined) throw new Error('every page has a device');
      const { state } = at(scene, served(scene, herReset(scene.page)));
      const late = { ...after(scene, { state }), nowMs: scene.nowMs + 3 * DAY };
      return upon(late, { kind: 'message-received', device: { signingKey: gone.signingKey } });
    },
  },
  {
    name: 'a second list of one sequence',
    finding: 'list-fork alarm',
    run: (scene) => at(scene, served(scene, herTwin(scene.page))),
  },
  {
    name: 'a second list of one sequence, to a device that forgot the bytes of the first',
    finding: 'list-fork alarm',
    run: (scene) => at(scene, answerOf(herTwin(scene.page).encoded)),
  },
  {
    name: "two lists of one sequence, one for each of the user's devices",
    finding: 'list-fork alarm',
    run: (scene) => at(after(scene, { state: mergeContacts(scene.state, deceived(scene).state) })),
  },
  {
    name: "two accounts, one for each of the user's devices, both compared",
    finding: 'verified-key-changed alarm',
    run: (scene) => {
      const other = after(scene, deceived(scene));
      const both = upon(other, { kind: 'code-same', keyId: herTwin(scene.page).accountKeyId });
      return at(after(scene, { state: mergeContacts(compared(scene).state, both.state) }));
    },
  },
  {
    name: "another identifier's list, verified as that one's",
    finding: 'list-invalid alarm',
    run: (scene) => {
      herMail ??= herAccount(mailAddress);
      return at(scene, answerOf(herMail.encoded, undefined, { identifier: mailAddress }));
    },
  },
  {
    name: "the contact's mail address under another account",
    finding: 'verified-key-changed alarm',
    run: (scene) => {
      herMail ??= herAccount(mailAddress);
      const [answer, other] = [
        answerOf(scene.page.list.encoded, scene.page.list),
        answerOf(herMail.encoded, undefined, { identifier: mailAddress }),
      ];
      if (answer.kind !== 'list' || other.kind !== 'list') throw new Error('both are lists');
      return at(compared(scene), { ...answer, others: [other.list] });
    },
  },
  {
    name: 'a list verified against another than the one in use',
    finding: 'list-gap warning',
    run: (scene) => {
      const far = answerOf(listAfterGap(scene.page).encoded, honestNext(scene.page));
      return at(after(scene, at(scene, far)), far, undefined, 4 * DAY);
    },
  },
  {
    name: 'a stolen account key adds a device',
    finding: 'list-unauthored warning',
    run: (scene) => at(scene, served(scene, stolenKeyAdds(scene.page))),
  },
  {
    name: 'a stolen account key hands over to another',
    finding: 'account-key-succeeded warning',
    run: (scene) => at(compared(scene), served(scene, stolenKeyHandsOver(scene.page))),
  },
  {
    name: 'a stolen account key turns verification off',
    finding: 'verification-off warning',
    run: (scene) => at(scene, served(scene, stolenKeyTurnsOff(scene.page))),
    where: isOn,
  },
];
