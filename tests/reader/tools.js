// Packages from the folder into which run.sh put them: the source tree stays free of node_modules.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const tools = createRequire(process.env.NODE_TOOLS);

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const folder = path.dirname(process.env.NODE_TOOLS);

export function toolPath(name) {
  return tools.resolve(name);
}

export async function tool(name) {
  const loaded = await import(pathToFileURL(tools.resolve(name)).href);
  return loaded.default ?? loaded;
}
