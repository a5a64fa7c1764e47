/**
 * A user of a key transparency log from the first exchange on: each request follows from what was kept after the one
 * before, each response from the log as it is then.
 */
import type { RecentRule } from '../../test/reference/keytrans-distinguished.js';
import { greatestOf } from '../../test/reference/keytrans-monitoring.js';
import { Operator, type Answering, type LogOptions } from '../../test/reference/keytrans-operator.js';
import * as answers from '../../test/reference/keytrans-operator-answers.js';
import { contextOf, type UserState } from '../../test/reference/keytrans-users.js';
import { writeWire } from '../../test/reference/keytrans-wire.js';
import { stateFrom } from './keytrans-state-fields.js';
import { bytesOf } from './people.js';
import { type Fields, hex, type VectorFile } from './vector-file.js';

export const LABEL: Buffer = Buffer.from('alice@example.org');
export const MINUTE = 60_000;
const START_MS = Date.UTC(2026, 0, 1);
/** Between the newest log entry and the user's clock. */
const DELAY_MS = 1500;

/** The time of a log entry: one a minute. */
export const minute = (position: number): number => START_MS + position * MINUTE;

export type LogChoice = Pick<LogOptions, 'ciphersuite' | 'mode' | 'windowMs'> & Partial<LogOptions>;

export function logNamed(name: string, choice: LogChoice): Operator {
  return new Operator({ label: LABEL, secret: (what) => bytesOf(`log of ${name}, ${what}`), ...choice });
}

/**
 * Lets a log grow, an entry a minute.
 * @param versionsAt how many versions an entry brings; default: none
 */
export function grow(log: Operator, size: number, versionsAt: (position: number) => number = () => 0): void {
  while (log.size < size) {
    const position = log.size;
    const values = Array.from({ length: versionsAt(position) }, (_, i) =>
      Buffer.from(`keys of entry ${position}${i === 0 ? '' : `, ${i}`}`),
    );
    log.append(minute(position), values);
  }
}

export class Story {
  log: Operator;
  readonly name: string;
  readonly #file: VectorFile;
  #before: string | null;

  constructor(file: VectorFile, log: Operator, name: string, before: string | null = null) {
    this.#file = file;
    this.log = log;
    this.name = name;
    this.#before = before;
  }

  /** The last exchange. */
  get last(): string {
    if (this.#before === null) throw new Error('nothing has been exchanged');
    return this.#before;
  }

  /** Another user, who comes to the same log. */
  newcomer(log: Operator = this.log): Story {
    return new Story(this.#file, log, this.name);
  }

  /** The user after an exchange, who goes on in another way. */
  since(before: string): Story {
    return new Story(this.#file, this.log, this.name, before);
  }

  search(what: string, version?: number, how?: Answering): Fields {
    const request = { last: this.#last, label: LABEL, version };
    const response = this.#encode('SearchResponse', answers.answerSearch(this.log, request, how), version);
    return this.#add('SearchExchange', what, { request: this.#encode('SearchRequest', request), response });
  }

  monitor(what: string, how?: Answering): Fields {
    const request = { last: this.#last, label: LABEL, entries: this.#label?.monitored ?? [] };
    const answer = answers.answerContactMonitor(this.log, request, how);
    const response = this.#encode('ContactMonitorResponse', answer);
    return this.#add('MonitorExchange', what, {
      request: this.#encode('ContactMonitorRequest', request),
      response,
    });
  }

  ownerInit(what: string, start: number, how?: Answering): Fields {
    const request = { last: this.#last, label: LABEL, start };
    const response = this.#encode('OwnerInitResponse', answers.answerOwnerInit(this.log, request, how));
    return this.#add('OwnerInitExchange', what, {
      request: this.#encode('OwnerInitRequest', request),
      response,
    });
  }

  ownerMonitor(what: string, page = 10, how?: Answering): Fields {
    const request = {
      last: this.#last,
      label: LABEL,
      entries: this.#label?.monitored ?? [],
      start: this.#owned.start,
      greatestVersion: greatestOf(this.#owned) ?? undefined,
    };
    const answer = answers.answerOwnerMonitor(this.log, request, page, how);
    const response = this.#encode('OwnerMonitorResponse', answer);
    return this.#add('OwnerMonitorExchange', what, {
      request: this.#encode('OwnerMonitorRequest', request),
      response,
    });
  }

  /**
   * @param values of the request
   * @param insertions how many responses there are: one for each log entry with versions that are new to the owner
   * @param sequence adds the log entry with the values; absent where the log has versions already
   */
  update(what: string, values: readonly Buffer[], insertions: number, sequence?: () => void): Fields {
    const request = {
      last: this.#last,
      label: LABEL,
      greatestVersion: greatestOf(this.#owned) ?? undefined,
      values: values.map((value) => ({ value })),
    };
    sequence?.();
    const responses: string[] = [];
    let [last, known] = [request.last, request.greatestVersion];
    for (let i = 0; i < insertions; i++) {
      const isCreated = sequence !== undefined && i === 0;
      const answer = answers.answerUpdate(this.log, { last, greatestVersion: known }, isCreated);
      responses.push(this.#encode('UpdateResponse', answer));
      last = this.log.size;
      known = this.log.greatestAt(answer.position);
    }
    return this.#add('UpdateExchange', what, { request: this.#encode('UpdateRequest', request), responses });
  }

  distinguished(what: string, recent: RecentRule, stop?: number, how?: Answering): Fields {
    const request = { last: this.#last, stop };
    const answer = answers.answerDistinguished(this.log, request, recent, how);
    const { count = null, withinMs = null } = recent as {
      readonly count?: number;
      readonly withinMs?: number;
    };
    return this.#add('DistinguishedExchange', what, {
      recent: { count, withinMs },
      request: this.#encode('DistinguishedRequest', request),
      response: this.#encode('DistinguishedResponse', answer),
    });
  }

  get #state(): UserState | null {
    return this.#before === null ? null : stateFrom(this.#file.outputOf(this.#before)['after']);
  }

  get #last(): number | undefined {
    return this.#state?.treeHead.treeSize;
  }

  get #label() {
    return this.#state?.label ?? null;
  }

  get #owned() {
    const owned = this.#label?.owned ?? null;
    if (owned === null) throw new Error('the label is not owned');
    return owned;
  }

  #encode(structure: string, fields: unknown, version?: number): string {
    return hex(writeWire(structure, fields, contextOf(this.log.config, version !== undefined)).bytes);
  }

  #add(structure: string, what: string, exchanged: Fields): Fields {
    const name = `${this.name}: ${what}`;
    const newest = this.log.entry(this.log.size - 1).timestampMs;
    const output = this.#file.valid(structure, name, {
      configuration: hex(this.log.configuration),
      before: this.#before,
      nowMs: newest + DELAY_MS,
      ...exchanged,
    });
    this.#before = name;
    return output;
  }
}
