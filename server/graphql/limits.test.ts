import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { LIMITS, limitsRule } from "./limits.ts";

const schema = buildSchema("type Query { node: Node } type Node { child: Node, id: ID }");
const faults = (document: string): string[] =>
  validate(schema, parse(document), [limitsRule]).map((error) => error.message.split(": ")[1] ?? "");
const nested = (depth: number): string => `{ node { ${"child { ".repeat(depth - 2)}id${" }".repeat(depth)}`;

describe("what a document may ask for", () => {
  it("is everything a screen needs", () => {
    expect(faults("{ a: node { id child { id } } b: node { id } }")).toEqual([]);
    expect(faults(nested(LIMITS.depth))).toEqual([]);
  });
  it("is bounded in depth, also through fragments", () => {
    expect(faults(nested(LIMITS.depth + 1))).toEqual([`nested deeper than ${LIMITS.depth}.`]);
    const fragment = `fragment F on Node { ${"child { ".repeat(15)}id${" }".repeat(15)} }`;
    expect(faults(`{ node { child { ...F } } } ${fragment}`)).toEqual([`nested deeper than ${LIMITS.depth}.`]);
  });
  it("is bounded in aliases", () => {
    const aliases = Array.from({ length: LIMITS.aliases + 1 }, (_, index) => `a${index}: id`).join(" ");
    expect(faults(`{ node { ${aliases} } }`)).toEqual([`more than ${LIMITS.aliases} aliases.`]);
  });
  it("is bounded in fields, without walking an exponential fragment bomb", () => {
    const levels = Array.from({ length: 9 }, (_, i) => `fragment F${i} on Node { ${`...F${i + 1} `.repeat(9)} }`);
    expect(faults(`{ node { ...F0 } } ${levels.join("\n")} fragment F9 on Node { id }`)).toEqual([
      `more than ${LIMITS.fields} fields.`,
    ]);
    expect(faults(`{ node { ...F0 } } ${levels.join("\n")}`)).toEqual([`more than ${LIMITS.fields} fields.`]); // F9 is missing
  });
  it("is bounded in root fields", () => {
    const roots = Array.from({ length: LIMITS.rootFields + 1 }, () => "node { id }").join(" ");
    expect(faults(`{ ${roots} }`)).toEqual([`more than ${LIMITS.rootFields} root fields.`]);
    expect(faults(`{ ... { ${roots} } }`)).toEqual([`more than ${LIMITS.rootFields} root fields.`]);
    expect(faults(`{ ...all } fragment all on Query { ${roots} }`)).toEqual([
      `more than ${LIMITS.rootFields} root fields.`,
    ]);
  });
  it("ends on a cycle of fragments", () => {
    expect(faults("{ node { ...A } } fragment A on Node { child { ...A } }")).toEqual([]);
  });
});
