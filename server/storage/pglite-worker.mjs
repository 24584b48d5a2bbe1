import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";

/**
 * The embedded database's thread: bytes of PostgreSQL's wire protocol in, bytes out, one exchange after another.
 * Plain JavaScript, because threads do not inherit the TypeScript loader of every runner.
 */
const engine = await PGlite.create(workerData.dataDir);

/** One request after another; the next may arrive while one is under way. */
let turn = Promise.resolve();
parentPort.on("message", (request) => {
  turn = turn.then(() => answer(request));
});

async function answer(request) {
  if (request === "close") {
    await engine.close();
    parentPort.postMessage("closed");
    parentPort.close();
    return;
  }
  const chunks = [];
  let failure;
  try {
    await engine.execProtocolRawStream(request, { syncToFs: false, onRawData: (chunk) => chunks.push(chunk.slice()) });
  } catch (error) {
    failure = String(error);
  }
  if (failure !== undefined) {
    parentPort.postMessage({ failure });
    return;
  }
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  parentPort.postMessage(bytes, [bytes.buffer]);
}

parentPort.postMessage("ready");
