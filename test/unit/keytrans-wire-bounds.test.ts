/** Bounds of key transparency's structures, read and written; and programs that write what has no encoding. */

import { concatBytes } from 'contact-key-verification/bytes.js';
import { describe, expect, test } from 'vitest';
import {
  type AuditorTreeHead,
  type AuditorUpdate,
  type CombinedTreeProof,
  type Configuration,
  encodeAuditorUpdate,
  encodeCommitmentValue,
  encodeConfiguration,
  encodeContactMonitorRequest,
  encodeFullTreeHead,
  encodeInclusionProof,
  encodeLogEntry,
  encodeManagerUpdateRequest,
  encodeOwnerMonitorRequest,
  encodePrefixProof,
  encodeSearchRequest,
  encodeSearchResponse,
  encodeUpdateRequest,
  encodeUpdateResponse,
  encodeVrfInput,
  type FullTreeHead,
  KEYTRANS_REVISION,
  parseAuditorUpdate,
  parseConfiguration,
  parseContactMonitorRequest,
  parseFullTreeHead,
  parseInclusionProof,
  parseManagerUpdateRequest,
  parseOwnerMonitorRequest,
  parseSearchResponse,
  parseUpdateRequest,
  parseVrfInput,
  type SearchResponse,
  type UpdateResponse,
  type WireContext,
} from 'contact-key-verification/transparency.js';
import { codeOf } from '../support/accounts.js';

const CONTACTS: WireContext = { ciphersuite: 2, mode: 'contactMonitoring' };
const MANAGED: WireContext = { ciphersuite: 2, mode: 'thirdPartyManagement' };
const AUDITED: WireContext = { ciphersuite: 1, mode: 'thirdPartyAuditing' };
const NONE = new Uint8Array();
const hash = new Uint8Array(32);
const opening = new Uint8Array(16);
const VALUE_MAX = 2 ** 20;

const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const proof: CombinedTreeProof = {
  timestampsMs: [],
  prefixProofs: [],
  prefixRoots: [],
  inclusion: { elements: [] },
};

test('the revision is named', () => {
  expect(KEYTRANS_REVISION).toBe('526cc8a');
});

describe('at their bounds', () => {
  test('a value may have 2^20 bytes, and no more', () => {
    const request = (length: number): Parameters<typeof encodeUpdateRequest>[0] => ({
      last: undefined,
      label: NONE,
      greatestVersion: undefined,
      values: [{ value: new Uint8Array(length) }],
    });
    const bytes = encodeUpdateRequest(request(VALUE_MAX));
    expect(parseUpdateRequest(bytes).values[0]?.value).toHaveLength(VALUE_MAX);
    expect(codeOf(() => encodeUpdateRequest(request(VALUE_MAX + 1)))).toBe('ERR_ARGUMENT_RANGE');
    // Its length, 2^20, ends at byte 7.
    const longer = concatBytes(bytes, Uint8Array.of(0));
    longer[7] = 1;
    expect(codeOf(() => parseUpdateRequest(longer))).toBe('ERR_LENGTH');
  });

  test('a message may have 2^24 bytes, and no more', () => {
    const values = many(16, { value: new Uint8Array(VALUE_MAX) });
    const request = { last: undefined, label: NONE, greatestVersion: undefined, values };
    expect(codeOf(() => encodeUpdateRequest(request))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => parseUpdateRequest(new Uint8Array(2 ** 24 + 1)))).toBe('ERR_TOO_LARGE');
    expect(codeOf(() => parseUpdateRequest(new Uint8Array(2 ** 24)))).toBe('ERR_TRAILING_BYTES');
  });

  test('a configuration may have 2^18 bytes, and a request 4,096', () => {
    expect(codeOf(() => parseConfiguration(new Uint8Array(2 ** 18 + 1)))).toBe('ERR_TOO_LARGE');
    expect(codeOf(() => parseConfiguration(new Uint8Array(2 ** 18)))).toBe('ERR_ENUM');
    expect(codeOf(() => parseContactMonitorRequest(new Uint8Array(4097)))).toBe('ERR_TOO_LARGE');
    expect(codeOf(() => parseContactMonitorRequest(new Uint8Array(4096)))).toBe('ERR_TRAILING_BYTES');
  });

  test('the largest request without values has 3,339 bytes', () => {
    const request = {
      last: 2 ** 53 - 1,
      label: new Uint8Array(255),
      entries: many(255, { position: 2 ** 53 - 1, version: 2 ** 32 - 1 }),
      start: 2 ** 53 - 1,
      greatestVersion: 2 ** 32 - 1,
    };
    const bytes = encodeOwnerMonitorRequest(request);
    expect(bytes).toHaveLength(3339);
    expect(parseOwnerMonitorRequest(bytes)).toEqual(request);
  });

  test('every update for an auditor that the draft’s counts allow fits', () => {
    const leaf = { vrfOutput: hash, commitment: hash };
    const update: AuditorUpdate = {
      timestampMs: 0,
      added: many(65_535, leaf),
      removed: many(65_535, leaf),
      proof: {
        results: many(255, { resultType: 'nonInclusionLeaf', leaf, depth: 255 }),
        elements: many(65_535, hash),
      },
    };
    const bytes = encodeAuditorUpdate(update);
    expect(bytes).toHaveLength(10_502_445);
    expect(parseAuditorUpdate(bytes).removed).toHaveLength(65_535);
  });

  test('a count that promises one more than the bytes hold is refused where it stands', () => {
    const bytes = encodeInclusionProof({ elements: many(3, hash) });
    for (const count of [4, 255]) {
      const promising = Uint8Array.of(0, count, ...bytes.subarray(2));
      expect(() => parseInclusionProof(promising)).toThrow(
        expect.objectContaining({ code: 'ERR_TRUNCATED', structure: 'InclusionProof.elements', offset: 0 }),
      );
    }
  });

  test('a maximum lifetime that is no longer than the window is refused where it stands', () => {
    const bytes = encodeConfiguration({
      ciphersuite: 2,
      mode: 'contactMonitoring',
      signaturePublicKey: hash,
      vrfPublicKey: hash,
      maxAheadMs: 0,
      maxBehindMs: 0,
      reasonableMonitoringWindowMs: 10,
      maximumLifetimeMs: 11,
    });
    bytes[bytes.length - 1] = 10;
    expect(() => parseConfiguration(bytes)).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIGURATION',
        structure: 'Configuration.maximumLifetimeMs',
        offset: bytes.length - 8,
      }),
    );
  });

  test('an error in the depth of a response names the place', () => {
    const response: SearchResponse = {
      fullTreeHead: { headType: 'same' },
      version: 0,
      opening,
      value: { value: NONE, suffix: { signature: undefined } },
      binaryLadder: [],
      search: {
        ...proof,
        prefixProofs: [{ results: [{ resultType: 'inclusion', depth: 0 }], elements: [] }],
      },
    };
    const bytes = encodeSearchResponse(response, CONTACTS, { version: undefined });
    const at = bytes.length - 7;
    expect(bytes[at]).toBe(1);
    bytes[at] = 4;
    expect(() => parseSearchResponse(bytes, CONTACTS, { version: undefined })).toThrow(
      expect.objectContaining({
        code: 'ERR_ENUM',
        structure: 'SearchResponse.search.prefixProofs.0.results.0.resultType',
        offset: at,
      }),
    );
  });
});

describe('what was parsed', () => {
  test('keeps its values when the bytes change', () => {
    const bytes = encodeVrfInput({ label: Uint8Array.of(1, 2, 3), version: 4 });
    const pair = parseVrfInput(bytes);
    bytes.fill(0xff);
    expect(pair).toEqual({ label: Uint8Array.of(1, 2, 3), version: 4 });
  });
});

describe('a program is told when it', () => {
  const config: Configuration = {
    ciphersuite: 2,
    mode: 'contactMonitoring',
    signaturePublicKey: hash,
    vrfPublicKey: hash,
    maxAheadMs: 1,
    maxBehindMs: 1,
    reasonableMonitoringWindowMs: 10,
    maximumLifetimeMs: 11,
  };
  const treeHead = { treeSize: 1, signature: NONE };
  const auditorTreeHead = { timestampMs: 0, treeSize: 1, signature: NONE };
  const updated = (auditor: AuditorTreeHead | undefined): FullTreeHead => ({
    headType: 'updated',
    treeHead,
    auditorTreeHead: auditor,
  });
  const commitment = (signature: Uint8Array | undefined): Parameters<typeof encodeCommitmentValue>[0] => ({
    opening,
    label: NONE,
    version: 0,
    update: { value: NONE, suffix: { signature } },
  });
  const response = (version: number | undefined): SearchResponse => ({
    fullTreeHead: { headType: 'same' },
    version,
    opening,
    value: { value: NONE, suffix: { signature: undefined } },
    binaryLadder: [],
    search: proof,
  });
  const updateResponse = (skippedVersions: number | undefined): UpdateResponse => ({
    fullTreeHead: { headType: 'same' },
    position: 0,
    skippedVersions,
    values: [],
    info: [],
    binaryLadder: [],
    update: proof,
  });
  const managerRequest = {
    last: undefined,
    label: NONE,
    greatestVersion: undefined,
    values: [],
    signedVersion: 0,
  };
  const search = { last: undefined, label: NONE, version: undefined };

  test('the same arguments, whole, are fine', () => {
    expect(encodeConfiguration(config)).toHaveLength(104);
    expect(encodeFullTreeHead(updated(undefined), CONTACTS)).toHaveLength(11);
    expect(encodeFullTreeHead(updated(auditorTreeHead), AUDITED)).toHaveLength(29);
    expect(encodeCommitmentValue(commitment(undefined), CONTACTS)).toHaveLength(25);
    expect(encodeCommitmentValue(commitment(NONE), MANAGED)).toHaveLength(27);
    expect(encodeSearchResponse(response(0), CONTACTS, { version: undefined })).toHaveLength(31);
    expect(encodeSearchResponse(response(undefined), CONTACTS, { version: 0 })).toHaveLength(27);
    expect(encodeUpdateResponse(updateResponse(undefined), CONTACTS)).toHaveLength(17);
    expect(encodeUpdateResponse(updateResponse(0), MANAGED)).toHaveLength(21);
    expect(encodeManagerUpdateRequest(managerRequest, MANAGED)).toHaveLength(8);
    expect(encodeSearchRequest(search)).toHaveLength(3);
  });

  test.each([
    ['names a suite that is none', () => encodeConfiguration({ ...config, ciphersuite: 3 as never })],
    ['names a mode that is none', () => encodeConfiguration({ ...config, mode: 'none' as never })],
    ['gives a key of 33 bytes', () => encodeConfiguration({ ...config, vrfPublicKey: new Uint8Array(33) })],
    ['lets entries expire in the window', () => encodeConfiguration({ ...config, maximumLifetimeMs: 10 })],
    ['lets entries expire at once', () => encodeConfiguration({ ...config, maximumLifetimeMs: 0 })],
    ['gives a time in fractions', () => encodeConfiguration({ ...config, maxAheadMs: 0.5 })],
    ['gives a head of no type', () => encodeFullTreeHead({ headType: 'other' } as never, CONTACTS)],
    ['leaves out the auditor’s head', () => encodeFullTreeHead(updated(undefined), AUDITED)],
    ['gives an auditor’s head to others', () => encodeFullTreeHead(updated(auditorTreeHead), MANAGED)],
    ['leaves out the operator’s signature', () => encodeCommitmentValue(commitment(undefined), MANAGED)],
    ['gives an operator’s signature to others', () => encodeCommitmentValue(commitment(NONE), AUDITED)],
    [
      'leaves out the version',
      () => encodeSearchResponse(response(undefined), CONTACTS, { version: undefined }),
    ],
    ['repeats the version', () => encodeSearchResponse(response(0), CONTACTS, { version: 0 })],
    ['leaves out skipped versions', () => encodeUpdateResponse(updateResponse(undefined), MANAGED)],
    ['skips versions without a manager', () => encodeUpdateResponse(updateResponse(0), CONTACTS)],
    ['asks a manager that is none', () => encodeManagerUpdateRequest(managerRequest, CONTACTS)],
    ['reads for a manager that is none', () => parseManagerUpdateRequest(new Uint8Array(8), AUDITED)],
    [
      'reads in a suite that is none',
      () => parseFullTreeHead(Uint8Array.of(1), { ...CONTACTS, ciphersuite: 0 as never }),
    ],
    [
      'reads in a mode that is none',
      () => parseFullTreeHead(Uint8Array.of(1), { ...CONTACTS, mode: 'x' as never }),
    ],
    ['gives a label of 256 bytes', () => encodeVrfInput({ label: new Uint8Array(256), version: 0 })],
    ['gives version 2^32', () => encodeVrfInput({ label: NONE, version: 2 ** 32 })],
    ['gives a negative version', () => encodeSearchRequest({ ...search, version: -1 })],
    ['gives a tree size of 2^53', () => encodeSearchRequest({ ...search, last: 2 ** 53 })],
    ['gives a hash of 31 bytes', () => encodeLogEntry({ timestampMs: 0, prefixTree: new Uint8Array(31) })],
    [
      'gives a result of no type',
      () => encodePrefixProof({ results: [{ resultType: 'x', depth: 0 } as never], elements: [] }),
    ],
    [
      'gives depth 256',
      () => encodePrefixProof({ results: [{ resultType: 'inclusion', depth: 256 }], elements: [] }),
    ],
    [
      'watches 256 versions',
      () =>
        encodeContactMonitorRequest({
          last: undefined,
          label: NONE,
          entries: many(256, { position: 0, version: 0 }),
        }),
    ],
    ['proves with 65,536 hashes', () => encodeInclusionProof({ elements: many(65_536, hash) })],
  ])('%s', (_, run) => {
    expect(codeOf(run)).toBe('ERR_ARGUMENT_RANGE');
  });

  test.each([
    ['encodes nothing', () => encodeConfiguration(undefined as never)],
    ['encodes null', () => encodeFullTreeHead(null as never, CONTACTS)],
    ['parses text', () => parseConfiguration('0001' as never)],
    ['gives no context', () => parseFullTreeHead(Uint8Array.of(1), undefined as never)],
    ['answers no request', () => parseSearchResponse(NONE, CONTACTS, undefined as never)],
    ['answers null', () => encodeSearchResponse(response(0), CONTACTS, null as never)],
    ['gives null for a context', () => parseFullTreeHead(Uint8Array.of(1), null as never)],
    ['gives a key as text', () => encodeConfiguration({ ...config, signaturePublicKey: 'key' as never })],
    ['gives a label as text', () => encodeVrfInput({ label: 'label' as never, version: 0 })],
    ['gives a version as text', () => encodeVrfInput({ label: NONE, version: '0' as never })],
    ['gives one hash for a list', () => encodeInclusionProof({ elements: hash as never })],
  ])('%s', (_, run) => {
    expect(codeOf(run)).toBe('ERR_ARGUMENT_TYPE');
  });
});
