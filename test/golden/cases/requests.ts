import type { RequestCase } from "./case.ts";
import { MEDIA_CASES } from "./media.ts";
import { OPTION_CASES } from "./options.ts";
import { TEXT_CASES } from "./text.ts";
import { TOOL_CASES } from "./tools.ts";

/** All requests of the matrix. */
export const REQUEST_CASES: readonly RequestCase[] = [...TEXT_CASES, ...MEDIA_CASES, ...TOOL_CASES, ...OPTION_CASES];
