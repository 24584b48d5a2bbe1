import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asId, type MunicipalityId, type VehicleId } from "#domain/ids.ts";
import type { Database } from "#server/storage/database.ts";
import { pgliteSource } from "#tests/kit/databases.ts";
import { type CabDirectory, createCabDirectory } from "./cab-directory.ts";
import { bumpFleetVersion, createFleetVersion, type FleetVersion, FRESH_MS } from "./fleet-version.ts";

const HERE = asId<MunicipalityId>("here");
const CAB = asId<VehicleId>("v1");

describe("what is remembered of the fleet", () => {
  const source = pgliteSource();
  let database: Database;
  let elapsedMs = 0;
  let asked = 0;
  let version: FleetVersion;
  let cabs: CabDirectory;
  const driveFor = (company: string): Promise<unknown> =>
    database.query(
      `INSERT INTO vehicle (municipality, vehicle_id, company_id, label) VALUES ($1, $2, $3, '1')
       ON CONFLICT (municipality, vehicle_id) DO UPDATE SET company_id = excluded.company_id`,
      [HERE, CAB, company],
    );
  const companyOf = async (): Promise<string | null | undefined> =>
    (await cabs.find(HERE, new Set([CAB]))).get(CAB)?.companyId;

  beforeAll(async () => {
    database = await source.create();
  });
  afterAll(() => source.close());
  beforeEach(async () => {
    elapsedMs = 10_000;
    asked = 0;
    const counted = {
      query: <Row extends object>(text: string, parameters?: readonly unknown[]) => {
        asked += 1;
        return database.query<Row>(text, parameters);
      },
    };
    version = createFleetVersion(counted, () => elapsedMs);
    cabs = createCabDirectory(counted, version);
    await driveFor("first");
    await bumpFleetVersion(database, HERE);
  });

  it("is not asked for again while it is fresh", async () => {
    expect(await companyOf()).toBe("first");
    const before = asked;
    for (let call = 0; call < 5; call++) expect(await companyOf()).toBe("first");
    expect(asked).toBe(before);
    expect((await cabs.find(HERE, new Set([asId<VehicleId>("nobody")]))).size).toBe(0);
  });

  it("counts no longer than the bound when another process changes it, and not at all after a change of our own", async () => {
    await companyOf();
    await driveFor("second");
    await bumpFleetVersion(database, HERE);
    elapsedMs += FRESH_MS;
    expect(await companyOf()).toBe("second");
    await driveFor("third");
    await bumpFleetVersion(database, HERE);
    version.doubt();
    expect(await companyOf()).toBe("third");
  });

  it("is looked at ahead, so that a steady flow of calls never waits", async () => {
    await companyOf();
    await driveFor("second");
    await bumpFleetVersion(database, HERE);
    // Before the bound the old answer counts, and a look is under way.
    elapsedMs += FRESH_MS - 1;
    expect(await companyOf()).toBe("first");
    await expect.poll(companyOf).toBe("second");
  });
});
