//! The store in a SQLite file: closed and opened, full, locked, damaged.

use bartizan_reports::store::{Batch, Filter, Sqlite, Store};

use super::suite::{SUITE, delta, filled};

#[test]
fn sqlite_passes_the_suite() {
    for (_, check) in SUITE {
        let folder = tempfile::tempdir().unwrap();
        check(&mut Sqlite::open(&folder.path().join("reports.sqlite")).unwrap());
    }
}

#[test]
fn a_file_is_there_after_it_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports.sqlite");
    let mut store = Sqlite::open(&path).unwrap();
    filled(&mut store);
    let key = store.client_key().unwrap();
    drop(store);
    let mut store = Sqlite::read(&path).unwrap();
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 26);
    assert_eq!(store.client_key().unwrap(), key);
    assert!(Sqlite::read(&folder.path().join("none")).is_err());
}

#[test]
fn a_full_disk_loses_nothing_that_was_taken() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Sqlite::open(&folder.path().join("reports.sqlite")).unwrap();
    filled(&mut store);
    store.limit_pages(1).unwrap();
    let big =
        (0..2000).map(|n| delta("a", "img-src", &format!("https://{n}.example/"), None, 1, 1)).collect::<Vec<_>>();
    let batch = Batch { groups: big, ..Batch::default() };
    assert_eq!(store.apply(&batch).unwrap_err().reason(), "full");
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 26);
    store.limit_pages(100_000).unwrap();
    store.apply(&batch).unwrap();
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 2026);
}

#[test]
fn a_damaged_file_is_put_aside_and_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports.sqlite");
    std::fs::write(&path, "this is no database at all, and never was one".repeat(100)).unwrap();
    assert_eq!(Sqlite::open(&path).unwrap_err().reason(), "corrupt");
    let (mut store, aside) = Sqlite::open_or_replace(&path).unwrap();
    filled(&mut store);
    assert!(std::fs::read_to_string(aside.unwrap()).unwrap().starts_with("this is no database"));
    let aside = store.recover().unwrap().unwrap();
    assert!(aside.ends_with("damaged-2"), "{aside}");
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 0);
}
