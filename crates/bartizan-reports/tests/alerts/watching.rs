//! From reports in the store to messages: once, also over a restart; held in quiet hours; tried again.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bartizan_reports::alerts::{Channel, Form, Secret, Settings, Watch, Webhook};
use bartizan_reports::collector::now;
use bartizan_reports::sketch::{Client, Sketch};
use bartizan_reports::store::{Batch, GroupDelta, Place, Sqlite, Store as _};
use bartizan_reports::subject::Subject;
use bartizan_testkit::{RecordingUpstream, Reply, wait_until};

/// Stores that clients met an expired certificate of a host.
fn trouble(path: &Path, host: &str) {
    let subject = Subject {
        kind: "network-error".into(),
        what: "tls.cert.date_invalid".into(),
        target: format!("https://{host}/").into(),
        source: "".into(),
        disposition: "".into(),
        noise: None,
    };
    let mut clients = Sketch::default();
    (0..3).for_each(|client| clients.add(Client(client)));
    let group = GroupDelta {
        id: subject.fingerprint("a", ""),
        site: "a".into(),
        policy: "".into(),
        subject: Arc::new(subject),
        count: 3,
        first_seen: now(),
        last_seen: now(),
        clients,
        pages: Vec::new(),
    };
    Sqlite::open(path).unwrap().apply(&Batch { at: now(), groups: vec![group], ..Batch::default() }).unwrap();
}

fn settings(url: &str) -> Settings {
    let webhook = Webhook { url: Secret::new(url), form: Form::Json, token: None, authorities: None };
    let soon = Duration::from_millis(2);
    Settings { every: soon, retries: vec![soon; 3], channels: vec![Channel::Webhook(webhook)], ..Settings::default() }
}

fn watch(path: &Path, settings: Settings) -> Watch {
    Watch::start(settings, Place::File(path.to_owned()), Arc::default()).unwrap()
}

/// Returns the titles of each message.
fn messages(upstream: &RecordingUpstream) -> Vec<Vec<String>> {
    let titles = |body: &[u8]| {
        let body: serde_json::Value = serde_json::from_slice(body).unwrap();
        let alerts = body["alerts"].as_array().unwrap();
        alerts.iter().map(|alert| alert["title"].as_str().unwrap().to_owned()).collect()
    };
    upstream.requests().iter().map(|request| titles(&request.body)).collect()
}

fn title(host: &str) -> String {
    format!("browsers report certificate trouble with {host}")
}

#[test]
fn a_thing_is_told_once_also_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports.sqlite");
    let upstream = RecordingUpstream::answering("");
    trouble(&path, "one.example");
    for (round, host) in ["one.example", "two.example", "three.example"].into_iter().enumerate() {
        trouble(&path, host);
        let watching = watch(&path, settings(&upstream.url()));
        upstream.wait_for(round + 1);
        wait_until("the delivery to be counted", || (watching.counters().delivered() == 1).then_some(()));
        let metrics = watching.counters().render();
        assert!(metrics.contains("bartizan_alerts_found_total{kind=\"certificate-trouble\"} 1\n"), "{metrics}");
        assert!(metrics.contains("bartizan_alerts_waiting 0\n"), "{metrics}");
    }
    assert_eq!(messages(&upstream), ["one.example", "two.example", "three.example"].map(|host| vec![title(host)]));
}

#[test]
fn what_fails_is_tried_again_and_given_up_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    for (failures, delivered, failed, dropped) in [(2, 1, 2, 0), (100, 0, 4, 1)] {
        let path = folder.path().join(format!("{failures}.sqlite"));
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let upstream = RecordingUpstream::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
            number if number < failures => Reply::raw("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n").close(),
            _ => Reply::ok(""),
        });
        trouble(&path, "a.example");
        let watching = watch(&path, settings(&upstream.url()));
        wait_until("the end of it", || {
            watching.counters().render().contains(&format!("dropped_total {dropped}\n")).then_some(())?;
            (watching.counters().delivered() == delivered && watching.counters().failed() == failed).then_some(())
        });
        drop(watching);
        assert_eq!(asked.load(Ordering::SeqCst), failed as usize + delivered as usize);
    }
}

#[test]
fn what_comes_in_quiet_hours_is_told_afterwards_in_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports.sqlite");
    let upstream = RecordingUpstream::answering("");
    let minute = |offset: i64| {
        let minutes = now().div_euclid(60_000) + offset;
        format!("{:02}:{:02}", minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60))
    };
    let quiet = format!("{}-{}", minute(-60), minute(60)).parse().unwrap();
    for host in ["one.example", "two.example"] {
        trouble(&path, host);
        let watching = watch(&path, Settings { quiet: Some(quiet), ..settings(&upstream.url()) });
        let waiting = if host == "one.example" { 1 } else { 2 };
        wait_until("alerts to wait", || {
            watching.counters().render().contains(&format!("bartizan_alerts_waiting {waiting}\n")).then_some(())
        });
    }
    assert!(upstream.requests().is_empty());
    let watching = watch(&path, settings(&upstream.url()));
    upstream.wait_for(1);
    wait_until("the delivery to be counted", || (watching.counters().delivered() == 1).then_some(()));
    assert_eq!(messages(&upstream), [["one.example", "two.example"].map(title)]);
}

#[test]
fn nobody_is_told_where_nobody_is_named_and_nothing_waits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports.sqlite");
    trouble(&path, "a.example");
    let watching = watch(&path, Settings { channels: Vec::new(), ..settings("") });
    wait_until("an alert", || {
        watching.counters().render().contains("found_total{kind=\"certificate-trouble\"} 1\n").then_some(())
    });
    assert!(watching.counters().render().contains("bartizan_alerts_waiting 0\n"));
}
