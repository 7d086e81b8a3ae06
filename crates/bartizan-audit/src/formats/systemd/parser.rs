//! Sections and assignments of a unit file, read as systemd 252 reads them (`systemd.syntax(7)`).

use std::ops::Range;
use std::sync::Arc;

use bartizan_rules::Place;
use bartizan_rules::facts::systemd::{Assignment, Systemd};
use bartizan_rules::systemd::exposure::fatal;

use super::line::{Line, Lines};
use crate::formats::{Problem, Reading};
use crate::source::Source;

/// What a file is to its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its own file.
    Own,
    /// A file that is put on top.
    DropIn,
}

/// Adds what a file says.
pub(super) fn add(source: &Source, role: Role, reading: &mut Reading<Systemd>) {
    reading.sources.push((Arc::clone(source.path()), Arc::clone(source.text())));
    let mut places = Places { source, seen: 0, line: 1, column: 1 };
    let mut section = Section::Before;
    for line in Lines::new(source.text()) {
        if let Err(reason) = parse(&line, source, role, &mut places, &mut section, reading) {
            // The manager gives up on such a file, and on the unit if it is its own.
            let at = places.at(line.span(0..line.text.len()));
            match role {
                Role::Own => drop(reading.value.unreadable.get_or_insert((at, reason))),
                Role::DropIn => reading.problems.push(Problem { at, message: given_up(reason) }),
            }
            break;
        }
    }
    if role == Role::DropIn {
        give_up(source, reading);
    }
    reading.value.room = reading.value.room.take().map(|last| Place { span: last.span.end..last.span.end, ..last });
}

/// Takes out what a drop-in says from the value on over which the manager gives up on the file: it does not refuse the
/// unit for it, and reads nothing more of it.
fn give_up(source: &Source, reading: &mut Reading<Systemd>) {
    let unit = &reading.value;
    let first = unit.lines.iter().position(|line| line.at.path == *source.path()).unwrap_or(unit.lines.len());
    let own = unit.lines.iter().enumerate().skip(first);
    let fault = own.filter_map(|(index, line)| Some((index, line.value_at.clone(), fatal(unit, line)?))).next();
    if let Some((index, at, reason)) = fault {
        reading.problems.push(Problem { at, message: given_up(&reason) });
        reading.value.lines.truncate(index);
    }
}

fn given_up(reason: &str) -> String {
    format!("{reason}; nothing more of this drop-in is read")
}

/// The section that lines belong to.
#[derive(Debug)]
enum Section {
    /// None has begun.
    Before,
    /// One that a service has.
    Known(String),
    /// One that is ignored with all that stands in it.
    Ignored,
}

fn parse(
    line: &Line,
    source: &Source,
    role: Role,
    places: &mut Places<'_>,
    section: &mut Section,
    reading: &mut Reading<Systemd>,
) -> Result<(), &'static str> {
    if line.text.len() > LONGEST {
        return Err("a line is longer than a mebibyte");
    }
    let (text, start) = trim(&line.text, 0);
    if text.is_empty() {
        return Ok(());
    }
    let whole = start..start + text.len();
    let mut problem = |message: String, places: &mut Places<'_>| {
        reading.problems.push(Problem { at: places.at(line.span(whole.clone())), message });
    };
    if !source.is_exact() && text.contains(char::REPLACEMENT_CHARACTER) {
        problem("the line is no UTF-8, and is ignored".to_owned(), places);
        return Ok(());
    }
    if let Some(rest) = text.strip_prefix('[') {
        let name = rest.strip_suffix(']').ok_or("a section's name has no end")?;
        if name.contains(|c: char| c.is_control() || matches!(c, '"' | '\'' | '\\')) {
            return Err("a section's name has characters that no name has");
        }
        let is_known = KNOWN.contains(&name);
        if !is_known && !name.starts_with("X-") {
            problem(format!("the section [{name}] is not one that a service has; all of it is ignored"), places);
        }
        *section = if is_known { Section::Known(name.to_owned()) } else { Section::Ignored };
        if name == "Service" && role == Role::Own {
            let at = places.at(line.span(whole));
            reading.value.room = Some(at.clone());
            if reading.value.service.span.is_empty() {
                reading.value.service = at;
            }
        }
        return Ok(());
    }
    let Section::Known(section) = section else {
        if matches!(section, Section::Before) {
            problem("the line stands before any section, and is ignored".to_owned(), places);
        }
        return Ok(());
    };
    let Some(sign) = text.find('=') else {
        problem("the line has no =, and is ignored".to_owned(), places);
        return Ok(());
    };
    let (key, _) = trim(text.get(..sign).unwrap_or_default(), start);
    let (value, value_start) = trim(text.get(sign + 1..).unwrap_or_default(), start + sign + 1);
    if key.is_empty() {
        problem("the line has no name before the =, and is ignored".to_owned(), places);
        return Ok(());
    }
    let at = places.at(line.span(whole));
    let value_at = places.at(line.span(value_start..value_start + value.len()));
    if section == "Service" && role == Role::Own {
        reading.value.room = Some(at.clone());
    }
    reading.value.lines.push(Assignment {
        section: section.clone(),
        key: key.to_owned(),
        value: value.to_owned(),
        at,
        value_at,
        is_own: role == Role::Own,
    });
    Ok(())
}

/// Text without blanks around it, and where it begins.
fn trim(text: &str, start: usize) -> (&str, usize) {
    let rest = text.trim_start_matches(BLANKS);
    (rest.trim_end_matches(BLANKS), start + text.len() - rest.len())
}

/// Counts lines and characters once, as places are asked for in their order.
#[derive(Debug)]
struct Places<'s> {
    source: &'s Source,
    seen: usize,
    line: usize,
    column: usize,
}

impl Places<'_> {
    fn at(&mut self, span: Range<usize>) -> Place {
        if span.start < self.seen {
            (self.seen, self.line, self.column) = (0, 1, 1);
        }
        let between = self.source.text().get(self.seen..span.start).unwrap_or_default();
        self.line += between.matches('\n').count();
        match between.rfind('\n') {
            None => self.column += between.chars().count(),
            Some(newline) => self.column = between.get(newline..).unwrap_or_default().chars().count(),
        }
        self.seen = span.start;
        Place { path: Arc::clone(self.source.path()), line: self.line, column: self.column, span }
    }
}

/// What systemd takes for blank.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];
/// The sections of a service.
const KNOWN: [&str; 3] = ["Unit", "Service", "Install"];
/// The longest line that systemd reads (`LONG_LINE_MAX`).
const LONGEST: usize = 1 << 20;
