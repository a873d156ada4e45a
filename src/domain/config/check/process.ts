import type { CheckContext } from "./context.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/;
const LEAST_TOKEN_LENGTH = 16;

/** The process itself: store, exposure, admin token. */
export function checkProcess(context: CheckContext): void {
  const { access, server, store } = context.config;
  if (!/^sqlite:.+/.test(store.url.reveal())) {
    context.problem(
      ["store", "url"],
      "is no address of a store",
      "write sqlite:PATH, such as sqlite:./data/trunkline.db",
    );
  }
  if (access.require_virtual_key === false && !LOOPBACK.test(server.host)) {
    context.warn(
      ["access", "require_virtual_key"],
      `everybody who reaches ${server.host} may call, on your provider keys`,
    );
  }
  if (access.admin_token !== undefined && access.admin_token.reveal().length < LEAST_TOKEN_LENGTH) {
    context.warn(["access", "admin_token"], "is short enough to be guessed", "use at least 32 random characters");
  }
}
