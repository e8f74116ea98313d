/* Which coding an Accept-Encoding asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/coding.h"

#define ID CODING_IDENTITY
#define GZ CODING_GZIP
#define BR CODING_BR
#define ZS CODING_ZSTD

/* taken: i, g, b, z. */
static const struct {
    const char *field;
    enum coding kept, once;
    const char *taken;
    const char *about;
} rows[] = {
    {NULL, ID, ID, "igbz", "no field: nothing is coded, nothing would be refused"},
    {"", ID, ID, "i", "an empty field refuses all"},
    {" ", ID, ID, "i", "a blank one"},
    {"gzip", GZ, GZ, "ig", "one"},
    {"GZIP", GZ, GZ, "ig", "in capitals"},
    {"x-gzip", GZ, GZ, "ig", "by its old name"},
    {"br", BR, BR, "ib", "br"},
    {"zstd", ZS, ZS, "iz", "zstd"},
    {"identity", ID, ID, "i", "identity"},
    {"gzip, deflate, br, zstd", BR, ZS, "igbz", "a browser's"},
    {"gzip, deflate, br", BR, BR, "igb", "an older browser's"},
    {"gzip,deflate", GZ, GZ, "ig", "without blanks"},
    {" gzip\t, ,, br ", BR, BR, "igb", "blanks and empty members"},
    {"*", BR, ZS, "igbz", "whatever there is"},
    {"gzip;q=0.5, br;q=0.4", GZ, GZ, "igb", "weights"},
    {"gzip;q=0.5, br;q=0.5, zstd;q=0.499", BR, BR, "igbz", "of equal ones ours"},
    {"gzip;q=0.5, identity", ID, ID, "ig", "identity rather"},
    {"gzip, identity;q=0.5", GZ, GZ, "ig", "gzip rather"},
    {"gzip;q=0.001", GZ, GZ, "ig", "unnamed identity is the last choice"},
    {"br;q=1.000, gzip;q=1.0, zstd;q=1.", BR, ZS, "igbz", "ways to write 1"},
    {"gzip;q=0", ID, ID, "i", "refused"},
    {"gzip;q=0.000, br;q=0.0", ID, ID, "i", "refused with digits"},
    {"identity;q=0", ID, ID, "", "all refused"},
    {"*;q=0", ID, ID, "", "all refused by a star"},
    {"identity;q=0, gzip;q=0.1", GZ, GZ, "g", "anything but identity"},
    {"*;q=0, gzip", GZ, GZ, "g", "one and nothing else"},
    {"*;q=0, identity", ID, ID, "i", "identity and nothing else"},
    {"*;q=0.3, gzip;q=0.2", BR, ZS, "igbz", "a star for those that are not named"},
    {"br;q=0, *", ZS, ZS, "igz", "any but one"},
    {"gzip;q=0, gzip", ID, ID, "i", "refused once is refused"},
    {"x-gzip;q=0, gzip", ID, ID, "i", "by any name"},
    {"gzip ; q=0.5 , br ; Q=0.7", BR, BR, "igb", "blanks around the semicolon, a capital Q"},
    {"gzip;level=9;q=0.2, br;q=0.1", GZ, GZ, "igb", "another parameter"},
    {"gzip;q=2", ID, ID, "i", "a weight over 1"},
    {"gzip;q=1.5", ID, ID, "i", "a weight over 1"},
    {"gzip;q=1.001", ID, ID, "i", "a weight over 1"},
    {"gzip;q=-1", ID, ID, "i", "a sign"},
    {"gzip;q=0.1234", ID, ID, "i", "too many digits"},
    {"gzip;q=.5", ID, ID, "i", "no digit before the point"},
    {"gzip;q=0,5", ID, ID, "i", "a comma for a point"},
    {"gzip;q=", ID, ID, "i", "no weight"},
    {"gzip;q", ID, ID, "i", "no weight, no sign"},
    {"gzip;q=x", ID, ID, "i", "a letter"},
    {"gzip;q=0.x", ID, ID, "i", "a letter behind the point"},
    {"gzip;", GZ, GZ, "ig", "an empty parameter"},
    {"gzi, gzipp, br2, compress, deflate", ID, ID, "i", "codings that nobody knows here"},
    {"gzip;q=x, br", BR, BR, "ib", "what is malformed spoils itself alone"},
    {";q=1, gzip", GZ, GZ, "ig", "a member without a name"},
};

static void chooses_as_the_table_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct coding_wish wish = coding_wish_parse(span_of(rows[i].field));
        if (coding_choose(&wish, CODING_KEPT) != rows[i].kept ||
            coding_choose(&wish, CODING_ONCE) != rows[i].once)
            fail_msg("%s: %s: %s, %s", rows[i].about, rows[i].field,
                     coding_name(coding_choose(&wish, CODING_KEPT)),
                     coding_name(coding_choose(&wish, CODING_ONCE)));
        for (unsigned coding = 0; coding < CODING_COUNT; coding++) {
            bool is_taken = strchr(rows[i].taken, "igbz"[coding]) != NULL;
            if (coding_is_taken(&wish, (enum coding)coding) != is_taken)
                fail_msg("%s: %s: %s", rows[i].about, rows[i].field,
                         coding_name((enum coding)coding));
        }
    }
}

static void none_is_identity_alone(void **state) {
    (void)state;
    struct coding_wish wish = coding_wish_none();
    assert_int_equal(coding_choose(&wish, CODING_KEPT), CODING_IDENTITY);
    for (unsigned coding = 1; coding < CODING_COUNT; coding++)
        assert_false(coding_is_taken(&wish, (enum coding)coding));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses_as_the_table_says),
        cmocka_unit_test(none_is_identity_alone),
    };
    return cmocka_run_group_tests_name("coding", tests, NULL, NULL);
}
