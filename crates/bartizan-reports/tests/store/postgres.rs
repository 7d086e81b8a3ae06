//! The store in PostgreSQL: a real server, started for the test, stopped and started again while reports come in.

use std::time::Duration;

use bartizan_reports::collector::{Collector, Sender, Settings, now};
use bartizan_reports::receive::Labels;
use bartizan_reports::store::{Batch, Filter, Place, Readers, Store};
use bartizan_testkit::postgres::{PASSWORD, Postgres};
use bartizan_testkit::{TestCa, wait_until};

use super::suite::{SUITE, delta, filled};

const REPORT: &[u8] =
    br#"{"csp-report":{"document-uri":"https://a.example/","effective-directive":"img-src","blocked-uri":"data"}}"#;

fn open(address: &str) -> Box<dyn Store> {
    Place::read(address).unwrap().open().unwrap().0
}

fn reports(store: &mut dyn Store) -> u64 {
    store.totals(&Filter::default()).unwrap().reports
}

#[test]
fn postgres_passes_the_suite() {
    let Some(server) = Postgres::start() else { return };
    for (at, (name, check)) in SUITE.iter().enumerate() {
        println!("{name}");
        let database = format!("suite{at}");
        server.execute(&format!("CREATE DATABASE {database}"));
        check(&mut *open(&server.address(&database)));
    }
}

#[test]
fn tables_are_made_once_and_newer_ones_are_refused() {
    let Some(server) = Postgres::start() else { return };
    let address = server.address("postgres");
    filled(&mut *open(&address));
    let mut store = open(&address);
    assert_eq!(reports(&mut *store), 26);
    server.execute("UPDATE bartizan_meta SET value = '99' WHERE name = 'version'");
    assert_eq!(open(&address).known().unwrap_err().reason(), "too-new");
    // A connection that is open goes on: the newer program knows what it changed.
    assert_eq!(reports(&mut *store), 26);
}

#[test]
fn a_batch_of_a_flood_is_one_transaction_and_a_connection_is_one() {
    let Some(server) = Postgres::start() else { return };
    let mut store = open(&server.address("postgres"));
    let groups: Vec<_> =
        (0..5000).map(|n| delta("a", "img-src", &format!("https://{n}.example/"), None, 2, 1)).collect();
    let batch = Batch { groups, ..Batch::default() };
    store.apply(&batch).unwrap();
    store.apply(&batch).unwrap();
    assert_eq!(reports(&mut *store), 20_000);
    let connections = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bartizan'";
    assert_eq!(server.execute(connections), "1");
}

#[test]
fn pages_share_a_few_connections_that_outlive_the_server() {
    let Some(mut server) = Postgres::start() else { return };
    let address = server.address("postgres");
    filled(&mut *open(&address));
    let readers = Readers::new(Place::read(&address).unwrap());
    let connections = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bartizan'";
    for _ in 0..20 {
        assert_eq!(reports(&mut *readers.open().unwrap()), 26);
    }
    let connected = |server: &Postgres, wanted: &str| {
        wait_until("connections", || (server.execute(connections) == wanted).then_some(()));
    };
    connected(&server, "1");
    let mut at_once: Vec<_> = (0..4).map(|_| readers.open().unwrap()).collect();
    assert!(at_once.iter_mut().all(|store| reports(&mut **store) == 26));
    connected(&server, "4");
    // Three are kept.
    drop(at_once);
    connected(&server, "3");
    server.stop();
    assert!(readers.open().and_then(|mut store| store.known()).is_err());
    server.run();
    for _ in 0..4 {
        assert_eq!(reports(&mut *readers.open().unwrap()), 26);
    }
}

#[test]
fn the_collector_goes_on_while_the_server_is_away_and_nothing_is_lost_or_counted_twice() {
    let Some(mut server) = Postgres::start() else { return };
    let address = server.address("postgres");
    let settings = Settings { flush: Duration::from_millis(1), ..Settings::default() };
    let (collector, keeper) = Collector::start(settings, open(&address)).unwrap();
    let send = || {
        let sender = Sender { site: "a", policy: "1", address: [127, 0, 0, 1].into(), user_agent: "test" };
        collector.receive(&sender, Labels::default(), REPORT, now()).unwrap();
    };
    let stored = |wanted: u64| {
        wait_until("reports to be stored", || (collector.counters().stored() == wanted).then_some(()));
    };
    for round in 1..=3_u64 {
        send();
        stored(round * 101 - 100);
        server.stop();
        (0..100).for_each(|_| send());
        let failures = "bartizan_reports_store_failures_total{reason=\"away\"}";
        wait_until("a failure", || {
            let metrics = collector.metrics();
            let line = metrics.lines().find_map(|line| line.strip_prefix(failures)).unwrap();
            (line.trim().parse::<u64>().unwrap() >= round).then_some(())
        });
        assert_eq!(collector.counters().stored(), round * 101 - 100);
        server.run();
        stored(round * 101);
    }
    keeper.stop();
    assert_eq!(reports(&mut *open(&address)), 303);
}

#[test]
fn a_server_that_is_away_at_the_start_is_no_reason_not_to_count() {
    let Some(mut server) = Postgres::start() else { return };
    let address = server.address("postgres");
    let key = {
        let mut store = open(&address);
        filled(&mut *store);
        store.client_key().unwrap()
    };
    server.stop();
    let settings = Settings { flush: Duration::from_millis(1), keep: Duration::MAX, ..Settings::default() };
    let (collector, keeper) = Collector::start(settings, open(&address)).unwrap();
    let sender = Sender { site: "a", policy: "1", address: [127, 0, 0, 1].into(), user_agent: "test" };
    collector.receive(&sender, Labels::default(), REPORT, now()).unwrap();
    server.run();
    wait_until("the report to be stored", || (collector.counters().stored() == 1).then_some(()));
    assert!(collector.metrics().contains("bartizan_reports_groups 5\n"), "{}", collector.metrics());
    keeper.stop();
    let mut store = open(&address);
    assert_eq!((reports(&mut *store), store.client_key().unwrap()), (27, key));
}

#[test]
fn over_a_network_the_certificate_is_checked_and_the_password_never_shown() {
    let Some(mut server) = Postgres::start() else { return };
    let (ours, other) = (TestCa::new(), TestCa::new());
    let issued = ours.issue(&["localhost"]);
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    server.encrypt(&read(&issued.chain), &read(&issued.key));
    let address = |password: &str, ca: &TestCa| {
        let with = server.address_with_password(password);
        format!("{with}?sslmode=verify-full&sslrootcert={}", ca.file().display())
    };
    let mut store = open(&address(PASSWORD, &ours));
    filled(&mut *store);
    let used = server
        .execute("SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'bartizan'");
    assert_eq!(used, "t");
    for (address, reason) in [(address("wrong-one", &ours), "other"), (address(PASSWORD, &other), "away")] {
        let mut store = open(&address);
        let error = store.known().unwrap_err();
        assert_eq!(error.reason(), reason, "{error:?}");
        let shown = format!("{error:?} {store:?} {:?} {}", Place::read(&address), Place::read(&address).unwrap());
        assert!(!shown.contains("wrong-one") && !shown.contains(PASSWORD), "{shown}");
    }
}
