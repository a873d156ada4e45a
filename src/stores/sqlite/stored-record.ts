import { parseRecord } from "../../domain/journal/parse-record.ts";
import type { RequestRecord } from "../../canonical/record.ts";

/** The record of a stored journal line; lines of other versions of the program are read as the journal reads them. */
export function storedRecord(text: string): RequestRecord {
  const record = parseRecord(text);
  if (record === null) throw new Error("a stored record cannot be read: the store was changed by something else");
  return record;
}
