//! Sites looked at from outside, when somebody asks for it: one after the other, and what was seen is kept with its time.
//!
//! The wall is asked on its own listeners, under the site's name, as a visitor would: through TLS, with the app behind
//! it. What was seen outlives a restart in one file.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use anyhow::Context as _;
use bartizan_dashboard::wall::{Finding, Grade, Scanned};
use bartizan_proxy::serve::Addresses;
use bartizan_reports::collector::now;
use bartizan_rules::observatory::{Algorithm, PreloadList};
use bartizan_rules::{Severity, catalog};
use bartizan_scan::{Client, Override, Part, Plan, Probing, Resolver, Target, Trust, tls};
use serde_json::{Value, json};

use crate::command::scanning::{judged, read_certificates};

/// Looks at sites.
#[derive(Debug)]
pub(super) struct Guest {
    known: Arc<Known>,
    asked: mpsc::SyncSender<String>,
}

/// What was seen.
#[derive(Debug)]
struct Known {
    file: PathBuf,
    seen: Mutex<BTreeMap<String, Scanned>>,
    /// The sites that are asked for, or looked at right now.
    waiting: Mutex<BTreeSet<String>>,
    scans: AtomicU64,
}

impl Guest {
    /// Makes it ready; it looks at nothing until it is asked.
    pub(super) fn start(addresses: Addresses, state_dir: &Path) -> std::io::Result<Self> {
        let file = state_dir.join("scans.json");
        let seen = Mutex::new(read(&file));
        let known = Arc::new(Known { file, seen, waiting: Mutex::default(), scans: AtomicU64::new(0) });
        let (asked, sites) = mpsc::sync_channel::<String>(MOST);
        let (told, authority) = (Arc::clone(&known), state_dir.join("ca/ca.pem"));
        // It ends with the process: nothing is lost with what is under way.
        std::thread::Builder::new().name("guest".to_owned()).spawn(move || {
            for site in sites {
                told.take(&site, look(&site, &addresses, &authority));
            }
        })?;
        Ok(Self { known, asked })
    }

    /// Has a site looked at, unless that is under way or too many are.
    pub(super) fn ask(&self, site: &str) {
        let mut waiting = lock(&self.known.waiting);
        if waiting.insert(site.to_owned()) && self.asked.try_send(site.to_owned()).is_err() {
            waiting.remove(site);
        }
    }

    /// Returns what was seen of a site, and whether it is looked at.
    pub(super) fn seen(&self, site: &str) -> (Option<Scanned>, bool) {
        let seen = lock(&self.known.seen).get(site).cloned();
        (seen, lock(&self.known.waiting).contains(site))
    }

    /// Returns how many looks have come to their end.
    pub(super) fn scans(&self) -> u64 {
        self.known.scans.load(Ordering::Relaxed)
    }
}

impl Known {
    fn take(&self, site: &str, seen: anyhow::Result<Scanned>) {
        let seen = seen.unwrap_or_else(|error| Scanned {
            at: now(),
            grade: None,
            findings: Vec::new(),
            unseen: vec![format!("{error:#}")],
        });
        let text = {
            let mut known = lock(&self.seen);
            known.insert(site.to_owned(), seen);
            written(&known)
        };
        if let Err(error) = replace(&self.file, &text) {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "what a scan saw is not kept beyond a restart");
        }
        lock(&self.waiting).remove(site);
        self.scans.fetch_add(1, Ordering::Relaxed);
    }
}

/// Looks at a site.
fn look(site: &str, addresses: &Addresses, authority: &Path) -> anyhow::Result<Scanned> {
    let (target, resolve) = place(site, addresses)?;
    // An authority of our own is there where a site has no certificate yet.
    let authorities = if authority.exists() { read_certificates(authority)? } else { Vec::new() };
    let client = Client { resolver: Resolver::new(resolve), trust: Trust::new(&authorities), patience: PATIENCE };
    let plan = Plan {
        algorithm: Algorithm::default(),
        parts: vec![Part::Observatory, Part::Findings],
        own_lines: Vec::new(),
        probing: Probing::Guest,
        tls: tls::Options { dns: None, ..tls::Options::default() },
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let preloaded = PreloadList::default();
    let looking = judged(&client, &target, &plan, &preloaded);
    let judged = runtime.block_on(async { tokio::time::timeout(PATIENCE_IN_ALL, looking).await });
    runtime.shutdown_background();
    let judged = judged.context("it took too long")?;
    let findings = judged.findings.into_iter();
    let findings =
        findings.map(|found| Finding { rule: found.rule.id(), severity: found.severity, message: found.message });
    let mut findings: Vec<_> = findings.collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    // A thing is said once, however many pages have it.
    let mut told = BTreeSet::new();
    findings.retain(|finding| told.insert((finding.rule, finding.message.clone())));
    let mut unseen = judged.unseen;
    let grade = match judged.observatory {
        Some(Ok(graded)) => Some(Grade {
            letter: graded.letter.to_owned(),
            score: graded.score,
            authority: format!("MDN HTTP Observatory, algorithm {}", graded.algorithm),
        }),
        Some(Err(error)) => {
            unseen.push(format!("no grade: {error}"));
            None
        }
        None => None,
    };
    Ok(Scanned { at: now(), grade, findings, unseen })
}

/// Returns what to ask, and where it leads: to this wall, on whatever port.
fn place(site: &str, addresses: &Addresses) -> anyhow::Result<(Target, Vec<Override>)> {
    let host = site.replace('*', "any");
    let first = |listening: &[SocketAddr]| listening.first().copied().map(reached);
    let secure = first(&addresses.tls).context("the wall listens for no TLS")?;
    let target = host
        .parse::<Target>()
        .map_err(|_| anyhow::anyhow!("it answers to any name: `bartizan scan` looks at it under one of them"))?;
    let plain = first(&addresses.http);
    let leads = |port: u16, to: Option<SocketAddr>| {
        let to = to.map(|to| to.to_string()).unwrap_or_default();
        format!("{host}:{port}:{to}").parse::<Override>().context("it has no name that leads anywhere")
    };
    let mut resolve = vec![leads(443, Some(secure))?, leads(80, plain)?];
    // Where a site says that it is to be reached on the listener's own port.
    if secure.port() != 443 {
        resolve.push(leads(secure.port(), Some(secure))?);
    }
    Ok((target, resolve))
}

/// Returns where a listener is reached on this machine.
fn reached(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listening.port())
}

/// Reads what was kept; what cannot be read is looked at again when somebody asks.
fn read(file: &Path) -> BTreeMap<String, Scanned> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let Ok(Value::Object(sites)) = serde_json::from_str(&text) else { return BTreeMap::new() };
    let sites = sites.into_iter().map(|(site, seen)| {
        let grade = seen["letter"].as_str().map(|letter| Grade {
            letter: letter.to_owned(),
            score: seen["score"].as_i64().and_then(|score| score.try_into().ok()).unwrap_or_default(),
            authority: seen["authority"].as_str().unwrap_or_default().to_owned(),
        });
        let list = |name: &str| seen[name].as_array().cloned().unwrap_or_default();
        let scanned = Scanned {
            at: seen["at"].as_i64().unwrap_or_default(),
            grade,
            findings: list("findings").iter().filter_map(finding).collect(),
            unseen: list("unseen").iter().filter_map(|text| Some(text.as_str()?.to_owned())).collect(),
        };
        (site, scanned)
    });
    sites.collect()
}

/// Rules and severities that this program no longer knows are left out.
fn finding(kept: &Value) -> Option<Finding> {
    let severities = [Severity::Info, Severity::Low, Severity::Medium, Severity::High];
    let severity = severities.into_iter().find(|known| Some(known.as_str()) == kept["severity"].as_str())?;
    let rule = catalog::find(kept["rule"].as_str()?)?.about.id;
    Some(Finding { rule, severity, message: kept["message"].as_str()?.to_owned() })
}

fn written(seen: &BTreeMap<String, Scanned>) -> String {
    let sites = seen.iter().map(|(site, seen)| {
        let findings = seen
            .findings
            .iter()
            .map(|found| json!({ "rule": found.rule, "severity": found.severity.as_str(), "message": found.message }));
        let grade = seen.grade.as_ref();
        let value = json!({
            "at": seen.at,
            "letter": grade.map(|grade| &grade.letter),
            "score": grade.map(|grade| grade.score),
            "authority": grade.map(|grade| &grade.authority),
            "findings": findings.collect::<Value>(),
            "unseen": seen.unseen,
        });
        (site.clone(), value)
    });
    Value::Object(sites.collect()).to_string()
}

/// Writes a file in one step: whoever reads meanwhile, or after a crash, has the old one or the new.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let draft = file.with_extension("new");
    std::fs::write(&draft, text)?;
    std::fs::rename(&draft, file)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sites that wait; somebody who asks for more asks again.
const MOST: usize = 64;

/// For one request: the wall is on this machine, and its app near.
const PATIENCE: Duration = Duration::from_secs(9);

const PATIENCE_IN_ALL: Duration = Duration::from_secs(90);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_this_wall_alone() {
        let addresses = Addresses {
            tls: vec!["0.0.0.0:8443".parse().unwrap()],
            http: vec!["[::]:8080".parse().unwrap()],
            admin: None,
        };
        for (site, is_fine) in [("a.example", true), ("*.a.example", true), ("192.0.2.1", true), ("", false)] {
            let found = place(site, &addresses);
            assert_eq!(found.is_ok(), is_fine, "{site}: {found:?}");
        }
        let none = Addresses { tls: Vec::new(), ..addresses };
        assert!(place("a.example", &none).is_err());
        for (listening, to) in [("0.0.0.0:1", "127.0.0.1:1"), ("[::]:1", "[::1]:1"), ("192.0.2.1:1", "192.0.2.1:1")] {
            assert_eq!(reached(listening.parse().unwrap()).to_string(), to);
        }
    }

    #[test]
    fn what_was_seen_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("scans.json");
        let grade = Grade { letter: "B+".to_owned(), score: 80, authority: "somebody".to_owned() };
        let finding = Finding { rule: "hsts-missing", severity: Severity::Medium, message: "none".to_owned() };
        let whole = Scanned { at: 7, grade: Some(grade), findings: vec![finding], unseen: vec!["x".to_owned()] };
        let bare = Scanned { at: 8, grade: None, findings: Vec::new(), unseen: Vec::new() };
        let seen: BTreeMap<_, _> = [("a".to_owned(), whole), ("b".to_owned(), bare)].into();
        std::fs::write(&file, written(&seen)).unwrap();
        assert_eq!(read(&file), seen);
        std::fs::write(&file, "{\"a\":{\"findings\":[{\"rule\":\"gone\"},7]}}").unwrap();
        assert_eq!(read(&file)["a"].findings, []);
        std::fs::write(&file, "nonsense").unwrap();
        assert!(read(&file).is_empty() && read(&folder.path().join("none")).is_empty());
    }
}
