//! Entry points for fuzz targets and for the replay of their corpora.
//!
//! Each takes any bytes and must not panic: the text is read, judged, and changed as far as its findings say.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub use bartizan_headers::fuzzing::Target;
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::apache::Kind;
use bartizan_rules::facts::{Apache, Nginx};
use bartizan_rules::{Facts, judge};

use crate::Tree;
use crate::edit::{Daring, apply};
use crate::formats::{Reading, apache, nginx};

/// Every parser.
pub const TARGETS: &[Target] =
    &[Target { name: "apache_config", run: apache_config }, Target { name: "nginx_config", run: nginx_config }];

/// A configuration of Apache, which may include itself.
pub fn apache_config(bytes: &[u8]) {
    for kind in [Kind::Server, Kind::Htaccess] {
        let tree = Tree::in_memory([("file".into(), bytes.to_vec())]);
        let Ok(reading) = apache::read(&tree, Path::new("file")) else { return };
        mend(reading.map(|blocks| Facts::default().with_apache(Apache::new(blocks, kind))));
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
