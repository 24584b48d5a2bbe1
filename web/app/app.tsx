import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import type { StaffRole } from "#ui/generated/graphql.ts";
import { ApiError } from "../api/graphql-client.ts";
import type { CityInfo, Surroundings } from "../api/queries.ts";
import { LanguageProvider, useLanguage } from "./language.tsx";
import { goTo, usePath } from "./router.ts";
import { Failure, Loading, NoPermission } from "./states.tsx";
import { ServerClock, useSurroundings } from "./surroundings.tsx";
import { Text } from "./text.tsx";

const StartPage = lazy(() => import("../start/start-page.tsx").then((page) => ({ default: page.StartPage })));
const SignInPage = lazy(() => import("../sign-in/sign-in-page.tsx").then((page) => ({ default: page.SignInPage })));
const PlannerPage = lazy(() => import("../planner/planner-page.tsx").then((page) => ({ default: page.PlannerPage })));
const CompanyPage = lazy(() => import("../company/company-page.tsx").then((page) => ({ default: page.CompanyPage })));
const ApiPage = lazy(() => import("../developer/api-page.tsx").then((page) => ({ default: page.ApiPage })));
const CityPage = lazy(() => import("../city/city-page.tsx").then((page) => ({ default: page.CityPage })));

/** What every role's page is given. */
export interface RolePageProps {
  readonly surroundings: Surroundings;
  readonly city: CityInfo;
}

const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.code === "UNREACHABLE",
      refetchOnWindowFocus: false,
    },
  },
});

/** The web app: one page per path, each loaded when it is opened. */
export function App(): ReactNode {
  return (
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <Suspense fallback={null}>
          <Page />
        </Suspense>
      </LanguageProvider>
    </QueryClientProvider>
  );
}

function Page(): ReactNode {
  const path = usePath();
  switch (path) {
    case "/":
      return <StartPage />;
    case "/sign-in":
      return <SignInPage />;
    case "/graphql":
      return <ApiPage />;
    case "/planner":
      return <RolePage page={path} roles={["PLANNER"]} View={PlannerPage} />;
    case "/company":
      return <RolePage page={path} roles={["COMPANY_ACCOUNTANT"]} View={CompanyPage} />;
    case "/city":
      return <RolePage page={path} roles={["CITY_OFFICER", "AUDITOR"]} View={CityPage} />;
    default:
      return <NotFound />;
  }
}

/** A page of one kind of role. The server decides what it sends; this only leads people to the right page. */
function RolePage({
  page,
  roles,
  View,
}: {
  page: string;
  roles: readonly StaffRole[];
  View: (props: RolePageProps) => ReactNode;
}): ReactNode {
  const { words } = useLanguage();
  const { data, error, refetch } = useSurroundings();
  const anonymous = data?.viewer.kind === "ANONYMOUS";
  useEffect(() => {
    if (anonymous) goTo(`/sign-in?next=${encodeURIComponent(page)}`, "replace");
  }, [anonymous, page]);
  if (error) {
    return (
      <main>
        <Failure error={error} again={() => void refetch()} />
      </main>
    );
  }
  const city = data?.cities.find((candidate) => candidate.id === data.viewer.municipality);
  if (!data || anonymous || !city) {
    return (
      <main>
        <Loading what={words.common.main} />
      </main>
    );
  }
  if (!data.viewer.roles.some((role) => roles.includes(role))) {
    return (
      <main>
        <NoPermission allowed={roles} own={data.viewer.roles[0] ?? null} />
      </main>
    );
  }
  return (
    <ServerClock offsetMs={data.clockOffsetMs}>
      <View key={city.id} surroundings={data} city={city} />
    </ServerClock>
  );
}

function NotFound(): ReactNode {
  const { words } = useLanguage();
  return (
    <main className="state">
      <h1>
        <Text>{words.states.notFound}</Text>
      </h1>
      <p>
        <Text>{words.states.notFoundText}</Text>
      </p>
      <a href="/">{words.common.app}</a>
    </main>
  );
}
