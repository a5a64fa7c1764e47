import type { VectorFile } from './vector-file.js';
export function addMonitoringDamages(file: VectorFile): void {
  void file;
}
