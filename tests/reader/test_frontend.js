// docs/frontend as its readers have it: types of the server's own description, and a page on another
// origin that reads, comes back with ETags, and writes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { on } from "./browser.js";
import { complaints, overflow } from "./look.js";
import { send, server } from "./server.js";
import { folder, root } from "./tools.js";

const source = path.join(root, "docs/frontend");
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
const there = {};

function serveFiles(request, answer) {
  const name = new URL(request.url, "http://here").pathname.slice(1) || "index.html";
  const type = types[path.extname(name)];
  if (!type || !fs.readdirSync(source).includes(name)) return answer.writeHead(404).end();
  answer.writeHead(200, { "Content-Type": type }).end(fs.readFileSync(path.join(source, name)));
}

// Each must be one to the compiler, or it complains.
const mistakes = `// @ts-check
import { Client } from "./client.js";
const client = new Client("http://127.0.0.1:8080");
// @ts-expect-error: no such parameter
client.get("/v1/articles", { query: { limt: 5 } });
// @ts-expect-error: no such path
client.get("/v1/artikel");
// @ts-expect-error: no such member
client.get("/v1/articles/{article}", { at: { article: 1 } }).then(({ body }) => body.titel);
`;

const files = http.createServer(serveFiles);

before(async () => {
  await new Promise((resolve) => files.listen(0, "127.0.0.1", resolve));
  there.origin = `http://127.0.0.1:${files.address().port}`;
});
after(() => files.closeAllConnections() ?? files.close());

function across(hash, work) {
  return (context) => on(`/?api=${server.url}${hash}`, { origin: there.origin, elsewhere: [server.url],
    mayFail: /status of (304|409|412)/ }, work)(context);
}

describe("a frontend", () => {
  test("compiles with the types of /openapi.json", () => {
    const copy = path.join(folder, "frontend");
    fs.rmSync(copy, { recursive: true, force: true });
    fs.cpSync(source, copy, { recursive: true });
    fs.writeFileSync(path.join(copy, "openapi.json"), execFileSync(process.env.PILCROW, ["docs", "openapi"],
      { maxBuffer: 1 << 26 }));
    const bin = path.join(folder, "node_modules/.bin");
    execFileSync(path.join(bin, "openapi-typescript"), ["openapi.json", "--output", "pilcrow.d.ts"], { cwd: copy });
    fs.writeFileSync(path.join(copy, "mistakes.js"), mistakes);
    execFileSync(path.join(bin, "tsc"), ["-p", copy], { encoding: "utf8", stdio: ["ignore", "inherit", "inherit"] });
  });

  test("lists, leafs and searches", across("", async (page) => {
    await page.waitForSelector(".articles li");
    assert.equal(await page.locator(".articles li").count(), 5);
    await page.click("[rel=next]");
    await page.waitForURL(/#\/after\//);
    await page.fill("#query", "ferry cat");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Ferry Cat Retires With Full Honours" }).click();
    await page.waitForSelector("p[id^=p-]");
    assert.match(await page.innerText("#note"), /^version 1/);
  }));

  test("fits 320 pixels, and axe finds nothing", across("#/articles/2", async (page) => {
    await page.setViewportSize({ width: 320, height: 800 });
    await page.waitForSelector("p[id^=p-]");
    assert.deepEqual(await overflow(page), []);
    assert.deepEqual(await complaints(page), []);
  }));

  test("comes back to an article for a 304", across("#/articles/2", async (page) => {
    await page.waitForSelector("p[id^=p-]");
    const statuses = [];
    page.on("response", (answer) => answer.url().endsWith("/v1/articles/2") && answer.request().method() === "GET" &&
      statuses.push(answer.status()));
    await page.click("header a");
    await page.waitForSelector(".articles");
    await page.goBack();
    await page.getByText("not changed since it was read (304)").waitFor();
    assert.deepEqual(statuses, [304]);
  }));

  test("corrects a paragraph, and loses nobody else's correction", across("#/articles/3", async (page) => {
    const [{ id, text }] = (await send("GET", "/v1/articles/3")).paragraphs;
    const correct = async (words) => {
      await page.getByRole("button", { name: "Correct" }).first().click();
      await page.fill("textarea", words);
      await page.getByRole("button", { name: "Save" }).click();
    };
    await page.fill("#token", server.token);
    await correct(`${text} So it is.`);
    await page.getByText("version 2").waitFor();
    assert.equal(await page.innerText(`#p-${id}`), `${text} So it is.`);
    await send("PATCH", `/v1/paragraphs/${id}`, { text: `${text} Somebody was faster.` }, { "If-Match": "*" });
    await correct(`${text} Too late.`);
    await page.getByText(/^412: /).waitFor();
    assert.match((await send("GET", `/v1/paragraphs/${id}`)).text, /Somebody was faster\.$/);
  }));
});
