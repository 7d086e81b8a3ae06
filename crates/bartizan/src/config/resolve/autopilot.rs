//! `[site.autopilot]`: how far it goes by itself, and what it waits for.

use std::time::Duration;

use bartizan_pilot::{Mode, Settings};

use super::super::autopilot;
use super::super::raw::At;
use super::super::raw::autopilot::Autopilot;
use super::super::raw::reports::SiteReports;
use super::Resolver;
use super::server::{set, to_usize};

impl Resolver<'_> {
    /// Returns what the autopilot does for a site; nothing where it is off.
    pub(super) fn autopilot(
        &mut self,
        written: Option<&At<Autopilot>>,
        reports: Option<&SiteReports>,
    ) -> Option<Settings> {
        let written = written?;
        let mode = match written.mode.map(|mode| mode.0) {
            // Who writes the table means it.
            None | Some(autopilot::Mode::Auto) => Mode::Auto,
            Some(autopilot::Mode::Learn) => Mode::Learn,
            Some(autopilot::Mode::Off) => return None,
        };
        if reports.and_then(|reports| reports.collect) == Some(false) {
            self.error(
                written.span(),
                "the autopilot cannot work without reports",
                "leave `reports.collect` out, or set it to true: what would break is told by browsers",
            );
        }
        let mut settings = Settings { mode, ..Settings::default() };
        set(&mut settings.unknown, written.unknown.map(|unknown| unknown.0));
        set(&mut settings.learn, written.learn.map(|time| seconds(time.0)));
        set(&mut settings.trial, written.trial.map(|time| seconds(time.0)));
        set(&mut settings.step, written.step.map(|time| seconds(time.0)));
        set(&mut settings.pages, written.pages.map(|pages| pages.0.get().into()));
        set(&mut settings.clients, written.clients.map(|clients| clients.0.get().into()));
        set(&mut settings.witnesses, written.witnesses.map(|witnesses| to_usize(witnesses.0.get().into())));
        set(
            &mut settings.allow,
            written.allow.as_ref().map(|allow| allow.iter().map(|source| source.0.clone()).collect()),
        );
        set(&mut settings.ramps, written.ramps.as_ref().map(|ramps| ramps.iter().map(|ramp| ramp.0).collect()));
        set(&mut settings.integrity, written.integrity.map(|integrity| integrity.0));
        Some(settings)
    }
}

/// Steps are counted in seconds.
const fn seconds(time: Duration) -> u64 {
    time.as_secs()
}
