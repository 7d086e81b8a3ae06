//! What is found, on its way to the operator: kept until all is known, or written at once where that is possible.

use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;

use bartizan_rules::Finding;

use super::Audit;
use super::judged::Judged;
use crate::exit_code::Outcome;
use crate::output::findings::{Options, Report, Standing, Stream, Voice, present};

/// What was found so far.
#[derive(Debug)]
pub(super) enum Told {
    Kept(Vec<(Finding, Standing)>),
    Written(Voice, Stream<File>),
}

impl Told {
    /// A scan may fail after the files were judged, and changes are shown before what is left.
    pub(super) fn of(audit: &Audit) -> io::Result<Self> {
        let is_alone = audit.with_scan.is_none() && !audit.fix && !audit.diff;
        let Some(voice) = audit.report.voice().filter(|_| is_alone) else { return Ok(Self::Kept(Vec::new())) };
        // What is written comes in large pieces, and none should wait for the end of its last line.
        let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(Self::Written(voice, Stream::begin(out, voice)?))
    }

    /// Says how findings are to be put into words, if they are written at once.
    pub(super) const fn voice(&self) -> Option<Voice> {
        match self {
            Self::Kept(_) => None,
            Self::Written(voice, _) => Some(*voice),
        }
    }

    /// Takes what was found in one configuration.
    pub(super) fn put(&mut self, judged: &mut Judged) -> io::Result<()> {
        match self {
            Self::Kept(found) => found.append(&mut judged.found),
            Self::Written(_, stream) => stream.put(&mut judged.part)?,
        }
        Ok(())
    }

    /// Takes what was found elsewhere.
    pub(super) fn found(&mut self, more: impl IntoIterator<Item = (Finding, Standing)>) {
        if let Self::Kept(found) = self {
            found.extend(more);
        }
    }

    /// Tells what is left to be told, and how the command ends.
    pub(super) fn end(self, mut report: Report, options: &Options) -> anyhow::Result<Outcome> {
        match self {
            Self::Kept(found) => {
                found.into_iter().for_each(|(finding, standing)| report.push(finding, standing));
                present(vec![report], options, jiff::Zoned::now().date())
            }
            Self::Written(_, stream) => Ok(stream.end(&report)?),
        }
    }
}
