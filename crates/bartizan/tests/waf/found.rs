//! What is told of a request: to the client, and to whoever runs the wall.

use crate::request::Ask;
use crate::wall::{Wall, rules_of};

const SECRET: &str = "hunter2-4711";

#[test]
fn the_number_on_the_page_leads_to_the_rules() {
    let (wall, _app) = Wall::with("[site.waf]\nmode = \"block\"\n");
    let (status, page) =
        Ask::get("/search?q=<script>alert(1)</script>".replace('<', "%3C").replace('>', "%3E")).http1(&wall);
    assert_eq!(status, 403);
    let event = wall.events(1).remove(0);
    let id = event["id"].as_str().unwrap();
    assert!(page.contains(id), "{id} is not on the page:\n{page}");
    let rules = rules_of(&event);
    assert!(!rules.is_empty());
    let (code, told) = wall.command(&["explain", "--request", id]);
    assert_eq!(code, 0, "{told}");
    for rule in &rules {
        assert!(told.contains(&rule.to_string()), "{rule} is not in:\n{told}");
    }
    for text in ["GET /search", "was refused", "ARGS:q", "[[site.waf.exclude]]", "target = \"ARGS:q\""] {
        assert!(told.contains(text), "{text} is not in:\n{told}");
    }
    let (code, told) = wall.command(&["waf", "review"]);
    assert!(code == 0 && told.contains("/search") && told.contains("ARGS:q"), "{code}\n{told}");
    // No request of another number, and no wall at all, is said plainly.
    assert_eq!(wall.command(&["explain", "--request", "z70watxd3t1sevt9"]).0, 1);
    assert_eq!(wall.told("/waf/requests/z70watxd3t1sevt9").status, 404);
}

#[test]
fn secrets_are_never_told() {
    let attack = "%3Cscript%3Ealert(1)%3C/script%3E";
    let hostile = format!("{SECRET}<script>alert(1)</script>' or 1=1 --");
    let (wall, _app) = Wall::with("[site.waf]\nmode = \"detect\"\n");
    let asks = [
        Ask::get(format!("/a?password={SECRET}{attack}&q={attack}")),
        Ask::get(format!("/a?q={attack}")).field("cookie", format!("session={SECRET}{attack}")),
        Ask::get(format!("/a?q={attack}")).field("authorization", hostile.clone()),
        Ask::get(format!("/a?q={attack}")).field("referer", format!("https://app.example/?token={SECRET}{attack}")),
        Ask::form(format!("password={SECRET}{attack}&q={attack}")),
        Ask::post("/a", "application/json", serde_json::json!({ "user": { "password": hostile } }).to_string()),
    ];
    for ask in &asks {
        assert_eq!(ask.http1(&wall).0, 200);
    }
    let events = wall.events(asks.len());
    for path in ["/waf/events", "/waf/review"] {
        let told = wall.told(path).text();
        assert!(told.contains("ARGS:q"), "{told}");
        assert!(!told.contains(SECRET), "{path}: {told}");
    }
    for event in events {
        let id = event["id"].as_str().unwrap();
        assert!(!wall.told(&format!("/waf/requests/{id}")).text().contains(SECRET));
        assert!(!wall.command(&["explain", "--request", id]).1.contains(SECRET));
    }
    assert!(!wall.program.output().contains(SECRET), "{}", wall.program.output());
}
