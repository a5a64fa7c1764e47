/** The logs that the stories are told of, and which of their entries bring versions of the label. */
import type { LogOptions, Operator } from '../../test/reference/keytrans-operator.js';
import { logNamed, MINUTE } from './keytrans-stories.js';

export const CURVES = [
  [1, 'P-256'],
  [2, 'Ed25519'],
] as const;

/** Version 0 in entry 0, 1 in 3, 2 in 17, 3 in 18, 4 in 20. Entry 15 is distinguished, and then none until 31 is. */
const CONTACT_VERSIONS = new Set([0, 3, 17, 18, 20]);
export const contactVersionsAt = (position: number): number => (CONTACT_VERSIONS.has(position) ? 1 : 0);

export const contactLog = (ciphersuite: 1 | 2, curve: string): Operator =>
  logNamed(`contacts, ${curve}`, { ciphersuite, mode: 'contactMonitoring', windowMs: 16 * MINUTE });

/** Version 0 in entry 9, 1 and 2 in 10, 3 in 29. */
export const ownerVersionsAt = (position: number): number => ({ 9: 1, 10: 2, 29: 1 })[position] ?? 0;

export const ownerLog = (ciphersuite: 1 | 2, curve: string): Operator =>
  logNamed(`an owner, ${curve}`, { ciphersuite, mode: 'contactMonitoring', windowMs: 4 * MINUTE });

export const managedLog = (ciphersuite: 1 | 2, curve: string): Operator =>
  logNamed(`a manager, ${curve}`, {
    ciphersuite,
    mode: 'thirdPartyManagement',
    windowMs: 4 * MINUTE,
    maximumLifetimeMs: 12 * MINUTE,
  });

/** Version 0 in entry 6, 1 in 10, 2 in 16. */
export const thirdVersionsAt = (position: number): number => ([6, 10, 16].includes(position) ? 1 : 0);

export const auditedLog = (ciphersuite: 1 | 2, curve: string): Operator =>
  logNamed(`an auditor, ${curve}`, { ciphersuite, mode: 'thirdPartyAuditing', windowMs: 4 * MINUTE });

export const updateLog = (ciphersuite: 1 | 2, mode: LogOptions['mode']): Operator =>
  logNamed(`updates, ${mode}, ${ciphersuite}`, { ciphersuite, mode, windowMs: 16 * MINUTE });

/** Version 0 in entry 4, 1 in 9. Entry 15 is distinguished, and then none until 31 is. */
export const updateVersionsAt = (position: number): number => (position === 4 || position === 9 ? 1 : 0);
export const keys = (...names: readonly string[]): Buffer[] =>
  names.map((name) => Buffer.from(`keys ${name}`));

const walkWindowMs = 4 * MINUTE;

export const walkLog = (ciphersuite: 1 | 2): Operator =>
  logNamed(`walks, ${ciphersuite}`, { ciphersuite, mode: 'contactMonitoring', windowMs: walkWindowMs });

export const managedWalkLog = (ciphersuite: 1 | 2): Operator =>
  logNamed(`managed walks, ${ciphersuite}`, {
    ciphersuite,
    mode: 'thirdPartyManagement',
    windowMs: walkWindowMs,
    maximumLifetimeMs: 12 * MINUTE,
  });

export const auditedWalkLog = (ciphersuite: 1 | 2): Operator =>
  logNamed(`audited walks, ${ciphersuite}`, {
    ciphersuite,
    mode: 'thirdPartyAuditing',
    windowMs: walkWindowMs,
  });

export const walkVersionsAt = (position: number): number => (position % 5 === 0 ? 1 : 0);

/** Version 0 in entry 1, 1 in 4, 2 in 12. */
export const credentialVersionsAt = (position: number): number => ([1, 4, 12].includes(position) ? 1 : 0);

export const credentialLog = (ciphersuite: 1 | 2, mode: LogOptions['mode']): Operator =>
  logNamed(`credentials, ${mode}, ${ciphersuite}`, { ciphersuite, mode, windowMs: walkWindowMs });
