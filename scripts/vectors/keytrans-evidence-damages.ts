/** Evidence that somebody without the log's keys can make up, and what users can send each other, and must not. */
import {
  type Accusation,
  encodeEvidence,
  encodeSignedHeads,
  encodeVersionProof,
  type ForkSide,
  headLikeValue,
  type VersionSide,
} from '../../test/reference/keytrans-evidence.js';
import { signMessage } from '../../test/reference/keys.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import type { LogConfiguration } from '../../test/reference/keytrans-users.js';
import { writeWire } from '../../test/reference/keytrans-wire.js';
import {
  auditorHeadOf,
  changedOf,
  forkOf,
  headOf,
  nodesOf,
  placedIn,
  reversedLog,
  reversedOf,
  sideOf,
  signedValueOf,
  twoFaces,
  twoValuesOf,
  versionIn,
  versionProofOf,
} from './keytrans-evidence-making.js';
import { grow, MINUTE, minute } from './keytrans-stories.js';
import { ed25519 } from './people.js';
import { bytes, cut, flipped, hex, longer, patched, type VectorFile } from './vector-file.js';

const HEADS = 'two heads of one size, Ed25519';
const APART = 'logs that went apart before both heads, Ed25519';
const VALUES = 'two values of one version, Ed25519';
const CLOSED = 'two commitments for one version, Ed25519';
const ANY = 'whoever is meant, Ed25519';
const REVERSED = 'a log entry older than one to its left, Ed25519';
const AUDITED = 'an auditor and a log that differ, Ed25519';
const SIGNED = 'two signed values, Ed25519';
const LASTING = 'two values less than a lifetime apart, Ed25519';
const P256 = 'two heads of one size, P-256';

/** The order of P-256's group. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA's other signature over the same message, which anyone can make. */
function twin(signature: Uint8Array): Buffer {
  const s = BigInt(`0x${hex(signature.subarray(32))}`);
  return Buffer.concat([
    signature.subarray(0, 32),
    Buffer.from((P256_ORDER - s).toString(16).padStart(64, '0'), 'hex'),
  ]);
}

export function damagedEvidence(file: VectorFile): void {
  const replaced = (of: string, code: string, damage: string, log: Operator, accusation: Accusation): void =>
    file.invalid(of, code, damage, { evidence: hex(encodeEvidence(log.config, accusation)) });
  damagedForks(file, replaced);
  damagedVersions(replaced);
  damagedTimes(replaced);
  damagedValues(file, replaced);
  damagedBytes(file);
}

type Replaced = (of: string, code: string, damage: string, log: Operator, accusation: Accusation) => void;

function damagedForks(file: VectorFile, replaced: Replaced): void {
  const [log, other] = twoFaces(2, 'contactMonitoring');
  const twelve = sideOf(log, 12, 12);
  replaced(HEADS, 'ERR_EVIDENCE_AGREES', 'one head twice', log, forkOf(12, twelve, twelve));
  replaced(
    APART,
    'ERR_EVIDENCE_AGREES',
    'a size at which the logs had not gone apart yet',
    log,
    forkOf(9, sideOf(other, 21, 9), sideOf(log, 13, 9)),
  );
  const [p256] = twoFaces(1, 'contactMonitoring');
  const side = sideOf(p256, 12, 12);
  const again: ForkSide = { ...side, head: { ...side.head, signature: twin(side.head.signature) } };
  replaced(P256, 'ERR_EVIDENCE_AGREES', 'one head with two signatures', p256, forkOf(12, side, again));

  const bent = (damage: string, code: string, change: (side: ForkSide) => ForkSide, size = 10): void =>
    replaced(APART, code, damage, log, forkOf(size, sideOf(log, 13, 10), change(sideOf(other, 21, 10))));
  replaced(HEADS, 'ERR_HEAD_EMPTY', 'a size of no leaves', log, forkOf(0, twelve, twelve));
  replaced(HEADS, 'ERR_HEAD_ORDER', 'a size beyond a head', log, forkOf(13, sideOf(log, 13, 13), twelve));
  bent('a node too many', 'ERR_PROOF_LENGTH', (given) => ({
    ...given,
    nodes: [...given.nodes, Buffer.alloc(32)],
  }));
  bent('the root alone', 'ERR_PROOF_LENGTH', (given) => ({ ...given, nodes: nodesOf(other, 21, []) }));
  bent('the head of an unbalanced subtree', 'ERR_PROOF_LENGTH', (given) => ({
    ...given,
    nodes: [...nodesOf(other, 10, []), ...given.nodes.slice(2)],
  }));
  bent('a smaller size under the same root', 'ERR_SIGNATURE', () => ({
    head: { ...headOf(other, 16), treeSize: 15 },
    nodes: [...nodesOf(other, 16, [10]).slice(0, 2), ...nodesOf(other, 15, [10]).slice(2)],
  }));
  bent('an auditor’s head of a log without one', 'ERR_AUDITOR_SIGNATURE', (given) => ({
    ...given,
    head: { ...given.head, signer: 'auditor', timestampMs: minute(20) },
  }));

  const [audited] = twoFaces(2, 'thirdPartyAuditing');
  const byAuditor = auditorHeadOf(audited, 12);
  const eleven = sideOf(audited, 11, 10);
  const misnamed = sideOf(audited, 12, 10, { ...byAuditor, signer: 'log' });
  replaced(
    AUDITED,
    'ERR_SIGNATURE',
    'the auditor’s head as the log’s',
    audited,
    forkOf(10, misnamed, eleven),
  );
  const younger = sideOf(audited, 12, 10, { ...byAuditor, timestampMs: minute(12) });
  replaced(
    AUDITED,
    'ERR_AUDITOR_SIGNATURE',
    'the auditor’s head at another time',
    audited,
    forkOf(10, younger, eleven),
  );
  const true12 = sideOf(audited, 12, 10, byAuditor);
  replaced(
    AUDITED,
    'ERR_EVIDENCE_AGREES',
    'an auditor and a log that agree',
    audited,
    forkOf(10, true12, eleven),
  );

  // Another log under the same keys.
  const elsewhere = other.fork({ windowMs: 5 * MINUTE });
  file.invalid(APART, 'ERR_EVIDENCE_LOG', 'another log under the same keys is meant', {
    configuration: hex(elsewhere.configuration),
  });
  replaced(
    APART,
    'ERR_SIGNATURE',
    'a head of another log under the same keys',
    log,
    forkOf(10, sideOf(log, 13, 10), sideOf(elsewhere, 21, 10)),
  );
  // A log in which the service operator signs values with the key of tree heads.
  const secret = ed25519('one key for two parties');
  const [managed] = twoFaces(2, 'thirdPartyManagement', 12 * MINUTE);
  const key = secret.publicKey.key;
  const config: LogConfiguration = { ...managed.config, signaturePublicKey: key, leafPublicKey: key };
  const { version, treeSize, root } = headLikeValue(Buffer.alloc(31, 7));
  const update = { config, label: Buffer.alloc(0), version, value: root.subarray(1) };
  const context = { ciphersuite: 2, mode: config.mode, namesVersion: false };
  const signature = signMessage(secret, writeWire('UpdateTbs', update, context).bytes);
  const asHead: ForkSide = { head: { signer: 'log', treeSize, signature }, nodes: [root] };
  file.invalid(ANY, 'ERR_EVIDENCE_KEYS', 'a value that is signed with the key of tree heads, as a head', {
    evidence: hex(encodeEvidence(config, forkOf(treeSize, asHead, asHead))),
  });
}

function damagedVersions(replaced: Replaced): void {
  const [log, other] = twoFaces(2, 'contactMonitoring');
  const own = versionIn(log, 1, 9, 13);
  const bent = (damage: string, code: string, change: (side: VersionSide) => VersionSide): void =>
    replaced(VALUES, code, damage, log, changedOf(log, 1, own, change(versionIn(other, 1, 15, 16))));
  replaced(
    VALUES,
    'ERR_EVIDENCE_AGREES',
    'one version in two entries',
    log,
    changedOf(log, 1, own, versionIn(log, 1, 12, 13)),
  );
  replaced(VALUES, 'ERR_VRF_PROOF', 'the VRF proof of another version', log, {
    ...(changedOf(log, 1, own, versionIn(other, 1, 15, 16)) as Accusation & {
      readonly kind: 'changedVersion';
    }),
    vrfProof: log.vrf(0).pi,
  });
  bent('another version of the label', 'ERR_PREFIX_ABSENT', () => versionIn(other, 0, 4, 16));
  bent('no commitment', 'ERR_PREFIX_ABSENT', (side) => ({
    ...side,
    lookups: side.lookups.map((each) => ({ ...each, commitment: undefined })),
  }));
  bent('a value that does not open the commitment', 'ERR_COMMITMENT', (side) => ({
    ...side,
    opened: own.opened,
  }));
  replaced(
    CLOSED,
    'ERR_SIGNATURE',
    'another commitment',
    log,
    changedOf(log, 1, versionIn(log, 1, 12, 13, false), {
      ...versionIn(log, 1, 9, 13, false),
      lookups: own.lookups.map((each) =>
        each.commitment === undefined ? each : { ...each, commitment: flipped(each.commitment, 3) },
      ),
    }),
  );
  bent('a key that is looked up twice', 'ERR_PREFIX_DUPLICATE', (side) => ({
    ...side,
    lookups: [side.lookups[0] as VersionSide['lookups'][number], ...side.lookups],
    proof: {
      ...side.proof,
      results: [side.proof.results[0] as VersionSide['proof']['results'][number], ...side.proof.results],
    },
  }));
  bent('a lookup without a result', 'ERR_PREFIX_COUNT', (side) => ({
    ...side,
    lookups: [...side.lookups, { vrfOutput: Buffer.alloc(32, 9), commitment: undefined }],
  }));
  bent('a log entry beyond the tree', 'ERR_INDEX_RANGE', (side) => ({ ...side, position: 16 }));
  bent('a head of no leaves', 'ERR_HEAD_EMPTY', (side) => ({
    ...side,
    treeHead: { ...side.treeHead, treeSize: 0 },
  }));
  bent('a head of another size', 'ERR_PROOF_LENGTH', (side) => ({ ...side, treeHead: headOf(other, 21) }));

  const [managed, unmanaged] = twoFaces(2, 'thirdPartyManagement', 12 * MINUTE);
  grow(unmanaged, 24);
  const [before, after] = [versionIn(managed, 1, 9, 13), versionIn(unmanaged, 1, 21, 24)];
  replaced(
    LASTING,
    'ERR_EVIDENCE_EXPIRED',
    'two values a lifetime apart',
    managed,
    changedOf(managed, 1, before, after),
  );
}

function damagedTimes(replaced: Replaced): void {
  const late = reversedLog(2);
  const honest = reversedOf(late, 9, 4, 5) as Accusation & { readonly kind: 'reversedTime' };
  const [left, right] = [placedIn(late, 4), placedIn(late, 5)];
  const swapped = [
    { ...left, entry: right.entry },
    { ...right, entry: left.entry },
  ];
  replaced(REVERSED, 'ERR_SIGNATURE', 'log entries in each other’s place', late, {
    ...honest,
    entries: swapped,
  });
}

function damagedValues(file: VectorFile, replaced: Replaced): void {
  const [log, other] = twoFaces(2, 'thirdPartyManagement', 12 * MINUTE);
  const honest = twoValuesOf(log, other, 1) as Accusation & { readonly kind: 'twoValues' };
  const [first] = honest.values as readonly [(typeof honest.values)[number]];
  const bent = (damage: string, code: string, values: typeof honest.values): void =>
    replaced(SIGNED, code, damage, log, { ...honest, values });
  bent('a value of another version', 'ERR_VALUE_SIGNATURE', [first, signedValueOf(log, 0)]);
  bent('another value under the same signature', 'ERR_VALUE_SIGNATURE', [
    first,
    { ...first, value: Buffer.from('other keys') },
  ]);
  bent('the manager’s signature', 'ERR_VALUE_SIGNATURE', [
    first,
    { value: Buffer.from('other keys'), signature: headOf(log, 12).signature },
  ]);
  const [unmanaged] = twoFaces(2, 'contactMonitoring');
  file.invalid(ANY, 'ERR_VALUE_SIGNATURE', 'signed values of a log without a manager', {
    evidence: hex(encodeEvidence(unmanaged.config, honest)),
  });
}

function damagedBytes(file: VectorFile): void {
  const whole = bytes(file.inputOf(HEADS)['evidence']);
  const kindAt = 2 + bytes(file.inputOf(HEADS)['configuration']).length;
  const bent = (code: string, damage: string, evidence: Uint8Array): void =>
    file.invalid(HEADS, code, damage, { evidence: hex(evidence) });
  bent('ERR_VERSION', 'an unknown version', patched(whole, 1, Buffer.of(2)));
  bent('ERR_ENUM', 'an unknown kind', patched(whole, kindAt, Buffer.of(5)));
  bent('ERR_ENUM', 'an unknown signer', patched(whole, kindAt + 9, Buffer.of(3)));
  bent(
    'ERR_INTEGER',
    'a size above 2^53 - 1',
    patched(whole, kindAt + 1, Buffer.from('0020000000000000', 'hex')),
  );
  bent('ERR_TRUNCATED', 'the last byte is missing', cut(whole));
  bent('ERR_TRAILING_BYTES', 'a byte is left over', longer(whole));
  const any = bytes(file.inputOf(ANY)['evidence']);
  file.invalid(ANY, 'ERR_CIPHER_SUITE', 'a log of an unknown suite', {
    evidence: hex(patched(any, 2, Buffer.of(0, 3))),
  });
  bent('ERR_LENGTH', 'a side without nodes', patched(whole, kindAt + 9 + 1 + 8 + 2 + 64, Buffer.of(0)));
}

export function damagedComparisons(file: VectorFile): void {
  const [log, other] = twoFaces(2, 'contactMonitoring');
  const heads = (
    of: Operator,
    treeSize: number,
    sizes: readonly number[],
    head = headOf(of, treeSize),
  ): string => hex(encodeSignedHeads({ head, sizes, nodes: nodesOf(of, treeSize, sizes) }, of.config));
  const ONE = 'heads of one log, Ed25519';
  const peer = (code: string, damage: string, text: string): void =>
    file.invalid(ONE, code, damage, { peer: text });
  file.invalid(
    'a head alone, of a size that the other shows, Ed25519',
    'ERR_LOG_FORK',
    'another head of that size',
    {
      peer: heads(other, 12, []),
    },
  );
  file.invalid(
    'two logs that have not gone apart yet, Ed25519',
    'ERR_LOG_FORK',
    'a size at which they had gone apart',
    { peer: heads(other, 21, [4, 8, 13]) },
  );
  peer(
    'ERR_SIGNATURE',
    'the signature of another head',
    heads(log, 13, [4, 8, 12], { ...headOf(log, 12), treeSize: 13 }),
  );
  peer(
    'ERR_HEAD_ORDER',
    'sizes that do not rise',
    hex(withSizes(bytes(file.inputOf(ONE)['peer']), [8, 8, 12])),
  );
  peer('ERR_HEAD_EMPTY', 'a size of no leaves', hex(withSizes(bytes(file.inputOf(ONE)['peer']), [0, 8, 12])));
  peer(
    'ERR_PROOF_LENGTH',
    'other sizes than the nodes are of',
    hex(withSizes(bytes(file.inputOf(ONE)['peer']), [1, 8, 12])),
  );
  peer('ERR_VERSION', 'an unknown version', hex(patched(bytes(file.inputOf(ONE)['peer']), 1, Buffer.of(2))));
  peer('ERR_TRAILING_BYTES', 'a byte is left over', hex(longer(bytes(file.inputOf(ONE)['peer']))));

  const VERSION = 'a version in two entries, Ed25519';
  const proof = (of: Operator, side: VersionSide): string =>
    hex(encodeVersionProof(versionProofOf(of, 1, side), of.config));
  const changed = versionIn(other, 1, 15, 16);
  file.invalid(VERSION, 'ERR_VERSION_CHANGED', 'another value', { peer: proof(other, changed) });
  file.invalid(VERSION, 'ERR_SIGNATURE', 'another time', {
    peer: proof(other, { ...changed, timestampMs: changed.timestampMs + 1 }),
  });
  file.invalid(VERSION, 'ERR_COMMITMENT', 'a value that does not open the commitment', {
    peer: proof(other, { ...changed, opened: versionIn(log, 1, 9, 13).opened }),
  });
  const [, unmanaged] = twoFaces(2, 'thirdPartyManagement', 12 * MINUTE);
  grow(unmanaged, 24);
  file.invalid(
    'a version where entries expire, Ed25519',
    'ERR_ENTRY_EXPIRED',
    'another value, a lifetime later',
    {
      peer: proof(unmanaged, versionIn(unmanaged, 1, 21, 24)),
    },
  );

  const ONE_VALUE = 'one value, Ed25519';
  const { value, signature } = signedValueOf(unmanaged, 1);
  file.invalid(ONE_VALUE, 'ERR_VALUE_SIGNED_TWICE', 'another value', {
    peer: { value: hex(value), signature: hex(signature) },
  });
  file.invalid(ONE_VALUE, 'ERR_VALUE_SIGNATURE', 'another value that nobody signed', {
    peer: { value: hex(flipped(value, 0)), signature: hex(signature) },
  });
}

/** Signed heads of three sizes with others in their place: they follow version, signer, size and signature. */
function withSizes(whole: Uint8Array, sizes: readonly number[]): Buffer {
  const at = 2 + 1 + 8 + 2 + 64 + 1;
  const encoded = Buffer.concat(
    sizes.map((size) => {
      const field = Buffer.alloc(8);
      field.writeBigUInt64BE(BigInt(size));
      return field;
    }),
  );
  return patched(whole, at, encoded);
}
