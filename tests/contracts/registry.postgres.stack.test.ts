import { describe } from "vitest";
import { postgresSource } from "../kit/databases.ts";
import { registrySuite } from "./registry-suite.ts";

describe("the registry on PostgreSQL", () => registrySuite(postgresSource()));
