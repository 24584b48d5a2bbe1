import { describe } from "vitest";
import { postgresSource } from "../kit/databases.ts";
import { logReadersContract } from "./log-readers-contract.ts";

describe("readers of the log on PostgreSQL", () => logReadersContract(postgresSource()));
