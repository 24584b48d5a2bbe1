import { describe } from "vitest";
import { pgliteSource } from "../kit/databases.ts";
import { rideTakingBackSuite } from "./ride-taking-back-suite.ts";

describe("what a driver takes back on the embedded database", () => rideTakingBackSuite(pgliteSource()));
