//! The audit of deployment files, beside the program that each format's users run today.

mod django;

use anyhow::Result;

use super::{Options, Report, binary};
use crate::project::Project;

/// One workload: it measures bartizan and a peer in turn.
struct Workload {
    name: &'static str,
    run: fn(&Project, &Options, &std::path::Path) -> Result<Report>,
}

static WORKLOADS: &[Workload] = &[Workload { name: "django", run: django::run }];

/// Runs the workloads that were asked for.
pub(super) fn run(project: &Project, options: &Options) -> Result<Report> {
    let bartizan = binary::bartizan(project, options)?;
    let is_wanted = |workload: &&Workload| {
        options.workloads.is_empty() || options.workloads.iter().any(|wanted| wanted == workload.name)
    };
    let mut all = Report::default();
    for workload in WORKLOADS.iter().filter(is_wanted) {
        let report = (workload.run)(project, options, &bartizan)?;
        all.rows.extend(report.rows);
        all.notes.extend(report.notes);
        all.failures.extend(report.failures);
    }
    Ok(all)
}
