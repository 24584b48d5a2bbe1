import { describe } from "vitest";
import { pgliteSource } from "../kit/databases.ts";
import { registrySuite } from "./registry-suite.ts";

describe("the registry on the embedded database", () => registrySuite(pgliteSource()));
