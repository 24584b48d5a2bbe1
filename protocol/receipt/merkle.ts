/** SHA-256; passed in, because both ends have their own. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

const LEAF = 0x00;
const NODE = 0x01;

function prefixed(prefix: number, parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(1 + parts.reduce((total, part) => total + part.length, 0));
  bytes[0] = prefix;
  let at = 1;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Hash of a leaf (RFC 9162, 2.1.1): never the hash of a node. */
export function leafHash(entry: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(prefixed(LEAF, [entry]));
}

function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(prefixed(NODE, [left, right]));
}

/** Largest power of two below `size`. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** A Merkle tree over leaf hashes (RFC 9162, 2.1): its root and every leaf's inclusion path, from leaf to root. */
export function merkleTree(
  leaves: readonly Uint8Array[],
  sha256: Sha256,
): { readonly root: Uint8Array; readonly paths: readonly (readonly Uint8Array[])[] } {
  const [only] = leaves;
  if (leaves.length === 0) return { root: sha256(new Uint8Array(0)), paths: [] };
  if (leaves.length === 1 && only) return { root: only, paths: [[]] };
  const split = splitOf(leaves.length);
  const left = merkleTree(leaves.slice(0, split), sha256);
  const right = merkleTree(leaves.slice(split), sha256);
  const paths = [
    ...left.paths.map((path) => [...path, right.root]),
    ...right.paths.map((path) => [...path, left.root]),
  ];
  return { root: nodeHash(left.root, right.root, sha256), paths };
}

/** Where a leaf stands in its tree. */
export interface Inclusion {
  readonly leaf: Uint8Array;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly path: readonly Uint8Array[];
}

/** The root an inclusion path leads to (RFC 9162, 2.1.3.2), or undefined when the path cannot belong to such a tree. */
export function rootOfPath({ leaf, leafIndex, treeSize, path }: Inclusion, sha256: Sha256): Uint8Array | undefined {
  if (!Number.isSafeInteger(leafIndex) || leafIndex < 0 || leafIndex >= treeSize) return undefined;
  let index = leafIndex;
  let last = treeSize - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (index % 2 === 1 || index === last) {
      hash = nodeHash(sibling, hash, sha256);
      while (index % 2 === 0 && index !== 0) {
        index = Math.floor(index / 2);
        last = Math.floor(last / 2);
      }
    } else hash = nodeHash(hash, sibling, sha256);
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}
