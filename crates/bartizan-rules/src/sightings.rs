//! What one rule sees in one configuration, a finding for each line, with the names that others give it there.
//!
//! gixy-ng and gixy-next print faults with the same words once, at the first place: later places carry no name of theirs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;

use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::{Confidence, Edit, Facts, Finding, Findings, Rule, Severity};

/// What one rule sees in one configuration.
#[derive(Debug)]
pub(crate) struct Sightings {
    rule: &'static Rule,
    seen: Vec<Sighting>,
    /// Where what was seen on each line is, once that is much.
    lines: Option<BTreeMap<(usize, usize), usize>>,
    calls: usize,
}

/// Who says it, by which plugin, in which words, and as the how manieth of all.
type Peered = (&'static str, &'static str, Cow<'static, str>, usize);

/// A fault on one line.
#[derive(Debug)]
pub(crate) struct Sighting {
    line: (usize, usize),
    /// With its own names, to which those of peers are added in the end.
    finding: Finding,
    peers: Vec<Peered>,
    call: usize,
}

impl Sightings {
    pub(crate) const fn new(rule: &'static Rule) -> Self {
        Self { rule, seen: Vec::new(), lines: None, calls: 0 }
    }

    /// Returns what is seen on the line of a directive; what was said of it first stays.
    pub(crate) fn at(&mut self, node: At<'_>, message: impl Display) -> &mut Sighting {
        let line = (node.file_number(), node.line());
        self.calls += 1;
        if let Some(number) = self.number_of(line) {
            #[allow(clippy::indexing_slicing, reason = "the position was found on the line above")]
            let seen = &mut self.seen[number];
            seen.call = self.calls;
            return seen;
        }
        if self.seen.len() >= MUCH {
            self.lines.get_or_insert_default().insert(line, self.seen.len());
        }
        let finding = Finding::new(self.rule, node.here(), message.to_string());
        self.seen.push_mut(Sighting { line, finding, peers: Vec::new(), call: self.calls })
    }

    /// Says where what was seen on a line is.
    fn number_of(&self, line: (usize, usize)) -> Option<usize> {
        let among_first = || self.seen.iter().take(MUCH).position(|seen| seen.line == line);
        self.lines.as_ref().and_then(|lines| lines.get(&line).copied()).or_else(among_first)
    }

    /// Says of each peer at each place, in their order, whether it did not say the same words before; nothing, where
    /// that is true of all.
    fn heard(&self) -> Option<Vec<bool>> {
        // At one place, whatever is said twice is named once.
        if self.seen.len() == 1 {
            return None;
        }
        let peers = || self.seen.iter().flat_map(|seen| &seen.peers);
        let mut first: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
        for (peer, plugin, words, call) in peers() {
            let known = first.entry((peer, plugin, words)).or_insert(*call);
            *known = (*known).min(*call);
        }
        let is_first = |(peer, plugin, words, call): &Peered| first.get(&(*peer, *plugin, &**words)) == Some(call);
        Some(peers().map(is_first).collect())
    }

    pub(crate) fn report(self, findings: &mut Findings) {
        if self.seen.is_empty() {
            return;
        }
        let mut heard = self.heard().map(Vec::into_iter);
        for mut seen in self.seen {
            for (peer, plugin, ..) in seen.peers {
                if heard.as_mut().is_none_or(|heard| heard.next() == Some(true)) {
                    let mut name = String::with_capacity(peer.len() + 1 + plugin.len());
                    name.extend([peer, ":", plugin]);
                    seen.finding.equivalent(name);
                }
            }
            findings.add(seen.finding);
        }
    }
}

/// Fewer lines are looked through sooner than they are looked up.
const MUCH: usize = 16;

impl Sighting {
    /// Names it as the readers of nginx and Apache files do, such as `nginx:autoindex`.
    pub(crate) fn own(&mut self, name: impl AsRef<str> + Into<String>) -> &mut Self {
        let equivalents = &mut self.finding.equivalents;
        if !equivalents.iter().any(|known| known == name.as_ref()) {
            // Two peers may know it as well.
            if equivalents.is_empty() {
                equivalents.reserve_exact(3);
            }
            equivalents.push(name.into());
        }
        self
    }

    /// Says that a peer's plugin sees it, too, and in which words: any text that is the same when its words are.
    pub(crate) fn peer(&mut self, peer: Peer, plugin: &'static str, words: impl Into<Cow<'static, str>>) -> &mut Self {
        let name = match peer {
            Peer::Next => "gixy_next",
            Peer::Ng => "gixy_ng",
        };
        // Two know it, at most.
        if self.peers.is_empty() {
            self.peers.reserve_exact(2);
        }
        self.peers.push((name, plugin, words.into(), self.call));
        self
    }

    /// Adds a change that is part of the cure.
    pub(crate) fn edit(&mut self, edit: impl Into<Option<Edit>>) -> &mut Self {
        if let Some(edit) = edit.into() {
            // There is seldom a second.
            if self.finding.edits.is_empty() {
                self.finding.edits.reserve_exact(1);
            }
            self.finding.edits.push(edit);
        }
        self
    }

    /// Adds changes that are only together the cure.
    pub(crate) fn edits(&mut self, edits: impl IntoIterator<Item = Edit>) -> &mut Self {
        self.finding.edits.extend(edits);
        self
    }

    /// Adds a change that is the whole cure, where none is known yet.
    pub(crate) fn cure(&mut self, edit: impl Into<Option<Edit>>) -> &mut Self {
        if self.finding.edits.is_empty() { self.edit(edit) } else { self }
    }

    /// Gives text to paste.
    pub(crate) fn fix(&mut self, text: impl Into<String>) -> &mut Self {
        self.finding.fix(text);
        self
    }

    /// Says how much it matters here.
    pub(crate) const fn severity(&mut self, severity: Severity) -> &mut Self {
        self.finding.severity(severity);
        self
    }

    /// Says how sure it is.
    pub(crate) const fn confidence(&mut self, confidence: Confidence) -> &mut Self {
        self.finding.confidence(confidence);
        self
    }
}

/// Looks at each nginx configuration.
pub(crate) fn nginx<'f>(
    rule: &'static Rule,
    facts: &'f Facts,
    findings: &mut Findings,
    look: impl Fn(&'f crate::facts::Nginx, &mut Sightings),
) {
    for nginx in facts.nginx() {
        let mut seen = Sightings::new(rule);
        look(nginx, &mut seen);
        seen.report(findings);
    }
}

/// Looks at each Apache configuration.
pub(crate) fn apache<'f>(
    rule: &'static Rule,
    facts: &'f Facts,
    findings: &mut Findings,
    look: impl Fn(&'f crate::facts::Apache, &mut Sightings),
) {
    for apache in facts.apache() {
        let mut seen = Sightings::new(rule);
        look(apache, &mut seen);
        seen.report(findings);
    }
}

/// Looks at each header line that a configuration sets.
pub(crate) fn lines(
    rule: &'static Rule,
    facts: &Facts,
    findings: &mut Findings,
    look: impl Fn(&crate::facts::declared::Line, &mut Sightings),
) {
    for lines in facts.header_lines() {
        let mut seen = Sightings::new(rule);
        for line in lines {
            look(line, &mut seen);
        }
        seen.report(findings);
    }
}

/// Looks at what each server that speaks TLS sends.
pub(crate) fn declared(
    rule: &'static Rule,
    facts: &Facts,
    findings: &mut Findings,
    look: impl Fn(&crate::facts::declared::Declared, &mut Sightings),
) {
    for servers in facts.declared() {
        let mut seen = Sightings::new(rule);
        for server in servers {
            look(server, &mut seen);
        }
        seen.report(findings);
    }
}
