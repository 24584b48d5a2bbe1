import { describe } from "vitest";
import { pgliteSource } from "../kit/databases.ts";
import { rideJudgementSuite } from "./ride-judgement-suite.ts";

describe("judgement of the write path on the embedded database", () => rideJudgementSuite(pgliteSource()));
