import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";

/**
 * The embedded database's thread: bytes of PostgreSQL's wire protocol in, bytes out, one exchange after another.
 * Plain JavaScript, because threads do not inherit the TypeScript loader of every runner.
 */
const engine = await PGlite.create(workerData.dataDir);

parentPort.on("message", async (request) => {
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
  const answer = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    answer.set(chunk, at);
    at += chunk.length;
  }
  parentPort.postMessage(answer, [answer.buffer]);
});

parentPort.postMessage("ready");
