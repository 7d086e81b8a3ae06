//! The store in a SQLite file: closed and opened, full, locked, damaged.

use std::path::PathBuf;
use std::process::Command;

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

#[test]
fn what_another_process_locks_is_away_and_taken_once_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports.sqlite");
    let mut store = Sqlite::open(&path).unwrap();
    filled(&mut store);
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; INSERT INTO meta VALUES ('other', x'00')").unwrap();
    let batch = Batch { groups: vec![delta("a", "img-src", "data", None, 1, 1)], ..Batch::default() };
    assert_eq!(store.apply(&batch).unwrap_err().reason(), "away");
    // Readers do not wait for whoever writes.
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 26);
    other.execute_batch("ROLLBACK").unwrap();
    store.apply(&batch).unwrap();
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 27);
}

#[test]
fn a_file_damaged_in_the_middle_is_told_and_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports.sqlite");
    let mut store = Sqlite::open(&path).unwrap();
    let groups = (0..500).map(|n| delta("a", "img-src", &format!("https://{n}.example/"), None, 1, 1)).collect();
    store.apply(&Batch { groups, ..Batch::default() }).unwrap();
    drop(store);
    let mut bytes = std::fs::read(&path).unwrap();
    // The header stays, so that it is a database, and every table is nonsense.
    bytes.iter_mut().skip(4096).for_each(|byte| *byte = 0x5a);
    std::fs::write(&path, bytes).unwrap();
    let mut store = Sqlite::open(&path).unwrap();
    let batch = Batch { groups: vec![delta("a", "img-src", "data", None, 1, 1)], ..Batch::default() };
    assert_eq!(store.apply(&batch).unwrap_err().reason(), "corrupt");
    assert_eq!(store.known().unwrap_err().reason(), "corrupt");
    assert!(store.recover().unwrap().unwrap().ends_with(".damaged-1"));
    store.apply(&batch).unwrap();
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 1);
}

/// A disk of a test; it is taken away when this is dropped.
struct Disk(PathBuf);

impl Disk {
    /// Makes a small disk, which only root can.
    fn new(path: PathBuf) -> Option<Self> {
        std::fs::create_dir(&path).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=400k", "tmpfs"]).arg(&path).output();
        mount.is_ok_and(|output| output.status.success()).then_some(Self(path))
    }

    fn grow(&self) {
        assert!(Command::new("mount").args(["-o", "remount,size=64m"]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_disk_that_is_full_refuses_the_batch_and_takes_it_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    // Elsewhere the bound of pages above stands for it.
    let Some(disk) = Disk::new(folder.path().join("disk")) else { return };
    let mut store = Sqlite::open(&disk.0.join("reports.sqlite")).unwrap();
    filled(&mut store);
    let groups = (0..5000).map(|n| delta("a", "img-src", &format!("https://{n}.example/"), None, 1, 1)).collect();
    let big = Batch { groups, ..Batch::default() };
    assert_eq!(store.apply(&big).unwrap_err().reason(), "full");
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 26);
    disk.grow();
    store.apply(&big).unwrap();
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 5026);
}
