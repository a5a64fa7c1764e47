/** The published files, as they lie at the root. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/modules.js';

export type Fields = Readonly<Record<string, unknown>>;

export interface ValidCase {
  readonly name: string;
  readonly structure: string;
  readonly input: Fields;
  readonly output: Fields;
}

export interface InvalidCase {
  readonly name: string;
  readonly structure: string;
  readonly of: string;
  readonly damage: string;
  readonly input: Fields;
  readonly code: string;
}

export interface PublishedFile {
  readonly file: string;
  readonly valid: readonly ValidCase[];
  readonly invalid: readonly InvalidCase[];
  readonly chains?: readonly { readonly name: string; readonly steps: readonly string[] }[];
  readonly rolling?: {
    readonly trees: number;
    readonly roots: string;
    readonly inclusion: string;
    readonly consistency: string;
  };
  readonly rollingPrefix?: {
    readonly trees: number;
    readonly roots: string;
    readonly proofs: string;
    readonly batches: string;
    readonly removals: string;
  };
}

const FOLDER = join(ROOT, 'vectors');

/** The text of one file. */
export const publishedText = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** Names of the files of vectors, without the schema. */
export const PUBLISHED_NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json') && name !== 'schema.json')
  .sort();

export const PUBLISHED: readonly PublishedFile[] = PUBLISHED_NAMES.map(
  (name) => JSON.parse(publishedText(name)) as PublishedFile,
);

/** A field that must be text. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`no text: ${JSON.stringify(value)}`);
  return value;
}

/** A field that must be a number. */
export function number(value: unknown): number {
  if (typeof value !== 'number') throw new Error(`no number: ${JSON.stringify(value)}`);
  return value;
}

/** The bytes of a hex field. Plain ones, as a browser has them. */
export function bytes(value: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(text(value), 'hex'));
}

/** A list of hex fields. */
export function byteList(value: unknown): Uint8Array[] {
  if (!Array.isArray(value)) throw new Error('no list');
  return value.map(bytes);
}

/** A list of text fields. */
export function textList(value: unknown): string[] {
  if (!Array.isArray(value)) throw new Error('no list');
  return value.map(text);
}

export const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
