// pdf.js behind a small surface, loaded when the first PDF is shown. The legacy build, because WebKitGTK lags
// behind the engines the modern one is made for. It needs no eval, and its worker is a file of the bundle.

import { GlobalWorkerOptions, getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

GlobalWorkerOptions.workerSrc = workerUrl;

// A scan without embedded Chinese fonts names these tables. They are read by module import, since the page's policy
// allows no fetch.
const TABLES = import.meta.glob<string>(
  ["/node_modules/pdfjs-dist/cmaps/{GB*,UniGB*,Adobe-GB1*,Uni*UTF16*,Identity*}.bcmap"],
  { query: "?inline", import: "default" },
);

class BundledData {
  async fetch({ filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const load = TABLES[`/node_modules/pdfjs-dist/cmaps/${filename}`];
    if (!load) throw new Error(`${filename} is not in the bundle`);
    const url = await load();
    const binary = atob(url.slice(url.indexOf(",") + 1));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  }
}

type Drawing = { done: Promise<void>; stop: () => void };
export type OpenPdf = {
  pages: number;
  /** CSS pixels of the first page at 100 %. */
  width: number;
  draw: (page: number, scale: number, canvas: HTMLCanvasElement) => Drawing;
  close: () => void;
};

/** CSS pixels per point. */
const POINT = 96 / 72;

export async function openPdf(data: Uint8Array): Promise<OpenPdf> {
  const task = getDocument({
    data,
    BinaryDataFactory: BundledData,
    cMapUrl: "bundled/",
    useWorkerFetch: false,
    // The policy allows no WebAssembly; pdf.js has the decoders in plain script too.
    useWasm: false,
    wasmUrl: new URL("pdfjs/", document.baseURI).href,
    useSystemFonts: true,
    enableXfa: false,
  });
  const pdf = await task.promise;
  const width = (await pdf.getPage(1)).getViewport({ scale: POINT }).width;
  return {
    pages: pdf.numPages,
    width,
    draw: (page, scale, canvas) => draw(pdf, page, scale, canvas),
    close: () => void task.destroy(),
  };
}

type Pdf = Awaited<ReturnType<typeof getDocument>["promise"]>;

function draw(pdf: Pdf, number: number, scale: number, canvas: HTMLCanvasElement): Drawing {
  let stop = (): void => undefined;
  let stopped = false;
  const done = (async () => {
    const page = await pdf.getPage(number);
    if (stopped) throw new Error("stopped");
    const density = Math.max(1, window.devicePixelRatio || 1);
    const viewport = page.getViewport({ scale: scale * POINT * density });
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    canvas.style.width = `${Math.floor(viewport.width / density)}px`;
    canvas.style.height = `${Math.floor(viewport.height / density)}px`;
    const task = page.render({ canvas, viewport });
    stop = () => task.cancel();
    await task.promise;
  })();
  return {
    done,
    stop: () => {
      stopped = true;
      stop();
    },
  };
}
