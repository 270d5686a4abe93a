/** Boxes still to be opened, the nearest first. */
export interface NodeQueue {
  clear(): void;
  size(): number;
  add(distance: number, node: number): void;
  /** Distance of the nearest box; there must be one. */
  nearestDistance(): number;
  /** Takes the nearest box out. */
  take(): number;
}

/** The nearest candidates found so far. */
export interface NearestList {
  /** Starts anew, for `wanted` ≥ 1 candidates. */
  clear(wanted: number): void;
  size(): number;
  /** The distance that a candidate must undercut: infinite until there are as many as wanted. */
  largest(): number;
  add(distance: number, index: number): void;
  /** Writes the indices in ascending order and returns how many there are. */
  write(into: Int32Array): number;
}

/** A binary heap in typed arrays that grow as needed and are used again. */
export function createNodeQueue(): NodeQueue {
  let distances = new Float64Array(64);
  let nodes = new Int32Array(64);
  let size = 0;
  return {
    clear: () => (size = 0),
    size: () => size,
    nearestDistance: () => distances[0]!,
    add(distance, node) {
      if (size === nodes.length) {
        distances = grown(distances, new Float64Array(2 * size));
        nodes = grown(nodes, new Int32Array(2 * size));
      }
      let at = size++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (distances[parent]! <= distance) break;
        distances[at] = distances[parent]!;
        nodes[at] = nodes[parent]!;
        at = parent;
      }
      distances[at] = distance;
      nodes[at] = node;
    },
    take() {
      const first = nodes[0]!;
      size--;
      sink(distances, nodes, size, distances[size]!, nodes[size]!, 1);
      return first;
    },
  };
}

/** A binary heap with the farthest candidate on top. */
export function createNearestList(): NearestList {
  let distances = new Float64Array(32);
  let indices = new Int32Array(32);
  let size = 0;
  let wanted = 0;
  return {
    clear(count) {
      size = 0;
      wanted = count;
      if (indices.length >= count) return;
      distances = new Float64Array(count);
      indices = new Int32Array(count);
    },
    size: () => size,
    largest: () => (size < wanted ? Number.POSITIVE_INFINITY : distances[0]!),
    add(distance, index) {
      if (size === wanted) {
        if (distance < distances[0]!) sink(distances, indices, size, distance, index, -1);
        return;
      }
      let at = size++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (distances[parent]! >= distance) break;
        distances[at] = distances[parent]!;
        indices[at] = indices[parent]!;
        at = parent;
      }
      distances[at] = distance;
      indices[at] = index;
    },
    write(into) {
      into.set(indices.subarray(0, size));
      into.subarray(0, size).sort();
      return size;
    },
  };
}

/** Puts an entry on top of a heap and lets it down; sign 1 keeps the smallest distance on top, −1 the largest. */
function sink(
  distances: Float64Array,
  items: Int32Array,
  size: number,
  distance: number,
  item: number,
  sign: 1 | -1,
): void {
  let at = 0;
  for (let child = 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && sign * distances[child + 1]! < sign * distances[child]!) child++;
    if (sign * distances[child]! >= sign * distance) break;
    distances[at] = distances[child]!;
    items[at] = items[child]!;
    at = child;
  }
  distances[at] = distance;
  items[at] = item;
}

function grown<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
