/** What a third-party manager makes of a service operator's requests (draft, "Management"). */
import { manage } from '../../test/reference/keytrans-management.js';
import type { Operator } from '../../test/reference/keytrans-operator.js';
import type { LogConfiguration } from '../../test/reference/keytrans-users.js';
import { readWire, writeWire } from '../../test/reference/keytrans-wire.js';
import { PLAIN } from './keytrans-exchanges.js';
import { type LogChoice, logNamed, MINUTE } from './keytrans-stories.js';
import { CURVES, keys } from './keytrans-story-logs.js';
import { bytesOf } from './people.js';
import { bytes, type Fields, flipped, hex, type Json, list, VectorFile } from './vector-file.js';

export function keytransManagement(): VectorFile {
  const file = new VectorFile(
    'keytrans-management',
    'A log of IETF Key Transparency with a third-party manager (draft-ietf-keytrans-protocol, commit 526cc8a): what it makes of the service operator’s requests, one after the other.',
    { ManagerUpdates: judge },
  );
  for (const [ciphersuite, curve] of CURVES) addStories(file, ciphersuite, curve);
  addDamages(file);
  return file;
}

function judge(input: Fields): Fields {
  const config = readWire('Configuration', bytes(input['configuration']), PLAIN) as LogConfiguration;
  const outcomes = manage(config, list(input['requests']).map(bytes));
  return {
    outcomes: outcomes.map(({ isTaken, insertions }) => ({
      isTaken,
      insertions: insertions.map(({ values, ...inserted }) => ({ ...inserted, values: values.map(hex) })),
    })),
  };
}

const nameOf = (ciphersuite: 1 | 2): string => `the manager’s own, ${ciphersuite}`;
const logOf = (ciphersuite: 1 | 2, change: Partial<LogChoice> = {}): Operator =>
  logNamed(nameOf(ciphersuite), {
    ciphersuite,
    mode: 'thirdPartyManagement',
    windowMs: 16 * MINUTE,
    ...change,
  });

/** A request: what it says it knows, and values signed from a version on. */
interface Asking {
  readonly log: Operator;
  readonly known?: number;
  readonly from?: number;
  readonly values?: readonly Buffer[];
  /** Where a signature is not over what it should be: of each value. */
  readonly signatures?: readonly (Buffer | undefined)[];
}

function asking({
  log,
  known,
  values = [],
  from = values.length === 0 ? 0 : (known ?? -1) + 1,
  signatures = [],
}: Asking): Json {
  const { ciphersuite, mode, label } = log.options;
  const fields = {
    last: undefined,
    label,
    greatestVersion: known,
    values: values.map((value, i) => ({
      value,
      suffix: { signature: signatures[i] ?? log.signValue(from + i, value) },
    })),
    signedVersion: from,
  };
  return hex(writeWire('ManagerUpdateRequest', fields, { ciphersuite, mode, namesVersion: false }).bytes);
}

/** The requests of the story of one suite. */
function storyOf(ciphersuite: 1 | 2): readonly Json[] {
  const log = logOf(ciphersuite);
  const other = logOf(ciphersuite, { label: Buffer.from('bob@example.org') });
  return [
    asking({ log, values: keys('a') }),
    asking({ log, known: 0, from: 3, values: keys('b', 'c') }),
    asking({ log: other, from: 2, values: keys('of bob') }),
    // Stale: what it brings is disregarded, signed for whatever it is.
    asking({ log, known: 0, from: 1, values: keys('d') }),
    asking({ log }),
    asking({ log, known: 4, values: keys('e') }),
    asking({ log, known: 5, from: 6 + 190, values: keys('f') }),
  ];
}

function inputOf(ciphersuite: 1 | 2, requests: readonly Json[]): Fields {
  const log = logOf(ciphersuite);
  const secret = (what: string): string => hex(bytesOf(`log of ${nameOf(ciphersuite)}, ${what}`));
  return {
    configuration: hex(log.configuration),
    signatureKey: secret('operator or manager'),
    vrfKey: secret('VRF'),
    requests,
  };
}

function addStories(file: VectorFile, ciphersuite: 1 | 2, curve: string): void {
  const requests = storyOf(ciphersuite);
  file.valid('ManagerUpdates', `the first version, ${curve}`, inputOf(ciphersuite, requests.slice(0, 1)));
  file.valid(
    'ManagerUpdates',
    `versions that are skipped, labels that begin with some, news, ${curve}`,
    inputOf(ciphersuite, requests),
  );
  const log = logOf(ciphersuite);
  const many = Array.from({ length: 191 }, (_, i) => Buffer.from(`keys ${i}`));
  file.valid(
    'ManagerUpdates',
    `values and skipped versions that just fill an entry, ${curve}`,
    inputOf(ciphersuite, [
      asking({ log, values: many.slice(0, 3) }),
      asking({ log, known: 2, from: 190, values: many.slice(0, 4) }),
    ]),
  );
}

function addDamages(file: VectorFile): void {
  for (const [ciphersuite, curve] of CURVES) {
    const of = `versions that are skipped, labels that begin with some, news, ${curve}`;
    const before = storyOf(ciphersuite);
    const log = logOf(ciphersuite);
    const refused = (code: string, damage: string, request: Omit<Asking, 'log'>): void => {
      file.invalid(of, code, damage, { requests: [...before, asking({ log, known: 196, ...request })] });
    };
    const [value, other] = keys('g', 'h') as [Buffer, Buffer];
    refused('ERR_SIGNED_VERSION', 'a value that is signed for the version which the label has', {
      from: 196,
      values: [value],
    });
    refused('ERR_ENTRY_FULL', 'more versions are skipped than can be proven', {
      from: 197 + 191,
      values: [value],
    });
    refused('ERR_SIGNED_NOTHING', 'a version is signed for, and no value', { from: 197 });
    if (ciphersuite === 1) {
      refused('ERR_VALUE_SIGNATURE', 'a value that is signed for the next version but one', {
        values: [value],
        signatures: [log.signValue(198, value)],
      });
      refused('ERR_VALUE_SIGNATURE', 'two values in the other order', {
        values: [value, other],
        signatures: [log.signValue(198, value), log.signValue(197, other)],
      });
      refused('ERR_UPDATE_EMPTY', 'no values, and no news', {});
      refused('ERR_KNOWN_VERSION', 'a version that the label does not have', { known: 197, values: [value] });
      refused('ERR_KNOWN_VERSION', 'half of the versions that an entry made', { known: 3 });
      refused('ERR_SIGNED_VERSION', 'a value that is signed for the first version', {
        from: 0,
        values: [value],
      });
    } else {
      const bob = logOf(2, { label: Buffer.from('bob@example.org') });
      refused('ERR_VALUE_SIGNATURE', 'a value that is signed for another label', {
        values: [value],
        signatures: [bob.signValue(197, value)],
      });
      refused('ERR_VALUE_SIGNATURE', 'a value that is signed under another configuration', {
        values: [value],
        signatures: [logOf(2, { windowMs: MINUTE }).signValue(197, value)],
      });
      refused('ERR_VALUE_SIGNATURE', 'the second of two values is signed as another', {
        values: [value, other],
        signatures: [undefined, log.signValue(198, flipped(other, 0))],
      });
      refused('ERR_ENTRY_FULL', 'versions up to the greatest number are skipped', {
        from: 2 ** 32 - 1,
        values: [value],
      });
    }
  }
}
