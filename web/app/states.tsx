import { type ReactNode, useEffect, useState } from "react";
import { Icon } from "#ui/components/icon.tsx";
import { Key } from "#ui/components/key.tsx";
import type { ApiError } from "../api/graphql-client.ts";
import { useLanguage } from "./language.tsx";
import { goTo } from "./router.ts";
import { Text } from "./text.tsx";

/** Nothing there yet: what will appear, and the one act that starts it. */
export function Empty({ children, act }: { children: string; act?: ReactNode }): ReactNode {
  return (
    <div className="state">
      <p>
        <Text>{children}</Text>
      </p>
      {act}
    </div>
  );
}

/** Loading keeps its place: nothing for a second, then what is loading, after five seconds for how long. */
export function Loading({ what }: { what: string }): ReactNode {
  const { words } = useLanguage();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const text =
    seconds < 1 ? null : seconds < 5 ? words.states.loading(what) : words.states.loadingLong(what, String(seconds));
  return (
    <div className="state" role="status" aria-busy="true">
      {text !== null && (
        <p>
          <Text>{text}</Text>
        </p>
      )}
    </div>
  );
}

/** What happened, what is safe, what to do, and an id for the telephone. */
export function Failure({ error, again }: { error: ApiError; again: () => void }): ReactNode {
  const { words } = useLanguage();
  const unreachable = error.code === "UNREACHABLE";
  return (
    <div className="state" role="alert">
      <h2>
        <Icon name="warning" />
        <Text>{words.states.error}</Text>
      </h2>
      <p>
        <Text>{words.states.errorSafe}</Text>
      </p>
      <p>
        <Text>{unreachable ? words.states.errorUnreachable : words.states.errorAgain}</Text>
      </p>
      {error.requestId !== null && <p className="quiet">{words.states.errorId(error.requestId)}</p>}
      <Key kind="primary" onClick={again}>
        {words.states.again}
      </Key>
    </div>
  );
}

/** A page for other roles: it says whose, and who is signed in. */
export function NoPermission({
  allowed,
  own,
}: {
  allowed: readonly (keyof ReturnType<typeof useLanguage>["words"]["roles"])[];
  own: keyof ReturnType<typeof useLanguage>["words"]["roles"] | null;
}): ReactNode {
  const { words } = useLanguage();
  const names = allowed.map((role) => words.roles[role]).join(words.states.roleJoin);
  return (
    <div className="state">
      <h1>
        <Icon name="lock" />
        <Text>{words.states.noPermission}</Text>
      </h1>
      <p>
        <Text>{words.states.noPermissionWho(names)}</Text>
        {own !== null && <Text>{words.states.noPermissionNow(words.roles[own])}</Text>}
      </p>
      <Key kind="primary" onClick={() => goTo("/sign-in")}>
        {words.states.toSignIn}
      </Key>
    </div>
  );
}

/** The line over data that stays while the connection is cut. */
export function CutOff({ asOf }: { asOf: string | null }): ReactNode {
  const { words } = useLanguage();
  return (
    <p className="cut-off" role="status">
      <Icon name="no-signal" />
      <strong>
        <Text>{words.states.cutTitle}</Text>
      </strong>
      <Text>{words.states.cutText(asOf)}</Text>
    </p>
  );
}
