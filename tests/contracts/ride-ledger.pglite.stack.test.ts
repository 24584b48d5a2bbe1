import { describe } from "vitest";
import { pgliteSource } from "../kit/databases.ts";
import { rideLedgerSuite } from "./ride-ledger-suite.ts";

describe("the write path on the embedded database", () => rideLedgerSuite(pgliteSource()));
