/** Why there is no token. The message names no secret and quotes nothing that the endpoint wrote. */
export class TokenError extends Error {
  /** `refused`: the credential will not do; `unavailable`: the endpoint did not answer as it should. */
  readonly kind: "refused" | "unavailable";

  constructor(kind: TokenError["kind"], message: string) {
    super(message);
    this.name = "TokenError";
    this.kind = kind;
  }
}
