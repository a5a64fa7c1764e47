import type { VectorFile } from './vector-file.js';
export function addUpdateDamages(file: VectorFile): void {
  void file;
}
