// The real program with the sample articles, on a port and in a folder of its own, and a few articles
// that only writing can make: one with a history, one that means harm.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "./tools.js";

const program = process.env.PILCROW;
let main;

export const server = { url: undefined, token: undefined, edited: undefined, hostile: undefined };

export const harm = {
  title: "<script>alert(1)</script> & \"><img src=x onerror=alert(2)>",
  paragraph: "</p><script>alert(3)</script>\"><img src=x onerror=alert(4)> javascript:alert(5) ' onclick='alert(6)",
  name: "\"><svg onload=alert(7)>",
};

// A database of its own with the samples, and a server of it with `more` settings.
export async function launch(...more) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "pilcrow-reader-"));
  const db = path.join(home, "reader.db");
  const sources = ["db/samples", "../shared/seeds"].map((name) => path.join(root, name)).filter(fs.existsSync);
  execFileSync(program, ["import", "--quiet", "--db", db, ...sources], { stdio: ["ignore", "ignore", "inherit"] });
  const token = execFileSync(program, ["token", "create", "--db", db, "--name", "tests", "--scope", "write"],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim().split(/\s+/).pop();
  // A busy machine may take its time: what searches cost is measured elsewhere.
  const child = spawn(program, ["serve", "--db", db, "--listen", "127.0.0.1:0", "--access-log", "off", "--log-level", "warn",
    "--search-deadline", "5000", "--query-deadline", "10000", "--title", "Merrow Point Gazette", ...more],
  { stdio: ["ignore", "pipe", "inherit"] });
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    fs.rmSync(home, { recursive: true, force: true });
  };
  return { url: await readyUrl(child), token, stop };
}

export async function startServer() {
  main = await launch();
  Object.assign(server, { url: main.url, token: main.token });
  await write();
}

function readyUrl(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const ready = said.match(/^ready url=(\S+)/m);
      if (ready) resolve(ready[1]);
    });
    child.on("exit", (status) => reject(new Error(`the server ended with status ${status} before it was ready`)));
  });
}

export async function send(method, address, body, headers = {}) {
  const answer = await fetch(server.url + address, {
    method, body: JSON.stringify(body),
    headers: { Authorization: `Bearer ${server.token}`, "Content-Type": "application/json", ...headers },
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${said.detail}`);
  return said;
}

async function write() {
  const first = await send("POST", "/v1/articles", {
    title: "The Clock on the Customs House", authors: ["Edda Varn"], section: ["HARBOUR", "Lights"], published: "2023-02-11",
    tags: ["Harbour"], paragraphs: ["The clock on the customs house has stood at ten past four since the flood.",
      "Nobody minds. Whoever needs the time looks at the ferry.", "A clockmaker has offered to mend it for nothing."],
  });
  const [one, two, three] = first.paragraphs;
  await send("PUT", `/v1/articles/${first.id}`, {
    title: first.title, authors: ["Edda Varn"], section: ["HARBOUR", "Lights"], published: "2023-02-11", tags: ["Harbour"],
    paragraphs: [{ id: one.id, text: "The clock on the customs house has stood at a quarter past four since the great flood." },
      { id: three.id, text: three.text }, { id: two.id, text: two.text }, { text: "The council has thanked him, and said no." }],
  }, { "If-Match": "*" });
  await send("PATCH", `/v1/articles/${first.id}`, { title: "The Clock on the Customs House Stands" }, { "If-Match": "*" });
  server.edited = first.id;
  const hostile = await send("POST", "/v1/articles", { title: harm.title, authors: [harm.name], tags: [harm.name],
    published: "2001-01-01", paragraphs: [harm.paragraph, harm.paragraph.repeat(3), "W".repeat(300)] });
  server.hostile = hostile.id;
}

export async function stopServer() {
  await main?.stop();
}
