import { MOST_CHARACTERS } from "../domain/feedback/read-feedback.ts";

/** What the body of feedback may hold, as JSON Schema. */
export const FEEDBACK_FIELDS: Readonly<Record<string, object>> = {
  request_id: {
    type: "string",
    maxLength: MOST_CHARACTERS.id,
    description: "Id of the request, or of its answer; or `trace_id`.",
  },
  trace_id: { type: "string", maxLength: MOST_CHARACTERS.id, description: "The same by Portkey's name." },
  score: {
    anyOf: [
      { type: "number", minimum: -1, maximum: 1 },
      { type: "boolean" },
      { enum: ["up", "down", "thumbs_up", "thumbs_down"] },
    ],
    description: "-1 (bad) to 1 (good); or `value`.",
  },
  value: { type: "integer", minimum: -10, maximum: 10, description: "Ten times the score, by Portkey's name." },
  weight: { type: "number", minimum: 0, maximum: 1, default: 1, description: "How much it counts in the mean." },
  label: { type: ["string", "null"], maxLength: MOST_CHARACTERS.label },
  comment: { type: ["string", "null"], maxLength: MOST_CHARACTERS.comment },
  metadata: { type: ["object", "null"], description: `At most ${MOST_CHARACTERS.metadata} characters of JSON.` },
  source: {
    type: "string",
    pattern: "^[\\w.-]+$",
    maxLength: 100,
    default: "admin",
    description: "Who says it: each source says one thing of a request.",
  },
};
