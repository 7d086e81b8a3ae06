//! Every example of a rule that is a file: the rule fires on the bad one, is silent on the good one, and where it has a
//! cure, the cure is accepted by the program itself.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]
#![allow(clippy::print_stderr, reason = "a test that shows nothing must not pass in silence")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use bartizan_audit::Tree;
use bartizan_audit::edit::{Daring, apply};
use bartizan_audit::formats::{apache, example, nginx};
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::apache::Kind;
use bartizan_rules::facts::blocks::Blocks;
use bartizan_rules::facts::{Apache, Nginx};
use bartizan_rules::{Example, Facts, Format, Rule, judge};

fn file_examples() -> impl Iterator<Item = (&'static Rule, Format, &'static str, &'static str)> {
    rules().filter_map(|rule| match (rule.bad, rule.good) {
        (Example::File(format, bad), Example::File(_, good)) => Some((rule, format, bad, good)),
        _ => None,
    })
}

#[test]
fn every_rule_fires_on_its_bad_example_and_not_on_its_good_one() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (rule, format, bad, good) in file_examples() {
        let (Some(bad), Some(good)) = (example(format, bad), example(format, good)) else { continue };
        count += 1;
        if !judge([rule], &bad).has(rule) {
            wrong.push(format!("{}: silent on its bad example", rule.id()));
        }
        let found = judge([rule], &good);
        if !found.is_empty() {
            let messages: Vec<_> = found.as_slice().iter().map(|finding| &finding.message).collect();
            wrong.push(format!("{}: fires on its good example: {messages:?}", rule.id()));
        }
    }
    assert!(count > 100, "only {count} rules have examples that can be read");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_files_and_a_site_say_is_compared() {
    let mut count = 0;
    for rule in rules() {
        let (Some(bad), Some(good)) = (rule.bad.joined(), rule.good.joined()) else { continue };
        count += 1;
        for ((format, file, mut site), is_found) in [(bad, true), (good, false)] {
            let alone = judge([rule], &site);
            assert!(alone.is_empty(), "{}: fires on the site alone", rule.id());
            site.append(example(format, file).unwrap());
            let found = judge([rule], &site);
            assert_eq!(found.has(rule), is_found, "{}: {found:?}", rule.id());
        }
    }
    assert!(count >= 4, "only {count} rules compare");
}

/// Changes the text until the rule has nothing more to change.
fn mended(rule: &'static Rule, format: Format, text: &str) -> (String, bool, bool) {
    let mut text = text.to_owned();
    let mut was_changed = false;
    for _ in 0..5 {
        let tree = Tree::in_memory([(PathBuf::from("file"), text.clone().into_bytes())]);
        let facts = |blocks: Blocks| match format {
            Format::Nginx => Facts::default().with_nginx(Nginx::new(blocks)),
            Format::Apache => Facts::default().with_apache(Apache::new(blocks, Kind::Server)),
            _ => Facts::default().with_apache(Apache::new(blocks, Kind::Htaccess)),
        };
        let reading = match format {
            Format::Nginx => nginx::read(&tree, Path::new("file")),
            _ => apache::read(&tree, Path::new("file")),
        };
        let reading = reading.unwrap();
        let sources: BTreeMap<Arc<str>, Arc<str>> = reading.sources.into_iter().collect();
        let findings = judge([rule], &facts(reading.value));
        let changed = apply(findings.as_slice(), &sources, Daring::Risky);
        match changed.texts.into_values().next() {
            Some(next) if next != text => (text, was_changed) = (next, true),
            _ => return (text, was_changed, findings.is_empty()),
        }
    }
    (text, was_changed, false)
}

/// Rules whose cure for the example is only a part of it, each with its reason.
static PARTIAL: &[(&str, &str)] = &[];

#[test]
fn a_cure_silences_its_rule() {
    let mut wrong = Vec::new();
    let mut cured = 0;
    for (rule, format, bad, _) in
        file_examples().filter(|it| matches!(it.1, Format::Nginx | Format::Apache | Format::Htaccess))
    {
        let (text, was_changed, is_silent) = mended(rule, format, bad);
        cured += usize::from(was_changed);
        if was_changed && !is_silent && !PARTIAL.iter().any(|(id, _)| *id == rule.id()) {
            wrong.push(format!("{}:\n{text}", rule.id()));
        }
    }
    println!("{cured} rules have a cure");
    assert!(wrong.is_empty(), "not silent after their cure:\n{}", wrong.join("\n"));
}

/// Words that Debian's nginx does not know, or files that it would look for.
fn for_nginx(text: &str, folder: &Path) -> String {
    let whole = if nginx::is_main(text) { text.to_owned() } else { format!("http {{\n{text}\n}}\n") };
    let whole = if whole.contains("events") { whole } else { format!("events {{}}\n{whole}") };
    let pem = folder.join("site.pem").display().to_string();
    let logs = folder.join("log").display().to_string();
    let mut lines = String::new();
    for line in whole.lines() {
        lines.push_str(line);
        lines.push('\n');
        if line.contains("listen 443") && !whole.contains("ssl_certificate") {
            lines.push_str(&format!("ssl_certificate {pem};\nssl_certificate_key {pem};\n"));
        }
    }
    let lines = lines.replace("/etc/letsencrypt/live/a/fullchain.pem;", &format!("{pem};\nssl_certificate_key {pem};"));
    lines.replace("/var/log/nginx/", &format!("{logs}."))
}

/// Cures that Debian's nginx cannot take, each with its reason.
static NOT_TRIED: &[(&str, &str)] =
    &[("quic-bpf-reuseport", "nginx 1.22 speaks no QUIC"), ("user-root", "there is no such user in every container")];

#[test]
fn nginx_accepts_every_cure() {
    let Some(program) =
        ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].map(Path::new).into_iter().find(|path| path.exists())
    else {
        eprintln!("\n*** SKIPPED: nginx is missing; `cargo xtask setup` installs it ***\n");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("site.pem");
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=a.example",
        ])
        .arg("-keyout")
        .arg(&pem)
        .arg("-out")
        .arg(folder.path().join("cert.pem"))
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        eprintln!("\n*** SKIPPED: openssl is missing; `cargo xtask setup` installs it ***\n");
        return;
    }
    let both = [fs::read(&pem).unwrap(), fs::read(folder.path().join("cert.pem")).unwrap()].concat();
    fs::write(&pem, both).unwrap();
    let mut refused = Vec::new();
    let mut tried = 0;
    for (rule, _, bad, _) in file_examples().filter(|it| it.1 == Format::Nginx) {
        let (text, was_changed, _) = mended(rule, Format::Nginx, bad);
        if !was_changed || NOT_TRIED.iter().any(|(id, _)| *id == rule.id()) {
            continue;
        }
        tried += 1;
        let path = folder.path().join("nginx.conf");
        fs::write(&path, for_nginx(&text, folder.path())).unwrap();
        let mut nginx = Command::new(program);
        let error_log = format!("pid {0}/pid;", folder.path().display());
        let output = nginx
            .args(["-t", "-q", "-e"])
            .arg(folder.path().join("error"))
            .args(["-g", &error_log])
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&path)
            .output()
            .unwrap();
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            refused.push(format!("{}: {said}{}", rule.id(), for_nginx(&text, folder.path())));
        }
    }
    println!("{tried} cures tried");
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}

/// Modules that the examples need, by a word that shows it.
static MODULES: &[(&str, &str)] = &[
    ("SSL", "ssl"),
    ("Header", "headers"),
    ("Proxy", "proxy"),
    ("ProxyPass", "proxy_http"),
    ("RewriteRule", "rewrite"),
    ("Dav ", "dav"),
    ("UserDir", "userdir"),
    ("server-status", "status"),
    ("server-info", "info"),
    ("RequestReadTimeout", "reqtimeout"),
    ("Satisfy", "access_compat"),
    ("Order", "access_compat"),
    ("AuthType", "auth_basic"),
    ("AddHandler", "mime"),
    ("Alias", "alias"),
    ("Redirect", "alias"),
];

#[test]
fn apache_accepts_every_cure() {
    let program = Path::new("/usr/sbin/apache2");
    let modules = Path::new("/usr/lib/apache2/modules");
    if !program.exists() || !modules.is_dir() {
        eprintln!("\n*** SKIPPED: apache2 is missing; `cargo xtask setup` installs it ***\n");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut refused = Vec::new();
    let mut tried = 0;
    for (rule, format, bad, _) in file_examples().filter(|it| matches!(it.1, Format::Apache | Format::Htaccess)) {
        let (text, was_changed, _) = mended(rule, format, bad);
        // Without a certificate no server speaks TLS, and PHP is not there.
        if !was_changed || text.contains("SSLEngine on") || text.contains("php") {
            continue;
        }
        tried += 1;
        let mut whole = String::new();
        for name in ["mpm_event", "authz_core", "authz_host", "authn_core", "authz_user", "dir", "socache_shmcb"] {
            whole.push_str(&format!("LoadModule {name}_module {}/mod_{name}.so\n", modules.display()));
        }
        for (_, name) in MODULES.iter().filter(|(word, _)| text.contains(word)) {
            let line = format!("LoadModule {name}_module {}/mod_{name}.so\n", modules.display());
            if !whole.contains(&line) {
                whole.push_str(&line);
            }
        }
        let text: String =
            text.lines().filter(|line| !line.starts_with("ServerRoot")).map(|line| format!("{line}\n")).collect();
        let inner = if format == Format::Htaccess { format!("<Directory /srv>\n{text}</Directory>\n") } else { text };
        let place = folder.path().display();
        whole.push_str(&format!(
            "ServerRoot {place}\nServerName a.example\nPidFile {place}/pid\nErrorLog {place}/log\n{inner}"
        ));
        if !whole.contains("Listen") {
            whole.push_str("Listen 8099\n");
        }
        let path = folder.path().join("httpd.conf");
        fs::write(&path, &whole).unwrap();
        let output = Command::new(program).arg("-t").arg("-f").arg(&path).output().unwrap();
        if !output.status.success() {
            refused.push(format!("{}: {}{inner}", rule.id(), String::from_utf8_lossy(&output.stderr)));
        }
    }
    println!("{tried} cures tried");
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}
