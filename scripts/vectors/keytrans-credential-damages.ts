/** What a credential, or an update of one, can be, and must not: damaged on its way, or made by a log that lies. */
import type { CredentialFields, CredentialUpdateFields } from '../../test/reference/keytrans-credentials.js';
import type { Combined } from '../../test/reference/keytrans-entries.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import { credentialOf } from '../../test/reference/keytrans-operator-answers.js';
import { contextOf, type LadderStep, type LogConfiguration } from '../../test/reference/keytrans-users.js';
import { readWire, writeWire } from '../../test/reference/keytrans-wire.js';
import type { Proof as PrefixProof } from '../../test/reference/prefix-tree.js';
import { encodeCredential, encodeUpdate, knownAt } from './keytrans-credential-fields.js';
import { PLAIN } from './keytrans-exchanges.js';
import { grow, MINUTE, minute } from './keytrans-stories.js';
import { credentialLog, credentialVersionsAt } from './keytrans-story-logs.js';
import { bytes, cut, type Fields, flipped, hex, longer, text, type VectorFile } from './vector-file.js';

const CONTACT = 'contactMonitoring, Ed25519';
const STANDARD = `${CONTACT}: standard, on the newest entry`;
const PROVISIONAL = `${CONTACT}: provisional, of an entry above`;
const MANAGED = 'thirdPartyManagement, P-256: standard, on an older one';
const AUDITED = 'thirdPartyAuditing, P-256: provisional, of an entry above';
const TERMINAL = `${CONTACT}: the entry is distinguished`;
const UPDATED = `${CONTACT}: an update`;
const AUDITED_UPDATE = 'thirdPartyAuditing, Ed25519: an update';

type Provisional = Required<CredentialFields>;

const configOf = (input: Fields): LogConfiguration =>
  readWire('Configuration', bytes(input['configuration']), PLAIN) as LogConfiguration;

/** The log of the stories, as it is at a size. */
function logAt(
  size: number,
  ciphersuite: 1 | 2 = 2,
  mode: LogConfiguration['mode'] = 'contactMonitoring',
): Operator {
  const log = credentialLog(ciphersuite, mode);
  grow(log, size, credentialVersionsAt);
  return log;
}

const NEVER = { results: [], elements: [Buffer.alloc(32)] };

export function addCredentialDamages(file: VectorFile): void {
  const changed = (
    of: string,
    code: string,
    damage: string,
    change: (credential: Provisional) => object,
  ): void => {
    const input = file.inputOf(of);
    const context = contextOf(configOf(input));
    const credential = readWire('Credential', bytes(input['credential']), context) as Provisional;
    const other = writeWire('Credential', { ...credential, ...change(credential) }, context).bytes;
    file.invalid(of, code, damage, { credential: hex(other) });
  };
  const ladder =
    (change: (steps: readonly LadderStep[]) => readonly LadderStep[]) => (given: Provisional) => ({
      binaryLadder: change(given.binaryLadder),
    });
  const looked = (change: (proof: PrefixProof) => Partial<PrefixProof>) => (given: Provisional) => ({
    distinguished: { ...given.distinguished, ...change(given.distinguished) },
  });
  const searched = (change: (proof: Combined) => Partial<Combined>) => (given: Provisional) => ({
    search: { ...given.search, ...change(given.search) },
  });

  // Whose it is, and what it rests on.
  file.invalid(STANDARD, 'ERR_CREDENTIAL_LABEL', 'held against another label', {
    label: hex(Buffer.from('bob')),
  });
  file.invalid(STANDARD, 'ERR_CREDENTIAL_EARLY', 'the entry is not known yet', {
    known: knownAt(logAt(12), 3, 7),
  });
  file.invalid(STANDARD, 'ERR_CREDENTIAL_EARLY', 'nothing is known', { known: [] });
  file.invalid(PROVISIONAL, 'ERR_CREDENTIAL_POSITION', 'the entry is not among those that are known', {
    known: knownAt(logAt(20), 13, 15),
  });
  changed(STANDARD, 'ERR_CREDENTIAL_POSITION', 'an entry that is not distinguished', () => ({
    position: 10,
  }));

  // The value and the ladder.
  const swapped = ({ value }: Provisional) => ({
    value: { ...value, value: Buffer.from('keys of Mallory') },
  });
  changed(PROVISIONAL, 'ERR_PREFIX_CONFLICT', 'another value', swapped);
  changed(MANAGED, 'ERR_VALUE_SIGNATURE', 'another value', swapped);
  changed(PROVISIONAL, 'ERR_PREFIX_CONFLICT', 'another opening', ({ opening }) => ({
    opening: flipped(opening, 3),
  }));
  changed(
    STANDARD,
    'ERR_LADDER_STEPS',
    'a step too few',
    ladder((steps) => steps.slice(1)),
  );
  changed(
    PROVISIONAL,
    'ERR_LADDER_STEPS',
    'a step too many',
    ladder((steps) => [...steps, ...steps.slice(-1)]),
  );
  const committing = (at: number) =>
    ladder((steps) =>
      steps.map((step, i) => (i === at ? { ...step, commitment: Buffer.alloc(32, 7) } : step)),
    );
  changed(STANDARD, 'ERR_LADDER_COMMITMENT', 'a commitment to the version that is opened', committing(1));
  changed(STANDARD, 'ERR_LADDER_COMMITMENT', 'a commitment to a version above', committing(2));
  changed(
    STANDARD,
    'ERR_VRF_PROOF',
    'VRF proofs in another order',
    ladder((steps) => [...steps].reverse().map((step) => ({ ...step, commitment: undefined }))),
  );
  changed(
    STANDARD,
    'ERR_PREFIX_COMMITMENT',
    'no commitment to an older version',
    ladder((steps) => steps.map((step) => ({ ...step, commitment: undefined }))),
  );

  // Standard.
  changed(
    STANDARD,
    'ERR_LADDER_LENGTH',
    'a lookup too few',
    looked(({ results }) => ({ results: results.slice(1) })),
  );
  changed(
    STANDARD,
    'ERR_LADDER_LENGTH',
    'a lookup too many',
    looked(({ results }) => ({ results: [...results, ...results.slice(-1)] })),
  );
  changed(
    STANDARD,
    'ERR_ENTRY_ROOT',
    'another element',
    looked(({ elements }) => ({ elements: elements.map((each, i) => (i === 0 ? flipped(each, 4) : each)) })),
  );
  changed(
    STANDARD,
    'ERR_PROOF_LENGTH',
    'an element too many',
    looked(({ elements }) => ({ elements: [...elements, Buffer.alloc(32)] })),
  );
  changed(STANDARD, 'ERR_ENTRY_ROOT', 'the proof of another entry', () => ({
    distinguished: credentialOf(logAt(12), 9).distinguished,
  }));
  const newer = logAt(14);
  file.invalid(STANDARD, 'ERR_GREATEST_VERSION', 'a version that the entry does not have', {
    credential: encodeCredential(newer, credentialOf(newer, 11, { type: 'standard' })),
  });

  // Provisional.
  changed(PROVISIONAL, 'ERR_HEAD_ORDER', 'a tree without the distinguished entry', ({ treeHead }) => ({
    treeHead: { ...treeHead, treeSize: 11 },
  }));
  changed(PROVISIONAL, 'ERR_SIGNATURE', 'another signature', ({ treeHead }) => ({
    treeHead: { ...treeHead, signature: flipped(treeHead.signature, 40) },
  }));
  const audited = logAt(14, 1, 'thirdPartyAuditing');
  changed(AUDITED, 'ERR_SIGNATURE', 'the auditor’s signature', ({ treeHead }) => ({
    treeHead: { ...treeHead, signature: audited.auditorHead(14).signature },
  }));
  changed(
    AUDITED,
    'ERR_PROOF_LENGTH',
    'a node for the auditor',
    searched(({ inclusion: { elements } }) => ({
      inclusion: { elements: [...elements, Buffer.alloc(32)] },
    })),
  );
  const old = logAt(12);
  file.invalid(PROVISIONAL, 'ERR_CREDENTIAL_TERMINAL', 'of a version that the distinguished entry has', {
    credential: encodeCredential(old, credentialOf(old, 11, { type: 'provisional' })),
  });
  const unchanged = credentialLog(2, 'contactMonitoring');
  grow(unchanged, 14, (position) => (position === 12 ? 0 : credentialVersionsAt(position)));
  file.invalid(PROVISIONAL, 'ERR_CREDENTIAL_TERMINAL', 'of an old version, in a new tree', {
    credential: encodeCredential(unchanged, credentialOf(unchanged, 11, { type: 'provisional' })),
  });
  const past = credentialLog(2, 'contactMonitoring');
  grow(past, 6, credentialVersionsAt);
  past.append(minute(6) + 1);
  grow(past, 14, credentialVersionsAt);
  file.invalid(PROVISIONAL, 'ERR_SIGNATURE', 'of a log that had another past, signed', {
    credential: encodeCredential(past, credentialOf(past, 11)),
  });
  const falling = logAt(12);
  grow(falling, 13, credentialVersionsAt);
  falling.append(minute(15));
  falling.append(minute(14));
  file.invalid(PROVISIONAL, 'ERR_TIMESTAMP_ORDER', 'of a log whose times fall, signed', {
    credential: encodeCredential(falling, credentialOf(falling, 11)),
  });
  changed(
    PROVISIONAL,
    'ERR_PROOF_TIMESTAMPS',
    'a timestamp too many',
    searched(({ timestampsMs: all }) => ({
      timestampsMs: [...all, all.at(-1) as number],
    })),
  );
  changed(
    PROVISIONAL,
    'ERR_PROOF_SEARCHES',
    'a prefix proof too many',
    searched(({ prefixProofs: all }) => ({
      prefixProofs: [...all, NEVER],
    })),
  );
  changed(
    PROVISIONAL,
    'ERR_PROOF_ROOTS',
    'a prefix root too many',
    searched(({ prefixRoots: all }) => ({
      prefixRoots: [...all, Buffer.alloc(32)],
    })),
  );
  const whole = bytes(file.inputOf(STANDARD)['credential']);
  file.invalid(STANDARD, 'ERR_TRUNCATED', 'a byte is missing', { credential: hex(cut(whole)) });
  file.invalid(STANDARD, 'ERR_TRAILING_BYTES', 'a byte is left over', { credential: hex(longer(whole)) });

  addSettlementDamages(file);
}

function addSettlementDamages(file: VectorFile): void {
  const changed = (
    of: string,
    code: string,
    damage: string,
    change: (proof: Combined) => Partial<Combined>,
  ): void => {
    const input = file.inputOf(of);
    const context = contextOf(configOf(input));
    const { monitor } = readWire(
      'CredentialUpdate',
      bytes(input['update']),
      context,
    ) as CredentialUpdateFields;
    const other = writeWire(
      'CredentialUpdate',
      { monitor: { ...monitor, ...change(monitor) } },
      context,
    ).bytes;
    file.invalid(of, code, damage, { update: hex(other) });
  };
  // What the log shows the receiver is not what it showed the sender.
  const elsewhere = credentialLog(2, 'contactMonitoring');
  grow(elsewhere, 12, credentialVersionsAt);
  elsewhere.append(minute(12), [Buffer.from('other keys')]);
  grow(elsewhere, 20, credentialVersionsAt);
  file.invalid(TERMINAL, 'ERR_ENTRY_ROOT', 'the log shows another prefix tree', {
    known: knownAt(elsewhere, 11, 13, 15),
  });
  file.invalid(UPDATED, 'ERR_PROOF_ROOT', 'the log shows another past', {
    known: knownAt(elsewhere, 11, 13, 15),
  });
  const later = credentialLog(2, 'contactMonitoring');
  grow(later, 12, credentialVersionsAt);
  later.append(minute(12) + MINUTE / 2, [Buffer.from('keys of entry 12')]);
  grow(later, 20, credentialVersionsAt);
  file.invalid(TERMINAL, 'ERR_RETAINED_SUBTREE', 'the log shows an entry between at another time', {
    known: knownAt(later, 11, 13, 15),
  });
  // The update.
  changed(UPDATED, 'ERR_PROOF_TIMESTAMPS', 'a timestamp too many', ({ timestampsMs: all }) => ({
    timestampsMs: [...all, all.at(-1) as number],
  }));
  changed(UPDATED, 'ERR_PROOF_SEARCHES', 'no monitoring', () => ({ prefixProofs: [] }));
  changed(AUDITED_UPDATE, 'ERR_PROOF_SEARCHES', 'monitoring in a log with an auditor', () => ({
    prefixProofs: [NEVER],
  }));
  changed(UPDATED, 'ERR_PROOF_ROOTS', 'a prefix root too many', ({ prefixRoots: all }) => ({
    prefixRoots: [...all, Buffer.alloc(32)],
  }));
  changed(UPDATED, 'ERR_PROOF_LENGTH', 'a head of the log tree too many', ({ inclusion: { elements } }) => ({
    inclusion: { elements: [...elements, Buffer.alloc(32)] },
  }));
  changed(UPDATED, 'ERR_PROOF_ROOT', 'another time', ({ timestampsMs }) => ({
    timestampsMs: timestampsMs.map((ms) => ms + 1),
  }));
  const log = logAt(20);
  file.invalid(UPDATED, 'ERR_PROOF_TIMESTAMPS', 'of a later distinguished entry', {
    update: encodeUpdate(log, 2, 13, 12, 15),
  });
  const gone = logAt(13);
  gone.appendLeaves(minute(13), [], gone.entry(11));
  grow(gone, 20, credentialVersionsAt);
  file.invalid(UPDATED, 'ERR_MONITORED_VERSION', 'the version is gone', {
    update: encodeUpdate(gone, 2, 13, 12, 13),
  });
  const whole = bytes(file.inputOf(UPDATED)['update']);
  file.invalid(UPDATED, 'ERR_TRUNCATED', 'a byte is missing', { update: hex(cut(whole)) });
  file.invalid(UPDATED, 'ERR_TRAILING_BYTES', 'a byte is left over', {
    update: `${text(file.inputOf(UPDATED)['update'])}00`,
  });
}
