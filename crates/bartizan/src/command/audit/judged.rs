//! One configuration, judged on the thread that read it.

use std::ops::ControlFlow;
use std::sync::Arc;

use bartizan_audit::Settings;
use bartizan_audit::discover::{self, Audited};
use bartizan_audit::formats::Reading;
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::systemd::Systemd;
use bartizan_rules::systemd::exposure::{Exposure, exposure};
use bartizan_rules::{Facts, Finding, judge};

use super::comments::Comments;
use super::root::Root;
use crate::output::findings::{Part, Standing, Voice};

/// What is left of a configuration once it is judged.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// What was found; nothing, where it is in words.
    pub(super) found: Vec<(Finding, Standing)>,
    /// What was found, in words.
    pub(super) part: Part,
    pub(super) systemd: Vec<Unit>,
    pub(super) facts: Option<Facts>,
}

/// A systemd unit and its score.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) name: String,
    pub(super) path: Arc<str>,
    pub(super) exposure: Exposure,
}

/// What is kept of files that were judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// The facts as well: they are to be compared with a site's.
    Facts,
    /// What was found.
    Findings,
}

impl Root {
    /// Judges each configuration by itself, for no rule of files looks at two of them together; with a voice, what is
    /// found is put into words at once.
    pub(super) fn judge(
        &self,
        settings: &Settings,
        voice: Option<Voice>,
        keep: Keep,
        take: impl FnMut(&mut Judged) -> ControlFlow<()> + Send,
    ) -> Audited<()> {
        let follow = |facts: Facts, reading: &Reading<()>, judged: &mut Judged| {
            judged.follow(facts, reading, voice, keep);
        };
        discover::read_each(&self.tree, self.units(), settings, follow, take)
    }
}

impl Judged {
    fn follow(&mut self, facts: Facts, reading: &Reading<()>, voice: Option<Voice>, keep: Keep) {
        let comments = Comments::of(reading.sources.iter().map(|(path, text)| (path, text)));
        let found = judge(rules(), &facts).into_iter().map(|finding| {
            let standing = comments.standing(&finding);
            (finding, standing)
        });
        match voice {
            Some(voice) => self.part.say(found, reading.sources.iter().cloned().collect(), voice),
            None => self.found = found.collect(),
        }
        let scored = |unit: &Systemd| {
            let (name, path) = (unit.name.clone(), Arc::clone(&unit.service.path));
            Some(Unit { name, path, exposure: exposure(unit)? })
        };
        self.systemd = facts.systemd().iter().filter_map(scored).collect();
        self.facts = (keep == Keep::Facts).then_some(facts);
    }
}
