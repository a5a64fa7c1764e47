/** The structures of key transparency as the library reads and writes them, by name, in one shape for all. */

import * as door from 'contact-key-verification/transparency.js';
import type { CipherSuiteId, DeploymentMode, WireContext } from 'contact-key-verification/transparency.js';

/** What the bytes do not say by themselves. */
export interface Setting {
  readonly ciphersuite: CipherSuiteId;
  readonly mode: DeploymentMode;
  /** Whether the search request that is answered named a version. */
  readonly namesVersion: boolean;
}

/** One structure. */
export interface LibraryStructure {
  parse(bytes: Uint8Array, setting: Setting): unknown;
  encode(value: unknown, setting: Setting): Uint8Array;
}

/** What is read and written alike in every log. */
function plain<T>(parse: (bytes: Uint8Array) => T, encode: (value: T) => Uint8Array): LibraryStructure {
  return { parse, encode: (value) => encode(value as T) };
}

/** What depends on the log's configuration. */
function inContext<T>(
  parse: (bytes: Uint8Array, context: WireContext) => T,
  encode: (value: T, context: WireContext) => Uint8Array,
): LibraryStructure {
  const contextOf = ({ ciphersuite, mode }: Setting): WireContext => ({ ciphersuite, mode });
  return {
    parse: (bytes, setting) => parse(bytes, contextOf(setting)),
    encode: (value, setting) => encode(value as T, contextOf(setting)),
  };
}

const request = ({ namesVersion }: Setting): { version: number | undefined } => ({
  version: namesVersion ? 0 : undefined,
});

export const LIBRARY: Readonly<Record<string, LibraryStructure>> = {
  Configuration: plain(door.parseConfiguration, door.encodeConfiguration),
  TreeHeadTbs: plain(door.parseTreeHeadTbs, door.encodeTreeHeadTbs),
  AuditorTreeHead: plain(door.parseAuditorTreeHead, door.encodeAuditorTreeHead),
  AuditorTreeHeadTbs: plain(door.parseAuditorTreeHeadTbs, door.encodeAuditorTreeHeadTbs),
  FullTreeHead: inContext(door.parseFullTreeHead, door.encodeFullTreeHead),
  UpdateTbs: plain(door.parseUpdateTbs, door.encodeUpdateTbs),
  CommitmentValue: inContext(door.parseCommitmentValue, door.encodeCommitmentValue),
  VrfInput: plain(door.parseVrfInput, door.encodeVrfInput),
  LogEntry: plain(door.parseLogEntry, door.encodeLogEntry),
  InclusionProof: plain(door.parseInclusionProof, door.encodeInclusionProof),
  PrefixProof: plain(door.parsePrefixProof, door.encodePrefixProof),
  CombinedTreeProof: plain(door.parseCombinedTreeProof, door.encodeCombinedTreeProof),
  SearchRequest: plain(door.parseSearchRequest, door.encodeSearchRequest),
  SearchResponse: {
    parse: (bytes, setting) => door.parseSearchResponse(bytes, setting, request(setting)),
    encode: (value, setting) =>
      door.encodeSearchResponse(value as door.SearchResponse, setting, request(setting)),
  },
  ContactMonitorRequest: plain(door.parseContactMonitorRequest, door.encodeContactMonitorRequest),
  ContactMonitorResponse: inContext(door.parseContactMonitorResponse, door.encodeContactMonitorResponse),
  OwnerInitRequest: plain(door.parseOwnerInitRequest, door.encodeOwnerInitRequest),
  OwnerInitResponse: inContext(door.parseOwnerInitResponse, door.encodeOwnerInitResponse),
  OwnerMonitorRequest: plain(door.parseOwnerMonitorRequest, door.encodeOwnerMonitorRequest),
  OwnerMonitorResponse: inContext(door.parseOwnerMonitorResponse, door.encodeOwnerMonitorResponse),
  UpdateRequest: plain(door.parseUpdateRequest, door.encodeUpdateRequest),
  UpdateResponse: inContext(door.parseUpdateResponse, door.encodeUpdateResponse),
  DistinguishedRequest: plain(door.parseDistinguishedRequest, door.encodeDistinguishedRequest),
  DistinguishedResponse: inContext(door.parseDistinguishedResponse, door.encodeDistinguishedResponse),
  DistinguishedHead: plain(door.parseDistinguishedHead, door.encodeDistinguishedHead),
  Credential: inContext(door.parseCredential, door.encodeCredential),
  CredentialUpdate: plain(door.parseCredentialUpdate, door.encodeCredentialUpdate),
  ManagerUpdateRequest: inContext(door.parseManagerUpdateRequest, door.encodeManagerUpdateRequest),
  AuditorUpdate: plain(door.parseAuditorUpdate, door.encodeAuditorUpdate),
};

/** One structure of the library. */
export function structureOf(name: string): LibraryStructure {
  const found = LIBRARY[name];
  if (found === undefined) throw new Error(`the library has no ${name}`);
  return found;
}

/** A value as JSON: bytes in hex, what is absent as null. */
export function shown(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shown(field)]));
}

/** The JSON of a value as text: equal texts are equal values, in the same order of fields. */
export const textOf = (value: unknown): string => JSON.stringify(shown(value));
