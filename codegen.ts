import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { codegen } from "@graphql-codegen/core";
import * as typescript from "@graphql-codegen/typescript";
import * as resolvers from "@graphql-codegen/typescript-resolvers";
import { parse } from "graphql";

/** `npm run generate`: TypeScript types for all sides of `schema.graphql`. The output is never committed. */

const common = {
  useTypeImports: true,
  enumsAsTypes: true,
  immutableTypes: true,
  avoidOptionals: { field: true },
  scalars: { Instant: "number", LocalDate: "string", Minor: "number", Base64: "string", Position: "number" },
};

const targets = [
  { file: "server/generated/graphql.ts", withResolvers: true },
  { file: "ui/generated/graphql.ts", withResolvers: false },
  { file: "simulators/generated/graphql.ts", withResolvers: false },
];

const schema = parse(readFileSync("schema.graphql", "utf8"));
for (const target of targets) {
  const content = await codegen({
    filename: target.file,
    schema,
    documents: [],
    config: target.withResolvers
      ? { ...common, contextType: "../context.ts#RequestContext", importExtension: ".ts" }
      : { ...common, importExtension: ".ts" },
    plugins: target.withResolvers ? [{ typescript: {} }, { resolvers: {} }] : [{ typescript: {} }],
    pluginMap: { typescript, resolvers },
  });
  mkdirSync(dirname(target.file), { recursive: true });
  writeFileSync(target.file, content);
}
