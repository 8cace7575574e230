/** The public face of the client library. */

export { CommandError } from "./commands.ts";
export { CredentialError, type GetToken } from "./credentials.ts";
export type {
  Clock,
  DocumentLike,
  Environment,
  Fetch,
  StorageLike,
  WebSocketConstructor,
  WebSocketLike,
} from "./environment.ts";
export type { HttpAddresses } from "./http-addresses.ts";
export type * from "./notification-protocol.ts";
export { type NotificationArrival, NotificationSocket, type NotificationSocketEvents } from "./notification-socket.ts";
export { foldNotification, fromNotificationSnapshot, NOTIFICATIONS_LIMIT } from "./notification-store.ts";
export { parseNotificationFrame } from "./notification-topic.ts";
export { type ParsedFrame, ProtocolError } from "./parse-frame.ts";
export { ProjectSocket } from "./project-socket.ts";
export { parseFrame } from "./project-topic.ts";
export type * from "./protocol.ts";
export type {
  Connection,
  ConnectionState,
  NotificationSocketOptions,
  ProjectSocketEvents,
  ProjectSocketOptions,
  SocketError,
  SocketOptions,
  UrlSource,
} from "./socket-types.ts";
export { fold, fromSnapshot } from "./store.ts";
export { skip } from "./topic.ts";
export type { TransportName } from "./transports.ts";
