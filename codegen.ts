import type { CodegenConfig } from "@graphql-codegen/cli";

const scalars = {
  Instant: "number",
  LocalDate: "string",
  Minor: "number",
  Base64: "string",
  Position: "number",
};

/** Types on both sides of `schema.graphql`; the output is never committed. */
const config: CodegenConfig = {
  schema: "schema.graphql",
  importExtension: ".ts",
  generates: {
    "server/generated/graphql.ts": {
      plugins: ["typescript", "typescript-resolvers"],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        avoidOptionals: { field: true },
        contextType: "../context.ts#RequestContext",
        scalars,
      },
    },
    "ui/generated/graphql.ts": {
      plugins: ["typescript"],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        avoidOptionals: { field: true },
        scalars,
      },
    },
  },
};

export default config;
