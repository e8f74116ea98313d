// What can be seen to be wrong with a page: what sticks out of it, and what axe has to say.
import fs from "node:fs";
import { toolPath } from "./tools.js";

const axe = fs.readFileSync(toolPath("axe-core/axe.min.js"), "utf8");

export async function overflow(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll("body *")].filter((node) => node.getBoundingClientRect().right > wide)
      .slice(0, 5).map((node) => node.outerHTML.slice(0, 80));
  });
}

export async function complaints(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
}
