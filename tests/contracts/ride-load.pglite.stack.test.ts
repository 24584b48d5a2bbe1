import { describe } from "vitest";
import { pgliteSource } from "../kit/databases.ts";
import { rideLoadSuite } from "./ride-load-suite.ts";

describe("the write path under load and faults on the embedded database", () => rideLoadSuite(pgliteSource()));
