//! What is written for each program, in the three profiles.

use crate::command::{PROFILES, export};

#[test]
fn every_export_in_every_profile() {
    for (target, more) in [
        ("nginx", &[][..]),
        ("apache", &[]),
        ("caddy", &[]),
        ("haproxy", &[]),
        ("django", &["--for-version", "6.1", "--settings", "app.settings"]),
        ("systemd", &[]),
        ("docker-compose", &["--image", "registry.example/app:1"]),
    ] {
        for profile in PROFILES {
            let site = [target, "--host", "app.example", "--profile", profile];
            let output = export(&[&site, more].concat());
            let text = String::from_utf8(output.stdout).unwrap();
            // A release must not change every one of them.
            let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
            insta::assert_snapshot!(format!("{target}_{profile}"), text);
            assert_eq!(export(&[&site, more].concat()).stdout, export(&[&site, more].concat()).stdout);
        }
    }
}

#[test]
fn every_key_of_a_site_is_carried_over_or_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bartizan.toml");
    std::fs::write(folder.path().join("ca.pem"), "").unwrap();
    std::fs::write(&file, RICH).unwrap();
    for target in ["nginx", "apache", "caddy", "haproxy"] {
        let output = export(&[target, "--config", file.to_str().unwrap(), "--certificate", "/c.pem", "--key", "/k.pem"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        insta::assert_snapshot!(format!("{target}_rich"), text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}

const RICH: &str = r#"
[server]
listen = ["0.0.0.0:8443", "[::1]:8443"]
listen_http = ["0.0.0.0:8080"]
trusted_proxies = ["10.0.0.0/8"]
[server.limits]
requests_per_client = "10/s"
[[site]]
hosts = ["app.example", "*.app.example"]
upstream = ["https://10.1.1.1:8443", "https://app.internal:8443"]
profile = "strict"
methods = ["GET", "POST"]
encoded_slashes = "refuse"
unknown_host = "bad-request"
body = "1MiB"
https = { canonical_host = "app.example" }
security_txt = { contact = ["mailto:security@app.example"], expires = "2030-01-01T00:00:00Z" }
csrf = { trusted_origins = ["https://pay.example"] }
cookies = { session_names = ["my$session"], except = ["theme"] }
tls = { versions = ["1.3"], client_certificates = { authorities = "ca.pem", required = true } }
[site.headers]
clear_site_data = { paths = ["/logout"] }
frame_options = { mode = "set", value = "SAMEORIGIN" }
custom = { X-Price = "100% {$5}" }
[site.upstream_options]
balance = "least-requests"
tls = { authorities = "ca.pem", server_name = "app.internal" }
health = { path = "/health" }
[[site.route]]
path = "/admin/"
deny = true
[[site.route]]
path = "/embed/"
isolation = "off"
"#;
