/* handlers.h: what the rows of the route table call. Each fills the reply and returns
 * PROBLEM_NONE, or returns the problem with request->fault set (engine/router.h). */
#ifndef PILCROW_SURFACE_HANDLERS_H
#define PILCROW_SURFACE_HANDLERS_H

#include "engine/reply.h"
#include "engine/request.h"

/* articles.c, article_show.c */
/* metrics.c */
route_handler metrics_get;

route_handler article_list;
route_handler article_show;

/* paragraphs.c, paragraph_show.c */
route_handler article_paragraph_list;
route_handler article_paragraph_range;
route_handler paragraph_list;
route_handler paragraph_show;

/* article_similar.c, paragraph_duplicates.c */
route_handler article_related_list;
route_handler paragraph_duplicate_list;

/* quotes.c */
route_handler quote_show;
route_handler quote_list;

/* revisions.c, revision_show.c, revision_diff.c */
route_handler revision_list;
route_handler revision_show;
route_handler revision_diff;

/* changes.c */
route_handler change_list;

/* terms.c, term_show.c; route->variant is an enum term_kind */
route_handler term_list;
route_handler term_show;
route_handler term_article_list;

/* search.c */
route_handler search_list;

/* term_suggest.c */
route_handler suggest_list;

/* import_stream.c */
route_handler import_post;
route_taker import_take;
route_ready import_ready;

/* export.c */
route_handler export_get;

/* snapshot.c */
route_handler snapshot_get;

/* article_write.c */
route_handler article_create;
route_handler article_replace;
route_handler article_patch;
route_handler article_delete;
route_handler article_restore;

/* paragraph_write.c */
route_handler paragraph_create;
route_handler paragraph_replace;
route_handler paragraph_delete;

/* tag_write.c, term_write.c */
route_handler tag_attach;
route_handler tag_detach;
route_handler tag_rename;
route_handler tag_merge;

/* openapi.c, openapi_page.c */
route_handler openapi_get;
route_handler openapi_page_get;

/* reader/reader_asset.c */
route_handler reader_asset;

/* service_about.c */
route_handler service_catalog;
route_handler service_llms;

/* service.c */
route_handler service_index;
route_handler service_problem;
route_handler service_healthz;
route_handler service_readyz;

#endif
