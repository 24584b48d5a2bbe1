import type { z } from "zod";

/** Why a document cannot be used. */
export const DOCUMENT_ERRORS = ["NOT_JSON", "BAD_FIELD"] as const;
export type DocumentErrorCode = (typeof DOCUMENT_ERRORS)[number];

/** One field that cannot stand. `path` is dotted, e.g. `limits.0.amount`; empty for the document as a whole. */
export interface DocumentFault {
  readonly path: string;
  readonly message: string;
}

/** Faults named in an error's message; `faults` holds them all. */
const FAULTS_TOLD = 8;

/** A document that cannot be used. The message names the source (a file, or "city document") and the bad fields. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  readonly code: DocumentErrorCode;
  readonly source: string;
  readonly faults: readonly DocumentFault[];
  constructor(code: DocumentErrorCode, source: string, faults: readonly DocumentFault[]) {
    const told = faults.slice(0, FAULTS_TOLD).map(({ path, message }) => (path ? `${path}: ${message}` : message));
    const rest = faults.length - told.length;
    super(`${source}: ${told.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`);
    this.code = code;
    this.source = source;
    this.faults = faults;
  }
}

/**
 * Parses JSON text.
 * @param source name for error messages
 * @throws DocumentError NOT_JSON
 */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DocumentError("NOT_JSON", source, [{ path: "", message: `not JSON: ${(cause as Error).message}` }]);
  }
}

/**
 * Decodes a document by its codec.
 * @param source name for error messages
 * @throws DocumentError BAD_FIELD with every fault found
 */
export function decodeDocument<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
  source: string,
): z.output<Schema> {
  const result = schema.safeDecode(document as z.input<Schema>);
  if (result.success) return result.data;
  throw new DocumentError(
    "BAD_FIELD",
    source,
    result.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
  );
}
