/** Exchanges of a user with a key transparency log: judging them, and changing what the log answered. */
import type { RecentRule } from '../../test/reference/keytrans-distinguished.js';
import type { Combined } from '../../test/reference/keytrans-entries.js';
import * as operations from '../../test/reference/keytrans-operations.js';
import * as owners from '../../test/reference/keytrans-owner-operations.js';
import {
  contextOf,
  type FullHead,
  type LogConfiguration,
  type User,
} from '../../test/reference/keytrans-users.js';
import { readWire, writeWire } from '../../test/reference/keytrans-wire.js';
import { stateField, stateFrom } from './keytrans-state-fields.js';
import {
  bytes,
  type Fields,
  flipped,
  hex,
  type Json,
  list,
  number,
  text,
  VectorFile,
} from './vector-file.js';

/** By structure: what is sent, and what answers it. */
const MESSAGES: Readonly<Record<string, readonly [request: string, response: string]>> = {
  SearchExchange: ['SearchRequest', 'SearchResponse'],
  MonitorExchange: ['ContactMonitorRequest', 'ContactMonitorResponse'],
  OwnerInitExchange: ['OwnerInitRequest', 'OwnerInitResponse'],
  OwnerMonitorExchange: ['OwnerMonitorRequest', 'OwnerMonitorResponse'],
  UpdateExchange: ['UpdateRequest', 'UpdateResponse'],
  DistinguishedExchange: ['DistinguishedRequest', 'DistinguishedResponse'],
};

export const PLAIN = contextOf({ ciphersuite: 1, mode: 'contactMonitoring' });

const configOf = (input: Fields): LogConfiguration =>
  readWire('Configuration', bytes(input['configuration']), PLAIN) as LogConfiguration;

export const recentFrom = (field: Json | undefined): RecentRule => {
  const { count, withinMs } = field as Fields;
  return withinMs === null ? { count: number(count) } : { withinMs: number(withinMs) };
};

/** A file of exchanges: what a user kept is the `after` of the valid case that `before` names. */
export function exchangeFile(
  name: string,
  about: string,
  others: ConstructorParameters<typeof VectorFile>[2] = {},
): VectorFile {
  const userOf = (input: Fields): User => ({
    config: configOf(input),
    state: input['before'] === null ? null : stateFrom(file.outputOf(text(input['before']))['after']),
    nowMs: number(input['nowMs']),
  });
  const request = (input: Fields): Buffer => bytes(input['request']);
  const response = (input: Fields): Buffer => bytes(input['response']);
  const file: VectorFile = new VectorFile(name, about, {
    ...others,
    SearchExchange(input) {
      const { after, value, ...found } = operations.search(userOf(input), request(input), response(input));
      return { ...found, value: hex(value), after: stateField(after) };
    },
    MonitorExchange: (input) => ({
      after: stateField(operations.contactMonitor(userOf(input), request(input), response(input)).after),
    }),
    OwnerInitExchange(input) {
      const { after, ...owned } = owners.ownerInit(userOf(input), request(input), response(input));
      return { ...owned, after: stateField(after) };
    },
    OwnerMonitorExchange(input) {
      const { after, ...end } = owners.ownerMonitor(userOf(input), request(input), response(input));
      return { ...end, after: stateField(after) };
    },
    UpdateExchange(input) {
      const responses = list(input['responses']).map(bytes);
      const { versions, after } = owners.update(userOf(input), request(input), responses);
      return {
        versions: versions.map((one) => ({ ...one, value: one.value && hex(one.value) })),
        after: stateField(after),
      };
    },
    DistinguishedExchange(input) {
      const recent = recentFrom(input['recent']);
      const { heads, after } = operations.distinguished(
        userOf(input),
        recent,
        request(input),
        response(input),
      );
      return { heads: heads.map((head) => ({ ...head, root: hex(head.root) })), after: stateField(after) };
    },
  });
  return file;
}

// ------------------------------------------------------------------------------------- changing answers

/** An exchange that is in the file already. */
export interface Exchange<Request, Response> {
  readonly input: Fields;
  readonly request: Request;
  /** The first, where there are several. */
  readonly response: Response;
  readonly encode: (response: unknown) => string;
}

export function exchangeOf<Request, Response>(
  file: VectorFile,
  structure: string,
  name: string,
): Exchange<Request, Response> {
  const input = file.inputOf(name);
  const [requestName, responseName] = MESSAGES[structure] as readonly [string, string];
  const config = configOf(input);
  const request = readWire(requestName, bytes(input['request']), contextOf(config)) as Request;
  const namesVersion = (request as { readonly version?: number }).version !== undefined;
  const context = contextOf(config, namesVersion);
  const answered = input['response'] ?? list(input['responses'])[0];
  return {
    input,
    request,
    response: readWire(responseName, bytes(answered), context) as Response,
    encode: (response) => hex(writeWire(responseName, response, context).bytes),
  };
}

/** Adds invalid cases of one structure: what the log answers is changed, or another answer altogether. */
export function damages<Response, Request>(file: VectorFile, structure: string) {
  return (
    of: string,
    code: string,
    damage: string,
    change: (response: Response, request: Request) => unknown,
  ): void => {
    const { input, request, response, encode } = exchangeOf<Request, Response>(file, structure, of);
    const other = encode(change(response, request));
    if (input['response'] !== undefined) return file.invalid(of, code, damage, { response: other });
    file.invalid(of, code, damage, { responses: [other, ...list(input['responses']).slice(1)] });
  };
}

// ------------------------------------------------------------------------------------- what holds for every proof

interface Headed {
  readonly fullTreeHead: FullHead;
}

const NEVER = { results: [], elements: [Buffer.alloc(32)] };

/**
 * Adds damages that every operation refuses: a queue of the proof too long, a head whose signature is another.
 * @param of a valid case with a new head
 * @param field where the response has its proof
 */
export function addProofDamages(file: VectorFile, structure: string, of: string, field: string): void {
  const damaged = damages<Headed & Record<string, unknown>, unknown>(file, structure);
  const onProof = (code: string, damage: string, change: (proof: Combined) => Partial<Combined>): void =>
    damaged(of, code, damage, (response) => {
      const proof = response[field] as Combined;
      return { ...response, [field]: { ...proof, ...change(proof) } };
    });
  onProof('ERR_PROOF_TIMESTAMPS', 'a timestamp is left over', ({ timestampsMs: all }) => ({
    timestampsMs: [...all, all.at(-1) as number],
  }));
  onProof('ERR_PROOF_SEARCHES', 'a prefix proof is left over', ({ prefixProofs: all }) => ({
    prefixProofs: [...all, NEVER],
  }));
  onProof('ERR_PROOF_ROOTS', 'a prefix root is left over', ({ prefixRoots: all }) => ({
    prefixRoots: [...all, Buffer.alloc(32)],
  }));
  onProof('ERR_PROOF_LENGTH', 'a head in the log tree is left over', ({ inclusion: { elements: all } }) => ({
    inclusion: { elements: [...all, Buffer.alloc(32)] },
  }));
  damaged(of, 'ERR_SIGNATURE', 'another signature', (response) => {
    const { fullTreeHead: head } = response;
    if (head.headType === 'same') throw new Error('nothing is signed');
    const { treeSize, signature } = head.treeHead;
    return {
      ...response,
      fullTreeHead: { ...head, treeHead: { treeSize, signature: flipped(signature, 40) } },
    };
  });
}
