/**
 * Parts of structures that are not always there: `optional<T>`, and the two kinds of `select`.
 *
 * - `presentIf`: what decides is known before reading (a mode, a request). The part is there or it is not.
 * - `tagged`: what decides is an enum field of the structure itself. The value is a union with that field as
 *   discriminant.
 */

import { assertObject } from './arguments.js';
import { ArgumentRangeError } from '../errors.js';
import type { Codec } from './codec.js';

/** `optional<T>`: one octet, 0 absent or 1 present; any other is refused as an unknown enum value. */
export function optional<T>(value: Codec<T>): Codec<T | undefined> {
  return {
    minBytes: 1,
    read(reader) {
      const start = reader.offset;
      const present = reader.uint(1);
      if (present > 1) throw reader.error('ERR_ENUM', 'a presence octet is neither 0 nor 1', start);
      return present === 1 ? value.read(reader) : undefined;
    },
    write(writer, given) {
      writer.uint(1, given === undefined ? 0 : 1);
      if (given !== undefined) value.write(writer, given);
    },
  };
}

/** A part that is there exactly if `isPresent`, without a trace on the wire where it is not. */
export function presentIf<T>(isPresent: boolean, value: Codec<T>): Codec<T | undefined> {
  return {
    minBytes: isPresent ? (value.minBytes ?? 0) : 0,
    read: (reader) => (isPresent ? value.read(reader) : undefined),
    write(writer, given) {
      if ((given !== undefined) !== isPresent)
        throw new ArgumentRangeError(`a field must be ${isPresent ? 'given' : 'left out'} here`);
      if (given !== undefined) value.write(writer, given);
    },
  };
}

/** What follows the tag, by the tag's name: its number on the wire, and the fields after it. */
export type Cases<T extends object> = {
  readonly [Name in keyof T]: { readonly number: number; readonly rest: Codec<T[Name]> };
};

/** A value of `tagged`: the fields of one case, and under `Tag` the name of that case. */
export type Tagged<Tag extends string, T extends object> = {
  [Name in keyof T]: Readonly<{ readonly [K in Tag]: Name } & T[Name]>;
}[keyof T];

/**
 * An enum of one octet, and fields that it selects.
 * @param tag the field that holds the name of the case
 */
export function tagged<Tag extends string, T extends object>(
  tag: Tag,
  cases: Cases<T>,
): Codec<Tagged<Tag, T>> {
  const names = Object.keys(cases) as (keyof T & string)[];
  return {
    minBytes: 1 + Math.min(...names.map((name) => cases[name].rest.minBytes ?? 0)),
    read(reader) {
      const start = reader.offset;
      const number = reader.uint(1);
      const name = names.find((each) => cases[each].number === number);
      if (name === undefined)
        throw reader.within(tag, () => reader.error('ERR_ENUM', 'an unknown value', start));
      return Object.freeze({ [tag]: name, ...cases[name].rest.read(reader) }) as Tagged<Tag, T>;
    },
    write(writer, value) {
      assertObject(value, 'a struct');
      const name = names.find((each) => each === value[tag]);
      if (name === undefined) throw new ArgumentRangeError(`${tag} is none of ${names.join(', ')}`);
      writer.uint(1, cases[name].number);
      cases[name].rest.write(writer, value as T[typeof name]);
    },
  };
}

/** The fields of `first`, then those of `then`, as one value. */
export function joined<A extends object, B extends object>(
  first: Codec<A>,
  then: Codec<B>,
): Codec<Readonly<A & B>> {
  return {
    minBytes: (first.minBytes ?? 0) + (then.minBytes ?? 0),
    read: (reader) => Object.freeze({ ...first.read(reader), ...then.read(reader) }),
    write(writer, value) {
      first.write(writer, value);
      then.write(writer, value);
    },
  };
}
