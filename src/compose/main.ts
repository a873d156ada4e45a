import { isStart } from "../cli/is-start.ts";
import { beginAnew } from "./runtime-settings.ts";

// The rest is loaded after this, so that beginning anew costs next to nothing.
if (isStart(process.argv.slice(2))) beginAnew();
await import("./program.ts");
