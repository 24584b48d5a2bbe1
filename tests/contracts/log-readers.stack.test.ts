import { describe } from "vitest";
import { pgliteSource } from "../kit/databases.ts";
import { logReadersContract } from "./log-readers-contract.ts";

describe("readers of the log on PGlite", () => logReadersContract(pgliteSource()));
