//! What can be asked of a scan on the command line.

use std::path::PathBuf;
use std::time::Duration;

use bartizan_rules::observatory::Algorithm;
use bartizan_scan::dns::Dns;
use bartizan_scan::{Override, Part, Plan, Probing, Target, tls};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::output::findings;

/// `bartizan scan`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Scan {
    /// Hosts or addresses; a bare host is asked over HTTP and HTTPS, as visitors would.
    #[arg(value_name = "URL", required_unless_present = "batch")]
    pub targets: Vec<Target>,
    /// Only these parts, comma-separated; else all.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PARTS")]
    pub only: Vec<Wanted>,
    /// The edition of the MDN Observatory that grades: 4 is npm's, 5 the public service, 6 the next.
    #[arg(long, value_enum, default_value_t)]
    pub algorithm: Edition,
    /// Where a name leads, as HOST:PORT:ADDR; an empty ADDR leads nowhere. Other names then lead nowhere, too.
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub resolve: Vec<Override>,
    /// Trust the authorities of this PEM file as well.
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,
    /// Trust any certificate.
    #[arg(long)]
    pub insecure: bool,
    /// Send this line to the site, and to no other: "Name: value".
    #[arg(long, value_name = "LINE", value_parser = line)]
    pub header: Vec<(String, String)>,
    /// Send this cookie to the site: "name=value".
    #[arg(long, value_name = "COOKIE", value_parser = cookie)]
    pub cookie: Vec<String>,
    /// Seconds that one request may take.
    #[arg(long, value_name = "SECONDS", default_value = "9", value_parser = seconds)]
    pub timeout: Duration,
    /// A list of preloaded hosts: Chromium's, or a JSON map of hosts. Without one no host counts as preloaded.
    #[arg(long, value_name = "FILE")]
    pub hsts_preload: Option<PathBuf>,
    /// Also ask what no visitor asks: TRACE, strange hosts, files left behind.
    #[arg(long)]
    pub probe: bool,
    /// End with 1 when the Observatory's letter is worse than this.
    #[arg(long, value_name = "LETTER", value_enum)]
    pub fail_under: Option<Letter>,
    /// Read sites from a file, a JSON object a line: {"id","url","resolve":[…],"cacert"}; - is standard input.
    /// Answers each with a line, and ends with 0.
    #[arg(long, value_name = "FILE", conflicts_with = "targets")]
    pub batch: Option<PathBuf>,
    /// How many sites to look at at once.
    #[arg(long, value_name = "NUMBER", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: u16,
    /// How the answer looks, and what ends the command with 1.
    #[command(flatten)]
    pub report: findings::Options,
}

impl Scan {
    /// Returns what to look at, trusting some authorities more.
    pub(super) fn plan(&self, authorities: tls::Authorities) -> Plan {
        let all = [Part::Observatory, Part::Findings, Part::Tls];
        let parts =
            if self.only.is_empty() { all.to_vec() } else { self.only.iter().map(|part| part.part()).collect() };
        let mut own_lines = self.header.clone();
        if !self.cookie.is_empty() {
            own_lines.push(("Cookie".to_owned(), self.cookie.join("; ")));
        }
        let standard = tls::Options::default();
        let tls = tls::Options {
            timeout: self.timeout.min(standard.timeout),
            authorities,
            // Overrides promise that DNS is left alone.
            dns: if self.resolve.is_empty() { Dns::of_system() } else { None },
            ..standard
        };
        let probing = if self.probe { Probing::Probe } else { Probing::Guest };
        Plan { algorithm: self.algorithm.0, parts, own_lines, probing, tls }
    }
}

/// A part of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Wanted {
    /// What our own rules find.
    Findings,
    /// What the MDN Observatory would say.
    Observatory,
    /// How the server speaks TLS.
    Tls,
}

impl Wanted {
    const fn part(self) -> Part {
        match self {
            Self::Findings => Part::Findings,
            Self::Observatory => Part::Observatory,
            Self::Tls => Part::Tls,
        }
    }
}

/// An edition of the Observatory, written as its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Edition(pub Algorithm);

impl ValueEnum for Edition {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self(Algorithm::V4), Self(Algorithm::V5), Self(Algorithm::V6)]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self.0 {
            Algorithm::V4 => "4",
            Algorithm::V5 => "5",
            Algorithm::V6 => "6",
        }))
    }
}

/// A letter of the Observatory, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Letter(&'static str);

const LETTERS: &[Letter] = &[
    Letter("A+"),
    Letter("A"),
    Letter("A-"),
    Letter("B+"),
    Letter("B"),
    Letter("B-"),
    Letter("C+"),
    Letter("C"),
    Letter("C-"),
    Letter("D+"),
    Letter("D"),
    Letter("D-"),
    Letter("F"),
];

impl ValueEnum for Letter {
    fn value_variants<'a>() -> &'a [Self] {
        LETTERS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0))
    }
}

impl Letter {
    /// Whether a letter is worse than this one.
    pub(super) fn is_above(self, letter: &str) -> bool {
        let place = |wanted: &str| LETTERS.iter().position(|known| known.0 == wanted);
        place(letter) > place(self.0)
    }
}

fn line(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("a line is \"Name: value\"")?;
    let is_name = http::HeaderName::from_bytes(name.as_bytes()).is_ok();
    let value = value.trim();
    if is_name && http::HeaderValue::from_str(value).is_ok() {
        Ok((name.to_owned(), value.to_owned()))
    } else {
        Err("a line is \"Name: value\", in visible characters".to_owned())
    }
}

fn cookie(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((name, _)) if !name.is_empty() && http::HeaderValue::from_str(text).is_ok() => Ok(text.to_owned()),
        _ => Err("a cookie is \"name=value\"".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if (0.05..=600.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("from 0.05 to 600 seconds".to_owned())
    }
}

const EXAMPLES: &str = "\
  bartizan scan app.example                     all there is to say of a site
  bartizan scan http://localhost:8000           an app under development
  bartizan scan app.example --only observatory  the letter of the MDN Observatory
  bartizan scan app.example --fail-under A --format sarif > scan.sarif
  bartizan scan --batch sites.jsonl > report.jsonl

An address with a port is asked on that port. https://HOST:PORT and HOST:PORT that speaks TLS are also
asked on port 80, and HOST:PORT that does not on 443, as the Observatory does; http://HOST:PORT is asked
alone. Ends with 3 when a site could not be reached.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_an_order() {
        let bound = Letter("B");
        for (letter, is_worse) in [("A+", false), ("B", false), ("B-", true), ("F", true)] {
            assert_eq!(bound.is_above(letter), is_worse, "{letter}");
        }
    }

    #[test]
    fn lines_and_cookies_are_checked() {
        for (text, is_fine) in [("A: b", true), ("A:", true), ("A b: c", false), ("a", false), ("A: b\nC: d", false)] {
            assert_eq!(line(text).is_ok(), is_fine, "{text:?}");
        }
        for (text, is_fine) in [("a=b", true), ("a=", true), ("a", false), ("=b", false), ("a=b\r\n", false)] {
            assert_eq!(cookie(text).is_ok(), is_fine, "{text:?}");
        }
        for (text, is_fine) in [("9", true), ("0.5", true), ("0", false), ("x", false), ("NaN", false)] {
            assert_eq!(seconds(text).is_ok(), is_fine, "{text}");
        }
    }
}
