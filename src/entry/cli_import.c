/* cli_import.c: paths in order, each read, parsed and put into the store; one bad article stops
 * nothing but itself, a failing store stops the run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/import/import.h"
#include "entry/cli.h"
#include "entry/import/import_database.h"
#include "entry/import/import_hint.h"
#include "entry/import/import_input.h"
#include "entry/import/import_paths.h"
#include "entry/import/import_remote.h"
#include "entry/import/import_report.h"
#include "entry/import/import_stop.h"
#include "ground/log.h"
#include "surface/bulk/import_item.h"

enum { PATHS_BYTES_MAX = 1024 * 1024 * 1024, ARTICLE_ARENA_BYTES_MAX = 256 * 1024 * 1024 };

struct importer {
    const struct config *config;
    struct import_report report;
    struct arena arena;           /* of one article */
    struct import *run;           /* into the database */
    struct import_remote *remote; /* or to a server; one of the two is NULL */
    enum problem failure;         /* of the store or the server: ends the run */
    struct fault fault;           /* of `failure` */
};

static void refuse(struct importer *importer, const char *path, size_t line,
                   const struct fault *fault, enum problem problem) {
    const char *text = fault_is_set(fault) ? fault->text : problem_info(problem)->title;
    import_report_refuse(&importer->report, path, line, fault->column, text);
}

/* `line` is where the article begins in a file of several; 0 for a file of one. */
static void put_article(struct importer *importer, const struct article *article, const char *path,
                        const char *source, size_t line) {
    struct fault fault;
    struct import_result result;
    fault_init(&fault);
    enum problem problem =
        importer->remote != NULL
            ? import_remote_add(importer->remote, article, path, line, &fault)
            : import_article(importer->run, article, span_of(source), &result, &fault);
    if (import_item_is_refused(problem)) {
        refuse(importer, path, line, &fault, problem);
    } else if (problem != PROBLEM_NONE) {
        importer->failure = problem;
        importer->fault = fault;
    }
}

static void note_reading(struct importer *importer, const char *path,
                         const struct article_text_report *reading) {
    if (reading->encoding == ARTICLE_TEXT_WINDOWS1252)
        import_report_note(&importer->report, path, "not UTF-8, read as Windows-1252");
    if (!reading->has_byline)
        import_report_note(&importer->report, path,
                           "no byline, so author, date and section are unknown");
}

static void import_text(struct importer *importer, struct span text, const char *path,
                        const char *source) {
    struct article article;
    struct article_text_report reading;
    struct fault fault;
    fault_init(&fault);
    importer->report.articles++;
    enum problem problem =
        import_item_read(text, false, &importer->arena, &article, &reading, &fault);
    if (problem != PROBLEM_NONE) {
        refuse(importer, path, fault.line, &fault, problem);
    } else {
        note_reading(importer, path, &reading);
        put_article(importer, &article, path, source, 0);
    }
    arena_reset(&importer->arena);
}

/* The source name of one of many articles tells them apart: "exports/all.ndjson:12". */
static void import_json(struct importer *importer, struct span json, const char *path,
                        const char *source, size_t line) {
    struct article article;
    struct fault fault;
    char name[1024] = "";
    fault_init(&fault);
    importer->report.articles++;
    enum problem problem = import_item_read(json, true, &importer->arena, &article, NULL, &fault);
    if (problem != PROBLEM_NONE) {
        refuse(importer, path, line, &fault, problem);
    } else {
        if (source[0] != '\0')
            snprintf(name, sizeof name, "%.1000s:%zu", source, line);
        put_article(importer, &article, path, name, line);
    }
    arena_reset(&importer->arena);
}

static bool must_stop(const struct importer *importer) {
    return importer->failure != PROBLEM_NONE || import_stop_is_wanted();
}

static void import_lines(struct importer *importer, struct import_input *input,
                         const struct import_path *path) {
    while (!must_stop(importer)) {
        struct span line;
        struct fault fault;
        bool is_lost = false;
        fault_init(&fault);
        enum problem problem = import_input_line(input, &line, &is_lost, &fault);
        if (import_stop_is_wanted() || (problem == PROBLEM_NONE && line.at == NULL))
            return;
        line = import_item_line(line, input->lines.line);
        if (problem != PROBLEM_NONE)
            refuse(importer, path->path, input->lines.line, &fault, problem);
        else if (!import_item_is_blank(line))
            import_json(importer, line, path->path, path->source, input->lines.line);
        if (problem != PROBLEM_NONE && is_lost)
            return;
        import_report_progress(&importer->report);
    }
}

static enum problem choose_format(const struct importer *importer, const struct import_path *path,
                                  struct import_input *input, bool *is_json, struct fault *fault) {
    *is_json = path->is_ndjson || importer->config->format == CONFIG_FORMAT_NDJSON;
    if (strcmp(path->path, "-") != 0 || importer->config->format != CONFIG_FORMAT_AUTO)
        return PROBLEM_NONE;
    return import_input_is_json(input, is_json, fault);
}

static enum problem import_opened(struct importer *importer, struct import_input *input,
                                  const struct import_path *path, struct fault *fault) {
    struct span text;
    bool is_json = false;
    enum problem problem = choose_format(importer, path, input, &is_json, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    if (is_json) {
        import_lines(importer, input, path);
        return PROBLEM_NONE;
    }
    problem = import_input_all(input, &text, fault);
    if (problem == PROBLEM_NONE)
        import_text(importer, text, path->path, path->source);
    return problem;
}

static void import_path(struct importer *importer, const struct import_path *path) {
    struct import_input input;
    struct fault fault;
    fault_init(&fault);
    enum problem problem = import_input_open(&input, path->path, !path->is_ndjson, &fault);
    if (problem == PROBLEM_NONE)
        problem = import_opened(importer, &input, path, &fault);
    if (problem != PROBLEM_NONE && !import_stop_is_wanted())
        refuse(importer, path->path, 0, &fault, problem);
    import_input_close(&input);
    importer->report.paths_done++;
    import_report_progress(&importer->report);
}

static void import_all(struct importer *importer, const struct import_paths *paths) {
    for (const struct import_path *p = paths->first; p != NULL && !must_stop(importer);
         p = p->next) {
        import_path(importer, p);
        if (importer->failure != PROBLEM_NONE)
            cli_complain("the import stopped at %s: %s", p->path,
                         fault_is_set(&importer->fault) ? importer->fault.text
                                                        : problem_info(importer->failure)->title);
    }
}

static void commit(struct importer *importer) {
    importer->failure = import_commit(importer->run);
    if (importer->failure != PROBLEM_NONE)
        cli_complain("the last articles could not be committed: %s",
                     problem_info(importer->failure)->title);
}

static enum cli_exit end_run(struct importer *importer, const struct import_totals *totals) {
    bool is_said = import_report_end(&importer->report, totals);
    if (must_stop(importer) && !importer->config->dry_run)
        cli_complain(
            "what is counted as created or updated is in, the rest is not; the same import "
            "again does what is left");
    if (importer->failure != PROBLEM_NONE || !is_said)
        return CLI_EXIT_FAILED;
    return importer->report.refused > 0 ? CLI_EXIT_REFUSED : CLI_EXIT_DONE;
}

static enum cli_exit import_into(struct importer *importer, struct store *writer,
                                 const struct import_paths *paths) {
    enum problem problem = import_open(writer, importer->config->dry_run, &importer->run);
    if (problem != PROBLEM_NONE) {
        cli_complain("%s", problem_info(problem)->title);
        return CLI_EXIT_FAILED;
    }
    _Static_assert((int)CONFIG_MODE_REPLACE == (int)IMPORT_REPLACE, "the same words, in order");
    import_set_mode(importer->run, (enum import_mode)importer->config->mode);
    arena_init(&importer->arena, ARTICLE_ARENA_BYTES_MAX);
    import_all(importer, paths);
    if (!must_stop(importer))
        commit(importer);
    struct import_totals totals = import_totals(importer->run);
    enum cli_exit status = end_run(importer, &totals);
    import_close(importer->run);
    arena_fini(&importer->arena);
    return status;
}

static void complain_of_failure(const struct importer *importer) {
    cli_complain("%s", fault_is_set(&importer->fault) ? importer->fault.text
                                                      : problem_info(importer->failure)->title);
}

static enum cli_exit send_all(struct importer *importer, const struct import_paths *paths) {
    struct import_remote *remote = importer->remote;
    arena_init(&importer->arena, ARTICLE_ARENA_BYTES_MAX);
    import_all(importer, paths);
    arena_fini(&importer->arena);
    if (!must_stop(importer)) {
        importer->failure = import_remote_end(remote, &importer->fault);
        if (importer->failure != PROBLEM_NONE)
            complain_of_failure(importer);
    }
    if (!must_stop(importer))
        return end_run(importer, &remote->totals);
    /* Of a request without an answer nobody knows how much of it is in. */
    if (remote->answers > 0 && import_report_end(&importer->report, &remote->totals))
        cli_complain("what is counted is in, and some of the rest may be; the same import again "
                     "does what is left");
    else
        cli_complain("some of what was sent may be in; the same import again does what is left");
    return CLI_EXIT_FAILED;
}

static enum cli_exit import_to_server(struct importer *importer, const struct import_paths *paths) {
    enum cli_exit status = CLI_EXIT_FAILED;
    struct import_remote *remote = malloc(sizeof *remote);
    if (remote == NULL) {
        cli_complain("%s", problem_info(PROBLEM_OUT_OF_MEMORY)->title);
        return status;
    }
    importer->failure =
        import_remote_open(remote, importer->config, &importer->report, &importer->fault);
    importer->remote = remote;
    if (importer->failure == PROBLEM_NONE)
        status = send_all(importer, paths);
    else
        complain_of_failure(importer);
    if (importer->failure == PROBLEM_BAD_PARAMETER)
        status = CLI_EXIT_USAGE;
    importer->remote = NULL;
    import_remote_close(remote);
    free(remote);
    return status;
}

static enum cli_exit import_to_database(struct importer *importer,
                                        const struct import_paths *paths) {
    struct import_database database;
    struct fault fault;
    fault_init(&fault);
    enum problem problem = import_database_open(&database, importer->config, &fault);
    if (problem != PROBLEM_NONE) {
        cli_complain("%s%s", fault_is_set(&fault) ? fault.text : problem_info(problem)->title,
                     problem == PROBLEM_BUSY ? "; stop it, import, and start it again" : "");
        if (problem == PROBLEM_BUSY)
            import_hint_print(importer->config);
        return CLI_EXIT_FAILED;
    }
    enum cli_exit status = import_into(importer, database.writer, paths);
    import_database_close(&database);
    return status;
}

static enum cli_exit import_found(struct importer *importer, const struct import_paths *paths) {
    importer->report.paths = paths->count;
    if (paths->skipped > 0 && !importer->config->quiet)
        cli_complain("%zu other file%s skipped; of folders only *.txt and *.text are read",
                     paths->skipped, paths->skipped == 1 ? " is" : "s are");
    for (const struct import_path *p = paths->first; p != NULL; p = p->next) {
        if (p->is_ndjson || strcmp(p->path, "-") == 0)
            importer->report.paths = 0; /* holds nobody knows how many */
    }
    return importer->config->url[0] != '\0' ? import_to_server(importer, paths)
                                            : import_to_database(importer, paths);
}

static void complain_of_path(void *context, const char *path, const char *what, bool is_note) {
    if (is_note)
        import_report_note(context, path, what);
    else
        import_report_refuse(context, path, 0, 0, what);
}

static void warn_of_variable(void *context, const char *variable, const char *nearest) {
    (void)context;
    cli_complain("there is no variable %s; did you mean %s?", variable, nearest);
}

enum cli_exit cli_import(struct config *config) {
    struct importer importer = {.config = config};
    struct import_paths paths;
    struct arena arena;
    arena_init(&arena, PATHS_BYTES_MAX);
    log_setup(CONFIG_LOG_LOGFMT, LOG_WARN);
    config_check_environment(warn_of_variable, NULL);
    import_stop_watch();
    import_report_begin(&importer.report, config);
    enum cli_exit status = CLI_EXIT_FAILED;
    if (import_paths_find(config->operands, config->operand_count, &arena, &paths, complain_of_path,
                          &importer.report) != PROBLEM_NONE)
        cli_complain("there is no memory for so many files; import fewer at a time");
    else
        status = import_found(&importer, &paths);
    arena_fini(&arena);
    if (import_stop_is_wanted())
        import_stop_raise();
    return status;
}
