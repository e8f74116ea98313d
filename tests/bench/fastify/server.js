// Three of Pilcrow's answers from the same database, as one would write them with Fastify and better-sqlite3 for speed:
// statements prepared once, each answer from one read transaction, bodies printed by fast-json-stringify from a schema,
// no log. It checks less, and sends no ETag.
//
//     NODE_ENV=production node server.js DATABASE      prints "ready PORT"

import Database from 'better-sqlite3'
import Fastify from 'fastify'

const [AUTHOR, SECTION, TAG] = [1, 2, 3]

// As Pilcrow's readers have it.
const db = new Database(process.argv[2], {readonly: true, fileMustExist: true})
for (const pragma of ['query_only=ON', 'cell_size_check=ON', 'cache_size=-1024', 'mmap_size=0', 'temp_store=MEMORY']) {
  db.pragma(pragma)
}

const COLUMNS = `id, slug, title, published, lead, paragraph_count, word_count, version, seq, created_at, updated_at`
const articleById = db.prepare(`SELECT ${COLUMNS} FROM article WHERE id = ?`)
const articlesNewest = db.prepare(`SELECT ${COLUMNS} FROM article ORDER BY published DESC, id DESC LIMIT ?`)
const articlesAfter = db.prepare(
  `SELECT ${COLUMNS} FROM article WHERE (published, id) < (?, ?) ORDER BY published DESC, id DESC LIMIT ?`)
const termsOf = db.prepare(
  `SELECT t.kind, t.slug, a.name FROM article_term AS a JOIN term AS t ON t.id = a.term_id
   WHERE a.article_id = ? ORDER BY a.kind, a.position`)
const paragraphsOf = db.prepare(
  `SELECT id, position, text, words, first_version, last_version FROM paragraph
   WHERE article_id = ? AND position BETWEEN 1 AND 9223372036854775807 ORDER BY position`)
const totals = db.prepare('SELECT seq, article_count FROM store WHERE id = 1')
const termsByCount = db.prepare(
  `SELECT id, slug, name, article_count FROM term WHERE kind = ? AND article_count > 0
   ORDER BY article_count DESC, id DESC LIMIT ?`)
const termCount = db.prepare('SELECT count(*) FROM term WHERE kind = ? AND article_count > 0').pluck()

// ---- shapes ----

const text = {type: 'string'}
const number = {type: 'integer'}
const maybe = {type: ['string', 'null']}
const object = properties => ({type: 'object', properties})
const list = items => ({type: 'array', items})

const reference = object({slug: text, name: text})
const members = {
  id: number, slug: text, title: text, authors: list(reference), published: maybe,
  section: {...object({slug: text, name: text, path: list(reference)}), nullable: true}, tags: list(reference),
  lead: text, paragraph_count: number, word_count: number, version: number, seq: number, created_at: text,
  updated_at: text, url: text
}
const paragraph = object({
  id: number, n: number, text, words: number, first_version: number, last_version: number, url: text
})
const term = object({slug: text, name: text, count: number, url: text, articles: text})
const page = item => object({
  data: list(item),
  links: object({self: text, next: maybe, prev: maybe}),
  meta: object({count: number, total: number, seq: number})
})
const answers = schema => ({schema: {response: {200: schema}}})

// ---- rows into objects ----

const instant = seconds => new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z'

function sectionOf(path) {
  const last = path[path.length - 1]
  return last === undefined ? null : {slug: last.slug, name: last.name, path}
}

function article(row) {
  const terms = [null, [], [], []]
  for (const found of termsOf.all(row.id)) terms[found.kind].push(found)
  return {
    id: row.id, slug: row.slug, title: row.title, authors: terms[AUTHOR],
    published: row.published === '' ? null : row.published, section: sectionOf(terms[SECTION]), tags: terms[TAG],
    lead: row.lead, paragraph_count: row.paragraph_count, word_count: row.word_count, version: row.version, seq: row.seq,
    created_at: instant(row.created_at), updated_at: instant(row.updated_at), url: `/v1/articles/${row.id}`
  }
}

const wholeArticle = db.transaction(id => {
  const row = articleById.get(id)
  if (row === undefined) return null
  const whole = article(row)
  whole.paragraphs = paragraphsOf.all(id).map(found => ({
    id: found.id, n: found.position, text: found.text, words: found.words, first_version: found.first_version,
    last_version: found.last_version, url: `/v1/paragraphs/${found.id}`
  }))
  return whole
})

function pageOf(path, query, rows, limit, shape, keyOf, total, seq) {
  const hasMore = rows.length > limit
  if (hasMore) rows.length = limit
  const data = rows.map(shape)
  const cursor = hasMore ? Buffer.from(JSON.stringify(keyOf(rows[rows.length - 1]))).toString('base64url') : null
  const self = Object.keys(query).length === 0 ? path : `${path}?${new URLSearchParams(query)}`
  const next = cursor === null ? null : `${path}?${new URLSearchParams({...query, cursor})}`
  return {data, links: {self, next, prev: null}, meta: {count: data.length, total, seq}}
}

const articlePage = db.transaction(query => {
  const limit = Number(query.limit ?? 20)
  const after = query.cursor === undefined ? null : JSON.parse(Buffer.from(query.cursor, 'base64url'))
  const rows = after === null ? articlesNewest.all(limit + 1) : articlesAfter.all(...after, limit + 1)
  const {seq, article_count: total} = totals.get()
  return pageOf('/v1/articles', query, rows, limit, article, row => [row.published, row.id], total, seq)
})

const tagPage = db.transaction(query => {
  const limit = Number(query.limit ?? 20)
  const rows = termsByCount.all(TAG, limit + 1)
  const shape = row => ({
    slug: row.slug, name: row.name, count: row.article_count, url: `/v1/tags/${encodeURIComponent(row.slug)}`,
    articles: `/v1/tags/${encodeURIComponent(row.slug)}/articles`
  })
  return pageOf('/v1/tags', query, rows, limit, shape, row => [row.article_count, row.id], termCount.get(TAG),
    totals.get().seq)
})

// ---- the server ----

const app = Fastify({logger: false})
app.get('/v1/articles/:id', answers(object({...members, paragraphs: list(paragraph)})), (request, reply) => {
  const found = wholeArticle(Number(request.params.id))
  if (found !== null) return reply.send(found)
  return reply.code(404).send({status: 404})
})
app.get('/v1/articles', answers(page(object(members))), (request, reply) => reply.send(articlePage(request.query)))
app.get('/v1/tags', answers(page(term)), (request, reply) => reply.send(tagPage(request.query)))

const address = await app.listen({host: '127.0.0.1', port: 0})
console.log(`ready ${new URL(address).port}`)
process.on('SIGTERM', () => process.exit(0))
