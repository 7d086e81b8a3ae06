//! What each mode does, and what settings change of it.

use bartizan_testkit::{RecordingUpstream, Reply};

use crate::request::Ask;
use crate::wall::{Wall, rules_of};

/// A site with these lines of `[site.waf]`; `{rules}` are rules of our own.
fn wall(lines: &str, app: &RecordingUpstream) -> (Wall, tempfile::TempDir) {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("own.conf");
    std::fs::write(&path, RULES).unwrap();
    let site = format!("[site.waf]\nrules = {path:?}\n{lines}\n");
    (Wall::before(app.address(), &site), folder)
}

const RULES: &str = r#"
SecRule ARGS "@contains forbidden" "id:1,phase:2,deny,status:403,log,tag:'words',msg:'a word'"
SecRule RESPONSE_BODY "@contains leaked" "id:5,phase:4,deny,status:403,log,msg:'a leak'"
SecRule REQUEST_HEADERS:X-Early "@streq yes" "id:7,phase:1,deny,status:403,log,msg:'a field'"
"#;

fn attack() -> Ask {
    Ask::get("/a?q=forbidden")
}

#[test]
fn each_mode_does_what_its_name_says() {
    for (mode, status, outcome) in
        [("block", 403, Some("refused")), ("detect", 200, Some("would-refuse")), ("off", 200, None)]
    {
        let app = RecordingUpstream::answering("ok");
        let (wall, _folder) = wall(&format!("mode = {mode:?}"), &app);
        for (protocol, (seen, _)) in attack().both(&wall) {
            assert_eq!(seen, status, "{mode} over {protocol}");
        }
        for (protocol, (seen, _)) in Ask::form("q=forbidden").both(&wall) {
            assert_eq!(seen, status, "{mode} over {protocol}");
        }
        for (protocol, (seen, _)) in Ask::form("q=allowed").both(&wall) {
            assert_eq!(seen, 200, "{mode} over {protocol}");
        }
        let events = wall.events(if outcome.is_some() { 4 } else { 0 });
        assert_eq!(events.len(), if outcome.is_some() { 4 } else { 0 }, "{mode}");
        for event in &events {
            assert_eq!((event["outcome"].as_str(), rules_of(event)), (outcome, vec![1]), "{mode}");
        }
    }
}

#[test]
fn exclusions_are_as_narrow_as_they_say() {
    let one = |keys: &str| format!("mode = \"block\"\n[[site.waf.exclude]]\nreason = \"it is meant\"\n{keys}");
    let route = "mode = \"block\"\n[[site.route]]\npath = \"/free/\"\n[[site.route.waf.exclude]]\nrules = \"1\"\n\
                 reason = \"it is meant\"";
    for (lines, free, held) in [
        (one("rules = \"1\""), Ask::get("/a?q=forbidden"), Ask::get("/a").field("x-early", "yes")),
        (one("rules = \"tag:words\""), Ask::form("q=forbidden"), Ask::get("/a").field("x-early", "yes")),
        (one("rules = \"1\"\ntarget = \"ARGS:q\""), Ask::form("q=forbidden"), Ask::form("p=forbidden")),
        (route.to_owned(), Ask::get("/free/a?q=forbidden"), Ask::get("/a?q=forbidden")),
    ] {
        let app = RecordingUpstream::answering("ok");
        let (wall, _folder) = wall(&lines, &app);
        assert_eq!(free.http1(&wall).0, 200, "{lines}");
        assert_eq!(held.http1(&wall).0, 403, "{lines}");
    }
}

#[test]
fn what_is_longer_than_what_is_looked_at_passes_or_not() {
    let long = format!("a={}&q=forbidden", "x".repeat(4096));
    for (beyond, status) in [("pass", 200), ("refuse", 413)] {
        let app = RecordingUpstream::answering("ok");
        let (wall, _folder) = wall(&format!("mode = \"block\"\nbody = \"1KiB\"\nbeyond = {beyond:?}"), &app);
        let seen = Ask::form(long.clone()).http1(&wall).0;
        assert!(seen == status || (status == 413 && seen == 403), "{beyond}: {seen}");
        assert_eq!(app.requests().len(), usize::from(beyond == "pass"), "{beyond}");
        assert_eq!(Ask::form("a=b").http1(&wall).0, 200, "{beyond}");
        assert_eq!(Ask::form("q=forbidden").http1(&wall).0, 403, "{beyond}");
    }
}

#[test]
fn answers_that_leak_are_withheld_where_they_are_looked_at() {
    let reply = |request: &bartizan_testkit::RecordedRequest| {
        let word = if request.request_line().contains("/leak") { "leaked" } else { "fine" };
        Reply::with("Content-Type: text/html\r\n", &format!("<p>{word}: 4711</p>"))
    };
    for (lines, status) in [
        ("mode = \"block\"\nresponses = \"64KiB\"", 403),
        ("mode = \"detect\"\nresponses = \"64KiB\"", 200),
        ("mode = \"block\"\nresponses = \"none\"", 200),
    ] {
        let app = RecordingUpstream::start(reply);
        let (wall, _folder) = wall(lines, &app);
        for (protocol, (seen, page)) in Ask::get("/leak").both(&wall) {
            assert_eq!((seen, page.contains("4711")), (status, status == 200), "{lines} over {protocol}");
        }
        for (protocol, (seen, page)) in Ask::get("/a").both(&wall) {
            assert_eq!((seen, page.as_str()), (200, "<p>fine: 4711</p>"), "{lines} over {protocol}");
        }
    }
}

#[test]
fn of_a_hundred_requests_so_many_are_looked_at() {
    for (sample, range) in [(100, 40..=40), (1, 0..=20)] {
        let app = RecordingUpstream::answering("ok");
        let (wall, _folder) = wall(&format!("mode = \"detect\"\nsample = {sample}"), &app);
        let mut client = wall.plain();
        for _ in 0..40 {
            assert_eq!(client.ask(&attack().bytes()).status, 200);
        }
        let count = wall.events(*range.start()).len();
        assert!(range.contains(&count), "{sample}: {count}");
    }
}
