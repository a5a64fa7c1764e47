/** What a log is, told naively: lists of versions and timestamps, and the definitions of the draft read out. */

/** A version as it was inserted. */
export interface ModelVersion {
  readonly value: string;
  readonly position: number;
  isDeleted: boolean;
}

/** A log. */
export class Model {
  readonly labels = new Map<string, ModelVersion[]>();
  readonly timestamps: number[] = [];
  readonly windowMs: number;
  readonly lifetimeMs: number;

  constructor(windowMs: number, lifetimeMs = Infinity) {
    this.windowMs = windowMs;
    this.lifetimeMs = lifetimeMs;
  }

  get treeSize(): number {
    return this.timestamps.length;
  }

  get newestMs(): number {
    return this.timestamps.at(-1) ?? 0;
  }

  insert(updates: readonly (readonly [label: string, values: readonly string[]])[], nowMs: number): void {
    for (const [label, values] of updates) {
      const versions = this.versionsOf(label);
      for (const value of values) versions.push({ value, position: this.treeSize, isDeleted: false });
      this.labels.set(label, versions);
    }
    this.timestamps.push(Math.max(nowMs, this.newestMs));
  }

  versionsOf(label: string): ModelVersion[] {
    return this.labels.get(label) ?? [];
  }

  /** The greatest version in an entry's prefix tree. */
  greatestAt(label: string, position: number): number | undefined {
    const count = this.versionsOf(label).filter((version) => version.position <= position).length;
    return count === 0 ? undefined : count - 1;
  }

  isExpired(position: number): boolean {
    return this.newestMs - (this.timestamps[position] as number) >= this.lifetimeMs;
  }

  /** Ascending: the recursion of "Reasonable Monitoring Window", over ranges of positions. */
  distinguished(): number[] {
    const recurse = (low: number, high: number, left: number, right: number): number[] => {
      if (low > high || right - left < this.windowMs) return [];
      let power = 1;
      while (power * 2 <= high - low + 1) power *= 2;
      const root = low + power - 1;
      const at = this.timestamps[root] as number;
      return [...recurse(low, root - 1, left, at), root, ...recurse(root + 1, high, at, right)];
    };
    return this.treeSize === 0 ? [] : recurse(0, this.treeSize - 1, 0, this.newestMs);
  }

  /** How a search for one version ends: the steps of "Fixed-Version Search", over ranges of positions. */
  fixedVersion(label: string, target: number): 'found' | 'absent' | 'expired' {
    const distinguished = new Set(this.distinguished());
    const isChecked = (at: number): boolean => !this.isExpired(at) && distinguished.has(at);
    const path: number[] = [];
    const above: number[] = [];
    let [low, high] = [0, this.treeSize - 1];
    while (low <= high) {
      let power = 1;
      while (power * 2 <= high - low + 1) power *= 2;
      const at = low + power - 1;
      const greatest = this.greatestAt(label, at) ?? -1;
      if (!this.isExpired(at) && greatest === target) {
        const isSure =
          !path.some((p) => this.isExpired(p)) || [...path.filter((p) => p < at), at].some(isChecked);
        return isSure ? 'found' : 'expired';
      }
      path.push(at);
      if (this.isExpired(at) || greatest < target) low = at + 1;
      else {
        above.push(at);
        high = at - 1;
      }
    }
    if (above.length === 0) return 'absent';
    const leftmost = Math.min(...above);
    const isSure = !path.some((p) => this.isExpired(p)) || path.some((p) => p < leftmost && isChecked(p));
    return isSure ? 'found' : 'expired';
  }
}
