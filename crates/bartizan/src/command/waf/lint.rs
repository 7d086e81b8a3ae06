//! `bartizan waf lint`: what is wrong with rule files, and what makes them slow.

use std::io::Write as _;

use bartizan_waf::lint::{Kind, Remark, lint};
use bartizan_waf::{Disk, RuleSet};

use super::{Lint, visible};
use crate::exit_code::Outcome;

pub(super) fn run(arguments: &Lint) -> anyhow::Result<Outcome> {
    let mut out = anstream::stdout();
    let findings: Vec<String> = match RuleSet::load(&arguments.entries, &Disk) {
        Err(errors) => errors.0.iter().map(ToString::to_string).collect(),
        Ok(rules) => lint(&rules).iter().map(shown).collect(),
    };
    for finding in &findings {
        writeln!(out, "{}", visible(finding))?;
    }
    if findings.is_empty() {
        writeln!(out, "nothing to say")?;
        return Ok(Outcome::Fine);
    }
    Ok(Outcome::Problems)
}

/// One line: where, which rule, and what.
fn shown(remark: &Remark) -> String {
    let rule = remark.rule.map(|id| format!("rule {id}: ")).unwrap_or_default();
    let text = match &remark.kind {
        Kind::Backtracks => "the pattern has look-around or back-references: it backtracks, up to a limit of steps",
        Kind::NoEffect(reason) => reason,
        Kind::Unfiltered => "no prefilter helps the pattern: it runs on every value",
        Kind::Unreachable => "no way leads to the rule, or it was removed",
    };
    format!("{}: {rule}{text}", remark.place)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Remark, shown};
    use bartizan_waf::seclang::Place;
    use std::path::Path;
    use std::sync::Arc;

    #[test]
    fn a_remark_is_one_line() {
        let place = Place { file: Arc::from(Path::new("a.conf")), line: 3 };
        let remark = |rule, kind| Remark { place: place.clone(), rule, kind };
        for (remark, line) in [
            (remark(Some(7), Kind::Unreachable), "a.conf:3: rule 7: no way leads to the rule, or it was removed"),
            (remark(None, Kind::NoEffect("no effect".to_owned())), "a.conf:3: no effect"),
        ] {
            assert_eq!(shown(&remark), line);
        }
    }
}
