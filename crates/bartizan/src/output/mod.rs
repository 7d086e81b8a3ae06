//! What people read: colours where a terminal shows them, lines that fit its width.

use std::error::Error;
use std::io::Write as _;

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};

use crate::config::{Colour, Report};

pub mod findings;
mod table;
pub(crate) mod visible;

pub(crate) use table::{Cell, Table, wrap};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const CODE: Style = AnsiColor::Cyan.on_default();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const HEADING: Style = AnsiColor::Yellow.on_default().bold();
const RED: Style = AnsiColor::Red.on_default().bold();

/// Returns the columns of the terminal; a hundred where there is none.
pub(crate) fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).clamp(60, 160))
}

/// Whether standard error shows colours: a terminal does, unless `NO_COLOR` is set.
pub(crate) fn colour() -> Colour {
    match anstream::AutoStream::choice(&std::io::stderr()) {
        ColorChoice::Never => Colour::Never,
        ColorChoice::Always | ColorChoice::AlwaysAnsi | ColorChoice::Auto => Colour::Always,
    }
}

/// Shows the problems of a configuration on standard error.
pub(crate) fn report(report: &Report) {
    let _ = anstream::stderr().write_all(report.render(colour(), width()).as_bytes());
}

/// Shows one error and its causes on standard error.
pub(crate) fn error(error: &anyhow::Error) {
    chain(error.as_ref());
}

/// Shows one error and its causes on standard error.
pub(crate) fn chain(error: &dyn Error) {
    let mut err = anstream::stderr();
    let _ = write!(err, "{RED}error{RED:#}: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(err, ": {error}");
        cause = error.source();
    }
    let _ = writeln!(err);
}

/// Shows one line on standard error that says what to do.
pub(crate) fn hint(text: &str) {
    let _ = writeln!(anstream::stderr(), "{HEADING}bartizan{HEADING:#}: {text}");
}

/// Writes one line of progress over the last one.
pub(crate) fn progress(text: &str) {
    use std::io::Write as _;
    let mut out = anstream::stderr();
    let _ = write!(out, "\r{text:<width$}\r{text}", width = width().min(79));
    let _ = out.flush();
}

/// Shows one line on standard error that says what happened.
pub(crate) fn say(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}
