/**
 * Audits of IETF Key Transparency. The reference goes through each story from its beginning, and keeps all of it; what the
 * file says that an auditor keeps is what later steps can ask about.
 */
import { audit, headOf } from '../../test/reference/keytrans-auditor.js';
import { keyPairFrom } from '../../test/reference/keys.js';
import { beginAt, keptOf, NOTHING, rootOf, type Told } from '../../test/reference/keytrans-told.js';
import {
  type AuditorHead,
  contextOf,
  type LogConfiguration,
  SUITES,
} from '../../test/reference/keytrans-users.js';
import { readWire, writeWire } from '../../test/reference/keytrans-wire.js';
import { signAsSuite } from './cipher-suites.js';
import { addAuditDamages } from './keytrans-audit-damages.js';
import { addAuditHeadDamages } from './keytrans-audit-head-damages.js';
import { type AuditLog, MIDDLE, middleLog, oneLeafLog, wholeLog } from './keytrans-audit-logs.js';
import { PLAIN } from './keytrans-exchanges.js';
import { orNull } from './keytrans-state-fields.js';
import { minute } from './keytrans-stories.js';
import { CURVES } from './keytrans-story-logs.js';
import { bytes, type Fields, hex, list, text, VectorFile } from './vector-file.js';

export function keytransAudits(): VectorFile {
  const file: VectorFile = new VectorFile(
    'keytrans-audits',
    'The third-party auditor of IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a): log entries audited, from the first one on or from the middle.',
    { Audit: (input) => judge(input, (name) => file.inputOf(name)) },
  );
  for (const [ciphersuite, curve] of CURVES) {
    addWhole(file, wholeLog(ciphersuite, curve), curve);
    addMiddle(file, middleLog(ciphersuite, curve), curve);
    addOneLeaf(file, oneLeafLog(ciphersuite, curve), curve);
  }
  addAuditDamages(file);
  addAuditHeadDamages(file);
  return file;
}

// ------------------------------------------------------------------------------------- judging

const configOf = (input: Fields): LogConfiguration =>
  readWire('Configuration', bytes(input['configuration']), PLAIN) as LogConfiguration;

/** All that the auditor was told before, case by case. */
function toldBefore(input: Fields, inputOf: (name: string) => Fields): Told {
  const config = configOf(input);
  if (input['before'] !== null) {
    const before = inputOf(text(input['before']));
    const nothing = { nowMs: null, newest: null };
    return audit(config, toldBefore(before, inputOf), list(before['updates']).map(bytes), nothing);
  }
  const start = input['start'] ?? null;
  return start === null ? NOTHING : beginAt(config, config.auditorStartPos as number, bytes(start));
}

function judge(input: Fields, inputOf: (name: string) => Fields): Fields {
  const config = configOf(input);
  const context = contextOf(config);
  const newestHead = input['newestHead'] ?? null;
  const newest =
    newestHead === null ? null : (readWire('AuditorTreeHead', bytes(newestHead), context) as AuditorHead);
  const before = toldBefore(input, inputOf);
  const told = audit(config, before, list(input['updates']).map(bytes), {
    nowMs: orNull(input['nowMs']),
    newest,
  });
  const pair = keyPairFrom(SUITES[config.ciphersuite].scheme, bytes(input['secret']));
  const signer = {
    publicKey: pair.publicKey.key,
    sign: (message: Uint8Array) => signAsSuite(pair, message),
  };
  const head = headOf(config, signer, told, newest);
  const { treeSize, fullSubtrees, frontier, prefixTree, insertions } = keptOf(config, told);
  return {
    root: hex(rootOf(told)),
    head: head && hex(writeWire('AuditorTreeHead', head, context).bytes),
    after: {
      treeSize,
      fullSubtrees: fullSubtrees.map(hex),
      frontier,
      prefixTree: hex(prefixTree),
      insertions: insertions.map(({ position, keys }) => ({ position, keys: hex(keys) })),
    },
  };
}

// ------------------------------------------------------------------------------------- stories

/** An auditor from its first update on. */
class Story {
  readonly #file: VectorFile;
  readonly #log: AuditLog;
  readonly #name: string;
  #before: string | null = null;
  #size: number;

  constructor(file: VectorFile, log: AuditLog, name: string, size = 0) {
    this.#file = file;
    this.#log = log;
    this.#name = name;
    this.#size = size;
  }

  /** The updates up to a size of the log. */
  to(size: number, what: string, also: { readonly nowMs?: number; readonly newestHead?: string } = {}): this {
    const name = `${this.#name}: ${what}`;
    this.#file.valid('Audit', name, {
      configuration: hex(this.#log.operator.configuration),
      before: this.#before,
      start: this.#before === null && this.#size > 0 ? this.#log.start(this.#size) : null,
      secret: this.#log.secret,
      newestHead: also.newestHead ?? null,
      nowMs: also.nowMs ?? null,
      updates: this.#log.told(this.#size, size),
    });
    this.#before = name;
    this.#size = size;
    return this;
  }

  /** The same auditor, from a state of then on. */
  since(what: string, size: number): Story {
    const story = new Story(this.#file, this.#log, this.#name, size);
    story.#before = `${this.#name}: ${what}`;
    return story;
  }
}

const FIRST = 'the first log entry';

function addWhole(file: VectorFile, log: AuditLog, curve: string): void {
  const name = `from the beginning, ${curve}`;
  const story = new Story(file, log, name);
  story
    .to(1, FIRST)
    .to(4, 'three at once, one of them without changes')
    .to(5, 'a leaf removed that a distinguished entry has shown')
    .to(6, 'a value replaced', { nowMs: minute(5) })
    .to(7, 'an entry without changes')
    .to(8, 'a leaf removed in the entry that is the next root')
    .to(11, 'leaves that no distinguished entry shows yet, one of them put back')
    .to(12, 'a leaf removed as soon as a distinguished entry shows it')
    .to(14, 'two removed, one put back, and nothing');
  const newestHead = log.head(8);
  story
    .since(FIRST, 1)
    .to(4, 'restored, and below the newest head', { newestHead })
    .to(8, 'restored, and at the newest head again', { newestHead })
    .to(9, 'restored, and beyond the newest head', { newestHead });
  new Story(file, log, name).to(10, 'all is lost, and made again past the newest head', { newestHead });
}

function addMiddle(file: VectorFile, log: AuditLog, curve: string): void {
  new Story(file, log, `from the middle, ${curve}`, MIDDLE)
    .to(7, 'the first log entry that is audited')
    .to(8, 'a leaf from before the start, removed once an audited entry shows it')
    .to(12, 'four at once')
    .to(14, 'two at once');
}

function addOneLeaf(file: VectorFile, log: AuditLog, curve: string): void {
  new Story(file, log, `one leaf, ${curve}`)
    .to(2, 'added, and removed in the next entry')
    .to(3, 'no leaf at all')
    .to(5, 'put back, and replaced');
}
