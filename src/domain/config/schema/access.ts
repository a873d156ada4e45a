import { z } from "zod";
import { secretText } from "./scalars.ts";

/** Who may call. */
export const accessSchema = z.strictObject({
  require_virtual_key: z
    .boolean()
    .optional()
    .describe(
      "Whether callers must present a virtual key. By default they must, unless the server is bound to loopback and no virtual key is defined.",
    ),
  admin_token: secretText(
    "Token of the management API, sent as `Authorization: Bearer`. Without one a token is made at the first start and shown once.",
  ).optional(),
});
