//! Entry points for fuzz targets and for the replay of their corpora: each takes any bytes and must come to an end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use bartizan_headers::fuzzing::Target;
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::apache::Kind;
use bartizan_rules::facts::{Apache, Nginx};
use bartizan_rules::systemd::exposure::exposure;
use bartizan_rules::{Facts, Provenance, Topic, judge};

use crate::edit::{Daring, apply};
use crate::formats::{
    Reading, apache, caddy, compose, django, dockerfile, elixir, environment, krakend, nginx, systemd,
};
use crate::{Source, Tree};

/// Every parser.
pub const TARGETS: &[Target] = &[
    Target { name: "apache_config", run: apache_config },
    Target { name: "audit_compose", run: audit_compose },
    Target { name: "audit_django", run: audit_django },
    Target { name: "audit_dockerfile", run: audit_dockerfile },
    Target { name: "audit_elixir", run: audit_elixir },
    Target { name: "audit_environment", run: audit_environment },
    Target { name: "audit_krakend", run: audit_krakend },
    Target { name: "caddyfile", run: caddyfile },
    Target { name: "nginx_config", run: nginx_config },
    Target { name: "systemd_unit", run: systemd_unit },
];

/// A Compose file.
pub fn audit_compose(bytes: &[u8]) {
    let source = source(bytes);
    let facts = compose::read(&source).into_iter().fold(Facts::default(), Facts::with_variables);
    weigh(&compose::services(&source).into_iter().fold(facts, Facts::with_service));
}

/// Django settings; a line of `# file NAME` begins a further file.
pub fn audit_django(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut files = vec![(PathBuf::from("settings.py"), Vec::new())];
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("# file ") {
            Some(name) if files.len() < 20 => files.push((PathBuf::from(name.trim()), Vec::new())),
            _ => {
                if let Some((_, file)) = files.last_mut() {
                    file.extend_from_slice(line.as_bytes());
                }
            }
        }
    }
    let options = django::Options { module: Some("settings".to_owned()), ..django::Options::default() };
    weigh(&django::read(&Tree::in_memory(files), &options));
}

/// A Dockerfile.
pub fn audit_dockerfile(bytes: &[u8]) {
    let source = source(bytes);
    weigh(&Facts::default().with_variables(dockerfile::read(&source)).with_image(dockerfile::image(&source)));
}

/// Elixir configuration.
pub fn audit_elixir(bytes: &[u8]) {
    weigh(&Facts::default().with_elixir(elixir::read(&source(bytes), false)));
}

/// A file of variables.
pub fn audit_environment(bytes: &[u8]) {
    weigh(&Facts::default().with_variables(environment::read(&source(bytes))));
}

/// KrakenD's configuration.
pub fn audit_krakend(bytes: &[u8]) {
    if let Ok(krakend) = krakend::read(&source(bytes)) {
        weigh(&Facts::default().with_krakend(krakend));
    }
}

fn source(bytes: &[u8]) -> Source {
    Source::new("input", bytes.to_vec())
}

/// Judges what was read: every edit lies within the text that it changes.
fn weigh(facts: &Facts) {
    for finding in judge(rules(), facts) {
        for edit in finding.edits {
            assert!(edit.at.span.start <= edit.at.span.end, "{:?}", edit.at);
        }
    }
}

/// A configuration of Apache, which may include itself.
pub fn apache_config(bytes: &[u8]) {
    for kind in [Kind::Server, Kind::Htaccess] {
        let tree = Tree::in_memory([("file".into(), bytes.to_vec())]);
        let Ok(reading) = apache::read(&tree, Path::new("file")) else { return };
        mend(reading.map(|blocks| Facts::default().with_apache(Apache::new(blocks, kind))));
    }
}

/// A Caddyfile, which may import itself: every place lies within the text.
pub fn caddyfile(bytes: &[u8]) {
    let tree = Tree::in_memory([("file".into(), bytes.to_vec())]);
    let Ok(reading) = caddy::read(&tree, Path::new("file")) else { return };
    for node in reading.value.all() {
        assert!(node.text().get(..node.body_start()).is_some(), "{:?}", node.name());
    }
}

/// A configuration of nginx, which may include itself.
pub fn nginx_config(bytes: &[u8]) {
    let tree = Tree::in_memory([("file".into(), bytes.to_vec())]);
    let Ok(reading) = nginx::read(&tree, Path::new("file")) else { return };
    mend(reading.map(|blocks| Facts::default().with_nginx(Nginx::new(blocks))));
}

fn mend(reading: Reading<Facts>) {
    let findings = judge(rules(), &reading.value);
    let sources: BTreeMap<Arc<str>, Arc<str>> = reading.sources.into_iter().collect();
    apply(findings.as_slice(), &sources, Daring::Risky);
}

/// A systemd unit: it is read and judged, and every place lies within the text.
pub fn systemd_unit(bytes: &[u8]) {
    let source = Source::new("app.service", bytes.to_vec());
    let unit = systemd::read_source(&source, "app.service").value;
    for line in &unit.lines {
        assert!(source.text().get(line.at.span.clone()).is_some());
        assert!(source.text().get(line.value_at.span.clone()).is_some());
    }
    let score = exposure(&unit).and_then(|found| found.exposure).unwrap_or_default();
    assert!((0.0..=10.0).contains(&score));
    let rules = rules().filter(|rule| rule.topic == Topic::Systemd);
    for finding in judge(rules, &Facts::default().with_systemd(unit)) {
        assert!(matches!(finding.at, Provenance::File(_)));
        for edit in finding.edits {
            assert!(source.text().get(edit.at.span).is_some());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strange_units_are_read() {
        for text in [
            &b"[Service]\nExecStart=/a\nProtectHome=\\\n\n\0PrivateTmp=\n\n\rUser=a\\"[..],
            b"\xef\xbb\xbf[Service]\r\nExecStart=@-/bin/a\r\nUser=%\r\nUMask=\xe9\r\n",
            b"[Service\n=x\n\\",
            b"[Service]\nExecStart=\"\xc3\xa9 \\\n ; b\nProtectHome=\xc3\xa9\\",
            b"\\\n[Service]\n= \\\n=",
        ] {
            systemd_unit(text);
        }
    }

    #[test]
    fn many_short_lines_take_no_longer_than_few_long_ones() {
        systemd_unit(format!("[Service]\n{}", "User=a\r".repeat(20_000)).as_bytes());
        systemd_unit(format!("[Service]\nUser={}", "a \\\n".repeat(20_000)).as_bytes());
    }
}
