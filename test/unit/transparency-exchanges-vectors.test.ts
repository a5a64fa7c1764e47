/**
 * The published exchanges with a log: monitoring, owning and updating a label, walking distinguished heads. A client is
 * led through each story from its beginning, since its state is a form of its own; what it holds after an exchange must
 * be what the file says that a user keeps.
 */

import { describe, expect, test } from 'vitest';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import type { Client, ClientRequest, StateChange } from '../../src/transparency/client/client.js';
import type { ClientState, LabelState } from '../../src/transparency/client/client-state.js';
import { parseConfiguration } from '../../src/transparency/wire/configuration.js';
import { createClient } from '../../src/transparency/client/create-client.js';
import type { Recent } from '../../src/transparency/walks/distinguished-heads.js';
import {
  parseDistinguishedHead,
  parseDistinguishedRequest,
} from '../../src/transparency/wire/distinguished-messages.js';
import { compareDistinguishedHeads } from '../../src/transparency/client/head-comparison.js';
import { parseOwnerInitRequest } from '../../src/transparency/wire/owner-messages.js';
import { parseSearchRequest } from '../../src/transparency/wire/search-messages.js';
import { decodeState } from '../../src/transparency/client/state-encoding.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { parseUpdateRequest } from '../../src/transparency/wire/update-messages.js';
import { codeOf } from '../support/accounts.js';
import {
  byteList,
  bytes,
  type Fields,
  hex,
  number,
  PUBLISHED,
  type PublishedFile,
  text,
  type ValidCase,
} from '../vectors/files.js';

const NAMES = ['keytrans-monitoring', 'keytrans-owners', 'keytrans-label-updates', 'keytrans-distinguished'];
const FILES = PUBLISHED.filter(({ file }) => NAMES.includes(file));
const LABEL = Uint8Array.from(Buffer.from('alice@example.org'));
const SUITES = { 1: KT_128_SHA256_P256, 2: KT_128_SHA256_Ed25519 };

// ------------------------------------------------------------------------------------- states

function stateFields(configuration: Uint8Array, state: Uint8Array): Fields {
  const suite = SUITES[parseConfiguration(configuration).ciphersuite];
  const { head, labels }: ClientState = decodeState(openLog(configuration, suite), state);
  if (head === undefined) throw new Error('no head was kept');
  expect(labels.length).toBeLessThan(2);
  const { treeHead, auditorTreeHead: auditor, view } = head;
  return {
    treeHead: { treeSize: treeHead.treeSize, signature: hex(treeHead.signature) },
    auditorTreeHead: auditor === undefined ? null : { ...auditor, signature: hex(auditor.signature) },
    fullSubtrees: view.fullSubtrees.map(hex),
    frontier: view.frontier.map(({ prefixTree, ...entry }) => ({ ...entry, prefixTree: hex(prefixTree) })),
    label: labels[0] === undefined ? null : labelFields(labels[0]),
  };
}

function labelFields({ monitored, owned, versions }: LabelState): Fields {
  return {
    monitored,
    owned: owned === undefined ? null : { ...owned, greatestAtStart: owned.greatestAtStart ?? null },
    versions: [...versions].map(([version, { vrfOutput, commitment }]) => ({
      version,
      vrfOutput: hex(vrfOutput),
      commitment: commitment === undefined ? null : hex(commitment),
    })),
  };
}

// ------------------------------------------------------------------------------------- exchanges

/** What an exchange came to. */
interface Ended {
  readonly after: Uint8Array;
  readonly fields: Fields;
}

type Run = (client: Client, input: Fields) => Ended;

/** The client's own request must be the published one. */
function take<Result, Response>(
  { request, verify }: ClientRequest<Result, Response>,
  input: Fields,
  response: Response,
): Result & StateChange {
  expect(hex(request)).toBe(input['request']);
  return verify(response, { nowMs: number(input['nowMs']) });
}

const answerIn = (input: Fields): Uint8Array => bytes(input['response']);
const requestIn = (input: Fields): Uint8Array => bytes(input['request']);

const RUNS: Readonly<Record<string, Run>> = {
  SearchExchange(client, input) {
    const { version: wanted } = parseSearchRequest(requestIn(input));
    const { version, value, position, isMonitored, after } = take(
      client.search(LABEL, wanted),
      input,
      answerIn(input),
    );
    return { after, fields: { version, value: hex(value), terminal: position, isMonitored } };
  },
  MonitorExchange(client, input) {
    const { after } = take(client.monitor(LABEL), input, answerIn(input));
    return { after, fields: {} };
  },
  OwnerInitExchange(client, input) {
    const { start } = parseOwnerInitRequest(requestIn(input));
    const { version, after } = take(client.initializeOwner(LABEL, start), input, answerIn(input));
    return { after, fields: { greatestVersion: version ?? null } };
  },
  OwnerMonitorExchange(client, input) {
    const { position, next, after } = take(client.monitorOwned(LABEL), input, answerIn(input));
    return { after, fields: { verified: position, isComplete: next === 'nothing' } };
  },
  UpdateExchange(client, input) {
    const values = parseUpdateRequest(requestIn(input)).values.map(({ value }) => value);
    const { versions, after } = take(client.update(LABEL, values), input, byteList(input['responses']));
    const shown = versions.map((one) => ({
      ...one,
      value: one.value === undefined ? null : hex(one.value),
    }));
    return { after, fields: { versions: shown } };
  },
  DistinguishedExchange(client, input) {
    const { stop } = parseDistinguishedRequest(requestIn(input));
    const { count, withinMs } = input['recent'] as Fields;
    const recent: Recent = withinMs === null ? { count: number(count) } : { withinMs: number(withinMs) };
    const { heads, after } = take(client.distinguishedHeads({ recent, stop }), input, answerIn(input));
    return { after, fields: { heads: heads.map((head) => ({ ...head, root: hex(head.root) })) } };
  },
};

/** States after the exchanges of a file, by name: what comes next builds upon them. */
function judgeOf({ valid }: PublishedFile): (structure: string, input: Fields) => Fields {
  const ends = new Map<string, Ended>();
  const caseOf = (name: string): ValidCase => {
    const found = valid.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no exchange ${name}`);
    return found;
  };
  const endOf = (structure: string, input: Fields): Ended => {
    const run = RUNS[structure];
    if (run === undefined) throw new Error(`nothing judges ${structure}`);
    return run(clientBefore(input), input);
  };
  const clientBefore = (input: Fields): Client => {
    const configuration = bytes(input['configuration']);
    const suite = SUITES[parseConfiguration(configuration).ciphersuite];
    if (input['before'] === null) return createClient(configuration, { suite });
    const name = text(input['before']);
    const before = caseOf(name);
    const end = ends.get(name) ?? endOf(before.structure, before.input);
    ends.set(name, end);
    return createClient(configuration, { suite, state: end.after });
  };
  return (structure, input) => {
    if (structure === 'RootComparison') {
      const [own, peer] = [input['own'], input['peer']].map(
        (one) => parseDistinguishedHead(bytes(one)).heads,
      );
      const compared = compareDistinguishedHeads(own ?? [], peer ?? []);
      return { overlap: compared.outcome === 'same' ? compared.overlap : 0 };
    }
    const { after, fields } = endOf(structure, input);
    return { ...fields, after: stateFields(bytes(input['configuration']), after) };
  };
}

test('the files are four', () => {
  expect(FILES.map(({ file }) => file).sort()).toEqual([...NAMES].sort());
});

describe.each(FILES)('$file', (file) => {
  const judge = judgeOf(file);

  test.each(file.valid)('$structure accepts: $name', ({ structure, input, output }) => {
    expect(judge(structure, input)).toEqual(output);
  });

  test.each(file.invalid)('$structure refuses: $name', ({ structure, input, code }) => {
    expect(codeOf(() => judge(structure, input))).toBe(code);
  });
});
