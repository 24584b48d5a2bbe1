import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex as hex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { leafHash, merkleTree, rootOfPath } from "./merkle.ts";

/** Entries of the reference tree used by Certificate Transparency implementations. */
const ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const leaves = ENTRIES.map((entry) => leafHash(hexToBytes(entry), sha256));

describe("Merkle tree of RFC 9162", () => {
  it("has the published roots", () => {
    expect(hex(merkleTree([], sha256).root)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(hex(merkleTree(leaves.slice(0, 1), sha256).root)).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
    expect(hex(merkleTree(leaves, sha256).root)).toBe(
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    );
  });

  it("proves every leaf of every size, and nothing else", () => {
    for (let size = 1; size <= leaves.length; size++) {
      const { root, paths } = merkleTree(leaves.slice(0, size), sha256);
      for (const [leafIndex, path] of paths.entries()) {
        const leaf = leaves[leafIndex] as Uint8Array;
        const inclusion = { leaf, leafIndex, treeSize: size, path };
        expect(hex(rootOfPath(inclusion, sha256) as Uint8Array)).toBe(hex(root));
        const other = rootOfPath({ ...inclusion, leaf: sha256(leaf) }, sha256);
        expect(other && hex(other)).not.toBe(hex(root));
        expect(rootOfPath({ ...inclusion, path: [...path, leaf] }, sha256)).toBeUndefined();
        if (path.length > 0) expect(rootOfPath({ ...inclusion, path: path.slice(1) }, sha256)).toBeUndefined();
      }
      expect(
        rootOfPath({ leaf: leaves[0] as Uint8Array, leafIndex: size, treeSize: size, path: [] }, sha256),
      ).toBeUndefined();
    }
  });
});
