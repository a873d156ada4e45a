export { cutReason, isSendableCode } from "./frame.ts";
export type { WebSocketHandler, WebSocketRequest } from "./websocket-client.ts";
export { WebSocketClient } from "./websocket-client.ts";
