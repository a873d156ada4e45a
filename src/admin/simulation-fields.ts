/** What the body of a simulation may hold, as JSON Schema. */
export const SIMULATION_FIELDS: Readonly<Record<string, object>> = {
  request: { type: "object", description: "The request's body; or `body`." },
  body: { type: "object", description: "The same by another name." },
  path: {
    type: "string",
    description: "Where it would be posted, such as /v1/messages; or `operation` and `dialect`.",
  },
  operation: { type: "string", default: "chat" },
  dialect: { type: "string", description: "Default: OpenAI's for the operation." },
  headers: { type: "object", additionalProperties: { type: "string" } },
  virtual_key: { type: ["string", "null"], description: "Name of the virtual key that calls; null: nobody." },
  time: { type: "string", format: "date-time", description: "When it would arrive; default: now." },
  draws: { type: "integer", minimum: 0, maximum: 10_000, description: "Draw the first target so often and count." },
  seed: { type: "integer", minimum: 0, maximum: 4_294_967_295, description: "Makes draws the same each time." },
  snapshot: { type: "integer", description: "Refuse unless this version of the configuration is in force." },
};
