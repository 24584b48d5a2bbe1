import type { ReactNode } from "react";
import { useLanguage } from "./language.tsx";
import { Link } from "./link.tsx";

/** The project's mark and name; leads to the first page. */
export function Mark(): ReactNode {
  const { words } = useLanguage();
  return (
    <Link className="mark" to="/">
      <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <rect x="2" y="5" width="15" height="11" rx="2.5" />
        <path d="M6 20a9 9 0 0 0 15-11" />
      </svg>
      {words.common.app}
    </Link>
  );
}
