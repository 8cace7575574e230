/**
 * Build the committed bundles, or with `--compare` say whether they are what the sources give.
 *
 * Usage: node realtime/client/build.mjs [--compare]
 */

import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const CLIENT = "realtime/client/src/index.ts";
/** What the scripts of the pages import the client from: beside them under the static address. */
const CLIENT_MODULE = "../realtime/client.mjs";
const PAGES = "proposals/dashboard/src";
const BUNDLES = [
  {
    entry: CLIENT,
    output: "realtime/static/realtime/client.js",
    options: { format: "iife", globalName: "Tenderwire" },
  },
  { entry: CLIENT, output: "realtime/static/realtime/client.mjs", options: { format: "esm" } },
  ...["project", "library", "sections", "notifications"].map((name) => ({
    entry: `${PAGES}/${name}.ts`,
    output: `proposals/static/proposals/${name}.js`,
    options: { format: "esm", plugins: [importTheClient()] },
  })),
];

/** Leave the client out of a page's bundle: the browser loads it once for all scripts of the page. */
function importTheClient() {
  return {
    name: "import-the-client",
    setup: ({ onResolve }) =>
      onResolve({ filter: /realtime\/client\/src\/index\.ts$/ }, ({ kind }) =>
        kind === "entry-point" ? undefined : { path: CLIENT_MODULE, external: true },
      ),
  };
}

/** Return the text of a bundle. Not minified: it is committed, so changes must be readable. */
async function bundle({ entry, options }) {
  const result = await build({
    ...options,
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    banner: { js: `// Built from ${dirname(entry)} by "npm run build". Do not edit.` },
  });
  return result.outputFiles[0].text;
}

async function save(output, text) {
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, text);
  console.log(`${relative(ROOT, output)}: ${Buffer.byteLength(text)} bytes`);
}

async function compare(output, text) {
  const committed = existsSync(output) ? await readFile(output, "utf8") : "";
  if (committed === text) return;
  console.error(`${relative(ROOT, output)} is not what its sources give: run "npm run build".`);
  process.exitCode = 1;
}

const finish = process.argv.includes("--compare") ? compare : save;
for (const wanted of BUNDLES.filter(({ entry }) => existsSync(resolve(ROOT, entry)))) {
  await finish(resolve(ROOT, wanted.output), await bundle(wanted));
}
