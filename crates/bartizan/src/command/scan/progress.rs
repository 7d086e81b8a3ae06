//! What is going on, on standard error, where that is a terminal.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;

use crate::output::visible::visible;
use crate::output::width;

/// Counts sites that are done.
pub(super) struct Progress {
    total: Option<usize>,
    done: Mutex<usize>,
    is_shown: bool,
}

impl Progress {
    /// Begins; the number of sites may not be known.
    pub(super) fn new(total: Option<usize>) -> Self {
        Self { total, done: Mutex::new(0), is_shown: std::io::stderr().is_terminal() }
    }

    /// Says that a site is done.
    pub(super) fn done(&self, subject: &str) {
        let Ok(mut done) = self.done.lock() else { return };
        *done += 1;
        if self.is_shown {
            let of = self.total.map(|total| format!(" of {total}")).unwrap_or_default();
            let line = format!("{done}{of}  {}", visible(subject));
            let line: String = line.chars().take(width().saturating_sub(1)).collect();
            // One line, written over again and cleared to its end.
            let _ = write!(std::io::stderr(), "\r{line}\x1b[K");
        }
    }

    /// Clears the line.
    pub(super) fn clear(&self) {
        if self.is_shown {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
