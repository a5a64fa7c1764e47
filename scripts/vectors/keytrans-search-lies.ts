import type { VectorFile } from './vector-file.js';
export function addSearchLies(file: VectorFile): void {
  void file;
}
