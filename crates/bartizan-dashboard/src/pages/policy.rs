//! A policy tried out over the stored reports before anybody has to live under it.
//!
//! Nothing is changed from here: the page gives the text to paste, and the wall takes it over when its file changes.

use bartizan_headers::Field as _;
use bartizan_headers::csp::{Policy, PolicyList};
use bartizan_reports::advise::{Observed, Settings, Side, Verdict, differences, judge, observe, propose};
use bartizan_reports::store::{Filter, NoiseFilter, Order};

use super::overview::{nothing, panel, plural};
use super::violations::line;
use super::{Ask, Fault, Page, Place, Section, Selection};
use crate::access::Role;
use crate::chart::{Column, head};
use crate::html::{Address, Html, Tag, lines, short, tag};

pub(super) static PAGE: Page =
    Page { path: "/policy", title: "Policy", place: Place::Menu(Section::Work), role: Role::Viewer, build, act: None };

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let selection = Selection::of(ask.query, ask.now);
    let written = ask.query.text("csp").map(|text| text.chars().take(LONGEST).collect::<String>());
    let wants_proposal = ask.query.text("do") == Some("suggest");
    let now = ask.now;
    let store = ask.store()?;
    let sites = store.sites()?;
    let filter = Filter { order: Order::Count, limit: MOST_GROUPS, noise: NoiseFilter::Exclude, ..selection.filter() };
    let observed = if written.is_some() || wants_proposal || selection.site().is_some() {
        observe(store, &filter)?
    } else {
        Vec::new()
    };
    let summary = sites.iter().find(|site| Some(site.site.as_str()) == selection.site());
    let proposal = (!observed.is_empty()).then(|| propose(&observed, summary, &Settings::default()));
    let base = proposal.as_ref().and_then(|proposal| proposal.base.clone());
    let text = match (&written, &proposal) {
        (_, Some(proposal)) if wants_proposal => proposal.policy.to_string(),
        (Some(written), _) => written.clone(),
        (None, _) => base.as_ref().map(ToString::to_string).unwrap_or_default(),
    };
    let mut page = Html::from(editor(&selection, sites.iter().map(|site| site.site.as_str()), &text));
    if text.trim().is_empty() {
        page.put(nothing("Choose a site to begin with the policy that its reports tell of, or write one."));
        return Ok(page);
    }
    let parsed = PolicyList::parse(&[&text]);
    let Some(list) = parsed.value else {
        page.put(tag("p").class("trouble").put("There is no policy in this text."));
        return Ok(page);
    };
    if !parsed.notes.is_empty() {
        let notes = parsed.notes.iter().take(MOST_NOTES).map(|note| tag("li").put(short(&note.to_string(), 300)));
        page.put(panel("notes", "What browsers would overlook", tag("ul").all(notes)));
    }
    replay(&mut page, &list, &observed, now);
    if let (Some(base), [policy]) = (&base, list.policies.as_slice()) {
        page.put(panel("difference", "Against the policy that was reported on", difference(base, policy)));
    }
    page.put(panel("paste", "To put it in force", paste(&list, selection.site())));
    Ok(page)
}

fn editor<'a>(selection: &Selection, sites: impl Iterator<Item = &'a str>, text: &str) -> Tag {
    let area = tag("textarea").set("name", "csp").set("rows", "6").set("spellcheck", "false").set("id", "csp");
    let area = area.set("maxlength", &LONGEST.to_string()).put(lines(text));
    let button =
        |value: &str, name: &str| tag("button").set("type", "submit").set("name", "do").set("value", value).put(name);
    tag("form")
        .class("filters editor")
        .sends("get", &Address::of(PAGE.path))
        .put(selection.site_field(sites))
        .put(selection.range_field())
        .put(tag("label").class("wide").put(tag("span").put("Content-Security-Policy")).put(area))
        .put(
            tag("p")
                .class("wide buttons")
                .put(button("replay", "Replay over the reports"))
                .put(button("suggest", "Suggest the narrowest").class("second")),
        )
}

fn replay(page: &mut Html, list: &PolicyList, observed: &[Observed], now: i64) {
    let judged: Vec<_> = observed.iter().map(|seen| (seen, judge(list, seen))).collect();
    type IsMeant = fn(Verdict) -> bool;
    let answers: [(&'static str, &str, IsMeant); 3] = [
        ("blocked", "Would still be blocked", |verdict| verdict == Verdict::Blocked),
        ("unverifiable", "Cannot be told from reports", |verdict| matches!(verdict, Verdict::Unverifiable(_))),
        ("allowed", "Would be allowed", |verdict| verdict == Verdict::Allowed),
    ];
    for (id, title, is_meant) in answers {
        let meant: Vec<_> = judged.iter().filter(|(_, verdict)| is_meant(*verdict)).collect();
        let reports: u64 = meant.iter().map(|(seen, _)| seen.group.count).sum();
        let title = format!("{title}: {} in {}", plural(reports, "report"), plural(meant.len() as u64, "group"));
        let rows = meant.iter().take(MOST_LINES).map(|(seen, verdict)| {
            let row = line(&seen.group, false, now);
            match verdict {
                Verdict::Unverifiable(reason) => row.put(tag("p").class("meta why").put(reason.meaning())),
                Verdict::Allowed | Verdict::Blocked => row,
            }
        });
        let left = meant.len().saturating_sub(MOST_LINES);
        let more =
            (left > 0).then(|| tag("p").class("meta").put(format!("And {} more.", plural(left as u64, "group"))));
        let list = Html::all([Html::from(tag("ul").class("groups").all(rows)), Html::all(more)]);
        page.put(panel(
            id,
            &title,
            match id {
                _ if meant.is_empty() => nothing("Nothing."),
                // It is what is blocked that one came to see.
                "allowed" => tag("details").put(tag("summary").put("Show them")).put(list).into(),
                _ => list,
            },
        ));
    }
}

fn difference(old: &Policy, new: &Policy) -> Html {
    let found = differences(old, new);
    if found.is_empty() {
        return nothing("Both say the same.");
    }
    let rows = found.iter().map(|difference| {
        let names: Vec<_> = difference.directives.iter().map(|name| name.as_str()).collect();
        tag("tr")
            .put(tag("th").set("scope", "row").put(short(&names.join(", "), 200)))
            .put(tag("td").put(side(&difference.old)))
            .put(tag("td").put(side(&difference.new)))
    });
    let head = head(&[
        Column::Text("Directive"),
        Column::Text("Only the reported one allows"),
        Column::Text("Only this one allows"),
    ]);
    let table = tag("table").put(head).put(tag("tbody").all(rows));
    crate::chart::scrolled("Differences", table)
}

fn side(side: &Side) -> Html {
    match side {
        Side::Everything => "everything: it says nothing of this".into(),
        Side::These(words) if words.is_empty() => "nothing more".into(),
        Side::These(words) => tag("code").put(short(&words.join(" "), 300)).into(),
    }
}

fn paste(list: &PolicyList, site: Option<&str>) -> Html {
    // A string of JSON is one of TOML, but for what no policy holds: controls.
    let value = serde_json::Value::from(list.to_string()).to_string();
    let whose = site.map(|site| format!("# of the site {}\n", site.replace('\n', " "))).unwrap_or_default();
    let text = format!("{whose}[site.headers]\ncsp = {value}");
    let watched = format!("{whose}[site.headers]\ncsp_report_only = {value}");
    Html::all([
        Html::from(tag("p").put("Nothing is changed from here. Write this into the configuration; the wall takes it over when the file changes:")),
        tag("pre").class("wrapped").put(tag("code").put(lines(&text))).into(),
        tag("p").put("Or have browsers watch it for a while, and block nothing:").into(),
        tag("pre").class("wrapped").put(tag("code").put(lines(&watched))).into(),
    ])
}

/// A policy of a large site has two or three thousand characters.
const LONGEST: usize = 8000;

const MOST_GROUPS: usize = 500;

const MOST_LINES: usize = 50;

const MOST_NOTES: usize = 30;
