/**
 * Damaged structures of key transparency. Most damages come from the marks that the reference leaves while it writes:
 * the first and the last place of each kind. What only one structure has is written out.
 */
import type { Mark } from '../../test/reference/keytrans-bytes.js';
import { uint } from '../../test/reference/encoding.js';
import { cut, hex, longer, patched, type VectorFile } from './vector-file.js';

export interface Encoding {
  readonly bytes: Buffer;
  readonly marks: readonly Mark[];
}

type Refuse = (code: string, damage: string, damaged: Uint8Array) => void;

export function damagedWire(file: VectorFile, of: string, name: string, { bytes, marks }: Encoding): void {
  const refuse: Refuse = (code, damage, damaged) => file.invalid(of, code, damage, { bytes: hex(damaged) });
  const ends = (kind: Mark['kind']): readonly Mark[] => {
    const all = marks.filter((mark) => mark.kind === kind);
    return [...new Set([all[0], all.at(-1)])].flatMap((mark) => mark ?? []);
  };

  refuse('ERR_TRUNCATED', 'nothing is left', Buffer.alloc(0));
  refuse('ERR_TRUNCATED', 'the last byte is missing', cut(bytes));
  refuse('ERR_TRAILING_BYTES', 'a zero follows', longer(bytes));
  for (const { offset, known = [] } of ends('enum').slice(-1)) {
    refuse('ERR_ENUM', `the enumerator at byte ${offset} is 0`, patched(bytes, offset, uint(1, 0)));
    const next = Math.max(...known) + 1;
    refuse('ERR_ENUM', `the enumerator at byte ${offset} is ${next}`, patched(bytes, offset, uint(1, next)));
  }
  for (const { offset } of ends('presence')) {
    refuse('ERR_ENUM', `the presence octet at byte ${offset} is 2`, patched(bytes, offset, uint(1, 2)));
  }
  for (const { offset } of ends('uint64')) {
    const beyond = patched(bytes, offset, Buffer.from('0020000000000000', 'hex'));
    refuse('ERR_INTEGER', `the uint64 at byte ${offset} is 2^53`, beyond);
  }
  for (const { offset, width } of ends('count')) {
    const most = 256 ** width - 1;
    refuse(
      'ERR_TRUNCATED',
      `the count at byte ${offset} is ${most}`,
      patched(bytes, offset, uint(width, most)),
    );
  }
  OWN_DAMAGES[name]?.(refuse, bytes, marks);
}

/** The length before the first value, which is the first of four bytes. */
function valueLength(marks: readonly Mark[]): Mark {
  const mark = marks.find(({ kind, width }) => kind === 'length' && width === 4);
  if (mark === undefined) throw new Error('there is no value');
  return mark;
}

function damagedValue(refuse: Refuse, bytes: Buffer, marks: readonly Mark[]): void {
  const { offset } = valueLength(marks);
  refuse(
    'ERR_LENGTH',
    'a value of 2^20 + 1 bytes is announced',
    patched(bytes, offset, uint(4, 2 ** 20 + 1)),
  );
  refuse(
    'ERR_LENGTH',
    'a value of 2^32 - 1 bytes is announced',
    patched(bytes, offset, uint(4, 2 ** 32 - 1)),
  );
}

function damagedConfiguration(refuse: Refuse, bytes: Buffer): void {
  refuse('ERR_ENUM', 'the reserved suite 0', patched(bytes, 0, uint(2, 0)));
  refuse('ERR_CIPHER_SUITE', 'suite 3', patched(bytes, 0, uint(2, 3)));
  refuse('ERR_CIPHER_SUITE', 'suite 0xf000, for private use', patched(bytes, 0, uint(2, 0xf000)));
  refuse('ERR_KEY_LENGTH', 'a signature key of 33 bytes is announced', patched(bytes, 3, uint(2, 33)));
  refuse('ERR_KEY_LENGTH', 'a VRF key of 33 bytes is announced', patched(bytes, 37, uint(2, 33)));
  const lifetime = bytes.length - 8;
  refuse('ERR_CONFIGURATION', 'a maximum lifetime of 0', patched(bytes, lifetime, uint(8, 0)));
  refuse(
    'ERR_CONFIGURATION',
    'a maximum lifetime that is the monitoring window',
    patched(bytes, lifetime, uint(8, 604_800_000)),
  );
  refuse('ERR_CONFIGURATION', 'a maximum lifetime of one', patched(bytes, lifetime, uint(8, 1)));
}

/** By structure: what only it can have. */
const OWN_DAMAGES: Readonly<Record<string, (refuse: Refuse, bytes: Buffer, marks: readonly Mark[]) => void>> =
  {
    Configuration: damagedConfiguration,
    TreeHeadTbs: (refuse, bytes) => refuse('ERR_CIPHER_SUITE', 'suite 3', patched(bytes, 0, uint(2, 3))),
    UpdateTbs: damagedValue,
    CommitmentValue: damagedValue,
    SearchResponse: damagedValue,
    UpdateRequest: damagedValue,
    Credential: damagedValue,
    ManagerUpdateRequest: damagedValue,
    ContactMonitorRequest: (refuse, bytes) =>
      refuse('ERR_TOO_LARGE', '4,097 bytes', Buffer.concat([bytes, Buffer.alloc(4097 - bytes.length)])),
  };
