//! A collector over a store that fails in every way a store can, and the endpoint before it.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use bartizan_reports::collector::{Collector, Sender, Settings, now};
use bartizan_reports::counting::Bounds;
use bartizan_reports::endpoint::{Ask, Endpoint, Opening};
use bartizan_reports::receive::Labels;
use bartizan_reports::rules::{SiteRules, Sites};
use bartizan_reports::store::{
    Batch, Fact, Filter, Group, Memory, PageCount, Point, SiteSummary, Store, StoreError, StoredSample, Tally, Totals,
};
use bartizan_reports::subject::Fingerprint;
use http::{HeaderMap, HeaderValue, Method, header};

const REPORT: &[u8] =
    br#"{"csp-report":{"document-uri":"https://a.example/","effective-directive":"img-src","blocked-uri":"data"}}"#;

/// A store that does what the test says, and tells the test of each batch.
#[derive(Debug)]
struct Fickle {
    inner: Arc<Mutex<Memory>>,
    mood: Arc<AtomicU8>,
    told: mpsc::Sender<bool>,
}

const FINE: u8 = 0;
const FULL: u8 = 1;
const AWAY: u8 = 2;
const CORRUPT: u8 = 3;

impl Store for Fickle {
    fn apply(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let result = match self.mood.load(Ordering::SeqCst) {
            FULL => Err(StoreError::Full("test".into())),
            AWAY => Err(StoreError::Away("test".into())),
            CORRUPT => Err(StoreError::Corrupt("test".into())),
            _ => self.inner.lock().unwrap().apply(batch),
        };
        let _ = self.told.send(result.is_ok());
        result
    }

    fn client_key(&mut self) -> Result<[u8; 16], StoreError> {
        self.inner.lock().unwrap().client_key()
    }

    fn known(&mut self) -> Result<Vec<(Fingerprint, String)>, StoreError> {
        self.inner.lock().unwrap().known()
    }

    fn groups(&mut self, filter: &Filter) -> Result<Vec<Group>, StoreError> {
        self.inner.lock().unwrap().groups(filter)
    }

    fn group(&mut self, id: Fingerprint) -> Result<Option<Group>, StoreError> {
        self.inner.lock().unwrap().group(id)
    }

    fn pages(&mut self, id: Fingerprint) -> Result<Vec<PageCount>, StoreError> {
        self.inner.lock().unwrap().pages(id)
    }

    fn samples(&mut self, id: Fingerprint) -> Result<Vec<StoredSample>, StoreError> {
        self.inner.lock().unwrap().samples(id)
    }

    fn series(&mut self, filter: &Filter) -> Result<Vec<Point>, StoreError> {
        self.inner.lock().unwrap().series(filter)
    }

    fn sites(&mut self) -> Result<Vec<SiteSummary>, StoreError> {
        self.inner.lock().unwrap().sites()
    }

    fn totals(&mut self, filter: &Filter) -> Result<Totals, StoreError> {
        self.inner.lock().unwrap().totals(filter)
    }

    fn tally(&mut self, filter: &Filter, fact: Fact, most: usize) -> Result<Vec<Tally>, StoreError> {
        self.inner.lock().unwrap().tally(filter, fact, most)
    }

    fn purge(&mut self, filter: &Filter) -> Result<u64, StoreError> {
        self.inner.lock().unwrap().purge(filter)
    }

    fn retain_since(&mut self, millis: i64) -> Result<u64, StoreError> {
        self.inner.lock().unwrap().retain_since(millis)
    }

    fn vacuum(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn note(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.lock().unwrap().note(name)
    }

    fn set_note(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.inner.lock().unwrap().set_note(name, value)
    }

    fn recover(&mut self) -> Result<Option<String>, StoreError> {
        self.mood.store(FINE, Ordering::SeqCst);
        Ok(None)
    }
}

fn settings() -> Settings {
    Settings { flush: Duration::from_millis(1), ..Settings::default() }
}

fn send(collector: &Collector, site: &str) {
    let sender = Sender { site, policy: "1", address: [127, 0, 0, 1].into(), user_agent: "test" };
    collector.receive(&sender, Labels::default(), REPORT, now()).unwrap();
}

fn metric(collector: &Collector, line: &str) -> u64 {
    let metrics = collector.metrics();
    let found = metrics.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("{line} in {metrics}")).parse().unwrap()
}

#[test]
fn what_a_store_does_not_take_is_tried_again_and_nothing_is_counted_twice() {
    for mood in [FULL, AWAY, CORRUPT] {
        let inner = Arc::new(Mutex::new(Memory::new()));
        let (mood_of_store, (told, tells)) = (Arc::new(AtomicU8::new(mood)), mpsc::channel());
        let store = Fickle { inner: Arc::clone(&inner), mood: Arc::clone(&mood_of_store), told };
        let (collector, keeper) = Collector::start(settings(), Box::new(store)).unwrap();
        (0..5).for_each(|_| send(&collector, "a"));
        assert!(!tells.recv().unwrap());
        assert_eq!(collector.counters().stored(), 0);
        (0..5).for_each(|_| send(&collector, "a"));
        mood_of_store.store(FINE, Ordering::SeqCst);
        while !tells.recv().unwrap() {}
        keeper.stop();
        assert_eq!((collector.counters().stored(), collector.counters().received()), (10, 10), "{mood}");
        assert_eq!(inner.lock().unwrap().totals(&Filter::default()).unwrap().reports, 10);
    }
}

#[test]
fn the_last_reports_wait_for_a_store_that_comes_back() {
    let inner = Arc::new(Mutex::new(Memory::new()));
    let (mood, (told, tells)) = (Arc::new(AtomicU8::new(AWAY)), mpsc::channel());
    let store = Fickle { inner: Arc::clone(&inner), mood: Arc::clone(&mood), told };
    let never = Settings { flush: Duration::from_secs(3600), ..settings() };
    let (collector, keeper) = Collector::start(never, Box::new(store)).unwrap();
    (0..5).for_each(|_| send(&collector, "a"));
    let end = std::thread::spawn(move || keeper.stop());
    assert!(!tells.recv().unwrap());
    mood.store(FINE, Ordering::SeqCst);
    end.join().unwrap();
    assert_eq!(inner.lock().unwrap().totals(&Filter::default()).unwrap().reports, 5);
}

#[test]
fn while_a_store_fails_what_waits_is_bounded_and_the_rest_is_shed_and_counted() {
    let (told, tells) = mpsc::channel();
    let inner = Arc::new(Mutex::new(Memory::new()));
    let store = Fickle { inner, mood: Arc::new(AtomicU8::new(FULL)), told };
    let counting = Bounds { waiting_reports: 10, ..Bounds::default() };
    let (collector, keeper) = Collector::start(Settings { counting, ..settings() }, Box::new(store)).unwrap();
    send(&collector, "a");
    assert!(!tells.recv().unwrap());
    (0..100).for_each(|_| send(&collector, "a"));
    assert_eq!(metric(&collector, "bartizan_reports_shed_total{reason=\"waiting\"}"), 90);
    assert_eq!(metric(&collector, "bartizan_reports_waiting"), 10);
    assert!(metric(&collector, "bartizan_reports_store_failures_total{reason=\"full\"}") >= 1);
    keeper.stop();
}

#[test]
fn quotas_sampling_and_unknown_sites_shed_and_count() {
    let sites = Sites {
        named: vec![
            SiteRules { quota: Some(3), ..SiteRules::new("quota") },
            SiteRules { sample: 0.0, ..SiteRules::new("none") },
            SiteRules { sample: 0.5, ..SiteRules::new("half") },
        ],
        others: None,
    };
    let (collector, keeper) = Collector::start(Settings { sites, ..settings() }, Box::new(Memory::new())).unwrap();
    for site in ["quota", "none", "half", "nobody"] {
        (0..1000).for_each(|_| send(&collector, site));
    }
    assert_eq!(metric(&collector, "bartizan_reports_bodies_total{result=\"quota\"}"), 997);
    assert_eq!(metric(&collector, "bartizan_reports_bodies_total{result=\"unknown-site\"}"), 1000);
    let sampled = metric(&collector, "bartizan_reports_bodies_total{result=\"sampled\"}");
    assert!((1300..1700).contains(&sampled), "{sampled}");
    assert_eq!(collector.counters().received(), 3 + 2000 - sampled);
    keeper.stop();
    assert_eq!(collector.counters().stored(), collector.counters().received());
}

#[test]
fn the_endpoint_answers_204_to_all_but_nonsense_and_echoes_nothing() {
    let sites = Sites { named: vec![SiteRules::new("b.example")], others: Some(SiteRules::new("default")) };
    let store = Memory::new();
    let (collector, keeper) = Collector::start(Settings { sites, ..settings() }, Box::new(store)).unwrap();
    let endpoint = Endpoint::new(Arc::clone(&collector), "/reports/");
    let huge = vec![b' '; (1 << 20) + 1];
    for (method, path, content_type, body, expected) in [
        ("POST", "/reports", Some("application/csp-report"), REPORT, 204),
        ("POST", "/reports/a.example/v1", Some("application/reports+json"), REPORT, 204),
        ("POST", "/reports/", None, REPORT, 204),
        ("POST", "/reports", Some("text/plain"), b"[]", 204),
        ("POST", "/reports", Some("application/csp-report"), b"<x>", 400),
        ("POST", "/reports", Some("application/csp-report"), b"", 400),
        ("POST", "/reports", Some("image/png"), REPORT, 415),
        ("POST", "/reports", Some("text/html\u{e4}"), REPORT, 415),
        ("POST", "/reports", None, &huge, 413),
        ("OPTIONS", "/reports/a/1", None, b"", 204),
        ("GET", "/reports", None, b"", 405),
        ("PUT", "/reports", None, b"", 405),
        ("POST", "/reports/a/b/c", None, REPORT, 404),
        ("POST", "/reports/<script>", None, REPORT, 404),
        ("POST", "/reportsx", None, REPORT, 404),
        ("POST", "/", None, REPORT, 404),
    ] {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_bytes(content_type.as_bytes()).unwrap());
        }
        headers.insert(header::COOKIE, HeaderValue::from_static("session=1"));
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let ask = Ask { method: &method, path, headers: &headers, client: [127, 0, 0, 1].into(), site: None };
        let answer = match endpoint.open(&ask) {
            Opening::Answer(answer) => answer,
            Opening::Read(most) => endpoint.take(&ask, (body.len() <= most).then_some(body)),
        };
        assert_eq!(answer.status.as_u16(), expected, "{method} {path} {content_type:?}");
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        assert_eq!(answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_METHODS), method == Method::OPTIONS);
    }
    keeper.stop();
}

#[test]
fn behind_a_wall_the_site_is_known_and_another_only_if_it_is_one() {
    for (path, site, policy) in [
        ("/r", "a.example", ""),
        ("/r/v2", "a.example", "v2"),
        ("/r/b.example", "b.example", ""),
        ("/r/b.example/v3", "b.example", "v3"),
        ("/r/forged.example/v3", "a.example", "v3"),
    ] {
        let inner = Arc::new(Mutex::new(Memory::new()));
        let (told, _tells) = mpsc::channel();
        let store = Fickle { inner: Arc::clone(&inner), mood: Arc::new(AtomicU8::new(FINE)), told };
        let sites = Sites { named: vec![SiteRules::new("a.example"), SiteRules::new("b.example")], others: None };
        let (collector, keeper) = Collector::start(Settings { sites, ..settings() }, Box::new(store)).unwrap();
        let endpoint = Endpoint::new(collector, "/r");
        let (method, headers) = (Method::POST, HeaderMap::new());
        let ask =
            Ask { method: &method, path, headers: &headers, client: [127, 0, 0, 1].into(), site: Some("a.example") };
        assert_eq!(endpoint.take(&ask, Some(REPORT)).status, 204);
        keeper.stop();
        let groups = inner.lock().unwrap().groups(&Filter::default()).unwrap();
        let found: Vec<_> = groups.iter().map(|group| (group.site.as_str(), group.policy.as_str())).collect();
        assert_eq!(found, [(site, policy)], "{path}");
    }
}

/// A batch of every sort: what is the site's, noise, other kinds, a name that nobody knows, and what is no report.
/// `more` makes its bytes differ from those of another batch, and nothing else.
fn batch(age: u64, more: &str) -> String {
    let violation = |blocked: &str, page: &str| {
        format!(
            "{{\"age\":{age},\"body\":{{\"blockedURL\":\"{blocked}\",\"documentURL\":\"https://a.example/{page}?q={page}\",\
             \"effectiveDirective\":\"img-src\",\"disposition\":\"enforce\"{more}}},\"type\":\"csp-violation\",\
             \"url\":\"https://a.example/{page}\",\"user_agent\":\"test\"}}"
        )
    };
    let members = [
        violation("https://b.example/x.png", "one"),
        violation("https://b.example/x.png", "two"),
        violation("chrome-extension://abc/x.js", "one"),
        format!(
            "{{\n  \"age\": {age},\n  \"type\": \"network-error\",\n  \"url\": \"https://a.example/\",\n  \"body\": \
                 {{ \"type\": \"tcp.timed_out\", \"phase\": \"connection\"{more} }}\n }}"
        ),
        format!(
            "{{\"age\":{age},\"type\":\"new\",\"url\":\"https://a.example/\",\"body\":{{\"a\":[{{}},{{}}]{more}}}}}"
        ),
        format!("{{\"age\":\"{age}\"{more}}}"),
    ];
    format!("[{}]", members.join(" ,\n "))
}

/// What a store and the counters say, after so many batches.
fn kept(bodies: impl Iterator<Item = String>) -> (String, Vec<String>) {
    let inner = Arc::new(Mutex::new(Memory::new()));
    let (told, _tells) = mpsc::channel();
    let store = Fickle { inner: Arc::clone(&inner), mood: Arc::new(AtomicU8::new(FINE)), told };
    let (collector, keeper) = Collector::start(settings(), Box::new(store)).unwrap();
    let began = now();
    for (at, body) in bodies.enumerate() {
        let address = [127, 0, 0, 1 + (at % 3) as u8].into();
        let sender = Sender { site: "a.example", policy: "1", address, user_agent: "test" };
        collector.receive(&sender, Labels::default(), body.as_bytes(), began + at as i64).unwrap();
    }
    keeper.stop();
    let counters = collector.metrics();
    let counters = counters.lines().filter(|line| !line.starts_with('#') && !line.contains("_failures"));
    let mut store = inner.lock().unwrap();
    let mut groups: Vec<_> = store.groups(&Filter::default()).unwrap();
    groups.sort_by_key(|group| group.id);
    let told = groups.into_iter().map(|group| {
        let mut pages = store.pages(group.id).unwrap();
        pages.sort_by(|one, other| one.page.cmp(&other.page));
        let samples = store.samples(group.id).unwrap().len();
        // The key of clients is another in each store, and small numbers are nearly exact.
        let clients = group.clients.estimate().clamp(2, 3);
        let (first, last) = (group.first_seen - began, group.last_seen - began);
        format!("{:?} {} {first}-{last} {clients} {pages:?} {samples}", group.id, group.count)
    });
    (told.collect::<Vec<_>>().join("\n"), counters.map(str::to_owned).collect())
}

#[test]
fn what_is_known_byte_by_byte_is_counted_as_what_is_read() {
    let known = kept((0..50).map(|at| batch(at * 7, "")));
    let read = kept((0..50).map(|at| batch(at * 7, &format!(",\"more\":{at}"))));
    assert_eq!(known, read);
    assert!(known.0.contains("https://a.example/two"), "{}", known.0);
    assert_eq!(known.0.lines().count(), 4);
}

#[test]
fn a_body_that_breaks_off_behind_what_is_known_counts_nothing() {
    let (collector, keeper) = Collector::start(settings(), Box::new(Memory::new())).unwrap();
    let sender = Sender { site: "a", policy: "1", address: [127, 0, 0, 1].into(), user_agent: "test" };
    let send = |body: &str| collector.receive(&sender, Labels::default(), body.as_bytes(), now()).is_ok();
    let body = batch(1, "");
    assert!((0..5).all(|_| send(&body)));
    let received = collector.counters().received();
    for broken in [
        body.trim_end_matches(']').to_owned(),
        format!("{body} x"),
        body.replacen("\"age\":1", "\"age\":01", 1),
        body.replacen("] ", "]", 1).replacen("} ,", "} , ,", 1),
        body.replacen("test", "te\u{1}st", 1),
        format!("[{}]", vec![body.trim_matches(['[', ']']); 300].join(",")), // known, and too many
    ] {
        assert!(!send(&broken), "{broken}");
        assert_eq!(collector.counters().received(), received);
    }
    // Under other rules the same bytes may be another's doing.
    let hosts = vec!["b.example".to_owned()];
    collector.set_sites(Sites { named: vec![SiteRules { hosts, ..SiteRules::new("a") }], others: None });
    assert!((0..5).all(|_| send(&body)));
    assert_eq!(metric(&collector, "bartizan_reports_noise_total{class=\"foreign-page\"}"), 20);
    keeper.stop();
}
