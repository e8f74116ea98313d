/* import_report.c: a line is written in one piece, after the bar was wiped away. */
#include "entry/import/import_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ground/buffer.h"
#include "ground/clock.h"
#include "ground/utf8.h"

enum { BAR_EVERY_MS = 100, LINE_EVERY_MS = 10000, WIDTH_DEFAULT = 80, WIDTH_MAX = 200 };

void import_report_begin(struct import_report *report, const struct config *config) {
    const char *terminal = getenv("TERM");
    bool is_dumb = terminal != NULL && strcmp(terminal, "dumb") == 0;
    *report = (struct import_report){
        .is_quiet = config->quiet,
        .is_dry_run = config->dry_run,
        .is_terminal = isatty(STDERR_FILENO) == 1 && !is_dumb,
        .start_ms = clock_ms(),
    };
    report->next_ms = report->start_ms + (report->is_terminal ? BAR_EVERY_MS : LINE_EVERY_MS);
}

static void write_error(struct buffer *out) {
    if (!out->failed && out->used > 0)
        fwrite(out->bytes, 1, out->used, stderr);
    fflush(stderr);
    buffer_fini(out);
}

static void wipe_bar(struct import_report *report, struct buffer *out) {
    if (report->is_bar_shown)
        buffer_append_text(out, "\r\033[K");
    report->is_bar_shown = false;
}

void import_report_refuse(struct import_report *report, const char *path, size_t line,
                          size_t column, const char *text) {
    struct buffer out;
    buffer_init(&out);
    report->refused++;
    wipe_bar(report, &out);
    utf8_append_visible(&out, span_of(path));
    if (line > 0)
        buffer_printf(&out, ":%zu", line);
    if (line > 0 && column > 0)
        buffer_printf(&out, ":%zu", column);
    buffer_append_text(&out, ": ");
    utf8_append_visible(&out, span_of(text));
    buffer_append_char(&out, '\n');
    write_error(&out);
}

void import_report_note(struct import_report *report, const char *path, const char *text) {
    if (report->is_quiet)
        return;
    struct buffer out;
    buffer_init(&out);
    wipe_bar(report, &out);
    utf8_append_visible(&out, span_of(path));
    buffer_printf(&out, ": note: %s\n", text);
    write_error(&out);
}

static size_t terminal_width(void) {
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_DEFAULT;
    return size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
}

/* "[########--------]  53 %  1234 of 2317", as wide as the terminal allows; without a bar when it
 * is narrow or when nobody knows how much there is. */
static void append_bar(const struct import_report *report, struct buffer *out) {
    char text[96];
    size_t width = terminal_width() - 1; /* the last column would wrap the line */
    if (report->paths == 0) {
        snprintf(text, sizeof text, "%" PRIu64 " articles", report->articles);
        buffer_printf(out, "%.*s", (int)width, text);
        return;
    }
    int used =
        snprintf(text, sizeof text, " %3zu %%  %zu of %zu",
                 report->paths_done * 100 / report->paths, report->paths_done, report->paths);
    if (width >= (size_t)used + 12) {
        size_t cells = width - (size_t)used - 2;
        size_t full = cells * report->paths_done / report->paths;
        buffer_append_char(out, '[');
        for (size_t i = 0; i < cells; i++)
            buffer_append_char(out, i < full ? '#' : '-');
        buffer_append_char(out, ']');
    }
    buffer_printf(out, "%.*s", (int)width, text);
}

void import_report_progress(struct import_report *report) {
    int64_t now = clock_ms();
    if (report->is_quiet || now < report->next_ms)
        return;
    struct buffer out;
    buffer_init(&out);
    if (report->is_terminal) {
        buffer_append_text(&out, "\r");
        append_bar(report, &out);
        buffer_append_text(&out, "\033[K");
        report->is_bar_shown = true;
        report->next_ms = now + BAR_EVERY_MS;
    } else {
        buffer_printf(&out, "progress: %" PRIu64 " articles", report->articles);
        if (report->paths > 0)
            buffer_printf(&out, ", %zu of %zu files", report->paths_done, report->paths);
        buffer_append_char(&out, '\n');
        report->next_ms = now + LINE_EVERY_MS;
    }
    write_error(&out);
}

bool import_report_end(struct import_report *report, const struct import_totals *totals) {
    struct buffer out;
    buffer_init(&out);
    wipe_bar(report, &out);
    write_error(&out);
    double seconds = (double)(clock_ms() - report->start_ms) / 1000;
    printf("created %" PRIu64 ", updated %" PRIu64 ", unchanged %" PRIu64 ", refused %" PRIu64
           " (in %.1f s%s)\n",
           totals->outcome[IMPORT_CREATED], totals->outcome[IMPORT_UPDATED],
           totals->outcome[IMPORT_UNCHANGED], report->refused, seconds,
           report->is_dry_run ? "; dry run, nothing was changed" : "");
    return fflush(stdout) == 0;
}
