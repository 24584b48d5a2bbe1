import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** What the server counts for Prometheus. Each server has its own registry, so that several can live in one process. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** Outcomes of rides by status. */
  rideOutcome(status: string): void;
  /** Asked at every scrape: events a reader is behind the log. */
  watchReaderLag(read: () => ReadonlyMap<string, number>): void;
  /** Asked at every scrape: sockets of the live stream. */
  watchSockets(read: () => number): void;
}

/** Metrics of one server. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const outcomes = new Counter({
    name: "notte_ride_outcomes_total",
    help: "Rides answered, by status",
    labelNames: ["status"],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    rideOutcome: (status) => outcomes.inc({ status }),
    watchReaderLag(read) {
      new Gauge({
        name: "notte_reader_lag_events",
        help: "Events of the log a reader has not taken yet",
        labelNames: ["reader"],
        registers: [registry],
        collect() {
          for (const [reader, lag] of read()) this.set({ reader }, lag);
        },
      });
    },
    watchSockets(read) {
      new Gauge({
        name: "notte_live_sockets",
        help: "Sockets of the live stream",
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
  };
}
