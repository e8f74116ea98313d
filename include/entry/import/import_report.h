/* import_report.h: what a person or a script learns of an import. What was refused, notes and
 * progress go to standard error; the summary goes to standard output. On a terminal progress is a
 * bar, elsewhere a line every ten seconds. */
#ifndef PILCROW_ENTRY_IMPORT_IMPORT_REPORT_H
#define PILCROW_ENTRY_IMPORT_IMPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/import/import.h"
#include "ground/config/config.h"
#include "ground/fault.h"

struct import_report {
    bool is_quiet;
    bool is_dry_run;
    bool is_terminal;
    bool is_bar_shown;
    size_t paths; /* to do; 0 = not known */
    size_t paths_done;
    uint64_t articles; /* read, whatever came of them */
    uint64_t refused;  /* articles and paths */
    int64_t start_ms;
    int64_t next_ms; /* when progress is shown again */
};

void import_report_begin(struct import_report *report, const struct config *config);

/* "path:line:column: text"; a line or column of 0 is left out. Counts as refused. */
void import_report_refuse(struct import_report *report, const char *path, size_t line,
                          size_t column, const char *text);

/* "path: note: text" */
void import_report_note(struct import_report *report, const char *path, const char *text);

/* Something was done: shows it when it is time. */
void import_report_progress(struct import_report *report);

/* "created 3, updated 1, unchanged 12, refused 0 (in 0.1 s)". False when standard output is
 * lost. */
bool import_report_end(struct import_report *report, const struct import_totals *totals);

#endif
