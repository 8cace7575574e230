// Follows a project with the built client, in Node, and prints a line for each thing that the socket tells.
// node --experimental-websocket client-runner.mjs SERVER JWT PROJECT OPTIONS
// OPTIONS: JSON; `path` of the socket, `transports` and `http` as the client's; `cancel`: stop what is seen running.

const [server, jwt, project, optionsText] = process.argv.slice(2);
const { path = `/ws/projects/${project}`, cancel = false, ...options } = JSON.parse(optionsText);
const { ProjectSocket } = await import("../realtime/static/realtime/client.mjs");

const say = (...words) => process.stdout.write(JSON.stringify(words) + "\n");

async function getToken() {
  const answer = await fetch(`${server}/api/realtime/tickets/`, {
    method: "POST",
    headers: { Authorization: `Bearer ${jwt}` },
  });
  if (!answer.ok) throw new Error(`No ticket: ${answer.status}`);
  return (await answer.json()).ticket;
}

const socket = new ProjectSocket({ url: server + path, getToken, ...options });
const asked = new Set();

function stop(operation) {
  if (!cancel || operation.status !== "running" || asked.has(operation.operation_id)) return;
  asked.add(operation.operation_id);
  socket.cancel(operation.operation_id).then(
    (result) => say("reply", result),
    (error) => say("refusal", error.code),
  );
}

socket.on("connection", ({ state, reason, transport }) => say("connection", `${state} ${reason ?? transport}`));
socket.on("event", ({ sequence }) => say("event", sequence));
socket.on("error", ({ code }) => say("error", code));
socket.on("state", (state) => {
  say("state", state);
  state.operations.forEach(stop);
});
