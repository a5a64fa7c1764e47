/** Lies that take what is true elsewhere: of another label, log, mode, configuration, suite or key. */

import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../../src/suites.js';
import { createClient } from '../../../src/transparency/client/create-client.js';
import { hex, logOf, utf8 } from '../client-world.js';
import { search } from './asking.js';
import { idle, setHistory } from './dishonest-log.js';
import { headAt, withHead } from './heads.js';
import { type HonestLog, HonestLog as Log, type StoredVersion } from '../honest-log.js';
import { ALICE } from '../client-world.js';
import type { Asked, NamedLie, Telling } from './telling.js';

const SIZE = 14;

/** A program that begins with a configuration. */
function open(t: Telling, before: Asked['client'], configurationBytes: Uint8Array): Asked {
  const { before: state } = before.forget(utf8('nobody'));
  return {
    operation: 'createClient',
    client: before,
    verify: () => ({
      after: createClient(configurationBytes, { suite: t.suite, state }).forget(ALICE).after,
    }),
  };
}

/** The manager inserts a value of its own for alice, under a signature that it has from elsewhere. */
async function manage(
  log: HonestLog,
  value: Uint8Array,
  signedFor: { readonly label: Uint8Array; readonly version: number },
): Promise<void> {
  const made = new Log({ ...log.options });
  const label = Buffer.from(signedFor.label).toString();
  const before = Array.from({ length: signedFor.version }, (_, i) => `before ${i}`);
  await made.append(0, [{ label, values: [...before, Buffer.from(value).toString()] }]);
  const { suffix } = made.versionsOf(signedFor.label).at(-1) as StoredVersion;
  const opening = new Uint8Array(16).fill(7);
  log.history.set(hex(ALICE), [...log.versionsOf(ALICE), { position: log.size, value, opening, suffix }]);
  await log.appendStored(log.nowMs + 10, ALICE, [log.versionsOf(ALICE).length - 1]);
}

const managed = (t: Telling): Promise<HonestLog> => t.log(SIZE, { mode: 'thirdPartyManagement' });

export const LIES_ACROSS_LOGS: readonly NamedLie[] = [
  {
    name: 'The answer about one label is given for another',
    section: 'Verifiable Random Function',
    breaks: 'VRF proofs are of the label that was asked about',
    caughtBy: 'search',
    code: 'ERR_VRF_PROOF',
    async tell(t) {
      const log = await t.log(SIZE);
      const client = t.user(log);
      const { request, verify } = client.search(utf8('user 3'));
      const other = client.search(utf8('user 4')).request;
      const response = await log.search(t.lies ? other : request);
      return { operation: 'search', client, verify: () => verify(response, { nowMs: log.nowMs }) };
    },
  },
  {
    name: 'The tree is built with another VRF key than is published, so that labels can stand in it twice',
    section: 'Verifiable Random Function',
    breaks: 'VRF proofs are verified with the key of the configuration',
    caughtBy: 'search',
    code: 'ERR_VRF_PROOF',
    async tell(t) {
      const log = await t.log(SIZE);
      const other = await t.log(SIZE, { vrfSecret: 'another', published: log.configuration });
      return search(t.user(log), t.lies ? other : log);
    },
  },
  {
    name: 'The VRF key is changed under a user who has begun with the one before',
    section: 'Tree Head Signature',
    breaks: 'what was retained belongs to one configuration: under another key every label would begin anew',
    caughtBy: 'createClient',
    refusal: 'StateError',
    code: 'ERR_STATE_LOG',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(SIZE);
      const user = t.take(await search(t.user(log), log));
      const next = await t.log(SIZE + 1, t.lie({ vrfSecret: 'another' }));
      t.overlook(await search(t.user(next), next));
      return open(t, user, next.configurationBytes);
    },
  },
  {
    name: 'The log goes over to another mode, in which a third party is to be trusted, and keeps its users',
    section: 'Tree Head Signature',
    breaks: 'what was retained belongs to a log in one mode',
    caughtBy: 'createClient',
    refusal: 'StateError',
    code: 'ERR_STATE_LOG',
    overlookedBy: ['search'],
    async tell(t) {
      const log = await t.log(SIZE);
      const user = t.take(await search(t.user(log), log));
      const next = await t.log(SIZE + 1, t.lie({ mode: 'thirdPartyAuditing' }));
      t.overlook(await search(t.user(next), next));
      return open(t, user, next.configurationBytes);
    },
  },
  {
    name: 'The log is said to have another cipher suite than the program has',
    section: 'Cipher Suites',
    breaks: 'the suite of the configuration is the one that the program allows',
    caughtBy: 'createClient',
    refusal: 'UnsupportedError',
    code: 'ERR_CIPHER_SUITE',
    async tell(t) {
      const log = await t.log(SIZE);
      const suite = t.suite.id === KT_128_SHA256_P256.id ? KT_128_SHA256_Ed25519 : KT_128_SHA256_P256;
      const { configurationBytes } = t.lies ? await logOf(0, { suite }) : log;
      return open(t, t.user(log), configurationBytes);
    },
  },
  {
    name: 'The head of a log in another mode, with the same keys and entries, is taken for this one’s',
    section: 'Tree Head Signature',
    breaks: 'the signature is over the configuration, with its mode',
    caughtBy: 'search',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const log = await t.log(SIZE);
      const audited = await t.log(SIZE, { mode: 'thirdPartyAuditing' });
      const head = headAt(t.lies ? audited : log, SIZE, log.rootAt(SIZE));
      return search(t.user(log), log, withHead(head));
    },
  },
  {
    name: 'One user is told of a larger monitoring window than others, by a configuration of its own',
    section: 'Tree Head Signature',
    breaks: 'the signature is over the configuration, with all its durations',
    caughtBy: 'search',
    code: 'ERR_SIGNATURE',
    async tell(t) {
      const log = await t.log(SIZE);
      const lax = await t.log(SIZE, { windowMs: 101 });
      return search(t.user(log), t.lies ? lax : log);
    },
  },
  {
    name: 'A manager inserts a value that the service operator has signed for somebody else',
    section: 'Update Format',
    breaks: 'the service operator’s signature is over the label',
    caughtBy: 'search',
    code: 'ERR_VALUE_SIGNATURE',
    async tell(t) {
      const log = await managed(t);
      const signedFor = { label: t.lies ? utf8('bob') : ALICE, version: 5 };
      await manage(log, utf8('key of bob'), signedFor);
      return search(t.user(log), log);
    },
  },
  {
    name: 'A manager inserts an old value of the label once more, under the signature that it had then',
    section: 'Update Format',
    breaks: 'the service operator’s signature is over the version',
    caughtBy: 'search',
    code: 'ERR_VALUE_SIGNATURE',
    async tell(t) {
      const log = await managed(t);
      await manage(log, utf8('lost key'), { label: ALICE, version: t.lies ? 1 : 5 });
      return search(t.user(log), log);
    },
  },
  {
    name: 'A manager inserts a value that nobody has signed for it',
    section: 'Update Format',
    breaks: 'no value is used before the service operator’s signature over it is verified',
    caughtBy: 'search',
    code: 'ERR_VALUE_SIGNATURE',
    async tell(t) {
      const log = await managed(t);
      await idle(log, 2);
      if (t.lies) {
        setHistory(log, (stored) =>
          stored.position === 12 ? { ...stored, value: utf8('mallory') } : stored,
        );
        await log.appendStored(log.nowMs + 10, ALICE, [4], [4]);
      } else await idle(log, 1);
      return search(t.user(log), log);
    },
  },
];
