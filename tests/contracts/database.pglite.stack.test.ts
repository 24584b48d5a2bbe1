import { describe } from "vitest";
import { pgliteSource } from "../kit/databases.ts";
import { databaseContract } from "./database-contract.ts";

describe("embedded database", () => databaseContract(pgliteSource()));
