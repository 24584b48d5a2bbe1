import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { Key } from "#ui/components/key.tsx";
import { demoCompany, useDemoAddresses } from "../api/demo-addresses.ts";
import { demoSignIn, type Surroundings, signOut } from "../api/queries.ts";
import type { FeedStatus } from "../live/feed-state.ts";
import { useLanguage } from "./language.tsx";
import { Link } from "./link.tsx";
import { Mark } from "./mark.tsx";
import { goTo } from "./router.ts";
import { SURROUNDINGS_KEY } from "./surroundings.tsx";

/** The bar of an office page: place, work, state of the data, language, who is signed in. */
export function TopBar({
  page,
  place,
  status,
  asOf,
  surroundings,
}: {
  page: "planner" | "company" | "city";
  place: string;
  status: FeedStatus;
  /** Time of the last known data, formatted; null when there is none. */
  asOf: string | null;
  surroundings: Surroundings;
}): ReactNode {
  const { words } = useLanguage();
  const client = useQueryClient();
  const { viewer } = surroundings;
  const [role] = viewer.roles;
  // Where there is room for one line only, everything but place and state waits behind a key.
  const [isOpen, setOpen] = useState(false);
  const menu = useId();
  const leave = async (): Promise<void> => {
    await signOut().catch(() => undefined);
    await client.resetQueries({ queryKey: SURROUNDINGS_KEY });
    goTo("/sign-in");
  };
  return (
    <header className={isOpen ? "top open" : "top"}>
      <a className="skip" href="#content">
        {words.common.skip}
      </a>
      <Mark />
      <span className="place">
        {severalCities(surroundings) && page !== "company" ? words.pages.areas[page] : place}
      </span>
      <ConnectionState status={status} asOf={asOf} />
      <button
        type="button"
        className="menu-key"
        aria-expanded={isOpen}
        aria-controls={menu}
        onClick={() => setOpen(!isOpen)}
      >
        {words.common.menu}
      </button>
      <div className="menu" id={menu}>
        <nav aria-label={words.common.main}>
          <Link to={`/${page}`} aria-current="page">
            {words.pages[page]}
          </Link>
          {viewer.demo && <Link to="/">{words.common.firstTwoMinutes}</Link>}
        </nav>
        <div className="top-right">
          <CitySwitch surroundings={surroundings} />
          <LanguageSwitch />
          {role && <span className="who">{words.roles[role]}</span>}
          {viewer.demo && (
            <Link className="lk" to="/sign-in">
              {words.common.otherRole}
            </Link>
          )}
          <Key kind="quiet" className="small" onClick={() => void leave()}>
            {words.common.signOut}
          </Key>
        </div>
      </div>
    </header>
  );
}

/** Whether the page moves with the ledger: shape, word and time. */
export function ConnectionState({ status, asOf }: { status: FeedStatus; asOf: string | null }): ReactNode {
  const { words } = useLanguage();
  const cut = status === "cut";
  const text = cut
    ? words.common.cut(asOf)
    : status === "live"
      ? asOf && words.common.asOf(asOf)
      : words.common.joining;
  return (
    <span className={`connection ${cut ? "cut" : status}`} role="status">
      <span className="dot" aria-hidden="true" />
      {text ?? words.common.live}
    </span>
  );
}

/** 日本語 / English. */
export function LanguageSwitch(): ReactNode {
  const { language, words, choose } = useLanguage();
  return (
    <fieldset className="languages" aria-label={words.common.language}>
      <button type="button" lang="ja" aria-pressed={language === "ja"} onClick={() => choose("ja")}>
        日本語
      </button>
      <button type="button" lang="en" aria-pressed={language === "en"} onClick={() => choose("en")}>
        English
      </button>
    </fieldset>
  );
}

/** True where the viewer may change to another city. */
function severalCities({ viewer, cities }: Surroundings): boolean {
  return viewer.demo && cities.length > 1;
}

/** Another city of the demo with the same role; elsewhere a viewer belongs to one city. */
function CitySwitch({ surroundings }: { surroundings: Surroundings }): ReactNode {
  const { language, words } = useLanguage();
  const client = useQueryClient();
  const demo = useDemoAddresses();
  const { viewer, cities } = surroundings;
  const [role] = viewer.roles;
  if (!severalCities(surroundings) || !role) return null;
  const change = async (municipality: string): Promise<void> => {
    const next = cities.find((city) => city.id === municipality);
    const companyId = role === "COMPANY_ACCOUNTANT" && next ? demoCompany(next, demo.data ?? null) : null;
    const result = await demoSignIn({ municipality, role, companyId }, "browser").catch(() => null);
    if (result?.ok) await client.resetQueries();
  };
  return (
    <select
      className="field"
      aria-label={words.common.city}
      value={viewer.municipality ?? ""}
      onChange={(event) => void change(event.target.value)}
    >
      {cities.map((city) => (
        <option key={city.id} value={city.id}>
          {city.name[language]}
        </option>
      ))}
    </select>
  );
}
