// The JSON lines between a driver and the suite; see suite/client.py for the words.
import { createInterface } from "node:readline";

/** Writes one record. */
export const emit = (record) => process.stdout.write(JSON.stringify(record) + "\n");

/** Reports something that happened. */
export const event = (name, fields = {}) => emit({ event: name, ...fields });

/** Serves requests with `operations[op](args)` until "quit" or the end of the input. */
export function serve(operations) {
  const input = createInterface({ input: process.stdin });
  input.on("line", async (line) => {
    const { n, op, ...args } = JSON.parse(line);
    try {
      if (!operations[op]) throw new Error(`unknown operation ${op}`);
      emit({ n, ok: (await operations[op](args)) ?? null });
    } catch (error) {
      emit({ n, error: reason(error) });
    }
    if (op === "quit") process.exit(0);
  });
  input.on("close", () => process.exit(0));
  process.on("unhandledRejection", (error) => console.error("unhandled", error));
}

const reason = (error) => String(error?.condition ?? error?.error?.condition ?? error?.message ?? error);

/** Rejects when the promise does not settle in time. */
export function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
