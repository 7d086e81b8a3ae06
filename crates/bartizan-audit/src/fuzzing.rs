//! Entry points for fuzz targets and for the replay of their corpora.

pub use bartizan_headers::fuzzing::Target;
use bartizan_rules::catalog::rules;
use bartizan_rules::systemd::exposure::exposure;
use bartizan_rules::{Facts, Provenance, Topic, judge};

use crate::Source;
use crate::formats::systemd;

/// Every parser.
pub const TARGETS: &[Target] = &[Target { name: "systemd_unit", run: systemd_unit }];

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
