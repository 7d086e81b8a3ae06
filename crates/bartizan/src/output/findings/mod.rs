//! One model of a report, whoever made the findings, and the forms in which it is written.
//!
//! `scan` and `audit` fill a [`Report`] for each site or tree and hand it to [`present`]; nothing here judges.

mod baseline;
mod difference;
mod fingerprint;
mod fix;
mod html;
mod human;
pub mod json;
mod junit;
mod markdown;
mod options;
mod region;
mod report;
mod sarif;
mod stream;
mod suppressions;
#[cfg(test)]
mod tests;

use std::io::Write as _;

use jiff::civil::Date;

pub use self::fingerprint::Fingerprint;
pub use self::options::{Form, Options, Threshold};
pub use self::report::{Cap, Grade, Item, Known, Report, Reported, Sources, Standing, Suppression, Within};
pub use self::stream::{Part, Stream, Voice};

use self::fingerprint::Counted;
use super::width;
use crate::exit_code::Outcome;

/// Settles the reports by baseline and suppressions, writes them to standard output, and says how the command ends.
pub fn present(mut reports: Vec<Report>, options: &Options, today: Date) -> anyhow::Result<Outcome> {
    settle(&mut reports, options, today)?;
    match options.format {
        Form::Human => anstream::stdout().write_all(render(&reports, options).as_bytes())?,
        Form::Json => {
            let mut out = std::io::stdout();
            json::write(&reports, options.platform(), |part| out.write_all(part.as_bytes()))?;
            out.flush()?;
        }
        _ => std::io::stdout().write_all(render(&reports, options).as_bytes())?,
    }
    let outcome = outcome(&reports, options);
    // It is the last that a command does: what many findings are made of goes with the process.
    std::mem::forget(reports);
    Ok(outcome)
}

/// Gives each finding its fingerprint, and says which are known or suppressed.
pub fn settle(reports: &mut [Report], options: &Options, today: Date) -> anyhow::Result<()> {
    let suppressions = options.suppressions.as_deref().map(suppressions::read).transpose()?.unwrap_or_default();
    let baseline = options.baseline.as_deref().map(baseline::read).transpose()?;
    for report in &mut *reports {
        fingerprint::settle(report, &mut Counted::default());
        suppressions::settle(report, &suppressions, today);
    }
    if let Some(baseline) = baseline {
        baseline::settle(reports, &baseline);
    }
    Ok(())
}

/// Writes the reports in the form that was asked for.
pub fn render(reports: &[Report], options: &Options) -> String {
    match options.format {
        Form::Human => human::render(reports, options.platform(), width()),
        Form::Json => json::render(reports, options.platform()),
        Form::Sarif => sarif::render(reports, options.platform()),
        Form::Markdown => markdown::render(reports, options.platform()),
        Form::Junit => junit::render(reports),
        Form::Html => html::render(reports, options.platform()),
    }
}

/// Says how a command ends: with problems when an open finding is as severe as the threshold.
pub fn outcome(reports: &[Report], options: &Options) -> Outcome {
    let mut found = reports.iter().flat_map(|report| &report.found);
    if found.any(|reported| is_over(reported, options.fail_on)) { Outcome::Problems } else { Outcome::Fine }
}

fn is_over(reported: &Reported, fail_on: Threshold) -> bool {
    matches!(reported.standing, Standing::Open) && fail_on.is_reached(reported.finding.severity)
}
