/** What users of a key transparency log keep, as fields, and back. */
import type { VersionKey } from '../../test/reference/keytrans-entries.js';
import type { MapEntry } from '../../test/reference/keytrans-monitoring.js';
import type { AuditorHead, LabelState, UserState } from '../../test/reference/keytrans-users.js';
import { retainedField, retainedFrom } from './keytrans-search-logs.js';
import { bytes, type Fields, hex, type Json, list, number } from './vector-file.js';

export const orNull = (value: Json | undefined): number | null => (value === null ? null : number(value));

const mapField = (map: readonly MapEntry[]): Json =>
  map.map(({ position, version }) => ({ position, version }));

const mapFrom = (field: Json | undefined): MapEntry[] =>
  list(field).map((entry) => {
    const { position, version } = entry as Fields;
    return { position: number(position), version: number(version) };
  });

export function stateField(state: UserState): Fields {
  const { treeHead, auditorTreeHead: auditor, retained, label } = state;
  const { fullSubtrees, frontier } = retainedField(retained) as Fields;
  return {
    treeHead: { treeSize: treeHead.treeSize, signature: hex(treeHead.signature) },
    auditorTreeHead: auditor && {
      timestampMs: auditor.timestampMs,
      treeSize: auditor.treeSize,
      signature: hex(auditor.signature),
    },
    fullSubtrees: fullSubtrees as Json,
    frontier: frontier as Json,
    label: label && labelField(label),
  };
}

function labelField({ monitored, owned, versions }: LabelState): Fields {
  return {
    monitored: mapField(monitored),
    owned: owned && {
      start: owned.start,
      greatestAtStart: owned.greatestAtStart,
      later: mapField(owned.later),
    },
    versions: [...versions].map(([version, { vrfOutput, commitment }]) => ({
      version,
      vrfOutput: hex(vrfOutput),
      commitment: commitment === undefined ? null : hex(commitment),
    })),
  };
}

export function stateFrom(field: Json | undefined): UserState {
  const { treeHead, auditorTreeHead, label, ...view } = field as Fields;
  const head = treeHead as Fields;
  const treeSize = number(head['treeSize']);
  return {
    treeHead: { treeSize, signature: bytes(head['signature']) },
    auditorTreeHead: auditorTreeHead === null ? null : auditorFrom(auditorTreeHead as Fields),
    retained: retainedFrom({ treeSize, ...view } as Fields) as UserState['retained'],
    label: label === null ? null : labelFrom(label as Fields),
  };
}

const auditorFrom = ({ timestampMs, treeSize, signature }: Fields): AuditorHead => ({
  timestampMs: number(timestampMs),
  treeSize: number(treeSize),
  signature: bytes(signature),
});

function labelFrom({ monitored, owned, versions }: Fields): LabelState {
  const own = owned as Fields | null;
  return {
    monitored: mapFrom(monitored),
    owned: own && {
      start: number(own['start']),
      greatestAtStart: orNull(own['greatestAtStart']),
      later: mapFrom(own['later']),
    },
    versions: new Map(
      list(versions).map((one): [number, VersionKey] => {
        const { version, vrfOutput, commitment } = one as Fields;
        const known = commitment === null ? undefined : bytes(commitment);
        return [number(version), { vrfOutput: bytes(vrfOutput), commitment: known }];
      }),
    ),
  };
}
