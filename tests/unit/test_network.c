/* test_network.c: addresses and networks, and whom a proxy names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/client.h"
#include "ground/network.h"

static void test_parse(void **state) {
    static const struct {
        const char *text;
        bool is_one;
        unsigned bits;
        const char *printed;
    } cases[] = {
        {"192.0.2.1", true, 128, "192.0.2.1"},
        {"10.0.0.0/8", true, 104, "10.0.0.0"},
        {"0.0.0.0/0", true, 96, "0.0.0.0"},
        {"10.0.0.0/32", true, 128, "10.0.0.0"},
        {"::1", true, 128, "::1"},
        {"2001:DB8::/32", true, 32, "2001:db8::"},
        {"::/0", true, 0, "::"},
        {"::ffff:192.0.2.1", true, 128, "192.0.2.1"},
        {"10.0.0.0/33", false, 0, ""},
        {"::/129", false, 0, ""},
        {"10.0.0.0/", false, 0, ""},
        {"10.0.0.0/-1", false, 0, ""},
        {"10.0.0.0/8/8", false, 0, ""},
        {"10.0.0/8", false, 0, ""},
        {"010.0.0.1", false, 0, ""},
        {"localhost", false, 0, ""},
        {"", false, 0, ""},
        {"/8", false, 0, ""},
        {"1.2.3.4 ", false, 0, ""},
        {"10.0.0.0/0008", false, 0, ""},
        {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa", false, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct network network;
        char text[NETWORK_TEXT_BYTES];
        print_message("%s\n", cases[i].text);
        assert_int_equal(network_parse(span_of(cases[i].text), &network), cases[i].is_one);
        if (!cases[i].is_one)
            continue;
        assert_int_equal(network.bits, cases[i].bits);
        network_print(&network, text);
        assert_string_equal(text, cases[i].printed);
    }
}

static void test_holds(void **state) {
    static const struct {
        const char *network, *address;
        bool is_inside;
    } cases[] = {
        {"10.0.0.0/8", "10.255.1.2", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"192.168.16.0/20", "192.168.31.255", true},
        {"192.168.16.0/20", "192.168.32.0", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "2001:db8::1", true},
        {"fd00::/8", "fdff::1", true},
        {"fd00::/8", "fe00::1", false},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"10.0.0.0/8", "::ffff:10.1.1.1", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct network network, address;
        print_message("%s %s\n", cases[i].network, cases[i].address);
        assert_true(network_parse(span_of(cases[i].network), &network));
        assert_true(network_parse(span_of(cases[i].address), &address));
        assert_int_equal(network_holds(&network, &address), cases[i].is_inside);
    }
}

static uint64_t client_of(const char *text) {
    struct network address;
    assert_true(network_parse(span_of(text), &address));
    return network_client(&address);
}

static void test_one_client(void **state) {
    (void)state;
    assert_true(client_of("2001:db8:1:2::1") == client_of("2001:db8:1:2:ffff::9"));
    assert_true(client_of("2001:db8:1:2::1") != client_of("2001:db8:1:3::1"));
    assert_true(client_of("192.0.2.1") != client_of("192.0.2.2"));
    assert_true(client_of("192.0.2.1") == client_of("::ffff:192.0.2.1"));
}

static void test_client_address(void **state) {
    static const struct {
        const char *peer, *forwarded, *client, *about;
    } cases[] = {
        {"10.0.0.1", "203.0.113.9", "203.0.113.9", "the proxy names its client"},
        {"203.0.113.5", "198.51.100.1", "203.0.113.5", "nobody else's word counts"},
        {"10.0.0.1", NULL, "10.0.0.1", "no field"},
        {"10.0.0.1", "", "10.0.0.1", "an empty field"},
        {"10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9", "what the client made up is left"},
        {"10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9", "two proxies"},
        {"10.0.0.1", "203.0.113.9 ,\t10.0.0.2 , 10.0.0.3", "203.0.113.9", "blanks of all kinds"},
        {"10.0.0.1", "10.0.0.9, 10.0.0.2", "10.0.0.9", "all of them proxies: the left-most"},
        {"10.0.0.1", "nobody, 10.0.0.2", "10.0.0.2", "a hop that is no address ends the search"},
        {"10.0.0.1", "unknown", "10.0.0.1", "the same at once"},
        {"10.0.0.1", "203.0.113.9,", "10.0.0.1", "an empty hop"},
        {"10.0.0.1", "203.0.113.9:4711", "203.0.113.9", "a port"},
        {"10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1", "brackets and a port"},
        {"10.0.0.1", "2001:db8::1", "2001:db8::1", "IPv6 as it is"},
        {"10.0.0.1", "[2001:db8::1", "10.0.0.1", "half a bracket"},
        {"10.0.0.1", "[nobody]:4711", "10.0.0.1", "no address in brackets"},
        {"fd00::1", "203.0.113.9", "203.0.113.9", "an IPv6 proxy"},
        {"::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9", "the proxy on a socket for both"},
        {"", "203.0.113.9", "", "no peer at all"},
    };
    (void)state;
    struct config config = {.trusted_proxy_count = 2};
    assert_true(network_parse(SPAN_LITERAL("10.0.0.0/8"), &config.trusted_proxies[0]));
    assert_true(network_parse(SPAN_LITERAL("fd00::1"), &config.trusted_proxies[1]));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char client[NETWORK_TEXT_BYTES];
        client_address(&config, cases[i].peer, span_of(cases[i].forwarded), client);
        if (strcmp(client, cases[i].client) != 0)
            fail_msg("%s: %s", cases[i].about, client);
    }
    config.trusted_proxy_count = 0;
    char client[NETWORK_TEXT_BYTES];
    client_address(&config, "10.0.0.1", SPAN_LITERAL("203.0.113.9"), client);
    assert_string_equal(client, "10.0.0.1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_holds),
        cmocka_unit_test(test_one_client),
        cmocka_unit_test(test_client_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
