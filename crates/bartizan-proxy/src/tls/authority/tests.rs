//! The local authority: made once, read again, and refused when it is damaged.

use std::os::unix::fs::PermissionsExt;

use super::*;

const DAY: Duration = Duration::from_hours(24);

fn patterns(hosts: &[&str]) -> Vec<HostPattern> {
    hosts.iter().map(|host| host.parse().unwrap()).collect()
}

#[test]
fn it_is_made_once_and_only_its_owner_reads_the_key() {
    let state = tempfile::tempdir().unwrap();
    let home = state.path().join("state");
    let now = SystemTime::now();
    let first = LocalAuthority::open(&home, now).unwrap();
    let certificate = fs::read(first.certificate()).unwrap();
    let again = LocalAuthority::open(&home, now).unwrap();
    assert_eq!(fs::read(again.certificate()).unwrap(), certificate);
    let leaf = first.leaf(&patterns(&["a.example"]), now).unwrap();
    for (path, mode) in
        [(home.join("ca"), 0o700), (home.join("ca/ca.key"), 0o600), (home.join("certs"), 0o700), (leaf, 0o600)]
    {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
    assert_eq!(fs::read_dir(&home).unwrap().count(), 2, "no draft is left behind");
}

#[test]
fn leaves_are_reused_while_they_fit() {
    let state = tempfile::tempdir().unwrap();
    let now = SystemTime::now();
    let authority = LocalAuthority::open(state.path(), now).unwrap();
    let hosts = patterns(&["a.example", "*.a.example", "127.0.0.1", "[::1]"]);
    let path = authority.leaf(&hosts, now).unwrap();
    let first = fs::read(&path).unwrap();
    for (days, is_reused) in [(0, true), (57, true), (59, false), (80, false)] {
        fs::write(&path, &first).unwrap();
        assert_eq!(authority.leaf(&hosts, now + days * DAY).unwrap(), path);
        assert_eq!(fs::read(&path).unwrap() == first, is_reused, "after {days} days");
    }
    let turned = patterns(&["*.a.example", "a.example", "[::1]", "127.0.0.1", "a.example"]);
    assert_eq!(authority.leaf(&turned, now).unwrap(), path, "the order of names means nothing");
    assert_ne!(authority.leaf(&patterns(&["a.example"]), now).unwrap(), path);

    let chain = certificate::certificates_in(&path).unwrap();
    assert_eq!(chain.len(), 1);
    for (host, is_covered) in
        [("a.example", true), ("b.a.example", true), ("127.0.0.1", true), ("[::1]", true), ("b.example", false)]
    {
        assert_eq!(certificate::covers(&chain[0], &host.parse().unwrap()), is_covered, "{host}");
    }
    let nameless = certificate::certificates_in(&authority.leaf(&[], now).unwrap()).unwrap();
    assert!(certificate::covers(&nameless[0], &"localhost".parse().unwrap()));
    let end = certificate::valid_until(&nameless[0]).unwrap();
    assert!(end <= now + 89 * DAY && end > now + 80 * DAY);
}

#[test]
fn what_is_wrong_on_disk_is_named_and_never_overwritten() {
    type Change = fn(&Path);
    for (what, change, expected) in [
        ("whole", (|_| ()) as Change, "Ok"),
        ("no key", |home| fs::remove_file(home.join("ca.key")).unwrap(), "Read"),
        ("no certificate", |home| fs::remove_file(home.join("ca.pem")).unwrap(), "Read"),
        ("a broken key", |home| fs::write(home.join("ca.key"), "x").unwrap(), "Damaged"),
        ("an empty certificate", |home| fs::write(home.join("ca.pem"), "").unwrap(), "Damaged"),
        (
            "another's key",
            |home| {
                let other = KeyPair::generate().unwrap();
                fs::write(home.join("ca.key"), other.serialize_pem()).unwrap();
            },
            "Damaged",
        ),
    ] {
        let state = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        LocalAuthority::open(state.path(), now).unwrap();
        change(&state.path().join("ca"));
        let outcome = LocalAuthority::open(state.path(), now);
        let word = format!("{outcome:?}");
        assert!(word.starts_with(expected) || word.starts_with(&format!("Err({expected}")), "{what}: {word}");
        if let Err(error) = outcome {
            assert!(error.to_string().contains("ca."), "{what}: {error}");
        }
    }
    let state = tempfile::tempdir().unwrap();
    let now = SystemTime::now();
    LocalAuthority::open(state.path(), now).unwrap();
    let late = LocalAuthority::open(state.path(), now + 3651 * DAY);
    assert!(matches!(late, Err(AuthorityError::Expired { .. })));
    fs::write(state.path().join("file"), "").unwrap();
    let nowhere = LocalAuthority::open(&state.path().join("file"), now);
    assert!(matches!(nowhere, Err(AuthorityError::Write { .. })));
}
