import { describe } from "vitest";
import { pgliteSource } from "../kit/databases.ts";
import { companyDaySuite } from "./company-day-suite.ts";

describe("a company's day on PGlite", () => companyDaySuite(pgliteSource));
