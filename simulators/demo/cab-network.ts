/** The cab's network: everything it sends goes through here, and a cut really cuts. */
export interface CabNetwork {
  readonly up: boolean;
  /** As global fetch; refuses while cut, and breaks calls under way at the moment of the cut. */
  readonly fetch: typeof fetch;
  set(up: boolean): void;
}

/** A network that is up. `onChange` is told of every change. */
export function createCabNetwork(onChange: (up: boolean) => void): CabNetwork {
  let up = true;
  let cut = new AbortController();
  return {
    get up() {
      return up;
    },
    fetch: async (input, init) => {
      if (!up) throw new TypeError("fetch failed", { cause: { code: "ENETUNREACH" } });
      const signal = init?.signal ? AbortSignal.any([init.signal, cut.signal]) : cut.signal;
      return fetch(input, { ...init, signal });
    },
    set(next) {
      if (next === up) return;
      up = next;
      if (up) cut = new AbortController();
      else cut.abort(new TypeError("fetch failed", { cause: { code: "ENETDOWN_MIDWAY" } }));
      onChange(up);
    },
  };
}
