/** What the log is made of: the record as the journal keeps it. */
export type { RequestRecord } from "../journal/record.ts";
