import { z } from "zod";
import { PRIORITIES } from "../../../canonical/priority.ts";
import { Secret } from "../secret.ts";

/** Marks a place where `env.NAME` and `vault.NAME/path` stand for a value kept elsewhere. */
export const REFERENCE_MARK = "x-reference";
/** Marks a place whose value is never shown. */
export const SECRET_MARK = "x-secret";

/** A credential as text, or a reference to one; read as a `Secret`. */
export function secretText(description: string) {
  return z
    .string()
    .min(1)
    .meta({ description, [REFERENCE_MARK]: true, [SECRET_MARK]: true })
    .transform((value) => new Secret(value));
}

/** Name of a team, key, rule, …: any printable text of up to 200 characters without blanks at its ends. */
export const nameText = z
  .string()
  .max(200)
  .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u, "must be printable text without blanks at its ends");

/** Name of a provider, as it stands before the slash of `provider/model`. */
export const providerName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must be letters, digits, '.', '_' and '-', starting with a letter or digit");

/** A model string: an alias, `provider/model`, or a bare model. */
export const modelText = z
  .string()
  .max(512)
  .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u, "must be a model id, provider/model or an alias");

/** Globs of model ids: `*` stands for any run of characters. */
export const modelGlobs = z.array(z.string().min(1).max(512));

/** A whole number within bounds. */
export function integer(least: number, most: number) {
  return z.int().min(least).max(most);
}

/** Share among its neighbours; 0 is used only when nothing else is left. */
export const weight = z.number().min(0).max(1_000_000).default(1);

/** Who goes first where requests wait for room or some have to be refused. */
export const priority = z.enum(PRIORITIES).optional();

/** A point in time as Unix milliseconds: an ISO 8601 date (its start in UTC), or date and time with offset. */
export function instant(description: string) {
  return z
    .union([z.iso.datetime({ offset: true }), z.iso.date()])
    .describe(description)
    .transform((text) => Date.parse(text));
}

/** Free labels, seen by rules as `.tags`. */
export const tags = z
  .record(z.string().min(1).max(100), z.string().max(500))
  .default({})
  .describe("Free labels; rules see them as `.tags`.");
