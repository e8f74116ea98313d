/* date_http.c: instants as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT`, and the two forms
 * that are obsolete and must be read all the same. */
#include <stdio.h>
#include <string.h>

#include "ground/date.h"

/* What each form looks like: D and W are the short and the long name of a day, N is that of a
 * month, y, Y, d, h, m and s are digits of the part that they stand for (Y of a short year);
 * everything else stands there as it is. `_` is a digit of the day that a blank may stand for. */
static const char *const forms[] = {
    "D, dd N yyyy hh:mm:ss GMT", /* IMF-fixdate */
    "W, dd-N-YY hh:mm:ss GMT",   /* RFC 850 */
    "D N _d hh:mm:ss yyyy",      /* asctime() */
};

static const char days[] = "SunMonTueWedThuFriSat";
static const char *const long_days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct parts {
    int year, month, day, hour, minute, second;
    bool has_short_year;
};

static void take(struct span *text, size_t bytes) {
    text->at += bytes;
    text->bytes -= bytes;
}

/* One of names of three letters; 1-based, 0: none. */
static int take_name(struct span *text, const char *names) {
    for (size_t i = 0; text->bytes >= 3 && names[i] != '\0'; i += 3) {
        if (memcmp(text->at, names + i, 3) == 0) {
            take(text, 3);
            return (int)(i / 3) + 1;
        }
    }
    return 0;
}

static bool take_long_day(struct span *text) {
    for (size_t i = 0; i < sizeof long_days / sizeof long_days[0]; i++) {
        size_t bytes = strlen(long_days[i]);
        if (text->bytes >= bytes && memcmp(text->at, long_days[i], bytes) == 0) {
            take(text, bytes);
            return true;
        }
    }
    return false;
}

/* Adds one digit to the part that `form` names. */
static bool take_digit(struct span *text, char form, struct parts *parts) {
    int *const part = form == 'y' || form == 'Y' ? &parts->year
                      : form == 'd'              ? &parts->day
                      : form == 'h'              ? &parts->hour
                      : form == 'm'              ? &parts->minute
                                                 : &parts->second;
    if (text->bytes == 0 || text->at[0] < '0' || text->at[0] > '9')
        return false;
    *part = *part * 10 + (text->at[0] - '0');
    parts->has_short_year = parts->has_short_year || form == 'Y';
    take(text, 1);
    return true;
}

static bool take_part(struct span *text, char form, struct parts *parts) {
    if (form == 'D')
        return take_name(text, days) != 0;
    if (form == 'W')
        return take_long_day(text);
    if (form == 'N')
        return (parts->month = take_name(text, months)) != 0;
    if (form == '_' && text->bytes > 0 && text->at[0] == ' ') {
        take(text, 1);
        return true;
    }
    if (form == '_')
        return take_digit(text, 'd', parts);
    if (strchr("dyYhms", form) != NULL)
        return take_digit(text, form, parts);
    bool is_there = text->bytes > 0 && text->at[0] == form;
    if (is_there)
        take(text, 1);
    return is_there;
}

static bool read_form(struct span text, const char *form, struct parts *parts) {
    *parts = (struct parts){0};
    while (*form != '\0') {
        if (!take_part(&text, *form++, parts))
            return false;
    }
    return text.bytes == 0;
}

/* By way of ISO text, whose reader knows which days there are. */
static bool read_instant(const struct parts *parts, int year, int64_t *unix_s) {
    char iso[64];
    int bytes = snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, parts->month,
                         parts->day, parts->hour, parts->minute, parts->second);
    return instant_parse((struct span){iso, (size_t)bytes}, unix_s);
}

static int year_of(int64_t unix_s) {
    char iso[INSTANT_BYTES];
    instant_print(unix_s, iso);
    return (iso[0] - '0') * 1000 + (iso[1] - '0') * 100 + (iso[2] - '0') * 10 + (iso[3] - '0');
}

bool instant_parse_http(struct span text, int64_t now_s, int64_t *unix_s) {
    struct parts parts;
    size_t i = 0;
    while (i < sizeof forms / sizeof forms[0] && !read_form(text, forms[i], &parts))
        i++;
    if (i == sizeof forms / sizeof forms[0])
        return false;
    int year = parts.year, now_year = year_of(now_s);
    if (parts.has_short_year) {
        year += now_year / 100 * 100;
        year -= year > now_year + 50 ? 100 : 0;
    }
    return read_instant(&parts, year, unix_s);
}

void instant_print_http(int64_t unix_s, char out[INSTANT_HTTP_BYTES]) {
    char mail[INSTANT_MAIL_BYTES];
    instant_print_mail(unix_s, mail);
    memcpy(out, mail, INSTANT_HTTP_BYTES);
    memcpy(out + INSTANT_HTTP_BYTES - 4, "GMT", 4);
}
