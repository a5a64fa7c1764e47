/**
 * One file of vectors while it is made. Nothing is believed that the reference does not compute: a valid case is an
 * input, and its output is what the reference makes of it; an invalid case is the input of a valid one with exactly
 * one field changed, which the reference must refuse for a reason that the expected code can stand for.
 */
import { Refusal } from '../../test/reference/encoding.js';
import { standsFor } from './refusals.js';

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };
export type Fields = { readonly [name: string]: Json };

/** What the reference makes of an input, or a `Refusal`. */
export type Judge = (input: Fields) => Fields;

export type ValidCase = {
  readonly name: string;
  readonly structure: string;
  readonly input: Fields;
  readonly output: Fields;
};

export type InvalidCase = {
  readonly name: string;
  readonly structure: string;
  /** The valid case that was damaged. */
  readonly of: string;
  readonly damage: string;
  readonly input: Fields;
  readonly code: string;
};

/** More of one kind would teach nothing new. */
const MAX_OF_ONE_KIND = 5;

export class VectorFile {
  readonly name: string;
  readonly #about: string;
  readonly #judges: Readonly<Record<string, Judge>>;
  readonly #valid = new Map<string, ValidCase>();
  readonly #invalid = new Map<string, InvalidCase>();
  readonly #extras: Record<string, Json> = {};

  constructor(name: string, about: string, judges: Readonly<Record<string, Judge>>) {
    this.name = name;
    this.#about = about;
    this.#judges = judges;
  }

  /** Adds a valid case. @returns its output */
  valid<Input extends Fields>(structure: string, name: string, input: Input): Fields {
    if (this.#valid.has(name)) throw new Error(`${name} is there already`);
    const output = this.#judge(structure)(input);
    this.#valid.set(name, { name, structure, input, output });
    return output;
  }

  /** The input of a valid case. */
  inputOf(name: string): Fields {
    return this.#base(name).input;
  }

  /** The output of a valid case. */
  outputOf(name: string): Fields {
    return this.#base(name).output;
  }

  /** Adds an invalid case: the valid one called `of`, with one field changed. `damage` says to what, in words. */
  invalid(of: string, code: string, damage: string, change: Fields): void {
    const { structure, input: whole } = this.#base(of);
    const input = { ...whole, ...change };
    const [field, ...others] = Object.keys(input).filter(
      (key) => JSON.stringify(input[key]) !== JSON.stringify(whole[key]),
    );
    if (field === undefined || others.length > 0) throw new Error(`${damage}: not one change but ${others}`);
    const name = `${of}: ${damage}`;
    if (this.#invalid.has(name)) throw new Error(`${name} is there already`);
    this.#mustRefuse(name, structure, input, code);
    this.#invalid.set(name, { name, structure, of, damage, input, code });
    const alike = [...this.#invalid.values()].filter((c) => c.structure === structure && c.code === code);
    if (alike.length > MAX_OF_ONE_KIND) throw new Error(`more than ${MAX_OF_ONE_KIND} ${structure} ${code}`);
  }

  /** Adds something beside the cases. */
  extra(name: string, value: Json): void {
    this.#extras[name] = value;
  }

  /** The whole file. */
  text(): string {
    const content = {
      $schema: './schema.json',
      file: this.name,
      about: this.#about,
      ...this.#extras,
      valid: [...this.#valid.values()],
      invalid: [...this.#invalid.values()],
    };
    return `${JSON.stringify(content, undefined, 2)}\n`;
  }

  #judge(structure: string): Judge {
    const judge = this.#judges[structure];
    if (judge === undefined) throw new Error(`nothing judges ${structure}`);
    return judge;
  }

  #base(name: string): ValidCase {
    const base = this.#valid.get(name);
    if (base === undefined) throw new Error(`there is no valid case ${name}`);
    return base;
  }

  #mustRefuse(name: string, structure: string, input: Fields, code: string): void {
    try {
      this.#judge(structure)(input);
    } catch (error) {
      if (!(error instanceof Refusal)) throw new Error(name, { cause: error });
      if (standsFor(code, error.reason)) return;
      throw new Error(`${name}: ${code} does not stand for ${error.reason}`, { cause: error });
    }
    throw new Error(`${name}: the reference accepts it`);
  }
}

// ------------------------------------------------------------------------------------- fields

export const hex = (raw: Uint8Array): string => Buffer.from(raw).toString('hex');

/** The bytes of a hex field. */
export function bytes(value: Json | undefined): Buffer {
  if (typeof value !== 'string' || !/^(?:[0-9a-f]{2})*$/.test(value)) throw new Error(`no hex: ${value}`);
  return Buffer.from(value, 'hex');
}

export const text = (value: Json | undefined): string => {
  if (typeof value !== 'string') throw new Error(`no text: ${JSON.stringify(value)}`);
  return value;
};

export const number = (value: Json | undefined): number => {
  if (typeof value !== 'number') throw new Error(`no number: ${JSON.stringify(value)}`);
  return value;
};

export const list = (value: Json | undefined): readonly Json[] => {
  if (!Array.isArray(value)) throw new Error(`no list: ${JSON.stringify(value)}`);
  return value as readonly Json[];
};

// ------------------------------------------------------------------------------------- damages

/** One bit of one byte changed; `at` counts from the end where it is negative. */
export function flipped(whole: Uint8Array, at: number, bit = 1): Buffer {
  const copy = Buffer.from(whole);
  const index = at < 0 ? copy.length + at : at;
  const byte = copy[index];
  if (byte === undefined) throw new Error('no such byte');
  copy[index] = byte ^ bit;
  return copy;
}

/** Some bytes replaced by as many others. */
export function patched(whole: Uint8Array, at: number, by: Uint8Array): Buffer {
  const copy = Buffer.from(whole);
  copy.set(by, at);
  return copy;
}

export const cut = (whole: Uint8Array, count = 1): Buffer => Buffer.from(whole.subarray(0, -count));
export const longer = (whole: Uint8Array, byte = 0): Buffer => Buffer.concat([whole, Buffer.from([byte])]);
