//! A dashboard over a seeded store and a wall that is told what it knows, at a time that stands still.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bartizan_dashboard::wall::{
    Autopilot, Certificate, Finding, Fired, Grade, Match, Outcome, Place, Raised, Refusal, Refused, Requests, Scanned,
    Site, Step, WallView,
};
use bartizan_dashboard::{Dashboard, Settings, Sources};
use bartizan_reports::noise::Class;
use bartizan_reports::sketch::{Client, Sketch};
use bartizan_reports::store::{Batch, GroupDelta, Lent, Sample, SiteDelta, Sqlite, Store};
use bartizan_reports::subject::Subject;
use bartizan_rules::{Explanation, Platform, Reference, Severity};
use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use tempfile::TempDir;

/// Noon of 21 November 2026, UTC.
pub(crate) const NOON: i64 = 1_795_262_400_000;

/// What a hostile visitor writes into every field of a report.
pub(crate) const HOSTILE: &str =
    "</script></textarea>\"'><script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}gpj\0\u{1b}[31m";

/// Whether a look at the site was asked for.
static ASKED: AtomicBool = AtomicBool::new(false);

pub(crate) struct House {
    pub(crate) dashboard: Dashboard,
    folder: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl House {
    pub(crate) fn new(settings: Settings) -> Self {
        Self::at(settings, || NOON)
    }

    pub(crate) fn at(settings: Settings, now: fn() -> i64) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("reports.sqlite");
        seed(&mut Sqlite::open(&path).unwrap());
        let store = Box::new(move || Sqlite::read(&path).map(|store| Lent::from(Box::new(store) as Box<dyn Store>)));
        let sources = Sources { store: Some(store), wall: Some(Arc::new(Told)), now };
        Self { dashboard: Dashboard::new(settings, sources), folder }
    }

    pub(crate) fn store(&self) -> Sqlite {
        Sqlite::read(&self.folder.path().join("reports.sqlite")).unwrap()
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        ask(&self.dashboard, "GET", target, &[], "")
    }
}

/// Asks as a browser on this machine would, where nothing else is said.
pub(crate) fn ask(dashboard: &Dashboard, method: &str, target: &str, lines: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(target);
    let mut peer = "127.0.0.1:50000".to_owned();
    for (name, value) in [("host", "127.0.0.1:9180"), ("accept", "text/html")].iter().chain(lines) {
        let headers = request.headers_mut().unwrap();
        match *name {
            "peer" => peer = (*value).to_owned(),
            "host" | "accept" => {
                drop(headers.insert(http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap()))
            }
            _ => drop(headers.append(http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap())),
        }
    }
    let request = request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
    let peer: SocketAddr = peer.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (head, body) = dashboard.clone().answer(request, peer).await.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: head.status.as_u16(), headers: head.headers, text }
    })
}

fn clients(count: u64) -> Sketch {
    let mut sketch = Sketch::default();
    (0..count).for_each(|client| sketch.add(Client(client.wrapping_mul(0x9e37_79b9_7f4a_7c15))));
    sketch
}

fn delta(site: &str, kind: &str, what: &str, target: &str, noise: Option<Class>, count: u64) -> GroupDelta {
    let subject = Subject {
        kind: Cow::Owned(kind.to_owned()),
        what: Cow::Owned(what.to_owned()),
        target: Cow::Owned(target.to_owned()),
        source: "".into(),
        disposition: if kind == "csp-violation" { "enforce".into() } else { "".into() },
        noise,
    };
    GroupDelta {
        id: subject.fingerprint(site, "1"),
        site: site.into(),
        policy: "1".into(),
        subject: Arc::new(subject),
        count,
        first_seen: NOON - 90 * 60_000,
        last_seen: NOON - 30 * 60_000,
        clients: clients(count),
        pages: vec![(format!("https://{site}/page").into(), count)],
    }
}

fn seed(store: &mut dyn Store) {
    let groups = vec![
        delta("shop.example", "csp-violation", "img-src", "https://pixel.example/t.gif", None, 40),
        delta("shop.example", "csp-violation", "script-src-elem", "https://cdn.example/chat.js", None, 12),
        delta("shop.example", "csp-violation", "script-src-elem", "chrome-extension", Some(Class::Extension), 9),
        delta("shop.example", "network-error", "tcp.timed_out", "https://shop.example/api", None, 3),
        delta("shop.example", "network-error", "ok", "https://shop.example/api", None, 5),
        delta("blog.example", HOSTILE, HOSTILE, HOSTILE, None, 1),
        delta(HOSTILE, "csp-violation", HOSTILE, HOSTILE, None, 2),
    ];
    let body = serde_json::json!({ "originalPolicy": "default-src 'self'", "sample": HOSTILE, HOSTILE: [HOSTILE], "samplingFraction": 0.01 });
    let samples = groups.iter().map(|group| Sample {
        group: group.id,
        received: NOON - 30 * 60_000,
        age: Some(2000),
        url: if group.site.contains('<') { HOSTILE.to_owned() } else { format!("https://{}/page", group.site) },
        user_agent: HOSTILE.to_owned(),
        body: body.to_string(),
    });
    let samples = samples.collect();
    let sites = vec![SiteDelta { site: "shop.example".into(), clients: clients(60) }];
    store.apply(&Batch { at: NOON - 30 * 60_000, groups, samples, sites }).unwrap();
}

/// A wall that is told what it knows; what came from outside is hostile.
#[derive(Debug)]
struct Told;

static REFUSED: Explanation = Explanation {
    id: "unknown-host",
    title: "No site has this name",
    why: "Somebody asked under a name that no site has.",
    fix: &[(Platform::Client, "Use the site's name.")],
    references: &[Reference::Rfc(9110, "7.4")],
};

impl WallView for Told {
    fn sites(&self) -> Vec<Site> {
        let finding = Finding { rule: "hsts-missing", severity: Severity::Medium, message: HOSTILE.to_owned() };
        let grade = Grade { letter: "B+".to_owned(), score: 80, authority: "MDN HTTP Observatory".to_owned() };
        vec![Site {
            name: "shop.example".to_owned(),
            hosts: vec!["shop.example".to_owned()],
            is_collected: true,
            upstreams: vec![("http://127.0.0.1:8000".to_owned(), true)],
            grade: Some(grade),
            findings: vec![finding.clone()],
            scanned: Some(Scanned {
                at: NOON - 7_200_000,
                grade: Some(Grade { letter: "A-".to_owned(), score: 85, authority: "MDN HTTP Observatory".to_owned() }),
                findings: vec![finding],
                unseen: vec![HOSTILE.to_owned()],
            }),
            is_being_scanned: ASKED.load(Ordering::Relaxed),
        }]
    }

    fn scan(&self, site: &str) {
        ASKED.store(site == "shop.example", Ordering::Relaxed);
    }

    fn scans(&self) -> u64 {
        0
    }

    fn refused(&self) -> Vec<Refused> {
        vec![Refused { site: String::new(), refusal: "unknown-host", count: 7 }]
    }

    fn requests(&self) -> Vec<Requests> {
        vec![Requests { site: "shop.example".to_owned(), by_class: [0, 1000, 5, 7, 0] }]
    }

    fn refusals(&self) -> Vec<Refusal> {
        vec![Refusal { about: &REFUSED, status: 421 }]
    }

    fn places(&self) -> (Vec<Place>, u64) {
        let place = Place {
            site: "shop.example".to_owned(),
            rule: 942_100,
            message: "SQL injection".to_owned(),
            path: HOSTILE.to_owned(),
            target: format!("ARGS:{HOSTILE}"),
            matched: 3,
            refused: 2,
            clients: 1,
            last: "abc".to_owned(),
        };
        (vec![place], 0)
    }

    fn matches(&self, _: usize) -> Vec<Match> {
        vec![Match {
            number: "abc".to_owned(),
            at: NOON / 1000 - 60,
            site: "shop.example".to_owned(),
            client: "192.0.2.77".to_owned(),
            method: HOSTILE.to_owned(),
            path: HOSTILE.to_owned(),
            outcome: Outcome::WouldRefuse,
            score: Some(5),
            is_exhausted: true,
            rules: vec![Fired {
                rule: 942_100,
                message: HOSTILE.to_owned(),
                place: "a.conf:1".to_owned(),
                severity: Some("CRITICAL"),
                parts: vec![(HOSTILE.to_owned(), HOSTILE.to_owned())],
            }],
        }]
    }

    fn found(&self, number: &str) -> Option<Match> {
        self.matches(1).into_iter().find(|found| found.number == number)
    }

    fn certificates(&self) -> Vec<Certificate> {
        vec![Certificate {
            sites: vec!["shop.example".to_owned()],
            names: vec!["shop.example".to_owned(), HOSTILE.to_owned()],
            issuer: HOSTILE.to_owned(),
            not_before: NOON / 1000 - 86_400,
            not_after: NOON / 1000 + 10 * 86_400,
            is_local: false,
        }]
    }

    fn autopilot(&self, site: &str) -> Option<Autopilot> {
        let step = Step {
            at: NOON / 1000 - 60,
            about: "policy".to_owned(),
            from: "enforced".to_owned(),
            to: "learning".to_owned(),
            is_back: true,
            reason: HOSTILE.to_owned(),
        };
        let raised = Raised { name: "hsts".to_owned(), rung: "1 day".to_owned(), next: HOSTILE.to_owned() };
        let autopilot = Autopilot {
            stage: "learning".to_owned(),
            next: HOSTILE.to_owned(),
            ramps: vec![raised],
            steps: vec![step],
        };
        (site == "shop.example").then_some(autopilot)
    }

    fn settings(&self) -> String {
        "[server]\nadmin = \"127.0.0.1:9180\" # default\n[site.csrf]\nmode = \"dangerous_off\" # bartizan.toml\n"
            .to_owned()
    }
}
