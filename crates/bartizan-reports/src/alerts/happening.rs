//! What somebody else tells the watch of a site, such as an autopilot: it stands in no store of reports.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Something that happened with a site and that its operator should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// What.
    pub what: Happened,
    /// The site.
    pub site: String,
    /// What it is about: the same as long as it is the same.
    pub key: String,
    /// What happened, in a line.
    pub title: String,
    /// What is known of it.
    pub facts: Vec<(&'static str, String)>,
}

/// What an autopilot has to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// It does not go on before somebody has looked.
    Held,
    /// It has a new policy to try out.
    NewCandidate,
    /// It took back what it had enforced.
    StepBack,
    /// Pages hold code that is not known, and several clients were served it.
    UnknownCode,
}

/// What was told and not looked at yet.
#[derive(Debug, Default)]
pub struct Inbox(Mutex<VecDeque<Happening>>);

impl Inbox {
    /// Tells of something; where too much waits, the oldest is forgotten.
    pub fn tell(&self, happening: Happening) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= MOST {
            waiting.pop_front();
        }
        waiting.push_back(happening);
    }

    /// Returns what was told since the last time.
    pub(super) fn take(&self) -> Vec<Happening> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    /// Puts back what could not be looked at.
    pub(super) fn put_back(&self, happenings: Vec<Happening>) {
        happenings.into_iter().for_each(|happening| self.tell(happening));
    }
}

/// A wall of a thousand sites makes fewer steps between two looks; none has more than a name and some lines.
const MOST: usize = 1000;
