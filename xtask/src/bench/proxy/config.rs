//! The same job in three languages: TLS in, plain keep-alive upstream, one host, ten headers added, two removed.
//!
//! Each as its own manual would have it for this load: one worker, no logs, upstream connections reused.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;

use super::super::client::HOST;

/// What all three say on every response, and nothing else, so that bytes on the wire are alike.
pub(super) static HEADERS: [(&str, &str); 10] = [
    ("Strict-Transport-Security", "max-age=63072000"),
    ("Content-Security-Policy", "frame-ancestors 'self'; object-src 'none'; base-uri 'self'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Origin-Agent-Cluster", "?1"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
];

/// The same in Bartizan's words.
static KEYS: [&str; 10] = [
    "hsts",
    "csp",
    "content_type_options",
    "frame_options",
    "referrer_policy",
    "permissions_policy",
    "opener_policy",
    "resource_policy",
    "origin_agent_cluster",
    "cross_domain_policies",
];

/// Where everything is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    /// Where the proxy listens.
    pub(super) listen: SocketAddr,
    /// Where the app is.
    pub(super) upstream: SocketAddr,
    /// Holds `chain.pem`, `key.pem`, `both.pem`, and whatever a proxy needs to write.
    pub(super) folder: &'a Path,
}

/// nginx: it cannot send no `Server` at all without a module, so it says `nginx` in place of the app's.
pub(super) fn nginx(places: Places<'_>) -> String {
    let Places { listen, upstream, folder } = places;
    let folder = folder.display();
    let mut headers = String::new();
    for (name, value) in HEADERS {
        let _ = writeln!(headers, "      add_header {name} \"{value}\" always;");
    }
    // Buffers hold a whole large answer: the default would write it to a file first.
    format!(
        r#"daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  server_tokens off;
  keepalive_requests 100000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream app {{
    server {upstream};
    keepalive 128;
    keepalive_requests 100000000;
  }}
  ssl_certificate {folder}/chain.pem;
  ssl_certificate_key {folder}/key.pem;
  ssl_protocols TLSv1.3;
  server {{
    listen {listen} ssl http2 default_server;
    server_name _;
    return 421;
  }}
  server {{
    listen {listen} ssl http2;
    server_name {HOST};
    location / {{
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Request-Id $request_id;
      proxy_buffers 16 8k;
      proxy_max_temp_file_size 0;
      proxy_hide_header X-Powered-By;
{headers}    }}
  }}
}}
"#
    )
}

/// HAProxy.
pub(super) fn haproxy(places: Places<'_>) -> String {
    let Places { listen, upstream, folder } = places;
    let folder = folder.display();
    let mut headers = String::new();
    for (name, value) in HEADERS {
        let _ = writeln!(headers, "  http-response set-header {name} \"{value}\"");
    }
    format!(
        r"global
  nbthread 1
  maxconn 4096
  ssl-default-bind-options ssl-min-ver TLSv1.3
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
  http-reuse always
frontend front
  bind {listen} ssl crt {folder}/both.pem alpn h2,http/1.1
  http-request deny deny_status 421 unless {{ req.hdr(host),host_only -i {HOST} }}
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Port %[dst_port]
  http-request set-header X-Forwarded-Proto https
  http-request set-header X-Real-IP %[src]
  http-request set-header X-Request-Id %[uuid()]
  option forwardfor
  http-response del-header Server
  http-response del-header X-Powered-By
{headers}  default_backend app
backend app
  server app {upstream}
"
    )
}

/// Bartizan: the same ten headers, and none of those that its default profile would add.
pub(super) fn bartizan(places: Places<'_>) -> String {
    let Places { listen, upstream, folder } = places;
    let folder = folder.display();
    let mut headers = String::new();
    for ((_, value), key) in HEADERS.iter().zip(KEYS) {
        let _ = writeln!(headers, "{key} = \"{value}\"");
    }
    format!(
        r#"[server]
listen = ["{listen}"]
listen_http = []
admin = "none"
workers = 1

[server.log]
access = "off"

[[site]]
hosts = ["{HOST}"]
upstream = ["http://{upstream}"]
profile = "balanced"
certificate = {{ chain = "{folder}/chain.pem", key = "{folder}/key.pem" }}

[site.waf]
mode = "off"

[site.headers]
csp_report_only = false
dns_prefetch_control = false
xss_protection = false
{headers}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_where_to_listen_whom_to_ask_and_what_to_add() {
        let places = Places {
            listen: "127.0.0.1:4430".parse().unwrap(),
            upstream: "127.0.0.1:8000".parse().unwrap(),
            folder: Path::new("/tmp/bench"),
        };
        for (text, is_named) in [(nginx(places), true), (haproxy(places), true), (bartizan(places), false)] {
            for part in ["127.0.0.1:4430", "127.0.0.1:8000", "/tmp/bench", HOST] {
                assert!(text.contains(part), "{part} in {text}");
            }
            for (name, value) in HEADERS {
                assert!(text.contains(value), "{value} in {text}");
                assert_eq!(text.contains(name), is_named, "{name} in {text}");
            }
        }
    }
}
