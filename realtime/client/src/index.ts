/** The public face of the client library. */

export { CommandError } from "./commands.ts";
export { CredentialError, type GetToken } from "./credentials.ts";
export type { Clock, DocumentLike, Environment, WebSocketConstructor, WebSocketLike } from "./environment.ts";
export { type ParsedFrame, parseFrame, ProtocolError } from "./parse-frame.ts";
export { ProjectSocket } from "./project-socket.ts";
export type * from "./protocol.ts";
export type {
  Connection,
  ConnectionState,
  ProjectSocketEvents,
  ProjectSocketOptions,
  SocketError,
  UrlSource,
} from "./socket-types.ts";
export { fold, fromSnapshot, skip } from "./store.ts";
