//! The order of questions: first what each version accepts, then, with that, everything else at once.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bartizan_rules::facts::TlsVersion;
use bartizan_rules::facts::handshake::{AcceptedVersion, Handshake, Prime, Resumed, Resumption, Robot};
use rustls_pki_types::ServerName;

use super::certificate::{self, Judged, Shown};
use super::connection::Dialer;
use super::probe::extensions::Client;
use super::probe::suites::{Accepted, Doubt};
use super::probe::{alpn, attack, extensions, groups, resumption, robot, signatures, suites, tls13, tolerance};
use super::report::{Answers, Protocol, Report, ResumptionAnswers};
use super::version::Version;
use super::wire::flight::Flight;
use super::wire::hello::NEXT_PROTOCOL;
use super::wire::key_exchange::Share;
use super::{Options, Target, Unseen, primes};
use crate::dns::Names;

/// Looks at a server; it takes no longer than the options allow, whatever the server does.
pub async fn inspect(target: &Target, options: &Options) -> Report {
    let host = target.host.trim_matches(['[', ']']);
    let name = ServerName::try_from(host.to_owned()).ok();
    // An address has no place in a hello (RFC 6066, 3).
    let sni = matches!(name, Some(ServerName::DnsName(_))).then(|| host.to_owned());
    let dialer = Dialer::new(target.address, sni, options.timeout, options.limit, options.at_once);
    let versions = Box::pin(Versions::ask(&dialer)).await;
    let mut unseen = versions.unseen();
    let Some(newest) = versions.newest() else {
        let handshake = Handshake { versions: versions.facts(), ..Handshake::default() };
        return Report { connectivity: "ERROR_NO_CONNECTIVITY", answers: None, handshake, unseen };
    };
    let rest = Box::pin(Rest::ask(&dialer, &versions, newest, name.as_ref(), target, options)).await;
    rest.note_unseen(&mut unseen);
    let handshake = rest.handshake(&versions, options);
    let answers = rest.answers(&versions, newest);
    Report { connectivity: "COMPLETED", answers: Some(answers), handshake, unseen }
}

/// What each version accepts.
struct Versions {
    ssl2: Vec<&'static str>,
    accepted: Vec<(Version, Accepted)>,
}

impl Versions {
    async fn ask(dialer: &Dialer) -> Self {
        let (ssl2, ssl3, tls10, tls11, tls12, tls13) = tokio::join!(
            suites::ask_ssl2(dialer),
            suites::ask(dialer, Version::Ssl3),
            suites::ask(dialer, Version::Tls10),
            suites::ask(dialer, Version::Tls11),
            suites::ask(dialer, Version::Tls12),
            suites::ask(dialer, Version::Tls13),
        );
        Self { ssl2, accepted: Version::ALL.into_iter().zip([ssl3, tls10, tls11, tls12, tls13]).collect() }
    }

    fn newest(&self) -> Option<Version> {
        self.accepted.iter().rev().find(|(_, accepted)| !accepted.suites.is_empty()).map(|(version, _)| *version)
    }

    /// The newest version below TLS 1.3, which shows more unencrypted.
    fn newest_open(&self) -> Option<Version> {
        let open = self.accepted.iter().rev().filter(|(version, _)| *version < Version::Tls13);
        open.clone().find(|(_, accepted)| !accepted.suites.is_empty()).map(|(version, _)| *version)
    }

    fn of(&self, version: Version) -> &[&'static super::suites::Suite] {
        let found = self.accepted.iter().find(|(known, _)| *known == version);
        found.map(|(_, accepted)| accepted.suites.as_slice()).unwrap_or_default()
    }

    fn codes(&self, version: Version, holds: impl Fn(&super::suites::Suite) -> bool) -> Vec<u16> {
        self.of(version).iter().filter(|suite| holds(suite)).map(|suite| suite.code).collect()
    }

    fn facts(&self) -> Vec<AcceptedVersion> {
        let owned = |names: Vec<&'static str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let ssl2 =
            AcceptedVersion { version: TlsVersion::Ssl2, suites: owned(self.ssl2.clone()), is_server_order: None };
        let others = self.accepted.iter().map(|(version, accepted)| AcceptedVersion {
            version: version.fact(),
            suites: owned(accepted.suites.iter().map(|suite| suite.name).collect()),
            is_server_order: accepted.is_server_order,
        });
        std::iter::once(ssl2).chain(others).filter(|accepted| !accepted.suites.is_empty()).collect()
    }

    fn unseen(&self) -> Vec<Unseen> {
        let doubts = self.accepted.iter().filter_map(|(version, accepted)| Some((version, accepted.doubt?)));
        let why = |doubt| match doubt {
            Doubt::Garbage => "the server answered with something that is not TLS",
            Doubt::Silent => "the server did not answer in time",
            Doubt::Unreachable => "no connection came about",
        };
        doubts
            .map(|(version, doubt)| Unseen { what: format!("suites of {}", version.fact()), why: why(doubt) })
            .collect()
    }
}

/// Everything else.
#[derive(Default)]
struct Rest {
    flight: Option<Flight>,
    curves: groups::Accepted,
    groups: groups::Accepted,
    signatures: Vec<String>,
    alpn: Vec<String>,
    primes: Vec<Prime>,
    older: Option<bool>,
    usual: Option<bool>,
    fallback: Option<bool>,
    heartbleed: Option<bool>,
    early_ccs: Option<bool>,
    robot: Option<Robot>,
    resumption: Resumption,
    renegotiates: Option<bool>,
    ticketbleed: Option<bool>,
    early_data: Option<bool>,
    has_tls13: bool,
    certificate: Option<Judged>,
    names: Names,
    tolerance: Vec<&'static str>,
}

impl Rest {
    async fn ask(
        dialer: &Dialer,
        versions: &Versions,
        newest: Version,
        name: Option<&ServerName<'static>>,
        target: &Target,
        options: &Options,
    ) -> Self {
        let open = versions.newest_open();
        let mut rest = Self { has_tls13: newest == Version::Tls13, ..Self::default() };
        let shown13 = async {
            match name.filter(|_| newest == Version::Tls13) {
                Some(name) => Some(Box::pin(tls13::look(dialer, name)).await),
                None => None,
            }
        };
        let flight = async {
            let open = open?;
            let proven = versions.codes(open, |suite| !suite.name.contains("anon"));
            extensions::ask(dialer, open, &proven).await
        };
        let (shown13, flight) = tokio::join!(shown13, flight);
        let chain = flight.as_ref().map(|flight| flight.certificates.as_slice()).unwrap_or_default();
        let certificate = certificate::curve(chain);
        let (below, all, aes, static_rsa, ecdhe) = match open {
            Some(open) => (
                Some(open),
                versions.codes(open, |_| true),
                versions.codes(open, |suite| matches!(suite.code, 0x9c | 0x9d)),
                versions.codes(open, |suite| suite.is_static_rsa() && suite.is_of_oracle()),
                versions.codes(open, super::suites::Suite::is_ecdhe),
            ),
            None => (None, vec![], vec![], vec![], vec![]),
        };
        // Where the suite does not matter, one that costs the server no signature.
        let cheap = if static_rsa.is_empty() { all.clone() } else { static_rsa.clone() };
        // Of the suites whose faults are known best, the newest that need no care with padding of records.
        let oracle = if aes.is_empty() { static_rsa } else { aes };
        let with = |version: Option<Version>| version.filter(|_| !all.is_empty());
        let first = async {
            let Some(open) = with(below) else { return };
            let probes = tokio::join!(
                Client::Older.is_answered(dialer, open, versions.of(open)),
                Client::Usual.is_answered(dialer, open, versions.of(open)),
                async { attack::heartbleed(dialer, open, &all, flight.as_ref()?).await },
                attack::early_ccs(dialer, open, &cheap),
                robot::ask(dialer, open, &oracle),
            );
            (rest.older, rest.usual) = (Some(probes.0), Some(probes.1));
            (rest.heartbleed, rest.early_ccs, rest.robot) = (probes.2, probes.3, probes.4);
        };
        let second = async {
            let Some(open) = with(below) else { return Default::default() };
            tokio::join!(resumption::ask(dialer, open, &all), alpn::ask(dialer, open, &cheap))
        };
        let curves = async {
            match below {
                Some(open) if newest < Version::Tls13 => {
                    // Without a signature where possible: anonymous suites are for no visitor.
                    let codes = versions.codes(open, |suite| suite.is_ecdhe());
                    groups::ask(dialer, open, &codes, certificate).await
                }
                _ => groups::Accepted::default(),
            }
        };
        let groups13 = async {
            match newest {
                Version::Tls13 => groups::ask(dialer, newest, &versions.codes(newest, |_| true), None).await,
                _ => groups::Accepted::default(),
            }
        };
        let signed = async {
            if below != Some(Version::Tls12) {
                return Vec::new();
            }
            let dhe = versions.codes(Version::Tls12, |suite| suite.name.contains("DHE_"));
            signatures::ask(dialer, if ecdhe.is_empty() { &dhe } else { &ecdhe }).await
        };
        let primes = async {
            let Some(open) = below else { return Vec::new() };
            let codes = versions.codes(open, |suite| suite.name.contains("_DHE_") || suite.name.contains("_DH_anon"));
            ask_primes(dialer, open, codes).await
        };
        let fallback = extensions::notices_fallback(dialer, newest.min(Version::Tls12));
        let names = async {
            match &options.dns {
                // An address has no records of its own.
                Some(dns) if dialer.host.is_some() => dns.names(&target.host).await,
                _ => Names::default(),
            }
        };
        let alpn13 = async {
            match name {
                Some(name) if below.is_none() => alpn_of_tls13(dialer, name).await,
                _ => Vec::new(),
            }
        };
        // Of TLS 1.3, where an answer to a hello without a key costs the server next to nothing.
        let newest_codes = if newest == Version::Tls13 { versions.codes(newest, |_| true) } else { cheap.clone() };
        let tolerance = tolerance::ask(dialer, newest, &newest_codes);
        let ((), second, curves, groups, signed, primes, fallback, names, alpn13, tolerance) =
            tokio::join!(first, second, curves, groups13, signed, primes, fallback, names, alpn13, tolerance);
        (rest.resumption, rest.renegotiates, rest.ticketbleed) =
            (second.0.resumption, second.0.renegotiates, second.0.ticketbleed);
        rest.alpn = if below.is_none() { alpn13 } else { second.1 };
        (rest.curves, rest.groups, rest.signatures, rest.primes) = (curves, groups, signed, primes);
        (rest.fallback, rest.names, rest.tolerance) = (fallback, names, tolerance);
        rest.early_data = shown13.as_ref().and_then(|seen| seen.early_data);
        let shown = shown(shown13, flight.as_ref());
        let now = options.now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        rest.certificate = name.and_then(|name| certificate::judge(&shown, name, &options.authorities, now));
        rest.flight = flight;
        rest
    }

    fn note_unseen(&self, unseen: &mut Vec<Unseen>) {
        let mut note = |is_missing: bool, what: &str, why: &'static str| {
            if is_missing {
                unseen.push(Unseen { what: what.to_owned(), why });
            }
        };
        let has_open = self.older.is_some();
        note(self.certificate.is_none(), "the certificate", "no handshake showed one that can be read");
        note(self.has_tls13 && self.early_data.is_none(), "early data", "no handshake of TLS 1.3 could be finished");
        note(has_open && self.resumption.by_id.is_none(), "resumption", "no handshake could be finished");
        note(has_open && self.renegotiates.is_none(), "renegotiation", "no handshake could be finished");
        note(
            has_open && self.robot.is_none(),
            "the ROBOT oracle",
            "the server asks for a certificate, or its answers do not come",
        );
        note(has_open && self.heartbleed.is_none(), "Heartbleed", "the server did not answer");
        note(has_open && self.early_ccs.is_none(), "early ChangeCipherSpec", "the server did not answer");
    }

    fn handshake(&self, versions: &Versions, options: &Options) -> Handshake {
        let groups = if self.has_tls13 { &self.groups.groups } else { &self.curves.groups };
        let hello = self.flight.as_ref().map(|flight| &flight.hello);
        let seen = options.now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Handshake {
            versions: versions.facts(),
            groups: groups.iter().map(|group| group.name.to_owned()).collect(),
            signatures: self.signatures.clone(),
            primes: self.primes.clone(),
            compression: hello.map(|hello| hello.compression != 0),
            secure_renegotiation: hello.map(|hello| hello.extension(0xff01).is_some()),
            client_renegotiation: self.renegotiates,
            extended_master_secret: hello.map(|hello| hello.extension(23).is_some()),
            fallback_scsv: self.fallback,
            heartbleed: self.heartbleed,
            early_ccs: self.early_ccs,
            robot: self.robot,
            early_data: self.early_data,
            resumption: self.resumption,
            alpn: self.alpn.clone(),
            http3: options.alt_svc.as_deref().map(announces_http3),
            certificate: self.certificate.as_ref().map(|judged| judged.facts.clone()),
            npn: hello.map(|hello| hello.extension(NEXT_PROTOCOL).is_some()),
            ticketbleed: self.ticketbleed,
            intolerance: self.tolerance.clone(),
            caa: self.names.caa.clone(),
            services: self.names.services.clone(),
            is_name_signed: self.names.is_signed,
            hsts: options.hsts,
            seen: i64::try_from(seen).unwrap_or(i64::MAX),
        }
    }

    fn answers(&self, versions: &Versions, newest: Version) -> Answers {
        let hello = self.flight.as_ref().map(|flight| &flight.hello);
        let is_older = self.older == Some(true);
        // Below TLS 1.3, a client that gets no answer knows nothing; above, that there is nothing to fear.
        let to_older = |seen: Option<bool>, unseen: bool| match (is_older, self.has_tls13) {
            (true, _) => seen,
            (false, true) => Some(unseen),
            (false, false) => None,
        };
        let only_below = |seen: Option<bool>| if self.has_tls13 { Some(false) } else { seen };
        let curves = if self.has_tls13 { &self.groups.alone } else { &self.curves.alone };
        let mut curves: Vec<_> = curves.iter().filter(|group| group.is_curve()).map(|group| group.name).collect();
        curves.sort_unstable();
        Answers {
            protocols: protocols(versions),
            openssl_names: openssl_names(versions),
            curves,
            tls_compression: to_older(hello.map(|hello| hello.compression != 0), false),
            tls_1_3_early_data: if self.has_tls13 { self.early_data } else { Some(false) },
            tls_fallback_scsv: self.fallback,
            heartbleed: only_below(self.heartbleed),
            openssl_ccs_injection: only_below(self.early_ccs),
            robot: match versions.newest_open() {
                None => Some(robot_word(Robot::NotOffered)),
                Some(_) => self.robot.map(robot_word),
            },
            tls_extended_master_secret: match (self.has_tls13, self.usual) {
                (true, _) => Some(true),
                (false, Some(true)) => hello.map(|hello| hello.extension(23).is_some()),
                (false, _) => None,
            },
            secure_renegotiation: to_older(hello.map(|hello| hello.extension(0xff01).is_some()), true),
            client_reneg_dos: to_older(self.renegotiates, false),
            resumption: self.resumption_answers(versions, newest),
            cert: self.certificate.as_ref().map(|judged| judged.answers.clone()),
        }
    }

    fn resumption_answers(&self, versions: &Versions, newest: Version) -> Option<ResumptionAnswers> {
        // With TLS 1.3 above, only TLS 1.2 is asked, and what is below goes without saying.
        let is_asked = !self.has_tls13 || !versions.of(Version::Tls12).is_empty();
        let is_answered = match newest.min(Version::Tls12) {
            Version::Tls12 | Version::Tls13 => self.usual == Some(true),
            Version::Ssl3 | Version::Tls10 | Version::Tls11 => self.older == Some(true),
        };
        if self.has_tls13 && (!is_asked || !is_answered) {
            let only = resumed_word(Resumed::Tls13Only);
            return Some(ResumptionAnswers { session_id: only, ticket: only });
        }
        let (id, ticket) = (self.resumption.by_id?, self.resumption.by_ticket?);
        is_answered.then(|| ResumptionAnswers { session_id: resumed_word(id), ticket: resumed_word(ticket) })
    }
}

/// What of the two handshakes that show certificates to believe: the newer shows what browsers see.
fn shown(newer: Option<tls13::Seen>, older: Option<&Flight>) -> Shown {
    let timestamps = older.and_then(|flight| flight.hello.extension(18)).map(<[u8]>::to_vec);
    match (newer, older) {
        (Some(seen), _) if !seen.certificates.is_empty() => {
            Shown { chain: seen.certificates, staple: seen.staple, timestamps }
        }
        (_, Some(flight)) => Shown { chain: flight.certificates.clone(), staple: flight.staple.clone(), timestamps },
        _ => Shown::default(),
    }
}

async fn ask_primes(dialer: &Dialer, version: Version, mut codes: Vec<u16>) -> Vec<Prime> {
    let mut found: Vec<Prime> = Vec::new();
    // The strength of a prime may follow that of the suite: the first and the last tell both.
    codes.sort_unstable();
    let ends: Vec<u16> = codes.first().into_iter().chain(codes.last().filter(|_| codes.len() > 1)).copied().collect();
    for code in ends {
        let Some(flight) = extensions::ask(dialer, version, &[code]).await else { continue };
        let Some(Share::Prime(prime, ..)) = flight.key_exchange.map(|exchange| exchange.share) else { continue };
        let zeros = prime.iter().take_while(|byte| **byte == 0).count();
        let top = prime.get(zeros).map_or(0, |byte| byte.leading_zeros());
        let bits = u32::try_from((prime.len() - zeros) * 8).unwrap_or(u32::MAX).saturating_sub(top);
        let prime = Prime { bits, known: primes::known(&prime) };
        if !found.contains(&prime) {
            found.push(prime);
        }
    }
    found
}

async fn alpn_of_tls13(dialer: &Dialer, name: &ServerName<'static>) -> Vec<String> {
    let mut found = Vec::new();
    for offer in alpn::OFFERS {
        let chosen = tls13::alpn(dialer, name, offer).await;
        alpn::note(&mut found, offer, chosen.as_deref());
    }
    found
}

/// Whether `Alt-Svc` names HTTP/3 (RFC 7838, 3; RFC 9114, 3.1.1).
fn announces_http3(value: &str) -> bool {
    value.split(',').any(|service| service.trim().split('=').next().is_some_and(|name| name == "h3"))
}

fn protocols(versions: &Versions) -> BTreeMap<&'static str, Protocol> {
    let named = |mut names: Vec<&'static str>| {
        names.sort_unstable();
        Protocol { supported: !names.is_empty(), accepted: names }
    };
    let others = versions
        .accepted
        .iter()
        .map(|(version, accepted)| (key(*version), named(accepted.suites.iter().map(|suite| suite.name).collect())));
    std::iter::once(("ssl_2_0", named(versions.ssl2.clone()))).chain(others).collect()
}

fn openssl_names(versions: &Versions) -> BTreeMap<&'static str, Vec<&'static str>> {
    let from_tls10 = versions.accepted.iter().filter(|(version, _)| *version >= Version::Tls10);
    let names = from_tls10.map(|(version, accepted)| {
        let mut names: Vec<_> =
            accepted.suites.iter().map(|suite| suite.openssl).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        (key(*version), names)
    });
    names.collect()
}

const fn key(version: Version) -> &'static str {
    match version {
        Version::Ssl3 => "ssl_3_0",
        Version::Tls10 => "tls_1_0",
        Version::Tls11 => "tls_1_1",
        Version::Tls12 => "tls_1_2",
        Version::Tls13 => "tls_1_3",
    }
}

const fn robot_word(robot: Robot) -> &'static str {
    match robot {
        Robot::Silent => "NOT_VULNERABLE_NO_ORACLE",
        Robot::NotOffered => "NOT_VULNERABLE_RSA_NOT_SUPPORTED",
        Robot::Weak => "VULNERABLE_WEAK_ORACLE",
        Robot::Strong => "VULNERABLE_STRONG_ORACLE",
        Robot::Unsteady => "UNKNOWN_INCONSISTENT_RESULTS",
    }
}

const fn resumed_word(resumed: Resumed) -> &'static str {
    match resumed {
        Resumed::Always => "FULLY_SUPPORTED",
        Resumed::Sometimes => "PARTIALLY_SUPPORTED",
        Resumed::Never => "NOT_SUPPORTED",
        Resumed::Tls13Only => "SERVER_IS_TLS_1_3_ONLY",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http3_is_announced_by_name() {
        for (value, is_announced) in [
            (r#"h3=":443"; ma=86400"#, true),
            (r#"h2="alt.example:443", h3=":443""#, true),
            (r#"h3-29=":443""#, false), // a draft
            ("clear", false),
        ] {
            assert_eq!(announces_http3(value), is_announced, "{value}");
        }
    }
}
