//! `bench scan`: a site graded, a batch of sites, and a server's TLS enumerated; each beside its peer.

mod ground;
mod site;

use anyhow::Result;

use super::{Options, Report, tls};
use crate::project::Project;

/// Measures every workload that is asked for.
pub(super) fn run(project: &Project, options: &Options) -> Result<Report> {
    let mut report = tls::run(project, options)?;
    report.base = "the peer";
    let sites = site::run(project, options)?;
    report.rows.splice(0..0, sites.rows);
    report.notes.splice(0..0, sites.notes);
    report.failures.extend(sites.failures);
    Ok(report)
}
