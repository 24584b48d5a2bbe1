import { describe } from "vitest";
import { postgresSource } from "../kit/databases.ts";
import { rideLedgerSuite } from "./ride-ledger-suite.ts";

describe("the write path on PostgreSQL", () => rideLedgerSuite(postgresSource()));
