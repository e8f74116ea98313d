// What can be read from a path, and what can be asked of it, out of the server's own description.
import type { paths } from "./pilcrow";

type Readable<Query, Body> = {
  get: { parameters: { query?: Query }; responses: { 200: { content: { "application/json": Body } } } };
};

export type Path = keyof paths;
export type Body<P extends Path> = paths[P] extends Readable<infer _, infer B> ? B : never;
export type Query<P extends Path> = paths[P] extends Readable<infer Q, infer _> ? NonNullable<Q> : never;
export type Answer<B> = { body: B; etag: string | null; isKept: boolean };

export type { components } from "./pilcrow";
