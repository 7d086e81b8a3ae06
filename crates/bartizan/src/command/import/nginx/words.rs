//! What becomes of each directive of nginx: read elsewhere in this folder, without meaning here, or lost.

use bartizan_rules::facts::blocks::At;

use super::super::plan::Plan;

/// Says that a directive is lost, unless it is carried over or means nothing here.
pub(super) fn lose(node: At<'_>, plan: &mut Plan) {
    let name = node.name();
    if CARRIED.contains(&name) || MOOT.contains(&name) {
        return;
    }
    if name == "if" && super::location::refuses(node) {
        return plan.lose(node, "what this closes is open here, unless the app closes it");
    }
    let reason = LOST.iter().find(|(start, _)| match start.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *start,
    });
    plan.lose(node, reason.map_or("has no key here", |(_, why)| why));
}

/// What is carried over by the code beside this.
static CARRIED: &[&str] = &[
    "add_header",
    "allow",
    "auth_basic",
    "auth_basic_user_file",
    "auth_request",
    "client_body_timeout",
    "client_header_timeout",
    "client_max_body_size",
    "deny",
    "error_page",
    "expires",
    "http2",
    "internal",
    "keepalive_timeout",
    "large_client_header_buffers",
    "limit_conn",
    "limit_conn_zone",
    "limit_except",
    "limit_req",
    "limit_req_zone",
    "listen",
    "location",
    "more_set_headers",
    "proxy_connect_timeout",
    "proxy_cookie_flags",
    "proxy_cookie_path",
    "proxy_hide_header",
    "proxy_http_version",
    "proxy_intercept_errors",
    "proxy_pass",
    "proxy_read_timeout",
    "proxy_set_header",
    "proxy_ssl_certificate",
    "proxy_ssl_certificate_key",
    "proxy_ssl_name",
    "proxy_ssl_server_name",
    "proxy_ssl_trusted_certificate",
    "proxy_ssl_verify",
    "real_ip_header",
    "return",
    "send_timeout",
    "server_name",
    "set_real_ip_from",
    "ssl_certificate",
    "ssl_certificate_key",
    "ssl_ciphers",
    "ssl_client_certificate",
    "ssl_ecdh_curve",
    "ssl_protocols",
    "ssl_session_tickets",
    "ssl_stapling_file",
    "ssl_verify_client",
    "upstream",
];

/// What concerns nginx itself, or what the wall does anyway.
static MOOT: &[&str] = &[
    "access_log",
    "client_body_buffer_size",
    "client_header_buffer_size",
    "default_type",
    "error_log",
    "keepalive_requests",
    "limit_req_status",
    "log_format",
    "log_not_found",
    "map_hash_bucket_size",
    "merge_slashes",
    "proxy_buffer_size",
    "proxy_buffering",
    "proxy_buffers",
    "proxy_busy_buffers_size",
    "proxy_headers_hash_bucket_size",
    "proxy_headers_hash_max_size",
    "proxy_redirect",
    "proxy_request_buffering",
    "proxy_send_timeout",
    "proxy_ssl_protocols",
    "real_ip_recursive",
    "reset_timedout_connection",
    "resolver",
    "resolver_timeout",
    "sendfile",
    "server_names_hash_bucket_size",
    "server_names_hash_max_size",
    "server_tokens",
    "ssl",
    "ssl_buffer_size",
    "ssl_conf_command",
    "ssl_dhparam",
    "ssl_early_data",
    "ssl_prefer_server_ciphers",
    "ssl_session_cache",
    "ssl_session_timeout",
    "ssl_stapling",
    "ssl_stapling_verify",
    "ssl_trusted_certificate",
    "tcp_nodelay",
    "tcp_nopush",
    "types",
    "types_hash_bucket_size",
    "types_hash_max_size",
    "underscores_in_headers",
    "variables_hash_bucket_size",
    "variables_hash_max_size",
];

/// Why something is lost, by its name or by how its name begins.
static LOST: &[(&str, &str)] = &[
    ("alias", FILES),
    ("autoindex*", FILES),
    ("brotli*", "answers are not compressed here: let the app do it"),
    ("dav_*", FILES),
    ("fastcgi_*", SPEECH),
    ("geo", "tables of variables have no key"),
    ("geoip*", "countries are not looked up here"),
    ("grpc_*", SPEECH),
    ("gzip*", "answers are not compressed here: let the app do it"),
    ("if", "conditions have no key"),
    ("index", FILES),
    ("map", "tables of variables have no key"),
    ("memcached_*", SPEECH),
    ("mirror*", "requests are sent to one app only"),
    ("modsecurity*", "the wall has rules of its own: see [site.waf]"),
    ("open_file_cache*", FILES),
    ("proxy_cache*", "answers are not kept here"),
    ("proxy_cookie_domain", "the domain of cookies is not changed here"),
    ("proxy_next_upstream*", "see retries in [site.upstream_options]"),
    ("proxy_store*", "answers are not kept here"),
    ("rewrite", "addresses are not rewritten here: let the app do it"),
    ("root", FILES),
    ("scgi_*", SPEECH),
    ("set", "variables have no key"),
    ("split_clients", "tables of variables have no key"),
    ("stub_status", "see admin in [server] for figures"),
    ("sub_filter*", "pages are not rewritten by pattern here"),
    ("try_files", FILES),
    ("uwsgi_*", SPEECH),
];

const FILES: &str = "files are not served here: let the app serve them";
const SPEECH: &str = "only HTTP is spoken with the app";
