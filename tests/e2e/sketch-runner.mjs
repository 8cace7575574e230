// Runs the sketch's own client, unchanged but for its host, in Node, and prints a line for each of its callbacks.
// node --experimental-websocket sketch-runner.mjs CLIENT_JS PROJECT TOKEN

import { readFileSync } from "node:fs";
import vm from "node:vm";

const [client, projectId, accessToken] = process.argv.slice(2);
const say = (...words) => process.stdout.write(JSON.stringify(words) + "\n");

process.on("uncaughtException", (error) => say("uncaught", error.name)); // "pong" is no JSON: a browser only reports it

vm.runInNewContext(readFileSync(client, "utf8"), {
  WebSocket,
  console: { log: (text) => say("log", text), error: (text) => say("log", text) },
  setInterval: (tick, delay) => setInterval(tick, delay / 100), // ping every 0.3 s instead of every 30 s
  projectId,
  accessToken,
  updateProgressBar: (progress) => say("progress", progress),
  updateStatusMessage: (message) => say("message", message),
  updateGenerationUI: (data) => say("generation", data),
  handleOperationComplete: (operation, result) => say("complete", operation, result),
  showErrorNotification: (error) => say("error", error),
});
