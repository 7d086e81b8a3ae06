//! What is written for each program, in the three profiles.

use std::fs;

use bartizan_testkit::TestCa;

use crate::command::{PROFILES, export};
use crate::front::KINDS;

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
            insta::assert_snapshot!(format!("{target}_{profile}"), settled(&text));
            assert_eq!(export(&[&site, more].concat()).stdout, export(&[&site, more].concat()).stdout);
        }
    }
}

/// Returns what a release, or one more name of a cookie, does not change.
fn settled(text: &str) -> String {
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let (first, last) = ("(?:__Host-|__Secure-)?(?:", "|wordpress_sec_[^=; ]*)");
    let mut parts = text.split(first);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (names, rest) = part.split_once(last).unwrap();
        assert!(names.contains("sessionid"));
        out.push_str("SESSION_NAMES");
        out.push_str(rest);
    }
    out
}

#[test]
fn every_key_of_a_site_is_carried_over_or_said() {
    let ca = TestCa::new();
    let issued = ca.issue(&["app.example"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bartizan.toml");
    fs::copy(ca.file(), folder.path().join("ca.pem")).unwrap();
    let both = fs::read_to_string(&issued.chain).unwrap() + &fs::read_to_string(&issued.key).unwrap();
    fs::write(folder.path().join("both.pem"), both).unwrap();
    fs::write(&file, RICH).unwrap();
    for kind in KINDS.into_iter().filter(|kind| kind.name != "wall") {
        let both = folder.path().join("both.pem");
        let mut arguments =
            vec![kind.name, "--config", file.to_str().unwrap(), "--certificate", both.to_str().unwrap()];
        if kind.name != "haproxy" {
            arguments.extend(["--key", both.to_str().unwrap()]);
        }
        let output = export(&arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let settled = settled(&text).replace(folder.path().to_str().unwrap(), "/FOLDER");
        insta::assert_snapshot!(format!("{}_rich", kind.name), settled);
        let exported = folder.path().join("exported.conf");
        fs::write(&exported, text).unwrap();
        let Some(mut command) = kind.checking(folder.path(), &exported) else { continue };
        let checked = command.output().unwrap();
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{}: {said}{}", kind.name, String::from_utf8_lossy(&checked.stdout));
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
upstream = ["https://10.1.1.1:8443", "https://localhost:8443"]
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
