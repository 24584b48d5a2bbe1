import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Key } from "#ui/components/key.tsx";
import type { QuarantinedRide } from "#ui/generated/graphql.ts";
import type { ApiError } from "../api/graphql-client.ts";
import { type CityInfo, fetchQuarantine, resolveQuarantine } from "../api/queries.ts";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { Failure, Loading } from "../app/states.tsx";
import { Text } from "../app/text.tsx";
import { waitingText } from "./ledger-words.ts";

/** Rides held back until a person decides, oldest first, each with both outcomes in numbers. */
export function Quarantine({
  city,
  format,
  mayResolve,
  waiting,
}: {
  city: CityInfo;
  format: CityFormat;
  mayResolve: boolean;
  /** How many the book says are waiting; a change asks for the list again. */
  waiting: number | null;
}): ReactNode {
  const { words } = useLanguage();
  const client = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const result = useQuery<readonly QuarantinedRide[], ApiError>({
    queryKey: ["quarantine", city.id],
    queryFn: () => fetchQuarantine(city.id, null),
  });
  useEffect(() => {
    if (waiting !== null) void client.invalidateQueries({ queryKey: ["quarantine", city.id] });
  }, [waiting, client, city.id]);
  const done = (): void => {
    setOpen(null);
    setSaid(words.city.resolved);
    void client.invalidateQueries({ queryKey: ["quarantine", city.id] });
    void client.invalidateQueries({ queryKey: ["book-totals", city.id] });
  };
  const rides = [...(result.data ?? [])].sort((a, b) => a.receivedAt - b.receivedAt);
  return (
    <section className="quarantine" aria-labelledby="quarantine-title">
      <h2 id="quarantine-title">{words.city.waiting}</h2>
      <p role="status">{said !== null && <Text>{said}</Text>}</p>
      {result.error && <Failure error={result.error} again={() => void result.refetch()} />}
      {!result.data && !result.error && <Loading what={words.city.waiting} />}
      {result.data && rides.length === 0 && (
        <p className="quiet">
          <Text>{words.city.waitingNone}</Text>
        </p>
      )}
      {rides.length > 0 && !mayResolve && (
        <p className="quiet">
          <Text>{words.city.readOnly}</Text>
        </p>
      )}
      <ul>
        {rides.map((ride) => (
          <li key={ride.rideKey} data-open={open === ride.rideKey}>
            <Summary ride={ride} city={city} format={format} />
            {mayResolve &&
              (open === ride.rideKey ? (
                <Decide ride={ride} city={city} format={format} done={done} leave={() => setOpen(null)} />
              ) : (
                <Key
                  onClick={() => {
                    setSaid(null);
                    setOpen(ride.rideKey);
                  }}
                >
                  {words.city.resolve}
                </Key>
              ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Summary({ ride, city, format }: { ride: QuarantinedRide; city: CityInfo; format: CityFormat }): ReactNode {
  const { words } = useLanguage();
  const company = city.companies.find((each) => each.id === ride.companyId)?.name ?? "";
  return (
    <div className="summary">
      <strong>{company}</strong>
      <span className="quiet">{words.city.received(format.moment(ride.receivedAt))}</span>
      <span className="word attention">▲ {waitingText(ride.reason, words)}</span>
      {ride.otherRideKey && (
        <p>
          <Text>{words.city.otherRide(ride.otherRideKey)}</Text>
        </p>
      )}
      <dl>
        <div>
          <dt>{words.city.fare}</dt>
          <dd>{format.money(ride.fareMinor)}</dd>
        </div>
        <div>
          <dt>{words.city.shown}</dt>
          <dd>{format.money(ride.shownSubsidyMinor)}</dd>
        </div>
      </dl>
    </div>
  );
}

/** The decision about one ride: what each outcome changes in numbers, the reason, and the act beside it. */
function Decide({
  ride,
  city,
  format,
  done,
  leave,
}: {
  ride: QuarantinedRide;
  city: CityInfo;
  format: CityFormat;
  done: () => void;
  /** Closes the form without deciding. */
  leave: () => void;
}): ReactNode {
  const { words } = useLanguage();
  const text = words.city;
  // Neither outcome is chosen for the person: both move money.
  const [accept, setAccept] = useState<boolean | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (accept === null) {
      setProblem(text.outcomeNeeded);
      return;
    }
    const reason = String(new FormData(event.currentTarget).get("reason")).trim();
    if (reason === "") {
      setProblem(text.whyNeeded);
      return;
    }
    setBusy(true);
    try {
      const result = await resolveQuarantine({ municipality: city.id, rideKey: ride.rideKey, accept, reason }, null);
      if (result.ok) done();
      else setProblem(text.notResolved(result.error?.message ?? ""));
    } catch (error) {
      setProblem(text.notResolved((error as ApiError).requestId ?? ""));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="decide" onSubmit={(event) => void submit(event)}>
      <fieldset aria-label={text.resolve}>
        <label>
          <input type="radio" name="outcome" checked={accept === true} onChange={() => setAccept(true)} />
          <span>
            <strong>{ride.otherRideKey ? text.acceptOther : text.accept}</strong>
            <Text>{text.acceptEffect(format.money(ride.shownSubsidyMinor))}</Text>
            {ride.shownSubsidyMinor > 0 && (
              <Text>{ride.knownRiders > 0 ? text.acceptUses(String(ride.knownRiders)) : text.acceptNoUses}</Text>
            )}
          </span>
        </label>
        <label>
          <input type="radio" name="outcome" checked={accept === false} onChange={() => setAccept(false)} />
          <span>
            <strong>{ride.otherRideKey ? text.dismissOther : text.dismiss}</strong>
            <Text>
              {ride.otherRideKey ? text.dismissOtherEffect : text.dismissEffect(format.money(ride.fareMinor))}
            </Text>
          </span>
        </label>
      </fieldset>
      <label>
        {text.why}
        <textarea className="field" name="reason" rows={2} maxLength={500} aria-invalid={problem === text.whyNeeded} />
      </label>
      {problem !== null && (
        <p role="alert" className="word attention">
          ▲ <Text>{problem}</Text>
        </p>
      )}
      <div className="acts">
        <Key kind="primary" type="submit" disabled={busy}>
          {text.resolve}
        </Key>
        <Key disabled={busy} onClick={leave}>
          {text.leave}
        </Key>
      </div>
    </form>
  );
}
