import type { RequestHandler } from "express";
import helmet from "helmet";

/**
 * Security headers. In demo mode the start page may embed the kiosk and talk to the simulated cab, which both listen
 * on the kiosk's address; nothing else from elsewhere is ever loaded.
 */
export function securityHeaders(options: {
  readonly kioskUrl: string | null;
  readonly https: boolean;
}): RequestHandler {
  const kiosk = options.kioskUrl === null ? [] : originsOf(options.kioskUrl);
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Positions of map labels and pop-ups are written as style attributes by the libraries that draw them.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        workerSrc: ["'self'", "blob:"],
        connectSrc: ["'self'", ...kiosk],
        frameSrc: ["'self'", ...kiosk.filter((origin) => origin.startsWith("http"))],
        frameAncestors: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'self'"],
        objectSrc: ["'none'"],
      },
    },
    strictTransportSecurity: options.https,
    referrerPolicy: { policy: "same-origin" },
  });
}

function originsOf(url: string): string[] {
  const { origin, protocol, host } = new URL(url);
  return [origin, `${protocol === "https:" ? "wss" : "ws"}://${host}`];
}
