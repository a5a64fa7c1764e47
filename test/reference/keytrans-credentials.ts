/**
 * "Credentials" of draft-ietf-keytrans-protocol (commit 526cc8a), step by step: what a user who knows recently issued
 * distinguished log entries makes of a credential, and of a CredentialUpdate.
 */
import { demand, equal } from './encoding.js';
import type { Combined, Entries, Retained, VersionKey } from './keytrans-entries.js';
import { evaluate } from './keytrans-log.js';
import { contactAlgorithm } from './keytrans-monitoring.js';
import * as order from './keytrans-order.js';
import { readCombined, type VerifiedTree } from './keytrans-queues.js';
import { greatestVersion } from './keytrans-searches.js';
import {
  commitmentTo,
  contextOf,
  isSignedBy,
  type LadderStep,
  type LogConfiguration,
  openLadder,
  type SignedHead,
  type UpdateField,
} from './keytrans-users.js';
import { readWire, writeWire } from './keytrans-wire.js';
import type { Proof as PrefixProof } from './prefix-tree.js';

type Bytes = Uint8Array;

export interface CredentialFields {
  readonly label: Bytes;
  readonly version: number;
  readonly opening: Bytes;
  readonly value: UpdateField;
  readonly binaryLadder: readonly LadderStep[];
  readonly position: number;
  readonly credentialType: 'standard' | 'provisional';
  readonly distinguished?: PrefixProof;
  readonly treeHead?: SignedHead;
  readonly search?: Combined;
}

export interface CredentialUpdateFields {
  readonly monitor: Combined;
}

/** A user: of each recently issued distinguished entry the log when it was the rightmost. */
export interface Informed {
  readonly config: LogConfiguration;
  readonly known: readonly Retained[];
}

const positionOf = ({ treeSize }: Retained): number => treeSize - 1;

/** What initial verification comes to. */
export interface Initial {
  readonly credential: CredentialFields;
  readonly versions: ReadonlyMap<number, VersionKey>;
  readonly timestampMs: number;
  /** Of a provisional credential. */
  readonly provisional: { readonly terminal: number; readonly tree: VerifiedTree } | null;
}

export function verifyCredential({ config, known }: Informed, label: Bytes, bytes: Bytes): Initial {
  const credential = readWire('Credential', bytes, contextOf(config)) as CredentialFields;
  // Not of the draft: whose credential it is, the application has to ask.
  demand(equal(credential.label, label), 'credential-label');
  // Step 1
  const base = known.find((each) => positionOf(each) === credential.position);
  const newest = known.at(-1);
  demand(newest !== undefined && credential.position <= positionOf(newest), 'credential-early');
  demand(base !== undefined, 'credential-position');
  return verifyFrom(config, base as Retained, credential);
}

/** Steps 2 to 4, and those of the type. */
export function verifyFrom(config: LogConfiguration, base: Retained, credential: CredentialFields): Initial {
  const { label, version, opening, value } = credential;
  const target = commitmentTo(config, label, version, opening, value);
  const ladder = order.baseBinaryLadder(version);
  const versions = openLadder(config, label, ladder, credential.binaryLadder, (each) => each < version);
  const { vrfOutput } = versions.get(version) as VersionKey;
  versions.set(version, { vrfOutput, commitment: target });
  return credential.credentialType === 'standard'
    ? verifyStandard(config, base, credential, versions)
    : verifyProvisional(config, base, credential, versions);
}

function taskOf(config: LogConfiguration, treeSize: number, retained: Retained) {
  return {
    treeSize,
    auditorSize: null,
    retained,
    windowMs: config.reasonableMonitoringWindowMs,
    maximumLifetimeMs: config.maximumLifetimeMs ?? null,
  };
}

/** "Standard". The entry is known, so that its proof is one of a user who has seen that very tree. */
function verifyStandard(
  config: LogConfiguration,
  base: Retained,
  credential: CredentialFields,
  versions: ReadonlyMap<number, VersionKey>,
): Initial {
  const { version, position, distinguished } = credential;
  const proof: Combined = {
    timestampsMs: [],
    prefixProofs: [distinguished as PrefixProof],
    prefixRoots: [],
    inclusion: { elements: [] },
  };
  readCombined(taskOf(config, base.treeSize, base), versions, proof, (entries) => {
    // Steps 1 and 2
    entries.demand(entries.ladder(position, version, false) === 0, 'greatest-version');
  });
  return { credential, versions, timestampMs: timeOf(base), provisional: null };
}

/** "Provisional", initial verification. */
function verifyProvisional(
  config: LogConfiguration,
  base: Retained,
  credential: CredentialFields,
  versions: ReadonlyMap<number, VersionKey>,
): Initial {
  const { version, position } = credential;
  const { treeSize, signature } = credential.treeHead as SignedHead;
  demand(treeSize > position, 'heads-reversed'); // Step 1
  const task = taskOf(config, treeSize, base);
  const { result, tree } = readCombined(task, versions, credential.search as Combined, (entries) => {
    const found = greatestVersion(entries, version);
    entries.demand((found.terminal as number) > position, 'credential-terminal'); // Step 2
    return found;
  });
  // Steps 3 and 4
  const tbs = writeWire('TreeHeadTbs', { config, treeSize, root: tree.root }, contextOf(config)).bytes;
  demand(isSignedBy(config, config.signaturePublicKey, tbs, signature), 'signature');
  const terminal = result.terminal as number;
  return { credential, versions, timestampMs: timeOf(tree.retained), provisional: { terminal, tree } };
}

const timeOf = ({ frontier }: Retained): number => frontier.at(-1)?.timestampMs as number;

/** The root of a tree that was retained. */
const rootOf = ({ treeSize, fullSubtrees }: Retained): Bytes =>
  evaluate({ n: treeSize, leaves: [], m: treeSize, nP: 0 }, [], fullSubtrees, []).root;

/**
 * "Provisional", final verification.
 * @param base the log as the user knew it when the credential was initially verified
 * @param update null for none
 * @returns what it was verified by; null where the user does not know enough yet
 */
export function settleCredential(
  { config, known }: Informed,
  base: Retained,
  credentialBytes: Bytes,
  update: Bytes | null,
): 'terminal' | 'update' | null {
  const credential = readWire('Credential', credentialBytes, contextOf(config)) as CredentialFields;
  const { versions, provisional } = verifyFrom(config, base, credential);
  if (provisional === null) throw new Error('a standard credential has nothing left to verify');
  const { terminal, tree } = provisional;
  const { monitor } =
    update === null
      ? { monitor: null }
      : (readWire('CredentialUpdate', update, contextOf(config)) as CredentialUpdateFields);
  // "First, if the terminal log entry of the search in `Credential.search` is later determined to be distinguished"
  const atTerminal = known.find((each) => positionOf(each) === terminal);
  if (atTerminal !== undefined) {
    const shown = tree.retained.frontier.find(({ position }) => position === terminal)?.prefixTree as Bytes;
    demand(equal(shown, atTerminal.frontier.at(-1)?.prefixTree as Bytes), 'entry-root');
    // More than the draft asks: the log up to there, too.
    demand(equal(tree.rootAt(terminal + 1), rootOf(atTerminal)), 'retained-differs');
    return 'terminal';
  }
  // "the position of the first distinguished log entry issued to the right of the terminal log entry"
  const first = known.find((each) => positionOf(each) > terminal && each.treeSize >= tree.retained.treeSize);
  if (first === undefined || monitor === null) return null;
  // Steps 2 and 3
  const task = taskOf(config, first.treeSize, tree.retained);
  const extended = readCombined(task, versions, monitor, (entries) =>
    monitoring(entries, config, credential, terminal),
  );
  demand(equal(extended.tree.root, rootOf(first)), 'proof-root');
  return 'update';
}

/** "If the Transparency Log is deployed in Contact Monitoring mode". */
export function monitoring(
  entries: Entries,
  { mode }: Pick<LogConfiguration, 'mode'>,
  { version }: Pick<CredentialFields, 'version'>,
  terminal: number,
): void {
  if (mode === 'contactMonitoring') contactAlgorithm(entries, [{ position: terminal, version }], null);
}
