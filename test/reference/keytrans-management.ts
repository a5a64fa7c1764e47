/**
 * What the manager of a key transparency log makes of the service operator's requests (draft, "Management" and "Updating
 * a Label"): the rules read out, over a list of what each log entry has inserted.
 */
import { demand } from './encoding.js';
import { contextOf, isSignedBy, type LogConfiguration, type UpdateField } from './keytrans-users.js';
import { readWire, writeWire } from './keytrans-wire.js';

type Bytes = Uint8Array;

/** A `ManagerUpdateRequest`, as it is read. */
export interface ManagerRequestFields {
  readonly last: number | undefined;
  readonly label: Bytes;
  readonly greatestVersion: number | undefined;
  readonly values: readonly UpdateField[];
  readonly signedVersion: number;
}

/** New versions of a label in one log entry: `skipped` ones, and then one for each value. */
export interface Managed {
  readonly position: number;
  readonly firstVersion: number;
  readonly skipped: number;
  readonly values: readonly Bytes[];
}

/** What became of a request: versions that it made, or that it is told of. */
export interface Outcome {
  readonly isTaken: boolean;
  readonly insertions: readonly Managed[];
}

/** As many as an UpdateResponse can prove in any case: 255 steps, 64 of which a ladder can take. */
const VERSIONS_OF_AN_ENTRY = 255 - 64;

/**
 * Requests to an empty log, one after the other. Those that create versions get a log entry each.
 * @returns their outcomes, or a `Refusal` of the first that is refused
 */
export function manage(config: LogConfiguration, requests: readonly Bytes[]): readonly Outcome[] {
  const log: { readonly label: string; readonly inserted: Managed }[] = [];
  return requests.map((bytes) => {
    const request = readWire('ManagerUpdateRequest', bytes, contextOf(config)) as ManagerRequestFields;
    const label = Buffer.from(request.label).toString('hex');
    const history = log.filter((one) => one.label === label).map(({ inserted }) => inserted);
    const known = request.greatestVersion ?? -1;
    // "If `values` is empty, the `signed_version` field is always zero."
    demand(request.values.length > 0 || request.signedVersion === 0, 'signed-nothing');
    const newest = history.at(-1);
    const greatest = newest === undefined ? -1 : lastOf(newest);
    demand(known <= greatest, 'version-unknown');
    if (known < greatest) {
      // "`values` is disregarded"
      demand(known === -1 || history.some((one) => lastOf(one) === known), 'version-unknown');
      return { isTaken: false, insertions: history.filter(({ firstVersion }) => firstVersion > known) };
    }
    const inserted = take(config, request, greatest + 1, log.length);
    log.push({ label, inserted });
    return { isTaken: true, insertions: [inserted] };
  });
}

const lastOf = ({ firstVersion, skipped, values }: Managed): number =>
  firstVersion + skipped + values.length - 1;

function take(
  config: LogConfiguration,
  { label, values, signedVersion }: ManagerRequestFields,
  next: number,
  position: number,
): Managed {
  demand(values.length > 0, 'update-empty');
  // "If `signed_version` is less than the next greatest version [...] the request MUST be rejected"
  demand(signedVersion >= next, 'signed-behind');
  const skipped = signedVersion - next;
  demand(skipped + values.length <= VERSIONS_OF_AN_ENTRY, 'entry-full');
  for (const [i, { value, suffix }] of values.entries()) {
    const tbs = writeWire(
      'UpdateTbs',
      { config, label, version: signedVersion + i, value },
      contextOf(config),
    ).bytes;
    demand(isSignedBy(config, config.leafPublicKey, tbs, suffix.signature as Bytes), 'value-signature');
  }
  return { position, firstVersion: next, skipped, values: values.map(({ value }) => value) };
}
