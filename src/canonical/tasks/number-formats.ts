import { GatewayError } from "../errors.ts";
import type { EmbeddingsRequest } from "./embeddings.ts";

/**
 * Whether a request asks for packed numbers too, which a target that has numbers and base64 alone leaves out; throws
 * `unsupported_operation` when it asks for nothing else.
 */
export function asksForPacked({ encodings = [] }: EmbeddingsRequest): boolean {
  const packed = encodings.filter((each) => each !== "float" && each !== "base64");
  if (packed.length > 0 && packed.length === encodings.length) {
    throw new GatewayError("unsupported_operation", `this provider does not give vectors as ${packed.join(", ")}`);
  }
  return packed.length > 0;
}
