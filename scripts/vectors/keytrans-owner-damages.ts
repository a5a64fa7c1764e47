import type { VectorFile } from './vector-file.js';
export function addOwnerDamages(file: VectorFile): void {
  void file;
}
