import type { Asker } from "../../domain/state/ask.ts";
import { ownerOf } from "../../domain/state/owner.ts";
import type { RequestContext } from "../context.ts";

/** On whose behalf a request asks. */
export function askerOf({ caller }: RequestContext): Asker {
  const data = caller?.data ?? null;
  return { owner: ownerOf(data), caller: data?.id ?? "" };
}
