import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import type { DemoAddresses } from "#protocol/demo/control.ts";
import { Icon } from "#ui/components/icon.tsx";
import { Key } from "#ui/components/key.tsx";
import type { SignInError, SignInResult, StaffRole } from "#ui/generated/graphql.ts";
import { demoCompany, useDemoAddresses } from "../api/demo-addresses.ts";
import type { ApiError } from "../api/graphql-client.ts";
import { type CityInfo, demoSignIn, type Surroundings, signIn } from "../api/queries.ts";
import { useLanguage } from "../app/language.tsx";
import { Link } from "../app/link.tsx";
import { Mark } from "../app/mark.tsx";
import { goTo, ownPath, pageOfRoles } from "../app/router.ts";
import { Failure, Loading } from "../app/states.tsx";
import { SURROUNDINGS_KEY, useSurroundings } from "../app/surroundings.tsx";
import { Text } from "../app/text.tsx";
import { LanguageSwitch } from "../app/top-bar.tsx";
import type { Words } from "../messages/ja.ts";
import "./sign-in.css";

const DEMO_ROLES = ["PLANNER", "COMPANY_ACCOUNTANT", "CITY_OFFICER", "AUDITOR"] as const satisfies readonly StaffRole[];

/** Sign-in with a password and, in demo mode on this machine, with one click per role. */
export function SignInPage(): ReactNode {
  const { words } = useLanguage();
  const { data, error, refetch } = useSurroundings();
  return (
    <div className="sign-in">
      <header>
        <Mark />
        <LanguageSwitch />
      </header>
      <main id="content">
        {error ? (
          <Failure error={error} again={() => void refetch()} />
        ) : data ? (
          <Ways surroundings={data} />
        ) : (
          <Loading what={words.signIn.title} />
        )}
      </main>
    </div>
  );
}

function Ways({ surroundings }: { surroundings: Surroundings }): ReactNode {
  const { words } = useLanguage();
  const client = useQueryClient();
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const enter = async (attempt: () => Promise<SignInResult>): Promise<void> => {
    setBusy(true);
    setMessage(null);
    try {
      const result = await attempt();
      if (!result.ok) {
        setMessage(refusal(result.error ?? null, words));
        return;
      }
      const roles = result.viewer?.roles ?? [];
      const page = pageOfRoles(roles);
      await client.resetQueries({ queryKey: SURROUNDINGS_KEY });
      if (page === null)
        setMessage(words.signIn.noPage(roles.map((role) => words.roles[role]).join(words.states.roleJoin)));
      else goTo(nextPage(page));
    } catch (error) {
      setMessage((error as ApiError).code === "UNREACHABLE" ? words.states.errorUnreachable : words.states.errorAgain);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <h1>{words.signIn.title}</h1>
      {message !== null && (
        <p className="sign-in-message" role="alert">
          <Icon name="warning" />
          <Text>{message}</Text>
        </p>
      )}
      <div className="sign-in-ways" data-demo={surroundings.viewer.demo}>
        {surroundings.viewer.demo && <DemoWay surroundings={surroundings} busy={busy} enter={enter} />}
        <PasswordWay busy={busy} enter={enter} primary={!surroundings.viewer.demo} />
      </div>
      {surroundings.viewer.demo && (
        <Link className="lk" to="/">
          {words.signIn.back}
        </Link>
      )}
    </>
  );
}

interface WayProps {
  readonly busy: boolean;
  readonly enter: (attempt: () => Promise<SignInResult>) => Promise<void>;
}

function PasswordWay({ busy, enter, primary }: WayProps & { primary: boolean }): ReactNode {
  const { words } = useLanguage();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void enter(() => signIn(String(form.get("login")), String(form.get("password"))));
  };
  return (
    <form onSubmit={submit}>
      <label>
        {words.signIn.login}
        <input className="field" name="login" autoComplete="username" required maxLength={256} />
      </label>
      <label>
        {words.signIn.password}
        <input
          className="field"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={256}
        />
      </label>
      <Key kind={primary ? "primary" : "plain"} type="submit" disabled={busy}>
        {busy ? words.signIn.working : words.signIn.submit}
      </Key>
    </form>
  );
}

function DemoWay({ surroundings, busy, enter }: WayProps & { surroundings: Surroundings }): ReactNode {
  const { language, words } = useLanguage();
  const demo = useDemoAddresses();
  const [chosen, setCityId] = useState<string | null>(surroundings.viewer.municipality ?? null);
  const cityId = chosen ?? demo.data?.municipality;
  const city = surroundings.cities.find((candidate) => candidate.id === cityId) ?? surroundings.cities[0];
  if (!city) return null;
  return (
    <section aria-labelledby="demo-title">
      <h2 id="demo-title">
        <Text>{words.signIn.demoTitle}</Text>
      </h2>
      <p className="quiet">
        <Text>{words.signIn.demoText}</Text>
      </p>
      {surroundings.cities.length > 1 && (
        <fieldset className="demo-cities" aria-label={words.common.city}>
          {surroundings.cities.map((each) => (
            <Key key={each.id} pressed={each.id === city.id} onClick={() => setCityId(each.id)}>
              {each.name[language]}
            </Key>
          ))}
        </fieldset>
      )}
      <ul className="demo-roles">
        {DEMO_ROLES.map((role) => (
          <li key={role}>
            <Key disabled={busy} onClick={() => void enter(() => asRole(city, role, demo.data ?? null))}>
              <strong>{words.roles[role]}</strong>
              <span className="quiet">{words.signIn.demoWhat[role]}</span>
            </Key>
          </li>
        ))}
      </ul>
    </section>
  );
}

function asRole(city: CityInfo, role: StaffRole, demo: DemoAddresses | null): Promise<SignInResult> {
  const companyId = role === "COMPANY_ACCOUNTANT" ? demoCompany(city, demo) : null;
  return demoSignIn({ municipality: city.id, role, companyId }, "browser");
}

/** Where the person wanted to go, when that is a page of their role; otherwise the role's own page. */
function nextPage(own: string): string {
  const wanted = ownPath(new URLSearchParams(location.search).get("next"));
  return wanted === own ? wanted : own;
}

function refusal(error: SignInError | null, words: Words): string {
  switch (error) {
    case "TOO_MANY_ATTEMPTS":
      return words.signIn.tooMany;
    case "DEMO_NOT_AVAILABLE":
      return words.signIn.demoGone;
    case "WRONG_LOGIN_OR_PASSWORD":
    case null:
      return words.signIn.wrong;
    default:
      return error satisfies never;
  }
}
