import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon-shapes.tsx";

/** A state of something, three times told: picture, word, value. */
export function Status({ icon, word, value }: { icon: IconName; word: ReactNode; value: ReactNode }): ReactNode {
  return (
    <span className="status">
      <Icon name={icon} />
      <span>
        {word} <strong>{value}</strong>
      </span>
    </span>
  );
}
