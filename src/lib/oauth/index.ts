export { fetchToken, type Token, type TokenRequest } from "./fetch-token.ts";
export { TokenCache, type TokenGrant } from "./token-cache.ts";
export { TokenError } from "./token-error.ts";
export { isTokenUrl } from "./token-url.ts";
