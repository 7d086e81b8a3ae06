//! One report in every form: a file with a change, a live site, a hostile text, something suppressed.

use std::sync::Arc;

use bartizan_rules::catalog::find;
use bartizan_rules::{Edit, Finding, Findings, Place, Provenance, Safety};
use jiff::civil::date;
use url::Url;

use super::*;

fn finding(rule: &str, at: &Provenance, message: &str) -> Finding {
    let mut findings = Findings::default();
    findings.push(find(rule).unwrap(), at, message);
    findings.into_iter().next().unwrap()
}

const CONF: &str = "server {\n    server_tokens on;\n    add_header Strict-Transport-Security \"max-age=300\";\n}\n";

fn audit() -> Report {
    let path: Arc<str> = Arc::from("conf/site 1.conf");
    let at = |text: &str| Place::of(&path, CONF, CONF.find(text).map(|at| at..at + text.len()).unwrap());
    let mut short = finding("hsts-max-age-short", &Provenance::File(at("\"max-age=300\"")), "max-age is 300 s");
    short.equivalent("django:security.W004").edit(Edit {
        at: at("max-age=300"),
        replacement: "max-age=63072000".to_owned(),
        safety: Safety::Safe,
    });
    let tokens = finding("server-version-disclosed", &Provenance::File(at("on;")), "the version is shown");
    let mut report = Report::new("conf", [short, tokens]);
    let seen = finding("csp-missing", &Provenance::File(at("server {")), "no policy");
    let reason = "an API without pages".to_owned();
    report.push(seen, Standing::Suppressed(Suppression { within: Within::Comment, reason }));
    report.sources.insert(path, Arc::from(CONF));
    report.details.insert("unparsed".to_owned(), serde_json::json!([]));
    report
}

fn scan() -> Report {
    let at = |path: &str| Provenance::Live { url: Url::parse("https://app.example").unwrap().join(path).unwrap() };
    let hostile = "banner \u{1b}[31m<b>|`*@all*`|</b>\u{202e}";
    let mut report = Report::new(
        "https://app.example/",
        [
            finding("server-version-disclosed", &at("/"), hostile),
            finding("csp-missing", &at("/"), "Content-Security-Policy is not sent"),
            finding("csp-missing", &at("/login?next=1"), "Content-Security-Policy is not sent"),
        ],
    );
    let item = |name: &str, result: &str, points| Item { name: name.to_owned(), result: result.to_owned(), points };
    report.grades.push(Grade {
        authority: "Mozilla Observatory, algorithm 5".to_owned(),
        letter: "B+".to_owned(),
        detail: "80 of 100".to_owned(),
        items: vec![
            item("cookies", "cookies-not-found", 0),
            item("content-security-policy", "csp-not-implemented", -25),
            item("x-frame-options", "x-frame-options-implemented-via-csp", 5),
        ],
        caps: Vec::new(),
    });
    report.grades.push(Grade {
        authority: "TLS, an estimate".to_owned(),
        letter: "C".to_owned(),
        detail: "85 of 100".to_owned(),
        items: Vec::new(),
        caps: vec![Cap { letter: "C".to_owned(), why: "TLS compresses".to_owned() }],
    });
    report.notes.push("http://app.example/ did not answer".to_owned());
    report
}

fn settled() -> Vec<Report> {
    let mut reports = vec![audit(), scan()];
    settle(&mut reports, &Options::default(), date(2026, 1, 1)).unwrap();
    reports
}

fn check(name: &str, format: Form) {
    insta::assert_snapshot!(name, render(&settled(), &Options { format, ..Options::default() }));
}

#[test]
fn people_read_it() {
    let coloured = human::render(&settled(), None, 90);
    let plain = anstream::adapter::strip_str(&coloured).to_string();
    assert_ne!(plain, coloured);
    assert!(!plain.contains(['\u{1b}', '\u{202e}']), "{plain}");
    insta::assert_snapshot!("human", plain);
}

#[test]
fn programs_read_it() {
    check("json", Form::Json);
    check("sarif", Form::Sarif);
    check("junit", Form::Junit);
}

#[test]
fn pages_show_it() {
    check("markdown", Form::Markdown);
    check("html", Form::Html);
}

#[test]
fn no_form_carries_what_steers_a_terminal() {
    for format in [Form::Human, Form::Html, Form::Json, Form::Junit, Form::Markdown, Form::Sarif] {
        let text = render(&settled(), &Options { format, ..Options::default() });
        let text = anstream::adapter::strip_str(&text).to_string();
        // JSON writes escapes by itself; what it holds is for programs.
        assert!(!text.contains('\u{1b}'), "{format:?}");
        let is_json = matches!(format, Form::Json | Form::Sarif);
        assert!(is_json || !text.contains('\u{202e}'), "{format:?}");
    }
}

#[test]
fn lines_move_and_fingerprints_stay() {
    let prints = |reports: &[Report]| -> Vec<Fingerprint> {
        reports.iter().flat_map(|report| &report.found).map(|found| found.fingerprint).collect()
    };
    let before = prints(&settled());
    let mut unique = before.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), before.len());

    let moved = format!("# a line more\n{CONF}");
    let mut report = audit();
    for reported in &mut report.found {
        let Provenance::File(place) = &mut reported.finding.at else { continue };
        let start = place.span.start + moved.len() - CONF.len();
        *place = Place::of(&place.path, &moved, start..start + place.span.len());
        report.sources.insert(Arc::clone(&place.path), Arc::from(moved.as_str()));
    }
    fingerprint::settle(&mut report, &mut Counted::default());
    assert_eq!(prints(&[report]), before[..3]);
}

#[test]
fn a_baseline_tells_news_from_the_known() {
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("before.json");
    let mut before = settled();
    before.pop();
    std::fs::write(&baseline, render(&before, &Options { format: Form::Json, ..Options::default() })).unwrap();
    let mut now = audit();
    now.found.remove(0);
    let Provenance::File(place) = now.found[0].finding.at.clone() else { panic!("in a file") };
    now.push(finding("powered-by-disclosed", &Provenance::File(place), "new"), Standing::Open);
    let mut now = vec![now];
    let options = Options { baseline: Some(baseline.clone()), fail_on: Threshold::Info, ..Options::default() };
    settle(&mut now, &options, date(2026, 1, 1)).unwrap();
    let standing: Vec<_> = now[0].found.iter().map(|found| (found.finding.rule.id(), &found.standing)).collect();
    assert!(matches!(standing[0], ("server-version-disclosed", Standing::Known)), "{standing:?}");
    assert!(matches!(standing[1], ("csp-missing", Standing::Suppressed(_))), "{standing:?}");
    assert!(matches!(standing[2], ("powered-by-disclosed", Standing::Open)), "{standing:?}");
    assert_eq!(now[0].mended.iter().map(|known| known.id.as_str()).collect::<Vec<_>>(), ["hsts-max-age-short"]);
    assert_eq!(outcome(&now, &options), Outcome::Problems);

    std::fs::write(&baseline, "[1]").unwrap();
    assert!(settle(&mut now, &options, date(2026, 1, 1)).is_err());
}

#[test]
fn suppressions_hold_until_their_day() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("suppressions.toml");
    let text = "[[suppress]]\nrule = \"csp-missing\"\nat = \"https://app.example/*\"\nreason = \"soon\"\nuntil = \"2026-03-01\"\n";
    std::fs::write(&path, text).unwrap();
    let options = Options { suppressions: Some(path), fail_on: Threshold::Medium, ..Options::default() };
    for (today, suppressed, outcome_is) in
        [(date(2026, 3, 1), 2, Outcome::Fine), (date(2026, 3, 2), 0, Outcome::Problems)]
    {
        let mut reports = vec![scan()];
        settle(&mut reports, &options, today).unwrap();
        assert_eq!(reports[0].suppressed().count(), suppressed, "{today}");
        assert_eq!(reports[0].notes.len(), if suppressed == 0 { 2 } else { 1 });
        assert_eq!(outcome(&reports, &options), outcome_is, "{today}");
    }
}

#[test]
fn the_threshold_decides_the_exit() {
    let reports = settled();
    for (fail_on, ends) in [
        (Threshold::High, Outcome::Fine),
        (Threshold::Medium, Outcome::Problems),
        (Threshold::Info, Outcome::Problems),
        (Threshold::Never, Outcome::Fine),
    ] {
        assert_eq!(outcome(&reports, &Options { fail_on, ..Options::default() }), ends, "{fail_on:?}");
    }
}

#[test]
fn a_stream_writes_what_a_whole_report_is() {
    let options = Options { format: Form::Json, fail_on: Threshold::Medium, ..Options::default() };
    let voice = options.voice().unwrap();
    let twice = || audit().found.into_iter().map(|reported| (reported.finding, reported.standing));
    let elsewhere = || {
        twice().map(|(mut finding, standing)| {
            let Provenance::File(place) = &mut finding.at else { panic!("in a file") };
            place.path = Arc::from("other.conf");
            (finding, standing)
        })
    };
    // The third configuration includes what the first did, and nothing is found in the last.
    for (parts, ends) in [
        (vec![twice().collect::<Vec<_>>(), elsewhere().collect(), twice().collect(), vec![]], Outcome::Problems),
        (vec![elsewhere().collect()], Outcome::Problems),
        ((0..3).map(|_| twice().cycle().take(2_500).collect()).collect(), Outcome::Problems), // too many to hold
        (vec![vec![], vec![]], Outcome::Fine),
        (vec![], Outcome::Fine),
    ] {
        let mut whole = audit();
        whole.found.clear();
        whole.notes.push("a note".to_owned());
        let mut out = Vec::new();
        let mut stream = Stream::begin(&mut out, voice).unwrap();
        let mut room = Part::default();
        for part in parts {
            room.say(part.iter().cloned(), whole.sources.clone(), voice);
            stream.put(&mut room).unwrap();
            part.into_iter().for_each(|(finding, standing)| whole.push(finding, standing));
        }
        assert_eq!(stream.end(&whole).unwrap(), ends);
        let mut whole = vec![whole];
        settle(&mut whole, &options, date(2026, 1, 1)).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), render(&whole, &options));
    }
}

#[test]
fn places_beyond_their_file_break_no_form() {
    let path: Arc<str> = Arc::from("a.conf");
    let mut place = Place::of(&path, "ü\n", 0..2);
    place.span = 1..90;
    place.line = 7;
    let mut finding = finding("csp-missing", &Provenance::File(place.clone()), "");
    let edit =
        |span| Edit { at: Place { span, ..place.clone() }, replacement: "x".into(), safety: Safety::Risky("why") };
    finding.edit(edit(0..90)).edit(edit(1..2)).edit(edit(80..85));
    for source in ["ü\n", "", "\n\n"] {
        let mut report = Report::new("", [finding.clone()]);
        report.sources.insert(Arc::clone(&path), Arc::from(source));
        let mut reports = vec![report];
        settle(&mut reports, &Options::default(), date(2026, 1, 1)).unwrap();
        for format in [Form::Human, Form::Html, Form::Json, Form::Junit, Form::Markdown, Form::Sarif] {
            assert!(!render(&reports, &Options { format, ..Options::default() }).is_empty());
        }
    }
}
