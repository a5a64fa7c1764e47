/**
 * As much of JSON Schema (2020-12) as the schema of the vectors uses. A keyword that is not known here is an error:
 * a schema that nobody enforces is a comment.
 */

type Schema = Readonly<Record<string, unknown>>;

/** Words without effect on validity. */
const ANNOTATIONS = new Set(['$schema', '$id', '$defs', 'title', 'description']);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

type Rule = (value: unknown, argument: unknown, schema: Schema, at: string, root: Schema) => string[];

const when = (wrong: boolean, at: string, problem: string): string[] => (wrong ? [`${at}: ${problem}`] : []);

const RULES: Readonly<Record<string, Rule>> = {
  $ref: (value, name, _, at, root) => {
    const definition = (root['$defs'] as Schema)[String(name).replace('#/$defs/', '')];
    if (!isObject(definition)) throw new Error(`no definition ${String(name)}`);
    return problemsOf(value, definition, at, root);
  },
  type: (value, types, _, at) =>
    when(![types].flat().includes(typeOf(value)), at, `is not ${String(types)} but ${typeOf(value)}`),
  const: (value, wanted, _, at) => when(value !== wanted, at, `is not ${String(wanted)}`),
  enum: (value, wanted, _, at) => when(!(wanted as unknown[]).includes(value), at, 'is none of the values'),
  pattern: (value, pattern, _, at) =>
    when(
      typeof value === 'string' && !new RegExp(String(pattern), 'u').test(value),
      at,
      `is no ${String(pattern)}`,
    ),
  minLength: (value, length, _, at) =>
    when(typeof value === 'string' && value.length < Number(length), at, 'is too short'),
  minimum: (value, least, _, at) =>
    when(typeof value === 'number' && value < Number(least), at, 'is too small'),
  maximum: (value, most, _, at) =>
    when(typeof value === 'number' && value > Number(most), at, 'is too large'),
  minItems: (value, least, _, at) =>
    when(Array.isArray(value) && value.length < Number(least), at, 'has too few items'),
  maxItems: (value, most, _, at) =>
    when(Array.isArray(value) && value.length > Number(most), at, 'has too many items'),
  items: (value, schema, _, at, root) =>
    Array.isArray(value)
      ? value.flatMap((item, i) => problemsOf(item, schema as Schema, `${at}/${i}`, root))
      : [],
  required: (value, names, _, at) =>
    isObject(value) ? (names as string[]).flatMap((name) => when(!(name in value), at, `lacks ${name}`)) : [],
  properties: (value, schemas, _, at, root) =>
    Object.entries(schemas as Record<string, Schema>).flatMap(([name, schema]) =>
      isObject(value) && name in value ? problemsOf(value[name], schema, `${at}/${name}`, root) : [],
    ),
  additionalProperties: (value, allowed, schema, at) => {
    if (allowed !== false) throw new Error('additionalProperties is known as false only');
    const known = Object.keys((schema['properties'] ?? {}) as Schema);
    return isObject(value)
      ? Object.keys(value).flatMap((name) => when(!known.includes(name), at, `has ${name}`))
      : [];
  },
  oneOf: (value, schemas, _, at, root) => {
    const results = (schemas as Schema[]).map((schema) => problemsOf(value, schema, at, root));
    const fitting = results.filter((problems) => problems.length === 0).length;
    return fitting === 1 ? [] : [`${at}: fits ${fitting} of ${results.length} forms`];
  },
};

/** What is wrong with a value, one line each; empty where it fits the schema. */
export function problemsOf(value: unknown, schema: Schema, at = '', root: Schema = schema): string[] {
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    if (ANNOTATIONS.has(keyword)) return [];
    const rule = RULES[keyword];
    if (rule === undefined) throw new Error(`unknown keyword ${keyword}`);
    return rule(value, argument, schema, at, root);
  });
}
