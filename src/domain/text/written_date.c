/* written_date.c: three parts with something between; see written_date.h. */
#include "domain/text/written_date.h"

#include <strings.h>

/* A number or a word, and what stands before it: '.', '/', '-' or ' '. */
struct part {
    struct span text;
    char before;
    int number; /* -1 when it is a word */
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Blanks may stand around a separator; the separator counts. A comma is a blank. */
static char take_separator(struct span *rest) {
    char found = ' ';
    while (rest->bytes > 0 && strchr(" ,./-", rest->at[0]) != NULL && rest->at[0] != '\0') {
        if (rest->at[0] != ' ' && rest->at[0] != ',') {
            if (found != ' ')
                return '\0';
            found = rest->at[0];
        }
        rest->at++;
        rest->bytes--;
    }
    return found;
}

static bool take_part(struct span *rest, struct part *part) {
    part->text = (struct span){rest->at, 0};
    part->number = 0;
    bool (*belongs)(char) = rest->bytes > 0 && is_digit(rest->at[0]) ? is_digit : is_letter;
    while (rest->bytes > 0 && belongs(rest->at[0])) {
        if (part->text.bytes < 5)
            part->number = part->number * 10 + (rest->at[0] - '0');
        part->text.bytes++;
        rest->at++;
        rest->bytes--;
    }
    if (belongs == is_letter)
        part->number = -1;
    return part->text.bytes > 0;
}

/* Exactly three parts. */
static bool split(struct span text, struct part parts[3]) {
    for (size_t i = 0; i < 3; i++) {
        parts[i].before = i == 0 ? ' ' : take_separator(&text);
        if (parts[i].before == '\0' || !take_part(&text, &parts[i]))
            return false;
    }
    return text.bytes == 0;
}

/* English names, whole or at least their first three letters; 0 = none. */
static int month_of(struct span word) {
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (int i = 0; i < 12; i++) {
        if (word.bytes >= 3 && word.bytes <= strlen(names[i]) &&
            strncasecmp(word.at, names[i], word.bytes) == 0)
            return i + 1;
    }
    return 0;
}

static enum written_date judge(int year, int month, int day, struct date *out) {
    struct date date = {year, month, day};
    if (!date_is_valid(date))
        return WRITTEN_DATE_IMPOSSIBLE;
    *out = date;
    return WRITTEN_DATE_KNOWN;
}

static bool is_short(const struct part *part) {
    return part->number >= 0 && part->text.bytes <= 2;
}

static bool is_year(const struct part *part) {
    return part->number >= 0 && part->text.bytes == 4;
}

static enum written_date judge_numbers(const struct part parts[3], struct date *out) {
    int a = parts[0].number, b = parts[1].number, c = parts[2].number;
    if (parts[1].before != parts[2].before || !is_short(&parts[1]))
        return WRITTEN_DATE_NONE;
    if (is_year(&parts[0]) && is_short(&parts[2]))
        return judge(a, b, c, out);
    if (!is_short(&parts[0]))
        return WRITTEN_DATE_NONE;
    if (is_short(&parts[2]))
        return WRITTEN_DATE_SHORT_YEAR;
    if (!is_year(&parts[2]))
        return WRITTEN_DATE_NONE;
    bool is_day_first = parts[1].before == '.' || a > 12 || a == b;
    if (is_day_first)
        return judge(c, b, a, out);
    return b > 12 ? judge(c, a, b, out) : WRITTEN_DATE_AMBIGUOUS;
}

enum written_date written_date_parse(struct span text, struct date *out) {
    struct part parts[3];
    if (text.bytes == 7 && strncasecmp(text.at, "undated", 7) == 0)
        return WRITTEN_DATE_UNDATED;
    if (!split(text, parts))
        return WRITTEN_DATE_NONE;
    if (parts[0].number >= 0 && parts[1].number >= 0 && parts[2].number >= 0)
        return judge_numbers(parts, out);
    if (!is_year(&parts[2]))
        return WRITTEN_DATE_NONE;
    int month_second = parts[1].number < 0 ? month_of(parts[1].text) : 0;
    if (month_second > 0 && is_short(&parts[0]))
        return judge(parts[2].number, month_second, parts[0].number, out);
    int month_first = parts[0].number < 0 ? month_of(parts[0].text) : 0;
    if (month_first > 0 && is_short(&parts[1]))
        return judge(parts[2].number, month_first, parts[1].number, out);
    return WRITTEN_DATE_NONE;
}
