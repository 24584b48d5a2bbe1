import { describe } from "vitest";
import { postgresSource } from "../kit/databases.ts";
import { rideJudgementSuite } from "./ride-judgement-suite.ts";

describe("judgement of the write path on PostgreSQL", () => rideJudgementSuite(postgresSource()));
