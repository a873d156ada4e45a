import { z } from "zod";
import { integer } from "./scalars.ts";

const MIB = 1024 * 1024;

/** The listening side. */
export const serverSchema = z.strictObject({
  host: z.string().min(1).max(255).default("127.0.0.1").describe("Address to listen on; 0.0.0.0 or :: for all."),
  port: integer(0, 65_535).default(8080).describe("TCP port; 0 takes a free one."),
  http2: z
    .boolean()
    .default(true)
    .describe(
      "Whether connections that begin with HTTP/2's preface get HTTP/2, on the same port; false: HTTP/1.1 alone.",
    ),
  threads: z
    .union([z.literal("auto"), integer(1, 256)])
    .default("auto")
    .describe("Data threads that serve requests; auto is one per core."),
  max_body_bytes: integer(1024, 1024 * MIB)
    .default(32 * MIB)
    .describe("Largest request body, in bytes; more is refused with 413."),
  body_timeout_ms: integer(100, 3_600_000)
    .default(60_000)
    .describe("How long a request's body may take to arrive, in milliseconds; past it the answer is 408."),
  idle_timeout_ms: integer(1000, 255_000)
    .default(120_000)
    .describe(
      "How long a connection without a request may say nothing, in milliseconds, to about four seconds. Read at the start only.",
    ),
  drain_timeout_ms: integer(0, 3_600_000)
    .default(30_000)
    .describe("How long requests under way may take to end after a stop was asked for, in milliseconds."),
  max_in_flight: integer(1, 10_000_000)
    .optional()
    .describe(
      "Most requests under way in the process; more are refused with 503 before their bodies are read. Those of low priority may take four fifths of it. By default there is no limit.",
    ),
  request_timeout_ms: integer(100, 86_400_000)
    .default(600_000)
    .describe("Deadline of a request over all its attempts, in milliseconds; past it the answer is 504."),
  session_timeout_ms: integer(1000, 86_400_000)
    .default(3_600_000)
    .describe("How long a session over WebSocket may last, in milliseconds; past it the connection is closed."),
  session_idle_timeout_ms: integer(1000, 86_400_000)
    .default(600_000)
    .describe("How long neither side of a session over WebSocket may send a message, in milliseconds."),
});
