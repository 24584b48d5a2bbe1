import { describe } from "vitest";
import { pgliteSource } from "../kit/databases.ts";
import { rideKeepingSuite } from "./ride-keeping-suite.ts";

describe("what a terminal confirmed on the embedded database", () => rideKeepingSuite(pgliteSource()));
