# Varnish where clients connect, by http: Varnish has no TLS. Behind what ends it, this would see that address.
#     varnishd -a 127.0.0.10:8080,HTTP -f varnish.vcl
# Behind it: Trust{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1,
#                  .proxies = {"127.0.0.1"}}    # it cannot choose the address it connects from
vcl 4.1;

import std;

backend shop {
    .host = "127.0.0.1";
    .port = "8000";
}

sub vcl_recv {
    # Never return (pipe): all that a client sends behind the first request would pass as it is, and
    # that is what the built-in vcl_recv does with methods that it does not know.
    if (req.method !~ "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$") {
        return (synth(405));
    }
    unset req.http.Upgrade;

    if (!req.http.Host) {  # a client of HTTP/1.0 may name no host
        set req.http.Host = "shop.example";
    }
    set req.http.X-Forwarded-For = client.ip;  # one line; Varnish has appended to the client's
    set req.http.X-Forwarded-Proto = "http";
    set req.http.X-Forwarded-Host = req.http.Host;
    set req.http.X-Forwarded-Port = std.port(local.ip);
    unset req.http.X-Forwarded-Prefix;
    unset req.http.Forwarded;

    if (req.url ~ "^/store/") {
        set req.http.X-Forwarded-Prefix = "/store";
        set req.url = regsub(req.url, "^/store", "");
    }
    return (pass);
}
