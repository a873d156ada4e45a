export { configSchema } from "./schema/config.ts";
export type * from "./schema/types.ts";
export type { Period, PeriodUnit } from "./schema/period.ts";
export { Secret } from "./secret.ts";
