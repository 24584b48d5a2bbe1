import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { Key } from "#ui/components/key.tsx";
import "./api-page.css";
import { useLanguage } from "../app/language.tsx";
import { Mark } from "../app/mark.tsx";
import { Text } from "../app/text.tsx";
import { LanguageSwitch } from "../app/top-bar.tsx";
import { API_WORDS } from "../messages/api-words.ts";

const EXAMPLE = `query {
  viewer { kind name roles }
  municipalities {
    id
    name { ja en }
    currencyCode
    companies { id name }
  }
}`;

/** The API for whoever builds on it: a query to try and the whole schema. Needs nothing from elsewhere. */
export function ApiPage(): ReactNode {
  const { language } = useLanguage();
  const words = API_WORDS[language];
  return (
    <div className="api">
      <header>
        <Mark />
        <LanguageSwitch />
      </header>
      <main id="content">
        <h1>{words.title}</h1>
        <p>
          <Text>{words.intro}</Text>
        </p>
        <Trial />
        <Schema />
      </main>
    </div>
  );
}

type Answer = { readonly state: "none" | "waiting" | "failed" } | { readonly state: "there"; readonly text: string };

function Trial(): ReactNode {
  const { language } = useLanguage();
  const words = API_WORDS[language];
  const [query, setQuery] = useState(EXAMPLE);
  const [answer, setAnswer] = useState<Answer>({ state: "none" });
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAnswer({ state: "waiting" });
    setAnswer(await ask(query));
  };
  return (
    <form className="api-trial" onSubmit={(event) => void send(event)}>
      <label htmlFor="api-query">{words.query}</label>
      <textarea
        id="api-query"
        className="field"
        rows={11}
        spellCheck={false}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <Key kind="primary" type="submit" disabled={answer.state === "waiting" || query.trim() === ""}>
        {answer.state === "waiting" ? words.sending : words.send}
      </Key>
      <section aria-label={words.answer} aria-live="polite">
        {answer.state === "failed" && (
          <p role="alert">
            <Text>{words.failed}</Text>
          </p>
        )}
        {answer.state === "there" && (
          // A long answer scrolls in its own frame, which the keyboard must reach.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
          <pre tabIndex={0}>{answer.text}</pre>
        )}
      </section>
    </form>
  );
}

/** What the server answers, refusals and all, as it came. */
async function ask(query: string): Promise<Answer> {
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    return { state: "there", text: JSON.stringify(await response.json(), null, 2) };
  } catch {
    return { state: "failed" };
  }
}

function Schema(): ReactNode {
  const { language } = useLanguage();
  const words = API_WORDS[language];
  const { data, error } = useQuery({
    queryKey: ["schema"],
    queryFn: async () => {
      const response = await fetch("/schema.graphql");
      if (!response.ok) throw new Error(`the schema is answered with ${response.status}`);
      return response.text();
    },
  });
  return (
    <section className="api-schema">
      <h2>{words.schema}</h2>
      <p>
        <Text>{error ? words.schemaMissing : words.schemaText}</Text>
      </p>
      {data !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls in its own frame, which the keyboard must reach
        <pre tabIndex={0} lang="en">
          {data}
        </pre>
      )}
    </section>
  );
}
