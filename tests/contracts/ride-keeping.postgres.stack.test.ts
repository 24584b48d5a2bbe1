import { describe } from "vitest";
import { postgresSource } from "../kit/databases.ts";
import { rideKeepingSuite } from "./ride-keeping-suite.ts";

describe("what a terminal confirmed on PostgreSQL", () => rideKeepingSuite(postgresSource()));
