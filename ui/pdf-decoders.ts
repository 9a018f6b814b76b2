/** A build step for pdf.js: its decoders for scanned pages (JPEG 2000, JBIG2) in plain script, since the policy allows
 * no WebAssembly. pdf.js asks for them by name below `pdfjs/`, so they keep their names. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const DECODERS = ["openjpeg_nowasm_fallback.js", "jbig2_nowasm_fallback.js"];

export function pdfDecoders(): Plugin {
  const require = createRequire(import.meta.url);
  return {
    name: "pdf-decoders",
    apply: "build",
    generateBundle() {
      for (const file of DECODERS) {
        const source = readFileSync(require.resolve(`pdfjs-dist/wasm/${file}`));
        this.emitFile({ type: "asset", fileName: `pdfjs/${file}`, source });
      }
    },
  };
}
