// @ts-check
// A client of Pilcrow's API that is typed by the server's own description: a path, a parameter or a
// member that the server does not know does not compile. README.md says how the types are made.

/** @typedef {import("./types").components["schemas"]} Schemas */
/** @template {import("./types").Path} P @typedef {import("./types").Body<P>} Body */
/** @template {import("./types").Path} P @typedef {import("./types").Query<P>} Query */
/** @template B @typedef {import("./types").Answer<B>} Answer */

/** What the server answered instead: its problem, in its words. */
export class Refusal extends Error {
  /** @param {Schemas["Problem"]} problem */
  constructor(problem) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
  }
}

export class Client {
  /** @type {Map<string, { etag: string | null, body: unknown }>} */
  #kept = new Map();

  /** @param {string} base where the server is, such as https://news.example */
  constructor(base) {
    this.base = base.replace(/\/$/, "");
  }

  /**
   * What was read before is asked for by its ETag: a 304 has no body and costs one small read.
   * @template {import("./types").Path} P
   * @param {P} path @param {{ at?: Record<string, string | number>, query?: Query<P> }} [choice]
   * @returns {Promise<Answer<Body<P>>>}
   */
  async get(path, { at = {}, query } = {}) {
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(at[name]));
    const url = new URL(this.base + filled);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
    const kept = this.#kept.get(url.href);
    const answer = await fetch(url, { headers: kept?.etag ? { "If-None-Match": kept.etag } : {} });
    const isKept = answer.status === 304 && kept !== undefined;
    const body = isKept ? kept.body : await read(answer);
    const etag = isKept ? kept.etag : answer.headers.get("ETag");
    this.#kept.set(url.href, { etag, body });
    return { body: /** @type {Body<P>} */ (body), etag, isKept };
  }

  /**
   * Writes a paragraph of the version that `etag` names; when somebody was faster, nothing (412).
   * @param {number} id @param {Schemas["ParagraphPatch"]} change @param {string} etag @param {string} token
   * @returns {Promise<Schemas["ParagraphWithHistory"]>}
   */
  async correct(id, change, etag, token) {
    const answer = await fetch(`${this.base}/v1/paragraphs/${id}`, {
      method: "PATCH",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/merge-patch+json", "If-Match": etag },
      body: JSON.stringify(change),
    });
    return /** @type {Schemas["ParagraphWithHistory"]} */ (await read(answer));
  }
}

/** @param {Response} answer @returns {Promise<unknown>} */
async function read(answer) {
  const said = await answer.json();
  if (!answer.ok) throw new Refusal(said);
  return said;
}
