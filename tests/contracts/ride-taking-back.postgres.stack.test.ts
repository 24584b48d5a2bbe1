import { describe } from "vitest";
import { postgresSource } from "../kit/databases.ts";
import { rideTakingBackSuite } from "./ride-taking-back-suite.ts";

describe("what a driver takes back on PostgreSQL", () => rideTakingBackSuite(postgresSource()));
