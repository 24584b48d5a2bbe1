import http from "node:http";
import https from "node:https";

/** One POST. */
export interface HttpPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal;
  /** Called when the server says that it works on the request (102 Processing). */
  readonly onProcessing?: () => void;
}

const agents = {
  "http:": new http.Agent({ keepAlive: true }),
  "https:": new https.Agent({ keepAlive: true }),
} as const;

/** Sends a body over a kept-alive connection and reads the answer. Rejects with the system's error. */
export function httpPost({
  url,
  headers,
  body,
  signal,
  onProcessing,
}: HttpPost): Promise<{ status: number; text: string }> {
  const isSecure = url.protocol === "https:";
  const content = Buffer.from(body, "utf8");
  return new Promise((resolve, reject) => {
    const request = (isSecure ? https : http).request(url, {
      method: "POST",
      agent: agents[isSecure ? "https:" : "http:"],
      headers: { ...headers, "content-length": content.length },
      ...(signal ? { signal } : {}),
    });
    request.on("information", ({ statusCode }) => {
      if (statusCode === 102) onProcessing?.();
    });
    request.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
      );
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(content);
  });
}
