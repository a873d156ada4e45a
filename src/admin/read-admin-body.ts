import { GatewayError } from "../canonical/errors.ts";

/** Management takes no more. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The body of a management request; throws `body_too_large` for more than `most` bytes, 8 MiB by default, and reads no further. */
export async function readAdminBody(request: Request, most = MAX_BYTES): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > most) throw new GatewayError("body_too_large", `the body has more than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
