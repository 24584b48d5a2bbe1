import type { ReactNode } from "react";
import { Amount } from "#ui/components/amount.tsx";
import { Icon } from "#ui/components/icon.tsx";
import { groups } from "#ui/format/count.ts";
import { SentenceText } from "#ui/text/sentence-text.tsx";
import { TaxiPicture } from "../drawings/figures.tsx";
import { ReaderPicture } from "../drawings/reader-picture.tsx";
import { UsesUnit } from "./hero-number.tsx";
import type { Hero, Screen } from "./screen.ts";
import type { Texts } from "./texts.ts";

/** On the way: who is aboard, and nothing is asked. */
export function RidingPicture({ screen, texts }: { screen: Screen & { kind: "riding" }; texts: Texts }): ReactNode {
  return (
    <div className="riding">
      <ul className={`tiles tiles-${screen.tiles.length}`}>
        {screen.tiles.map((tile, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: seats are in order and never change places
          <li key={index} className={tile.usable ? "" : "tile-full"}>
            <Icon name="person" />
            <SentenceText sentence={tile.seat} />
            <span className="tile-state">
              <SentenceText sentence={tile.state} />
              {tile.hero && <TileNumber hero={tile.hero} texts={texts} />}
            </span>
          </li>
        ))}
      </ul>
      <div className="riding-calm">
        <div className="words">
          <h1 className={screen.pose ? "say" : "say-mid"}>
            <SentenceText sentence={screen.headline} />
          </h1>
          {screen.notes.map((note, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: notes have fixed places
            <p key={index} className="note">
              <SentenceText sentence={note} />
            </p>
          ))}
        </div>
        {screen.pose ? <ReaderPicture pose={screen.pose} /> : <TaxiPicture />}
      </div>
    </div>
  );
}

function TileNumber({ hero, texts }: { hero: Hero; texts: Texts }): ReactNode {
  if (hero.kind === "money") {
    return <Amount amountMinor={hero.amountMinor} currency={texts.city} language={texts.language} />;
  }
  return (
    <span className="amount">
      <span className="amount-number">{groups(hero.uses)}</span>
      <span className="amount-unit">
        <UsesUnit uses={hero.uses} texts={texts} />
      </span>
    </span>
  );
}
