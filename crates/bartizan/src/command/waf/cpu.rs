//! The processor time that this thread has used.

use std::time::{Duration, Instant};

/// A clock that stands still while the thread does not run, where the system has one.
#[derive(Debug)]
pub(super) struct Cpu(Instant);

impl Cpu {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// The time so far: by the scheduler of Linux, else by the clock on the wall.
    pub(super) fn now(&self) -> Duration {
        scheduled().unwrap_or_else(|| self.0.elapsed())
    }
}

/// The first number of the file is the time on a processor, in nanoseconds (proc_pid_schedstat(5)).
fn scheduled() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
