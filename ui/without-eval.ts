import { config } from "zod";

/**
 * Import this first in a page: its content security policy forbids making code from text, which zod would try for
 * speed. Must run before any schema is made.
 */
config({ jitless: true });
