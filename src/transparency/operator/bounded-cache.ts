/** A map that forgets its oldest entry where it would grow beyond a bound. */
export interface BoundedCache<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
}

/** An empty one. @param bound entries, 1 or more */
export function boundedCache<Key, Value>(bound: number): BoundedCache<Key, Value> {
  const entries = new Map<Key, Value>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      // A map gives its keys in the order in which they came.
      if (entries.size >= bound && !entries.has(key)) entries.delete(entries.keys().next().value as Key);
      entries.set(key, value);
    },
  };
}
