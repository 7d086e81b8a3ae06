//! What a body holds: reports that are known byte by byte, and those that are read.

use std::sync::Arc;

use crate::json::{self, Limits, Members};
use crate::noise::{self, Class};
use crate::receive::{self, Bounds, Form, Refusal};
use crate::recent::{Look, Recent, Track};
use crate::report::Report;
use crate::rules::{SiteRules, Sites};
use crate::shape::{self, Batch, ShapeFault};

/// Everything in a body that can be counted.
#[derive(Debug, Default)]
pub(super) struct Intake<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// How many members were no reports.
    pub(super) unusable: usize,
}

/// A report of a body.
#[derive(Debug)]
pub(super) enum Item<'a> {
    /// One that is known, and its bytes.
    Known(Track, &'a [u8]),
    /// One that was read.
    Read(Box<Fresh<'a>>),
}

impl<'a> Item<'a> {
    /// Returns the report, which is read if it is known.
    pub(super) fn fresh(self, limits: Limits, rules: &SiteRules) -> Option<Fresh<'a>> {
        match self {
            Self::Known(_, bytes) => {
                let value = json::read(bytes, limits).ok()?;
                Some(Fresh::new(shape::report(value, rules.queries)?, rules))
            }
            Self::Read(fresh) => Some(*fresh),
        }
    }
}

/// A report that was read.
#[derive(Debug)]
pub(super) struct Fresh<'a> {
    pub(super) report: Report<'a>,
    pub(super) noise: Option<Class>,
    /// By what it can be known from now on, and how many values it has; none where it is not worth that.
    pub(super) keep: Option<(Look<'a>, usize)>,
}

impl<'a> Fresh<'a> {
    fn new(report: Report<'a>, rules: &SiteRules) -> Self {
        let noise = noise::class(&report, &rules.hosts);
        Self { report, noise, keep: None }
    }
}

/// Reads a body, as far as it is not known.
pub(super) fn intake<'a>(
    bytes: &'a [u8],
    form: Form,
    bounds: &Bounds,
    rules: &SiteRules,
    known: Option<(&Recent, Option<u32>)>,
) -> Result<Intake<'a>, Refusal> {
    // What is known of members of a list is not of a text alone: they may be nested less deeply.
    let list = || Members::of(bytes, bounds.json).filter(Members::are_a_list);
    match known.zip((form != Form::Fields).then(list).flatten()) {
        Some(((recent, endpoint), members)) => walk(members, bounds, rules, recent, endpoint),
        None => {
            let Batch { reports, unusable } = receive::read(bytes, form, bounds, rules.queries)?;
            let items = reports.into_iter().map(|report| Item::Read(Box::new(Fresh::new(report, rules)))).collect();
            Ok(Intake { items, unusable })
        }
    }
}

fn walk<'a>(
    mut members: Members<'a>,
    bounds: &Bounds,
    rules: &SiteRules,
    recent: &Recent,
    endpoint: Option<u32>,
) -> Result<Intake<'a>, Refusal> {
    let mut intake = Intake::default();
    while let Some(rest) = members.next().map_err(Refusal::Json)? {
        let look = recent.look(rest);
        let track = look.zip(endpoint).and_then(|(look, endpoint)| Some((look, recent.find(endpoint, &look)?)));
        if let Some((look, track)) = track {
            members.pass(look.length, track.values).map_err(Refusal::Json)?;
            intake.items.push(Item::Known(track, rest.get(..look.length).unwrap_or_default()));
            continue;
        }
        let (value, length, values) = members.read().map_err(Refusal::Json)?;
        match shape::report(value, rules.queries) {
            Some(report) => {
                let keep = look.filter(|look| look.length == length && recent.is_again(look));
                let fresh = Fresh { keep: keep.map(|look| (look, values)), ..Fresh::new(report, rules) };
                intake.items.push(Item::Read(Box::new(fresh)));
            }
            None => intake.unusable += 1,
        }
    }
    let sent = intake.items.len() + intake.unusable;
    if sent > bounds.reports {
        return Err(ShapeFault::TooMany { reports: sent }.into());
    }
    if intake.items.is_empty() && sent > 0 {
        return Err(ShapeFault::Nothing.into());
    }
    Ok(intake)
}

/// Returns what is known under these rules, and the number of an endpoint there.
pub(super) fn known<'a>(
    recent: &'a Recent,
    sites: &Arc<Sites>,
    site: &str,
    policy: &str,
) -> Option<(&'a Recent, Option<u32>)> {
    recent.is_under(sites).then(|| (recent, recent.endpoint(site, policy)))
}
