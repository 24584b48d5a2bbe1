import { describe } from "vitest";
import { postgresSource } from "../kit/databases.ts";
import { rideLoadSuite } from "./ride-load-suite.ts";

describe("the write path under load and faults on PostgreSQL", () => rideLoadSuite(postgresSource()));
