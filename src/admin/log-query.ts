import { GatewayError } from "../canonical/errors.ts";
import { OPERATIONS, OUTCOMES } from "../canonical/names.ts";
import { decodeCursor } from "../domain/log/cursor.ts";
import type { LogFilter, LogPlace } from "../domain/log/port.ts";

/** What a query asks of the log store. */
export interface LogQuery {
  filter: LogFilter;
  /** 1 to 500, default 50. */
  limit: number;
  /** Null for the first page. */
  after: LogPlace | null;
}

interface Parameter {
  /** Several values are alternatives; other parameters may stand once. */
  many?: true;
  read(query: LogQuery, values: readonly string[], name: string): void;
}

const MAX_LIMIT = 500;
const MAX_VALUES = 50;
const MAX_LENGTH = 500;
/** With a time zone, or a date alone (midnight UTC): a local time would mean another moment on every server. */
const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  cursor: one((query, value, name) => {
    query.after = decodeCursor(value) ?? refuse(name, "is not a cursor that this server gave out");
  }),
  limit: one((query, value, name) => {
    query.limit = integer(name, value, 1, MAX_LIMIT);
  }),
  outcome: many((filter, values, name) => {
    filter.outcome = values.map((value) => listed(name, value, OUTCOMES));
  }),
  operation: many((filter, values, name) => {
    filter.operation = values.map((value) => listed(name, value, OPERATIONS));
  }),
  status: many((filter, values, name) => {
    filter.status = values.map((value) => integer(name, value, 100, 599));
  }),
  provider: many((filter, values) => (filter.provider = values)),
  model: many((filter, values) => (filter.model = values)),
  virtual_key: many((filter, values) => (filter.virtual_key = values)),
  team: many((filter, values) => (filter.team = values)),
  customer: many((filter, values) => (filter.customer = values)),
  user: many((filter, values) => (filter.user = values)),
  experiment: many((filter, values) => (filter.experiment = values)),
  arm: many((filter, values) => (filter.arm = values)),
  since: one((query, value, name) => {
    query.filter.since = instant(name, value);
  }),
  until: one((query, value, name) => {
    query.filter.until = instant(name, value);
  }),
  min_cost: one((query, value, name) => {
    query.filter.minCostNanoUsd = dollars(name, value);
  }),
  id_prefix: one((query, value) => {
    query.filter.idPrefix = value;
  }),
};

/** Names of the query parameters that `readLogQuery` knows. */
export const LOG_PARAMETERS: readonly string[] = Object.keys(PARAMETERS).toSorted();

/**
 * Reads the query of a listing. Parameters: `cursor`; `limit` (1 to 500, default 50); `outcome`, `operation`, `status`,
 * `provider`, `model`, `virtual_key`, `team`, `customer`, `user`, `experiment`, `arm`, each of which may stand several times for alternatives;
 * `since` (inclusive) and `until` (exclusive), ISO 8601 with a time zone or Unix milliseconds; `min_cost` in dollars;
 * `id_prefix`. Anything else throws a `GatewayError` (`invalid_request`) whose `param` and message name the parameter.
 */
export function readLogQuery(search: URLSearchParams): LogQuery {
  const query: LogQuery = { filter: {}, limit: 50, after: null };
  for (const name of new Set(search.keys())) {
    const parameter = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
    if (parameter === undefined) {
      throw refusal(name, `query parameter "${shown(name)}" is not known; known are ${LOG_PARAMETERS.join(", ")}`);
    }
    const values = search.getAll(name);
    checkValues(name, values, parameter.many === true ? MAX_VALUES : 1);
    parameter.read(query, values, name);
  }
  return query;
}

function one(read: (query: LogQuery, value: string, name: string) => void): Parameter {
  return { read: (query, values, name) => read(query, values[0] ?? "", name) };
}

function many(read: (filter: LogFilter, values: readonly string[], name: string) => void): Parameter {
  return { many: true, read: (query, values, name) => read(query.filter, values, name) };
}

function checkValues(name: string, values: readonly string[], max: number): void {
  if (values.length > max) refuse(name, max === 1 ? "may stand only once" : `may stand at most ${max} times`);
  for (const value of values) {
    if (value === "") refuse(name, "must not be empty");
    if (value.length > MAX_LENGTH) refuse(name, `must not be longer than ${MAX_LENGTH} characters`);
  }
}

function integer(name: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  return refuse(name, `must be a whole number from ${min} to ${max}`);
}

function listed<T extends string>(name: string, value: string, known: readonly T[]): T {
  return known.find((item) => item === value) ?? refuse(name, `must be one of ${known.join(", ")}`);
}

function instant(name: string, value: string): number {
  const time = /^\d{1,15}$/.test(value) ? Number(value) : INSTANT.test(value) && isDay(value) ? Date.parse(value) : NaN;
  if (!Number.isNaN(time)) return time;
  return refuse(
    name,
    "must be a time in ISO 8601 with a time zone, such as 2026-01-31T12:00:00Z, or Unix milliseconds",
  );
}

/** A month has no more days than that: else the thirtieth of February would be a day in March. */
function isDay(value: string): boolean {
  const day = value.slice(0, "2026-01-31".length);
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function dollars(name: string, value: string): number {
  if (/^\d{1,9}(\.\d{1,9})?$/.test(value)) return Math.round(Number(value) * 1e9);
  return refuse(name, "must be an amount in dollars with at most nine decimals, such as 0.25");
}

function refuse(name: string, message: string): never {
  throw refusal(name, `query parameter "${name}" ${message}`);
}

function refusal(name: string, message: string): GatewayError {
  return new GatewayError("invalid_request", message, { param: shown(name) });
}

function shown(name: string): string {
  return name.slice(0, 100);
}
