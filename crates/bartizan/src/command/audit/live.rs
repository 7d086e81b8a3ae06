//! `--with-scan`: the site that the files are of, judged by itself and together with them.

use std::path::Path;

use bartizan_rules::catalog::rules;
use bartizan_rules::{Facts, Finding, Topic, judge};
use bartizan_scan::{Override, Target};

use crate::command::scan;

/// What was found on the site, and between it and the files.
pub(super) struct Live {
    pub(super) findings: Vec<Finding>,
    /// What could not be seen.
    pub(super) unseen: Vec<String>,
    /// Whether anything answered.
    pub(super) is_reached: bool,
}

/// Looks at the site; what the files say is compared with what it shows.
pub(super) fn look(target: &Target, resolve: &[Override], cacert: Option<&Path>, files: Facts) -> anyhow::Result<Live> {
    let seen = scan::seen(target, resolve, cacert)?;
    let mut unseen = seen.unseen;
    if !seen.is_reached {
        unseen.push(format!("{target} was not reached, so there was nothing to compare with"));
    }
    let mut findings = scan::distinct(judge(rules(), &seen.facts));
    let mut both = files;
    both.append(seen.facts);
    let compare = rules().filter(|rule| rule.topic == Topic::Contradictions);
    findings.extend(judge(compare, &both));
    Ok(Live { findings, unseen, is_reached: seen.is_reached })
}
