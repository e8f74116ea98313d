// All tests of the reader, or the parts that are named, one after another in one process: one server,
// one browser.
import { after } from "node:test";
import { closeBrowser } from "./browser.js";
import { startServer, stopServer } from "./server.js";

after(async () => {
  await closeBrowser();
  await stopServer();
});

await startServer();
const parts = process.argv.slice(2);
for (const name of parts.length ? parts : ["pages", "plain", "paragraphs", "controls", "hostile", "proxy", "weight", "frontend"]) {
  await import(`./test_${name}.js`);
}
