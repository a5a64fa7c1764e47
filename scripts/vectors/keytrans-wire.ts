/** The wire format of key transparency: every structure, full and bare, in each log that makes a difference to it. */
import { type Context, readWire, STRUCTURE_NAMES, writeWire } from '../../test/reference/keytrans-wire.js';
import { damagedWire } from './keytrans-wire-damages.js';
import { wireValues } from './keytrans-wire-values.js';
import { bytes, type Fields, hex, type Json, text, VectorFile } from './vector-file.js';

const SUITES: Readonly<Record<number, string>> = { 1: 'P-256', 2: 'Ed25519' };
const MODES: Readonly<Record<string, string>> = {
  contactMonitoring: 'contact monitoring',
  thirdPartyManagement: 'third-party management',
  thirdPartyAuditing: 'third-party auditing',
};

/** A value as JSON: bytes in hex, what is absent as null. */
function shown(value: unknown): Json {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shown(field)]));
}

function contextOf(input: Fields): Context {
  const { ciphersuite, mode, namesVersion } = input;
  if (ciphersuite !== 1 && ciphersuite !== 2) throw new Error('no suite');
  return { ciphersuite, mode: text(mode), namesVersion: namesVersion === true };
}

/** Reads, and writes again: a valid encoding is the only one of its value. */
function judge(name: string, input: Fields): Fields {
  const context = contextOf(input);
  const whole = bytes(input['bytes']);
  const value = readWire(name, whole, context);
  if (!writeWire(name, value, context).bytes.equals(whole)) throw new Error(`${name} has two encodings`);
  return { value: shown(value) };
}

/** The logs in which a structure is shown: those that give it another form. */
function contextsOf(name: string): readonly Context[] {
  const forms = new Map<string, Context>();
  for (const namesVersion of [false, true]) {
    for (const ciphersuite of [2, 1]) {
      for (const mode of Object.keys(MODES)) {
        if (name === 'ManagerUpdateRequest' && mode !== 'thirdPartyManagement') continue;
        const context = { ciphersuite, mode, namesVersion };
        const form = writeWire(name, wireValues(context)[name]?.full, context).bytes.toString('hex');
        if (!forms.has(form)) forms.set(form, context);
      }
    }
  }
  return [...forms.values()].filter(isTelling);
}

/** Of P-256 one log is enough, and of requests that name a version one. */
function isTelling({ ciphersuite, mode, namesVersion }: Context): boolean {
  return (
    (ciphersuite === 2 || mode === 'thirdPartyManagement') && (!namesVersion || mode === 'contactMonitoring')
  );
}

export function keytransWire(): VectorFile {
  const judges = STRUCTURE_NAMES.map((name) => [`Kt${name}`, (input: Fields) => judge(name, input)] as const);
  const file = new VectorFile(
    'keytrans-wire',
    'Structures of draft-ietf-keytrans-protocol (editor’s copy at 526cc8a) as bytes.',
    Object.fromEntries(judges),
  );
  for (const name of STRUCTURE_NAMES) {
    for (const [i, context] of contextsOf(name).entries()) {
      const { ciphersuite, mode, namesVersion } = context;
      const asked = namesVersion ? ', the version was named' : '';
      const where = `${name}, ${SUITES[ciphersuite]}, ${MODES[mode]}${asked}`;
      const values = wireValues(context)[name];
      for (const form of i === 0 ? (['full', 'bare'] as const) : (['full'] as const)) {
        const encoding = writeWire(name, values?.[form], context);
        const of = `${where}, ${form}`;
        file.valid(`Kt${name}`, of, { ciphersuite, mode, namesVersion, bytes: hex(encoding.bytes) });
        if (i === 0 && form === 'full') damagedWire(file, of, name, encoding);
      }
    }
  }
  return file;
}
