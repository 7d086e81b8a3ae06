//! A JSON report that is written while it is made.
//!
//! What one configuration gives is put into words on the thread that judged it, and is then let go: a report of many
//! findings takes the memory of few.

use std::io::{self, Write};

use bartizan_rules::json::Json;
use bartizan_rules::{Finding, Platform};

use super::fingerprint::{self, Counted};
use super::is_over;
use super::json::{FINDINGS, Words, findings, members};
use super::options::{Form, Options, Threshold};
use super::report::{Report, Sources, Standing};
use crate::exit_code::Outcome;

/// A report of which the first findings are written already.
#[derive(Debug)]
pub struct Stream<W> {
    out: W,
    json: Json,
    voice: Voice,
    counted: Counted,
    is_first: bool,
    outcome: Outcome,
}

/// How findings are put into words.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    platform: Option<Platform>,
    fail_on: Threshold,
}

/// What one configuration gives, in words; the room is used again for the next.
#[derive(Debug, Default)]
pub struct Part {
    report: Report,
    counted: Counted,
    words: Words,
    is_over: bool,
}

impl Options {
    /// Says how findings can be written one by one; nothing, where all of them have to be known before.
    pub fn voice(&self) -> Option<Voice> {
        let is_plain = self.format == Form::Json && self.baseline.is_none() && self.suppressions.is_none();
        is_plain.then(|| Voice { platform: self.platform(), fail_on: self.fail_on })
    }
}

impl Part {
    /// Puts findings into words, instead of those before.
    pub fn say(&mut self, found: impl IntoIterator<Item = (Finding, Standing)>, sources: Sources, voice: Voice) {
        self.report.found.clear();
        found.into_iter().for_each(|(finding, standing)| self.report.push(finding, standing));
        self.report.sources = sources;
        self.counted.clear();
        fingerprint::settle(&mut self.report, &mut self.counted);
        self.is_over = self.report.found.iter().any(|reported| is_over(reported, voice.fail_on));
        self.put_into_words(voice);
    }

    fn put_into_words(&mut self, voice: Voice) {
        // What is too much to be held is put into words as it is written.
        if !self.is_long() {
            self.words.say(&self.report.found, &self.report, voice.platform, DEPTH);
        }
    }

    const fn is_long(&self) -> bool {
        self.report.found.len() > MANY
    }
}

impl<W: Write + Send> Stream<W> {
    /// Begins a report.
    ///
    /// # Errors
    ///
    /// Those of the output, here and below.
    pub fn begin(mut out: W, voice: Voice) -> io::Result<Self> {
        let mut json = Json::within(0);
        json.open_object();
        json.name(FINDINGS);
        json.open_list();
        out.write_all(json.take_text().as_bytes())?;
        Ok(Self { out, json, voice, counted: Counted::default(), is_first: true, outcome: Outcome::Fine })
    }

    /// Writes the findings of a configuration.
    pub fn put(&mut self, part: &mut Part) -> io::Result<()> {
        if part.report.found.is_empty() {
            return Ok(());
        }
        if self.counted.meets(&part.counted) {
            // A file of two configurations: what is found in it again is counted on.
            fingerprint::settle(&mut part.report, &mut self.counted);
            part.put_into_words(self.voice);
        } else {
            self.counted.add(&mut part.counted);
        }
        if part.is_over {
            self.outcome = Outcome::Problems;
        }
        if part.is_long() {
            let put = |text: &str| self.out.write_all(text.as_bytes());
            return findings(&part.report, self.voice.platform, DEPTH, &mut self.is_first, put);
        }
        self.out.write_all(part.words.text(std::mem::take(&mut self.is_first)).as_bytes())
    }

    /// Writes what the report says besides its findings, and tells how the command ends.
    pub fn end(mut self, report: &Report) -> io::Result<Outcome> {
        if !self.is_first {
            self.json.fill();
        }
        self.json.close_list();
        for (name, value) in members(report) {
            self.json.name(&name);
            self.json.value(&value);
        }
        self.json.close_object();
        self.out.write_all(self.json.take_text().as_bytes())?;
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        Ok(self.outcome)
    }
}

/// A configuration of people has fewer findings; their words take some megabytes.
const MANY: usize = 2_000;

/// A finding stands in a list in an object.
const DEPTH: usize = 2;
