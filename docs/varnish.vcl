# Varnish before Pilcrow, purged by what a write has changed. Needs Varnish 6 or later and its xkey (in Debian's
# varnish-modules), and `pilcrow serve --surrogate-keys on`. docs/cdn.md says how it is meant and who purges.
vcl 4.1;

import std;
import xkey;

backend pilcrow {
    .host = "127.0.0.1";
    .port = "8080";
    .probe = { .url = "/readyz"; .interval = 2s; .timeout = 1s; .window = 3; .threshold = 2; .initial = 2; }
}

# Who may purge.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403));
        }
        set req.http.Purged = xkey.purge(req.http.Surrogate-Key);
        return (synth(200, "Purged " + req.http.Purged));
    }
    unset req.http.Cookie;
    # While Pilcrow answers, an answer is given for at most a minute after its time; when it does not, for a day.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 60s;
    }
    # Large, and of use once.
    if (req.url ~ "^/v1/(export\.ndjson|snapshot\.sqlite)") {
        return (pass);
    }
}

sub vcl_backend_response {
    # Every answer has the key `all`, too: for what is restored from a backup, or served by a new program.
    set beresp.http.xkey = "all " + beresp.http.Surrogate-Key;
    set beresp.grace = 24h;
    set beresp.keep = 24h;
    if (beresp.http.Cache-Control ~ "no-store|private") {
        set beresp.uncacheable = true;
        set beresp.grace = 0s;
        set beresp.keep = 0s;
    } elsif (beresp.status != 200) {
        set beresp.grace = 0s;
    }
    # A failure does not take the place of what is there.
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
