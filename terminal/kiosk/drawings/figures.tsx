import type { ReactNode } from "react";

/** All tickets of the book are torn off. */
export function UsedTickets(): ReactNode {
  return (
    <svg className="figure" viewBox="0 0 320 240" aria-hidden="true">
      {[0, 1, 2].map((row) => (
        <g key={row} transform={`translate(${20 + row * 22} ${20 + row * 66})`}>
          <path className="stub" d="M0 0H60V16A12 12 0 0 0 60 40V56H0Z" />
          <path className="gone" d="M78 0H236V16A12 12 0 0 0 236 40V56H78V40A12 12 0 0 0 78 16Z" />
        </g>
      ))}
    </svg>
  );
}

/** A ride that lies wholly outside the border. */
export function OutsideArea(): ReactNode {
  return (
    <svg className="figure" viewBox="0 0 360 270" aria-hidden="true">
      <path className="land" d="M30 96C46 40 104 18 160 30S246 60 236 122 188 226 122 232 10 172 30 96Z" />
      <path className="house" d="M92 150V118L124 92L156 118V150Z" />
      <path className="route" d="M318 226C340 170 322 120 300 92S276 40 306 26" />
      <circle className="stop-dot" cx="318" cy="226" r="13" />
      <circle className="stop-dot" cx="306" cy="26" r="13" />
    </svg>
  );
}

/** A card with a question: what could not be settled now. */
export function PlainCard(): ReactNode {
  return (
    <svg className="figure" viewBox="0 0 320 220" aria-hidden="true">
      <rect className="stub" x="12" y="20" width="296" height="184" rx="20" />
      <path className="band" d="M12 74V40A20 20 0 0 1 32 20H288A20 20 0 0 1 308 40V74Z" />
      <rect className="photo" x="40" y="98" width="70" height="82" rx="6" />
      <path className="gone" d="M140 112H276M140 142H276M140 172H220" />
    </svg>
  );
}

/** The taxi on its way. */
export function TaxiPicture(): ReactNode {
  return (
    <svg className="taxi-picture" viewBox="0 0 420 190" aria-hidden="true">
      <path className="road" d="M10 172H410" />
      <path className="road-dash" d="M26 184H394" />
      <path className="roof-sign" d="M186 34L194 12H238L246 34Z" />
      <path
        className="body"
        d="M36 150V122C36 104 46 96 66 92L112 84C130 52 152 34 190 34H246C282 34 306 52 330 84L366 92C382 96 390 106 390 124V150Z"
      />
      <path className="window" d="M140 84C152 62 168 52 194 52H206V84ZM224 52H242C266 52 282 62 298 84H224Z" />
      <path className="handle" d="M226 106H250" />
      <circle className="wheel" cx="112" cy="150" r="27" />
      <circle className="wheel" cx="314" cy="150" r="27" />
      <circle className="hub" cx="112" cy="150" r="8" />
      <circle className="hub" cx="314" cy="150" r="8" />
    </svg>
  );
}
