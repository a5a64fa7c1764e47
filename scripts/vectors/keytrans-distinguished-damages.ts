import type { VectorFile } from './vector-file.js';
export function addDistinguishedDamages(file: VectorFile): void {
  void file;
}
