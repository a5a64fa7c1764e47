/**
 * What a directory, a network or a man in the middle may try, and what people are told. Each scenario also runs without
 * its attack, so that nothing is refused by accident.
 */

import { codeScenarios } from './code-scenarios.js';
import { listScenarios } from './list-scenarios.js';
import { logScenarios } from './log-scenarios.js';
import type { Scenario } from './scenario.js';

/** Every attack of the demo. */
export const scenarios: readonly Scenario[] = [...listScenarios, ...logScenarios, ...codeScenarios];
