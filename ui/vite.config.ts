import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { dayjsUnderFrozenPrototype } from "./frozen-prototype.ts";
import { pdfDecoders } from "./pdf-decoders.ts";

export default defineConfig({
  plugins: [react(), dayjsUnderFrozenPrototype(), pdfDecoders()],
  base: "./",
  // pdf.js character maps, read as modules because the policy allows no fetch.
  assetsInclude: ["**/*.bcmap"],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    // WebKitGTK 2.50 is Safari 26's engine; nothing older opens this page.
    target: "safari18",
    chunkSizeWarningLimit: 1600,
    // The content security policy allows no inline script, so the polyfill must not be injected.
    modulePreload: { polyfill: false },
    // A data: URL for a worker or a script would be refused by the policy.
    assetsInlineLimit: 0,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    testTimeout: 20_000,
  },
});
