//! Rules of our own: what the language promises, and the ways around a filter that are known.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;

use bartizan_waf::seclang::action::RuleSelector;
use bartizan_waf::{Exhausted, Phase, Progress, RuleSet, Start, Transaction};

fn load(rules: &str) -> Transaction {
    let text = format!("SecRuleEngine On\nSecRequestBodyAccess On\n{rules}");
    let rules = RuleSet::from_text(Path::new("/a.conf"), &text, &BTreeMap::new());
    Transaction::new(Arc::new(rules.expect("the rules of this test load")))
}

/// Judges a request and returns the rules that matched.
fn judge(transaction: &mut Transaction, uri: &[u8], fields: &[(&str, &str)], body: &[u8]) -> Vec<u64> {
    let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
    transaction.begin(&Start { client: (local, 1), server: (local, 80), id: "1", now: 1_000 });
    transaction.request_line(if body.is_empty() { b"GET" } else { b"POST" }, uri, b"HTTP/1.1");
    for (name, value) in fields {
        transaction.request_header(name.as_bytes(), value.as_bytes());
    }
    run(transaction, Phase::RequestHeaders);
    if transaction.wants_request_body() {
        for part in body.chunks(1_000) {
            _ = transaction.request_body(part);
        }
    }
    run(transaction, Phase::RequestBody);
    transaction.matches().iter().map(|found| found.id).collect()
}

fn run(transaction: &mut Transaction, phase: Phase) {
    transaction.begin_phase(phase);
    while transaction.run(1_000) == Progress::More {}
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

#[test]
fn nothing_hides_an_attack() {
    let mut transaction = load(
        r#"SecRule REQUEST_HEADERS:Content-Type "@contains xml" "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "@contains json" "id:2,phase:1,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRule ARGS|XML:/*|XML://@*|REQUEST_FILENAME|FILES "@contains attack" "id:3,pass"
SecRule REQBODY_ERROR "!@eq 0" "id:4,pass""#,
    );
    let utf16: Vec<u8> = "a=attack".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let padded = |length: usize| [b"p=".as_slice(), &vec![b'x'; length], b"&a=attack"].concat();
    let multipart = "--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"attack\"\r\n\r\nx\r\n--B--\r\n";
    let (xml, json) = (("Content-Type", "text/xml"), ("Content-Type", "application/json"));
    for (fields, body, expected) in [
        (&[FORM][..], b"a=plain".to_vec(), &[][..]),
        (&[FORM], b"a=attack".to_vec(), &[3]),
        (&[FORM], padded(8 << 10), &[3]),
        (&[FORM], padded(64 << 10), &[3]),
        (&[FORM], padded(128 << 10), &[3]),
        (&[FORM, ("Content-Encoding", "gzip")], gzip(b"a=attack"), &[3]),
        (&[FORM, ("Content-Encoding", "gzip")], gzip(b"a=plain"), &[]),
        (&[FORM, ("Content-Encoding", "gzip")], b"a=plain".to_vec(), &[4]),
        (&[("Content-Type", "application/x-www-form-urlencoded; charset=utf-16be")], utf16, &[3]),
        (&[("Content-Type", "application/x-www-form-urlencoded; charset=utf-7")], b"a=b".to_vec(), &[4]),
        (&[("Content-Type", "application/x-www-form-urlencoded; charset=utf-8; charset=x")], b"a=b".to_vec(), &[4]),
        (&[xml], b"<a b='attack'/>".to_vec(), &[3]),
        (&[xml], b"<a>att<![CDATA[ack]]></a>".to_vec(), &[3]),
        (&[xml], b"<!DOCTYPE a [<!ENTITY b 'attack'>]><a>&b;</a>".to_vec(), &[3]),
        (&[xml], b"<a>plain".to_vec(), &[4]),
        (&[json], br#"{"a":"attack","a":"plain"}"#.to_vec(), &[3]),
        (&[json], br#"{"a":"\u0061ttack"}"#.to_vec(), &[3]),
        (&[json], br#"{"a":"#.to_vec(), &[4]),
        (&[("Content-Type", "multipart/form-data; boundary=B")], multipart.as_bytes().to_vec(), &[3]),
        // What is no form has no arguments.
        (&[("Content-Type", "application/octet-stream")], b"a=attack".to_vec(), &[]),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(judge(&mut transaction, b"/", fields, &body), expected, "{fields:?} {shown}");
    }
    for (uri, expected) in [("/a%3Fattack", &[3][..]), ("/?a=attack", &[3]), ("/a?b", &[]), ("http://h/attack", &[3])] {
        assert_eq!(judge(&mut transaction, uri.as_bytes(), &[], b""), expected, "{uri}");
    }
}

#[test]
fn chains_match_as_a_whole() {
    let mut transaction = load(
        r#"SecRule ARGS:a "@streq 1" "id:1,phase:1,deny,chain,setvar:tx.first=+1"
SecRule ARGS:b "@streq 2" "setvar:tx.second=1"
SecRule TX:first "@ge 1" "id:2,phase:1,pass,skipAfter:END"
SecAction "id:3,phase:1,pass"
SecMarker END
SecRule &TX:second "@eq 0" "id:4,phase:1,pass""#,
    );
    for (uri, expected) in [("/?a=1&b=2", &[1][..]), ("/?a=1", &[2, 4]), ("/?b=2", &[3, 4])] {
        assert_eq!(judge(&mut transaction, uri.as_bytes(), &[], b""), expected, "{uri}");
        assert_eq!(transaction.refusal().is_some(), expected == [1], "{uri}");
    }
}

#[test]
fn exceptions_are_narrow() {
    let mut transaction = load(
        r#"SecRule ARGS "@contains x" "id:1,phase:2,pass,tag:t"
SecRule ARGS:b "@streq off" "id:2,phase:1,pass,nolog,ctl:ruleRemoveTargetById=1;ARGS:a"
SecRule ARGS:b "@streq gone" "id:3,phase:1,pass,nolog,ctl:ruleRemoveByTag=t""#,
    );
    for (uri, expected) in [("/?a=x", &[1][..]), ("/?a=x&b=off", &[]), ("/?c=x&b=off", &[1]), ("/?a=x&b=gone", &[])] {
        assert_eq!(judge(&mut transaction, uri.as_bytes(), &[], b""), expected, "{uri}");
    }
    let text = "SecRuleEngine On\nSecRule ARGS \"@contains x\" \"id:1,phase:1,pass\"";
    let rules = Arc::new(RuleSet::from_text(Path::new("/a.conf"), text, &BTreeMap::new()).expect("a rule"));
    let exception = rules.exception(&RuleSelector::Ids(vec![(1, 1)]), Some("ARGS:a")).expect("a target");
    let mut transaction = Transaction::new(rules);
    for (uri, is_excepted, expected) in [(b"/?a=x", false, 1), (b"/?a=x", true, 0), (b"/?b=x", true, 1)] {
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        transaction.begin(&Start { client: (local, 1), server: (local, 80), id: "1", now: 1_000 });
        if is_excepted {
            transaction.except(&exception);
        }
        transaction.request_line(b"GET", uri, b"HTTP/1.1");
        run(&mut transaction, Phase::RequestHeaders);
        assert_eq!(transaction.matches().len(), expected);
    }
}

#[test]
fn counters_outlive_transactions() {
    let mut transaction = load(
        r#"SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.count=+1,expirevar:ip.count=60"
SecRule IP:count "@gt 2" "id:2,phase:1,deny,status:429""#,
    );
    let counts: Vec<_> = (0..4).map(|_| judge(&mut transaction, b"/", &[], b"").len()).collect();
    assert_eq!(counts, [0, 0, 1, 1]);
    assert_eq!(transaction.refusal().map(|refusal| refusal.status), Some(429));
}

#[test]
fn what_costs_too_much_is_refused_or_passes() {
    for (exhausted, is_refused) in [(Exhausted::Refuse, true), (Exhausted::Pass, false)] {
        let text =
            "SecRuleEngine On\nSecRule ARGS \"@rx (a|b)+c\" \"id:1,phase:1,pass\"\nSecAction \"id:2,phase:1,pass\"";
        let mut rules = RuleSet::from_text(Path::new("/a.conf"), text, &BTreeMap::new()).expect("rules");
        rules.settings_mut().limits.work = 10_000;
        rules.settings_mut().limits.exhausted = exhausted;
        let mut transaction = Transaction::new(Arc::new(rules));
        let uri = [b"/?a=".as_slice(), &vec![b'a'; 50_000]].concat();
        judge(&mut transaction, &uri, &[], b"");
        let verdict = transaction.verdict();
        assert!(verdict.is_exhausted);
        assert_eq!(verdict.refusal.is_some(), is_refused);
        judge(&mut transaction, b"/?a=b", &[], b"");
        assert!(!transaction.verdict().is_exhausted);
    }
}
