/**
 * The HTTP addresses beside a socket's: the same topic for networks that let no WebSocket pass.
 *
 * Source: PROTOCOL.md, "Client library".
 */

/** Where the fallbacks of one socket are. */
export interface HttpAddresses {
  /** Server-sent events. */
  readonly stream: string;
  /** Long-polling. */
  readonly events: string;
  readonly state: string;
  readonly commands: string;
}

/** There is no HTTP address for this socket. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

const SOCKET_PATH = /^(.*)\/ws\/(.+?)\/?$/;

/**
 * Return the addresses beside that of a socket: `/ws/projects/<uuid>` gives `/api/projects/<uuid>/state/`.
 *
 * @param url of the socket: absolute, or relative to `baseUrl`.
 * @param paths where each address is below that of the topic in the API.
 * @param given addresses that are known otherwise; relative to `baseUrl` too.
 * @throws AddressError when none follow, or when a credential would leave an encrypted connection.
 * @throws TypeError when the URL is relative and there is no base.
 */
export function findHttpAddresses(
  url: string,
  baseUrl: string | undefined,
  paths: HttpAddresses,
  given: Partial<HttpAddresses> = {},
): HttpAddresses {
  const socket = new URL(url, baseUrl);
  socket.protocol = socket.protocol.replace("ws", "http");
  socket.hash = "";
  const find = (name: keyof HttpAddresses): string => {
    const asked = given[name];
    const address = asked === undefined ? makeAddress(socket, paths[name]) : new URL(asked, baseUrl);
    if (address.protocol !== socket.protocol) throw new AddressError(`${address.href} is not ${socket.protocol}`);
    return address.href;
  };
  return { stream: find("stream"), events: find("events"), state: find("state"), commands: find("commands") };
}

function makeAddress(socket: URL, path: string): URL {
  const [, prefix, topic] = SOCKET_PATH.exec(socket.pathname) ?? [];
  if (topic === undefined) throw new AddressError(`No HTTP address follows from ${socket.pathname}.`);
  const address = new URL(socket);
  address.pathname = `${prefix}/api/${topic}/${path}`;
  return address;
}
