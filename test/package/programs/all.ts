/** Every program by the door it uses, for a page that runs them all. */

import { work as auditor } from './auditor.js';
import { work as bytes } from './bytes.js';
import { work as codes } from './codes.js';
import { work as contacts } from './contacts.js';
import { work as credentials } from './credentials.js';
import { work as directory } from './directory.js';
import { work as errors } from './errors.js';
import { work as evidence } from './evidence.js';
import { work as index } from './index.js';
import { work as keys } from './keys.js';
import { work as log } from './log.js';
import { work as operator } from './operator.js';
import { work as parallel } from './parallel.js';
import { work as prefix } from './prefix.js';
import { work as suites } from './suites.js';
import { work as transfer } from './transfer.js';
import { work as transparency } from './transparency.js';
import { work as testing } from './testing.js';
import { work as vectors } from './vectors.js';
import { work as wasm } from './wasm.js';
import { work as witnesses } from './witnesses.js';
import { work as worker } from './worker.js';

export const programs: Readonly<Record<string, () => string | Promise<string>>> = {
  auditor,
  bytes,
  codes,
  contacts,
  credentials,
  directory,
  errors,
  evidence,
  index,
  keys,
  log,
  operator,
  parallel,
  prefix,
  suites,
  transfer,
  transparency,
  testing,
  vectors,
  wasm,
  witnesses,
  worker,
};
