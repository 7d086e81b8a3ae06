//! What the program's end tells its caller.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0: all is well.
    Fine,
    /// 1: something was found: a configuration with errors, an unknown id.
    Problems,
    /// 2: the command line cannot be understood.
    Usage,
    /// 3: the system was in the way: a port in use, a file that cannot be written.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Fine => 0,
            Outcome::Problems => 1,
            Outcome::Usage => 2,
            Outcome::Failed => 3,
        })
    }
}

/// For `--help`.
pub(crate) const EXIT_CODES: &str = "\
Exit codes: 0 all is well, 1 problems were found, 2 the command line cannot be understood, \
3 the system was in the way";
