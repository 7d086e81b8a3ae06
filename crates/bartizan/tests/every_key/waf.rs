//! `[site.waf]` and `[site.route.waf]`: which requests and answers the rules refuse.

use bartizan_testkit::RecordingUpstream;

use super::asks::{Ask, http1, shape};
use super::case::Case;
use super::{Proof, Row, Seen, below};

pub(crate) fn proofs() -> Vec<Proof> {
    let mut all = below("site[].waf.", ROWS);
    let mut route = below("site[].route[].waf.", ROWS);
    for proof in &mut route {
        proof.also.push(("site[].route[].path".to_owned(), "\"/r/\""));
    }
    all.extend(route);
    for proof in &mut all {
        let table = if proof.key.starts_with("site[].route[].") { "site[].route[].waf." } else { "site[].waf." };
        let mut needs = vec![("mode", "\"block\""), ("rules", "\"@rules_set\"")];
        // An exclusion has all of its keys.
        if proof.key.contains("exclude") {
            needs.extend([("exclude[].rules", "\"1\""), ("exclude[].reason", "\"it is meant\"")]);
        }
        for (key, value) in needs {
            let key = format!("{table}{key}");
            if proof.key != key && !proof.also.iter().any(|(known, _)| *known == key) {
                proof.also.push((key, value));
            }
        }
    }
    all
}

/// Rules of our own: each setting decides over one of them.
pub(crate) const RULES: &str = r#"
SecRule ARGS:q "@contains forbidden" "id:1,phase:2,deny,status:403,log,msg:'a word'"
SecRule TX:blocking_paranoia_level "@ge 2" "id:2,phase:1,deny,status:403,log,msg:'paranoid'"
SecRule TX:inbound_anomaly_score_threshold "@le 5" "id:3,phase:1,deny,status:403,log,msg:'low'"
SecRule TX:outbound_anomaly_score_threshold "@le 4" "id:4,phase:3,deny,status:403,log,msg:'low'"
SecRule RESPONSE_BODY "@contains hello" "id:5,phase:4,deny,status:403,log,msg:'a greeting'"
SecRule ARGS "@rx (?:x+x+)+y" "id:6,phase:2,pass,log,msg:'dear',t:none,t:urlDecodeUni,t:lowercase,t:removeNulls"
"#;

const ROWS: &[Row] = &[
    ("mode", &["\"block\"", "\"detect\"", "\"off\""], &[], word_written_down),
    ("rules", &["\"@rules_set\"", "\"baseline\""], &[], word),
    // The folder of rules has no packages, and a file is no folder of plugins: neither is passed over.
    ("packages", &["[]", "[\"wordpress\"]"], &[], starts),
    ("plugins", &["\"@state\"", "\"@page_one\""], &[], starts),
    ("paranoia", &["2", "1"], &[], page),
    ("inbound_threshold", &["5", "50"], &[], page),
    ("outbound_threshold", &["4", "40"], &[], page),
    ("body", &["\"8B\"", "\"1KiB\""], &[], form),
    ("beyond", &["\"pass\"", "\"refuse\""], &[("body", "\"8B\"")], form),
    ("responses", &["\"none\"", "\"1KiB\""], &[], page),
    ("cpu", &["\"1ms\"", "\"10s\""], &[("exhausted", "\"refuse\"")], dear),
    ("exhausted", &["\"pass\"", "\"refuse\""], &[("cpu", "\"1ms\"")], dear),
    ("sample", &["1", "100"], &[("mode", "\"detect\"")], seen_of_forty),
    ("exclude[].rules", &["\"1\"", "\"2\""], &[], word),
    ("exclude[].target", &["\"ARGS:q\"", "\"ARGS:other\""], &[], word),
    ("exclude[].reason", &["\"one\"", "\"two\""], &[], |case| vec![("shown", case.shown())]),
];

fn app() -> RecordingUpstream {
    Case::app()
}

fn starts(case: &Case<'_>) -> Seen {
    vec![("starts", case.try_start(&[app().url()]).is_ok().to_string())]
}

fn page(case: &Case<'_>) -> Seen {
    Ask::get("/r/x").both(&case.start(&[&app()]))
}

fn word(case: &Case<'_>) -> Seen {
    Ask::get("/r/x?q=forbidden").both(&case.start(&[&app()]))
}

/// The same, and whether it was written down.
fn word_written_down(case: &Case<'_>) -> Seen {
    let wall = case.start(&[&app()]);
    let answer = Ask::get("/r/x?q=forbidden").first(&wall);
    vec![("answer and what is written down", format!("{answer}\n{}", wall.shared().waf.recent(10).len()))]
}

/// A form whose first bytes say nothing.
fn form(case: &Case<'_>) -> Seen {
    let more = &[("Content-Type", "application/x-www-form-urlencoded")];
    Ask { more, ..Ask::post("/r/x", "a=harmless&q=forbidden") }.both(&case.start(&[&app()]))
}

/// A form that takes the rules more than a millisecond.
fn dear(case: &Case<'_>) -> Seen {
    let body = format!("q={}", "x".repeat(400_000));
    let more = &[("Content-Type", "application/x-www-form-urlencoded")];
    let wall = case.start(&[&app()]);
    let ask = Ask { more, ..Ask::post("/r/x", &body) };
    let mut client = http1(&wall);
    client.send(&ask.bytes());
    vec![("HTTP/1.1", client.try_read_response().map_or_else(|_| "closed".to_owned(), |answer| shape(&answer)))]
}

/// How many of forty requests were looked at: all, or by luck hardly any.
fn seen_of_forty(case: &Case<'_>) -> Seen {
    let wall = case.start(&[&app()]);
    for _ in 0..40 {
        let mut client = http1(&wall);
        client.send(&Ask::get("/r/x?q=forbidden").bytes());
        let _ = client.try_read_response();
    }
    let looked_at = wall.shared().waf.recent(100).len();
    vec![("looked at", if looked_at == 40 { "all" } else { "some" }.to_owned())]
}
