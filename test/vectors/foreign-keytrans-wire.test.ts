/**
 * The wire format of key transparency, against bytes of others: two logs and their answers that katie (Go) recorded,
 * and the vectors of OR13/kt (Rust), which were made with katie too. Every structure is read, holds what the corpus says
 * of it, and is written again as the same bytes, by the library and by the reference.
 *
 * Where katie lags behind the draft it sends other structures (UpdateResponse in a managed log, ManagerUpdateRequest,
 * credentials, distinguished heads); the corpora hold none of these.
 */

import { expect, test } from 'vitest';
import { readWire, writeWire } from '../reference/keytrans-wire.js';
import { checkCorpus, fromHex } from '../support/foreign.js';
import { type Setting, shown, structureOf } from '../support/keytrans-library.js';
import { codeOf } from '../support/accounts.js';

type Json = Readonly<Record<string, unknown>>;

const MODES = ['contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'] as const;
const RESULTS = ['', 'inclusion', 'nonInclusionLeaf', 'nonInclusionParent'];

const settingOf = (ciphersuite: unknown, mode: unknown = 1, namesVersion = false): Setting => ({
  ciphersuite: ciphersuite as 1 | 2,
  mode: MODES[Number(mode) - 1] as (typeof MODES)[number],
  namesVersion,
});

/** Reads and writes by both; the value, with its bytes in hex. */
function same(name: string, hex: unknown, setting: Setting): Json {
  const bytes = fromHex(String(hex));
  const { parse, encode } = structureOf(name);
  const value = parse(bytes, setting);
  expect(Buffer.from(encode(value, setting)).toString('hex')).toBe(hex);
  const again = readWire(name, bytes, setting);
  expect(shown(again)).toEqual(shown(value));
  expect(writeWire(name, again, setting).bytes.toString('hex')).toBe(hex);
  return shown(value) as Json;
}

// --- katie ----------------------------------------------------------------------------------------------------

interface Operation {
  readonly op: 'search' | 'contact_monitor' | 'owner_init' | 'owner_monitor';
  readonly request: string;
  readonly response?: string;
  readonly counts?: Json;
  readonly retained?: { readonly frontier: readonly { readonly log_entry: string }[] };
}

interface World {
  readonly name: string;
  readonly suite: number;
  readonly mode: number;
  readonly config: string;
  readonly reasonable_monitoring_window: number;
  readonly entries: readonly (Json & { readonly added: readonly Json[] })[];
  readonly operations: readonly Operation[];
}

interface Katie {
  readonly worlds: readonly World[];
}

const OPERATIONS = {
  search: ['SearchRequest', 'SearchResponse', 'search'],
  contact_monitor: ['ContactMonitorRequest', 'ContactMonitorResponse', 'monitor'],
  owner_init: ['OwnerInitRequest', 'OwnerInitResponse', 'init'],
  owner_monitor: ['OwnerMonitorRequest', 'OwnerMonitorResponse', 'monitor'],
} as const;

test('katie: configurations and heads that were signed', () =>
  checkCorpus('keytrans', 44, async (files, runCase) => {
    for (const world of files.json<Katie>('katie-00da525.json').worlds) {
      const setting = settingOf(world.suite, world.mode);
      const config = same('Configuration', world.config, setting);
      await runCase(`${world.name} configuration`, () =>
        expect(config).toMatchObject({
          ciphersuite: world.suite,
          mode: setting.mode,
          reasonableMonitoringWindowMs: world.reasonable_monitoring_window,
          maximumLifetimeMs: null,
        }),
      );
      for (const [position, entry] of world.entries.entries()) {
        await runCase(`${world.name} head ${position}`, () =>
          expect(same('TreeHeadTbs', entry['tree_head_tbs'], setting)).toEqual({
            config,
            treeSize: position + 1,
            root: entry['log_root'],
          }),
        );
      }
    }
  }));

test('katie: log entries, VRF inputs and commitments', () =>
  checkCorpus('keytrans', 356, async (files, runCase) => {
    for (const { name, suite, mode, entries, operations } of files.json<Katie>('katie-00da525.json').worlds) {
      const setting = settingOf(suite, mode);
      for (const { position, timestamp, prefix_root: prefixTree, log_entry: entry, added } of entries) {
        await runCase(`${name} log entry ${String(position)}`, () =>
          expect(same('LogEntry', entry, setting)).toEqual({ timestampMs: timestamp, prefixTree }),
        );
        for (const { label, version, value, opening, ...pair } of added) {
          const update = { value, suffix: { signature: null } };
          await runCase(`${name} VRF input`, () =>
            expect(same('VrfInput', pair['vrf_input'], setting)).toEqual({ label, version }),
          );
          await runCase(`${name} commitment`, () =>
            expect(same('CommitmentValue', pair['commitment_body'], setting)).toEqual({
              opening,
              label,
              version,
              update,
            }),
          );
        }
      }
      for (const { log_entry: entry } of operations.flatMap(({ retained }) => retained?.frontier ?? [])) {
        await runCase(`${name} retained entry`, () => {
          const known = entries.map((one) => one['log_entry']);
          expect(known).toContain(entry);
          same('LogEntry', entry, setting);
        });
      }
    }
  }));

test('katie: requests and responses', () =>
  checkCorpus('keytrans', 308, async (files, runCase) => {
    for (const { name, suite, mode, operations } of files.json<Katie>('katie-00da525.json').worlds) {
      for (const { op, request, response, counts } of operations) {
        const [ofRequest, ofResponse, proofField] = OPERATIONS[op];
        const asked = same(ofRequest, request, settingOf(suite, mode));
        await runCase(`${name} ${op} request`, () => expect(asked['label']).toMatch(/^(?:[0-9a-f]{2})+$/));
        if (response === undefined) continue;
        await runCase(`${name} ${op} response to ${request}`, () => {
          const setting = settingOf(suite, mode, (asked['version'] ?? null) !== null);
          const answer = same(ofResponse, response, setting);
          const proof = answer[proofField] as Record<string, unknown[]> & {
            inclusion: { elements: unknown[] };
          };
          if (counts === undefined) return;
          expect({
            inclusion: proof.inclusion.elements.length,
            prefix_proofs: proof['prefixProofs']?.length,
            prefix_roots: proof['prefixRoots']?.length,
            timestamps: proof['timestampsMs']?.length,
          }).toEqual(counts);
        });
      }
    }
  }));

// --- OR13/kt --------------------------------------------------------------------------------------------------

interface Case {
  readonly name: string;
  readonly input: Json;
  readonly expect: Json;
}

interface Corpus {
  readonly cipher_suite?: number;
  readonly cases: readonly Case[];
}

/** An answer about nothing: the head that the user has, no versions, a ladder or none, an empty proof. */
const EMPTY_PROOF = '0000000000';

/** Parts that do not travel alone, in the smallest message that holds them, and where they are in it. */
const PARTS: Readonly<
  Record<string, (hex: string) => readonly [string, string, (message: Json) => unknown]>
> = {
  'binary-ladder-step': (hex) => [
    'OwnerInitResponse',
    `01000001${hex}${EMPTY_PROOF}`,
    ({ binaryLadder }) => (binaryLadder as Json[])[0],
  ],
  'monitor-map-entry': (hex) => [
    'ContactMonitorRequest',
    `000001${hex}`,
    ({ entries }) => (entries as Json[])[0],
  ],
  'label-value': (hex) => ['UpdateRequest', `00000001${hex}`, ({ values }) => (values as Json[])[0]],
  'update-info': (hex) => [
    'UpdateResponse',
    `01${'00'.repeat(9)}01${hex}00${EMPTY_PROOF}`,
    ({ info }) => (info as Json[])[0],
  ],
};

const NAMES: Readonly<Record<string, string>> = {
  'search-request': 'SearchRequest',
  'contact-monitor-request': 'ContactMonitorRequest',
  'owner-init-request': 'OwnerInitRequest',
  'owner-monitor-request': 'OwnerMonitorRequest',
  'update-request': 'UpdateRequest',
  'update-tbs': 'UpdateTbs',
};

const orNull = (value: unknown): unknown => value ?? null;

/** What the corpus says of a structure, in our names. */
function described(kind: string, input: Json): Json {
  const { label, last, version, start, entries, proof, commitment, opening } = input;
  const asked = { label, last: orNull(last) };
  const greatestVersion = orNull(input['greatest_version']);
  const all: Readonly<Record<string, Json>> = {
    'search-request': { ...asked, version: orNull(version) },
    'contact-monitor-request': { ...asked, entries },
    'owner-init-request': { ...asked, start },
    'owner-monitor-request': { ...asked, entries, start, greatestVersion },
    'update-request': {
      ...asked,
      greatestVersion,
      values: ((input['values'] ?? []) as string[]).map((value) => ({ value })),
    },
    'update-tbs': { label, version, value: input['value'] },
    'binary-ladder-step': { proof, commitment: orNull(commitment) },
    'monitor-map-entry': { position: input['position'], version },
    'label-value': { value: input['value'] },
    'update-info': { opening, suffix: { signature: null } },
  };
  return all[kind] as Json;
}

test('OR13/kt: requests, and parts of responses', () =>
  checkCorpus('keytrans/or13-kt', 22, async (files, runCase) => {
    const { cipher_suite: suite, cases } = files.json<Corpus>('requests.json');
    for (const { name, input, expect: expected } of cases) {
      await runCase(name, () => {
        const kind = String(input['kind']);
        const encoding = String(expected['encoding']);
        const setting = settingOf(suite);
        const [structure, message, partOf] = PARTS[kind]?.(encoding) ?? [NAMES[kind] as string, encoding];
        if (kind === 'monitor-map-entry') {
          // Our bound, not the draft's: "uint64 position", here 0x0102030405060708, above 2^53 - 1.
          const { parse } = structureOf(structure);
          expect(codeOf(() => parse(fromHex(message), setting))).toBe('ERR_INTEGER');
          const lower = message.replace('0102030405060708', '0012030405060708');
          const part = partOf?.(same(structure, lower, setting));
          expect(part).toEqual({ position: 0x12030405060708, version: 9 });
          return;
        }
        const value = same(structure, message, setting);
        expect(partOf === undefined ? value : partOf(value)).toMatchObject(described(kind, input));
      });
    }
  }));

test.each(['tree-head', 'tree-head-p256'])('OR13/kt: %s', (file) =>
  checkCorpus('keytrans/or13-kt', 9, async (files, runCase) => {
    const { cipher_suite: suite, cases } = files.json<Corpus>(`${file}.json`);
    for (const { name, input, expect: expected } of cases) {
      await runCase(name, () => {
        const setting = settingOf(suite, input['mode']);
        const config = same('Configuration', expected['configuration'], setting);
        const managed = { leafPublicKey: input['leaf_public_key'] };
        const audited = {
          maxAuditorLagMs: input['max_auditor_lag'],
          auditorStartPos: input['auditor_start_pos'],
          auditorPublicKey: input['auditor_public_key'],
        };
        expect(config).toEqual({
          ciphersuite: suite,
          mode: setting.mode,
          signaturePublicKey: input['signature_public_key'],
          vrfPublicKey: input['vrf_public_key'],
          ...(input['mode'] === 2 ? managed : input['mode'] === 3 ? audited : {}),
          maxAheadMs: input['max_ahead'],
          maxBehindMs: input['max_behind'],
          reasonableMonitoringWindowMs: input['reasonable_monitoring_window'],
          maximumLifetimeMs: null,
        });
        const [treeSize, root] = [input['tree_size'], input['root']];
        expect(same('TreeHeadTbs', expected['tree_head_tbs'], setting)).toEqual({ config, treeSize, root });
        expect(same('FullTreeHead', expected['full_tree_head_same'], setting)).toEqual({ headType: 'same' });
        const treeHead = { treeSize, signature: expected['signature'] };
        const head = same('FullTreeHead', expected['full_tree_head_updated'], setting);
        expect(head).toMatchObject({ headType: 'updated', treeHead });
        expect(expected['full_tree_head_updated']).toContain(`02${String(expected['tree_head'])}`);
        if (input['mode'] !== 3) return expect(head['auditorTreeHead']).toBe(null);
        expect(same('AuditorTreeHead', expected['auditor_tree_head'], setting)).toEqual(
          head['auditorTreeHead'],
        );
        expect(same('AuditorTreeHeadTbs', expected['auditor_tree_head_tbs'], setting)).toEqual({
          config,
          timestampMs: input['auditor_timestamp'],
          treeSize,
          root,
        });
      });
    }
  }),
);

test('OR13/kt: commitments and VRF inputs', () =>
  checkCorpus('keytrans/or13-kt', 26, async (files, runCase) => {
    for (const file of ['commitment', 'vrf', 'vrf-p256']) {
      const { cipher_suite: suite, cases } = files.json<Corpus>(`${file}.json`);
      for (const { name, input, expect: expected } of cases) {
        const { label, version, opening } = input;
        // What does not verify has no bytes of its own.
        if (expected['error'] !== undefined) continue;
        await runCase(name, () => {
          if (file !== 'commitment')
            return expect(same('VrfInput', expected['vrf_input'], settingOf(suite))).toEqual({
              label,
              version,
            });
          const update = { ...(input['update'] as Json), suffix: { signature: null } };
          const content = same('CommitmentValue', expected['commitment_value'], settingOf(suite));
          expect(content).toEqual({ opening, label, version, update });
        });
      }
    }
  }));

test('OR13/kt: inclusion proofs', () =>
  checkCorpus('keytrans/or13-kt', 492, async (files, runCase) => {
    const { cases } = files.json<Corpus>('log-tree.json');
    for (const { name, expect: expected } of cases) {
      for (const { proof, elements } of expected['proofs'] as Json[]) {
        await runCase(name, () => expect(same('InclusionProof', proof, settingOf(2))).toEqual({ elements }));
      }
    }
  }));

/** Results of searches as the corpus writes them, in our names. */
function resultsOf(results: unknown): Json[] {
  return (results as Json[]).map(({ result_type: type, depth, leaf }) => ({
    resultType: RESULTS[Number(type)],
    ...(leaf === undefined
      ? {}
      : { leaf: { vrfOutput: (leaf as Json)['vrf_output'], commitment: (leaf as Json)['commitment'] } }),
    depth,
  }));
}

test('OR13/kt: prefix proofs', () =>
  checkCorpus('keytrans/or13-kt', 55, async (files, runCase) => {
    for (const file of ['prefix-tree', 'prefix-mutation', 'search', 'monitor']) {
      for (const { name, expect: expected } of files.json<Corpus>(`${file}.json`).cases) {
        const inside = (expected['prefix_proofs'] ?? []) as Json[];
        const proofs =
          expected['proof'] === undefined ? inside : [{ ...expected, encoding: expected['proof'] }];
        for (const { encoding, results, elements } of proofs as Json[]) {
          await runCase(`${file} ${name}`, () =>
            expect(same('PrefixProof', encoding, settingOf(2))).toEqual({
              results: resultsOf(results),
              elements,
            }),
          );
        }
      }
    }
  }));

const RESPONSES: Readonly<Record<string, readonly [string, string]>> = {
  search: ['SearchResponse', 'search'],
  contact: ['ContactMonitorResponse', 'monitor'],
  'owner-init': ['OwnerInitResponse', 'init'],
  'owner-monitor': ['OwnerMonitorResponse', 'monitor'],
};

test('OR13/kt: responses', () =>
  checkCorpus('keytrans/or13-kt', 20, async (files, runCase) => {
    for (const file of ['search', 'monitor']) {
      const { cipher_suite: suite, cases } = files.json<Corpus>(`${file}.json`);
      for (const { name, input, expect: expected } of cases) {
        // One answer is an error, which the draft does not encode.
        if (expected['error'] !== undefined) continue;
        await runCase(name, () => {
          const [structure, proofField] = RESPONSES[String(input['operation'] ?? 'search')] as [
            string,
            string,
          ];
          const setting = settingOf(suite, input['mode'], input['version'] !== undefined);
          const response = same(structure, expected['response'], setting);
          const head = same('FullTreeHead', expected['full_tree_head'], setting);
          expect(response['fullTreeHead']).toEqual(head);
          expect(head).toMatchObject({ treeHead: { treeSize: expected['tree_size'] } });
          const proofs = (expected['prefix_proofs'] as Json[]).map(({ results, elements }) => ({
            results: resultsOf(results),
            elements,
          }));
          expect(response[proofField]).toEqual({
            timestampsMs: expected['timestamps'],
            prefixProofs: proofs,
            prefixRoots: expected['prefix_roots'],
            inclusion: { elements: expected['inclusion'] },
          });
          const ladder = ((expected['binary_ladder'] ?? []) as Json[]).map(({ proof, commitment }) => ({
            proof,
            commitment: orNull(commitment),
          }));
          if (structure === 'OwnerInitResponse' || structure === 'SearchResponse')
            expect(response['binaryLadder']).toEqual(ladder);
          if (structure === 'SearchResponse') expect(response['opening']).toBe(expected['opening']);
          if (structure === 'OwnerInitResponse')
            expect(response['greatestVersions']).toEqual(expected['greatest_versions']);
        });
      }
    }
  }));
