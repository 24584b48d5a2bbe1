import type { Batch } from "./batch.ts";
import { decideCancel, decideExpire } from "./decide-cancel.ts";
import { decideOpen } from "./decide-open.ts";
import { decidePresent } from "./decide-present.ts";
import { decideRecord } from "./decide-record.ts";
import { decideResolve } from "./decide-resolve.ts";
import { decideReverse } from "./decide-reverse.ts";
import type { Operation, Settled } from "./operation.ts";

/** Decides a batch in order. Pure: reads what was loaded, collects what is to be written. */
export function decideBatch(batch: Batch, operations: readonly Operation[]): readonly Settled[] {
  return operations.map((operation) => decide(batch, operation));
}

function decide(batch: Batch, operation: Operation): Settled {
  switch (operation.kind) {
    case "record":
      return decideRecord(batch, operation);
    case "open":
      return decideOpen(batch, operation);
    case "cancel":
      return decideCancel(batch, operation);
    case "reverse":
      return decideReverse(batch, operation);
    case "present":
      return decidePresent(batch, operation);
    case "resolve":
      return decideResolve(batch, operation);
    case "expire":
      return decideExpire(batch, operation);
    default:
      return operation satisfies never;
  }
}
