import { describe } from "vitest";
import { postgresSource } from "../kit/databases.ts";
import { companyDaySuite } from "./company-day-suite.ts";

describe("a company's day on PostgreSQL", () => companyDaySuite(postgresSource));
