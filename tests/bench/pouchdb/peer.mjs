// PouchDB 9 with express-pouchdb, doing what `sync` of desk/examples/sync_bench.rs measures of the desk and the hub.
//
//   node peer.mjs serve FOLDER            prints {"url"} and serves until its input ends
//   node peer.mjs push FOLDER DOCS URL    fills a database from DOCS (one JSON document a line), then sends it
//   node peer.mjs pull FOLDER URL         fetches it into another
// Both print {"docs", "seconds"}: of the replication alone, not of filling the database or starting Node.
import fs from "node:fs";
import readline from "node:readline";
import express from "express";
import PouchDB from "pouchdb";

const [task, folder, ...rest] = process.argv.slice(2);
// Larger than its default of 100: the peer at its best.
const BATCH = { batch_size: 1000, batches_limit: 10 };

async function replicate(from, to) {
  const begun = performance.now();
  const result = await PouchDB.replicate(from, to, BATCH);
  const seconds = (performance.now() - begun) / 1000;
  if (!result.ok || result.doc_write_failures > 0) throw new Error(JSON.stringify(result));
  console.log(JSON.stringify({ docs: result.docs_written, seconds }));
}

if (task === "serve") {
  const { default: expressPouchDB } = await import("express-pouchdb");
  fs.mkdirSync(folder, { recursive: true });
  process.chdir(folder);
  const app = express();
  app.use("/", expressPouchDB(PouchDB.defaults({ prefix: `${folder}/` }), { mode: "minimumForPouchDB" }));
  const server = app.listen(0, "127.0.0.1", () => {
    console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/bench` }));
  });
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
} else if (task === "push") {
  const [file, url] = rest;
  const local = new PouchDB(folder);
  let batch = [];
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    batch.push(JSON.parse(line));
    if (batch.length === 1000) {
      await local.bulkDocs(batch);
      batch = [];
    }
  }
  await local.bulkDocs(batch);
  await replicate(local, url);
} else if (task === "pull") {
  await replicate(rest[0], new PouchDB(folder));
} else {
  throw new Error("right would be: serve, push or pull");
}
