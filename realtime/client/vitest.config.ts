import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  test: { include: ["{realtime/client,proposals/dashboard}/tests/**/*.test.ts"] },
});
