/** What a log may try that has only true lists of Bob's in it. */

import type { HeardHeads } from 'contact-key-verification/directory.js';
import { DAY, type Directory, HOUR } from './directory.js';
import { answerFromCopy, flipProofBit, showAsNewest } from './lies.js';
import { Phone } from './phone.js';
import { lookUp, type Scenario, short, type World } from './scenario.js';

/** A copy of the log in which Bob's last list never came to be, while other people went on publishing. */
async function withoutNewest({ before, directory, nowMs }: World): Promise<Directory> {
  const copy = await before.fork();
  while (copy.treeSize <= directory.treeSize) await copy.live(nowMs - HOUR, nowMs);
  return copy;
}

/** The newest log entry of which two phones know different roots. */
function describeHeads(hers: HeardHeads, theirs: HeardHeads): [string, string][] {
  const rootAt = (heads: HeardHeads, at: number): Uint8Array =>
    heads.heads.find(({ position }) => position === at)?.root ?? new Uint8Array(32);
  const common = hers.heads.filter(({ position }) =>
    theirs.heads.some((other) => other.position === position),
  );
  const at = common.at(-1)?.position;
  if (at === undefined) return [];
  return [
    [`Alice: up to entry ${at}`, `root ${short(rootAt(hers, at))}`],
    [`Carol: up to entry ${at}`, `root ${short(rootAt(theirs, at))}`],
  ];
}

export const logScenarios: readonly Scenario[] = [
  {
    name: 'old-list',
    title: 'The directory serves an old list, from an old copy of its log',
    story:
      'In that copy, the list before Bob removed his lost phone is still the newest. The copy was the log once, and its head is truly signed.',
    told: 'log-proof-invalid warning',
    refusedBy: 'ERR_HEAD_ORDER',
    meaning: 'Alice has seen the log larger than that, and a log never shrinks.',
    run: (world, attacked) => {
      const { before, directory } = world;
      const shown = attacked ? before : directory;
      const sizes = [
        ['entries Alice has seen', String(directory.treeSize)],
        ['entries shown to her now', String(shown.treeSize)],
      ] as const;
      return lookUp(world, attacked ? answerFromCopy(before) : directory, sizes);
    },
  },
  {
    name: 'list-taken-back',
    title: 'It lets that copy grow, larger than what Alice has seen',
    story:
      'It adds other people’s entries to the copy and signs its new head. Bob’s newest list, which Alice has seen in the log, is not in it.',
    told: 'log-proof-invalid warning',
    refusedBy: 'ERR_SIGNATURE',
    meaning: 'What Alice kept of the log, and what she is shown now, are no tree that the log has signed.',
    async run(world, attacked) {
      return lookUp(world, attacked ? await withoutNewest(world) : world.directory);
    },
  },
  {
    name: 'newest-hidden',
    title: 'It shows somebody who is new an old list as the newest',
    story:
      'Dave has never seen the log. He gets the list before Bob removed his lost phone, which is truly Bob’s and truly in the log of today: a plain log could prove no more, and he would encrypt to whoever found the phone.',
    app: 'Dave’s app',
    told: 'log-proof-invalid warning',
    refusedBy: 'ERR_PREFIX_COMMITMENT',
    meaning:
      'The log’s newest entry would have to show that there is no newer list. It shows that there is one.',
    async run({ before, bob, directory, nowMs }, attacked) {
      const { sequence } = bob.list;
      const shown = attacked ? sequence - 1 : sequence;
      const phone = Phone.fresh(directory.configuration);
      const server = attacked ? showAsNewest(directory, before) : directory;
      const review = await phone.lookUp(server, bob.identifier, nowMs);
      return { review, evidence: [['shown as the newest', `list ${shown} of ${sequence}`]] };
    },
  },
  {
    name: 'two-logs',
    title: 'The directory shows Alice and Carol different logs',
    story:
      'Each log is flawless by itself, and neither phone could find out alone. Then Carol’s app sends the heads that it has seen inside a message to Alice, as apps do now and then.',
    told: 'log-fork alarm',
    meaning: 'Of the same log entry they were shown different roots: proof that the log lies.',
    async run(world, attacked) {
      const { bob, directory, nowMs } = world;
      const forAlice = await directory.fork();
      const forCarol = attacked ? await directory.fork() : forAlice;
      await bob.fork().addDevice(forAlice, 'web', 'laptop', nowMs);
      if (attacked) await bob.fork().changeMessagingKeys(forCarol, 'laptop', nowMs);
      const laterMs = nowMs + 3 * HOUR;
      await forAlice.live(nowMs, laterMs);
      if (attacked) await forCarol.live(nowMs, laterMs);
      const [alice, carol] = [world.alice.phone.fork(), world.carol.phone.fork()];
      await alice.lookUp(forAlice, bob.identifier, laterMs);
      await carol.lookUp(forCarol, bob.identifier, laterMs);
      const message = await carol.headsToSend(forCarol, laterMs);
      return {
        review: await alice.hearHeads(forAlice, bob.identifier, message, laterMs),
        evidence: describeHeads(await alice.heads(forAlice, laterMs), await carol.heads(forCarol, laterMs)),
      };
    },
  },
  {
    name: 'log-stopped',
    title: 'The directory lets the log stand still for Alice',
    story:
      'For two days it answers her from the log as it is now. Nothing that it shows is false, and whatever Bob does would never reach her.',
    told: 'log-stale notice',
    refusedBy: 'ERR_HEAD_BEHIND',
    meaning: 'The log has promised never to be more than a day old; its entries say when they were made.',
    async run(world, attacked) {
      const laterMs = world.nowMs + 2 * DAY;
      const directory = await world.directory.fork();
      if (!attacked) await directory.live(world.nowMs, laterMs);
      return lookUp({ ...world, nowMs: laterMs }, directory);
    },
  },
  {
    name: 'proof-damaged',
    title: 'One bit of a proof is changed',
    story: 'Of the hashes that lead from Bob’s list to the signed head, one has another first bit.',
    told: 'log-proof-invalid warning',
    refusedBy: 'ERR_ENTRY_ROOT',
    meaning: 'They lead to another root than the one that Alice knows to be signed.',
    run: (world, attacked) => lookUp(world, attacked ? flipProofBit(world.directory) : world.directory),
  },
];
