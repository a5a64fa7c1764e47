/** The structures of draft-ietf-keytrans-protocol that travel alone, are hashed or are signed; by their names. */

import { demand } from './encoding.js';
import { type Mark, WireReader, WireWriter } from './keytrans-bytes.js';
import type { Context, Structure } from './keytrans-context.js';
import * as heads from './keytrans-heads.js';
import * as messages from './keytrans-messages.js';
import * as proofs from './keytrans-proofs.js';
import * as updates from './keytrans-updates.js';

const STRUCTURES: Readonly<Record<string, Structure<unknown>>> = {
  Configuration: heads.Configuration,
  TreeHeadTbs: heads.TreeHeadTbs,
  AuditorTreeHead: heads.AuditorTreeHead,
  AuditorTreeHeadTbs: heads.AuditorTreeHeadTbs,
  FullTreeHead: heads.FullTreeHead,
  UpdateTbs: heads.UpdateTbs,
  CommitmentValue: heads.CommitmentValue,
  VrfInput: heads.VrfInput,
  LogEntry: heads.LogEntry,
  InclusionProof: proofs.InclusionProof,
  PrefixProof: proofs.PrefixProof,
  CombinedTreeProof: proofs.CombinedTreeProof,
  SearchRequest: messages.SearchRequest,
  SearchResponse: messages.SearchResponse,
  ContactMonitorRequest: messages.ContactMonitorRequest,
  ContactMonitorResponse: messages.ContactMonitorResponse,
  OwnerInitRequest: messages.OwnerInitRequest,
  OwnerInitResponse: messages.OwnerInitResponse,
  OwnerMonitorRequest: messages.OwnerMonitorRequest,
  OwnerMonitorResponse: messages.OwnerMonitorResponse,
  UpdateRequest: updates.UpdateRequest,
  UpdateResponse: updates.UpdateResponse,
  DistinguishedRequest: updates.DistinguishedRequest,
  DistinguishedResponse: updates.DistinguishedResponse,
  DistinguishedHead: updates.DistinguishedHead,
  Credential: updates.Credential,
  CredentialUpdate: updates.CredentialUpdate,
  ManagerUpdateRequest: updates.ManagerUpdateRequest,
  AuditorUpdate: updates.AuditorUpdate,
};

export type { Context } from './keytrans-context.js';

/** The names, in the order of the draft. */
export const STRUCTURE_NAMES: readonly string[] = Object.keys(STRUCTURES);

function structureOf(name: string): Structure<unknown> {
  const found = STRUCTURES[name];
  if (found === undefined) throw new Error(`no structure ${name}`);
  return found;
}

/** The value of a whole encoding, or a `Refusal`. */
export function readWire(name: string, bytes: Uint8Array, c: Context): unknown {
  const { limit, read } = structureOf(name);
  demand(bytes.length <= limit, 'too-large');
  const r = new WireReader(bytes);
  const value = read(r, c);
  r.end();
  return value;
}

/** A value's encoding, and what stands where in it. */
export function writeWire(
  name: string,
  value: unknown,
  c: Context,
): { readonly bytes: Buffer; readonly marks: readonly Mark[] } {
  const w = new WireWriter();
  structureOf(name).write(w, value, c);
  return { bytes: w.bytes(), marks: w.marks };
}
