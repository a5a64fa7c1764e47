/** Lists under Bob's identifier that Bob's devices did not make. All of them stand in the log, and it proves that. */

import type { Account } from './account.js';
import { type Directory, HOUR } from './directory.js';
import { type ForgedList, forgeAccount, forgeExtraDevice, forgeMessagingKeys } from './lies.js';
import { lookUp, type Outcome, type Scenario, type World } from './scenario.js';

/** The directory logs forged bytes as Bob's next list; or Bob makes an honest change of the same kind. */
async function nextList(
  world: World,
  forged: ForgedList | undefined,
  honest: (directory: Directory, bob: Account) => Promise<void>,
): Promise<Outcome> {
  const { bob, nowMs } = world;
  const directory = await world.directory.fork();
  if (forged === undefined) await honest(directory, bob.fork());
  else await directory.insert(bob.identifier, forged.bytes, nowMs);
  return lookUp(world, directory, forged === undefined ? [] : [['the logged list names', forged.claim]]);
}

export const listScenarios: readonly Scenario[] = [
  {
    name: 'device-added',
    title: 'The directory adds a device to Bob’s list',
    story:
      'It makes a key, lists it as one more device of Bob’s, and logs that list. Whoever encrypts to all of Bob’s devices would encrypt to the directory.',
    told: 'list-invalid alarm',
    refusedBy: 'ERR_LIST_SIGNATURE',
    meaning: 'Bob’s account key did not sign this list.',
    run: (world, attacked) =>
      nextList(world, attacked ? forgeExtraDevice(world.bob.list) : undefined, (directory, bob) =>
        bob.addDevice(directory, 'web', 'laptop', world.nowMs),
      ),
  },
  {
    name: 'messaging-keys-swapped',
    title: 'The directory keeps a device and swaps its messaging keys',
    story: 'Same device id, same signing key, but messages to it would now be readable by the directory.',
    told: 'list-invalid alarm',
    refusedBy: 'ERR_DEVICE_POSSESSION',
    meaning: 'The device itself did not sign its entry.',
    run: (world, attacked) =>
      nextList(world, attacked ? forgeMessagingKeys(world.bob.list, 'laptop') : undefined, (directory, bob) =>
        bob.changeMessagingKeys(directory, 'laptop', world.nowMs),
      ),
  },
  {
    name: 'account-key-replaced',
    title: 'The directory replaces Bob’s account key',
    story:
      'It begins Bob’s chain anew under a key of its own. Every signature in that list is true, and the log proves that it is the newest.',
    told: 'verified-key-changed alarm',
    meaning: 'No chain links this list to the key that Alice compared with Bob.',
    run: (world, attacked) =>
      nextList(world, attacked ? forgeAccount(world.bob.list) : undefined, (directory, bob) =>
        bob.changeAccountKey(directory, 'laptop', world.nowMs),
      ),
  },
  {
    name: 'list-slipped-in',
    title: 'The same, behind Bob’s back',
    story:
      'The directory hopes that only people will look who never compared codes with Bob: for them, nothing in that list is wrong. But it had to put it into the log for them, where Bob’s tablet looks once an hour.',
    app: 'Bob’s tablet',
    isOwn: true,
    told: 'own-device-unknown alarm',
    meaning: 'The log cannot hide from Bob what it shows to others, and none of his devices made this list.',
    async run({ bob, directory: log, nowMs }, attacked) {
      const directory = await log.fork();
      const [tablet, laptop] = [bob.fork(), bob.fork()];
      const forged = forgeAccount(bob.list);
      if (attacked) await directory.insert(bob.identifier, forged.bytes, nowMs);
      else await laptop.addDevice(directory, 'web', 'laptop', nowMs);
      await directory.live(nowMs, nowMs + 2 * HOUR);
      return {
        review: await tablet.watch(directory, nowMs + 2 * HOUR),
        evidence: attacked ? [['the logged list names', forged.claim]] : [],
      };
    },
  },
];
