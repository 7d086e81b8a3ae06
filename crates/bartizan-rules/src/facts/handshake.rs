//! How a server speaks TLS: what it accepts, what it proves, and with which certificate.
//!
//! `None` means that it could not be seen, never that it is not so.

use std::fmt;

use url::Url;

use super::ServiceRecord;

/// A server's TLS, as an outsider meets it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handshake {
    /// The versions that it accepts, oldest first.
    pub versions: Vec<AcceptedVersion>,
    /// The groups it takes for the exchange of keys, by name.
    pub groups: Vec<String>,
    /// The signature algorithms it signs with, by name.
    pub signatures: Vec<String>,
    /// The primes it uses where keys are exchanged over one.
    pub primes: Vec<Prime>,
    /// Whether it compresses what it encrypts.
    pub compression: Option<bool>,
    /// Whether a renegotiation is bound to the handshake before (RFC 5746).
    pub secure_renegotiation: Option<bool>,
    /// Whether it renegotiates at a client's wish.
    pub client_renegotiation: Option<bool>,
    /// Whether keys are bound to the whole handshake (RFC 7627).
    pub extended_master_secret: Option<bool>,
    /// Whether it notices that a client was made to fall back (RFC 7507).
    pub fallback_scsv: Option<bool>,
    /// Whether it answers a heartbeat that claims more than it holds (CVE-2014-0160).
    pub heartbleed: Option<bool>,
    /// Whether it accepts ChangeCipherSpec before there are keys (CVE-2014-0224).
    pub early_ccs: Option<bool>,
    /// What its answers to wrong padding tell (ROBOT).
    pub robot: Option<Robot>,
    /// Whether it takes data before the handshake is over (RFC 8446, 8).
    pub early_data: Option<bool>,
    /// How it resumes sessions.
    pub resumption: Resumption,
    /// The application protocols it chooses, such as `h2`.
    pub alpn: Vec<String>,
    /// Whether it still negotiates protocols as before ALPN (NPN).
    pub npn: Option<bool>,
    /// Whether it repeats more of a session's number than it was told (CVE-2016-9244).
    pub ticketbleed: Option<bool>,
    /// What it does not stand in a hello, though every server must pass over what it does not know.
    pub intolerance: Vec<&'static str>,
    /// Whether it announces HTTP/3.
    pub http3: Option<bool>,
    /// What visitors of a browser get to see.
    pub certificate: Option<Certificate>,
    /// The records that say who may issue for the name; `None` when DNS was not asked.
    pub caa: Option<Vec<String>>,
    /// The records that say how to meet the site; `None` when DNS was not asked.
    pub services: Option<Vec<ServiceRecord>>,
    /// Whether the records of the name are signed (DNSSEC); `None` where nobody looked.
    pub is_name_signed: Option<bool>,
    /// The age of the site's HSTS policy in seconds.
    pub hsts: Option<u64>,
    /// When it was seen, in seconds since 1970.
    pub seen: i64,
}

/// A version of the protocol, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsVersion {
    /// SSL 2.0.
    Ssl2,
    /// SSL 3.0.
    Ssl3,
    /// TLS 1.0.
    Tls10,
    /// TLS 1.1.
    Tls11,
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// A version that a server accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedVersion {
    /// The version.
    pub version: TlsVersion,
    /// Its suites in the order in which the server chose them.
    pub suites: Vec<String>,
    /// Whether the server's order counts and not the client's.
    pub is_server_order: Option<bool>,
}

/// A prime for the exchange of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prime {
    /// Its length.
    pub bits: u32,
    /// Where it is known from, if many servers share it.
    pub known: Option<&'static str>,
}

/// What a server's answers to wrong padding tell (ROBOT).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Robot {
    /// The same whatever is wrong.
    Silent,
    /// Keys are not exchanged that way.
    NotOffered,
    /// They differ, and an attack is slow.
    Weak,
    /// They differ, and an attack is practical.
    Strong,
    /// They differ from time to time.
    Unsteady,
}

/// How sessions of TLS 1.2 and below are resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resumption {
    /// By a number that the server keeps.
    pub by_id: Option<Resumed>,
    /// By a ticket that the client keeps.
    pub by_ticket: Option<Resumed>,
    /// How long a ticket is good for, in seconds, as the server says.
    pub ticket_lifetime: Option<u32>,
}

/// Whether resuming worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resumed {
    /// Each time.
    Always,
    /// Not each time: servers behind one name do not share their keys.
    Sometimes,
    /// Never.
    Never,
    /// There is only TLS 1.3, which has another way.
    Tls13Only,
}

/// The certificate and the chain that came with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certificate {
    /// The names it is for.
    pub names: Vec<String>,
    /// Whether the host is among them.
    pub is_for_host: bool,
    /// Who issued it.
    pub issuer: String,
    /// From when it is valid, in seconds since 1970.
    pub not_before: i64,
    /// Until when it is valid, in seconds since 1970.
    pub not_after: i64,
    /// The kind of key and its bits.
    pub key: (String, u32),
    /// The hash that the issuer signed, such as `sha256`.
    pub signature: String,
    /// Whether a link below the root is signed over SHA-1 or MD5.
    pub has_weak_signature: bool,
    /// How many certificates came.
    pub chain: usize,
    /// Whether each was issued by the next.
    pub is_in_order: Option<bool>,
    /// Subjects of certificates that came and lead nowhere.
    pub superfluous: Vec<String>,
    /// Whether the root came, too.
    pub has_root: bool,
    /// Where the way from issuer to issuer ends.
    pub end: End,
    /// Who trusts it.
    pub trust: Trust,
    /// Timestamps in the certificate, in the handshake and in the staple.
    pub timestamps: (usize, usize, usize),
    /// Whether it must not be used without a staple (RFC 7633).
    pub must_staple: bool,
    /// What the staple says.
    pub staple: Option<Staple>,
}

/// Where the way from issuer to issuer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    /// At the certificate, which is its own issuer.
    Itself,
    /// At an issuer that is neither sent nor known.
    Nowhere,
    /// At a root.
    #[default]
    Root,
}

/// Who trusts a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trust {
    /// Browsers do.
    Public,
    /// The authority that the operator named does.
    Named,
    /// Nobody does, for this reason.
    #[default]
    Nobody,
}

/// What a stapled answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staple {
    /// The certificate is good.
    Good,
    /// It was taken back.
    Revoked,
    /// It is too old, about another certificate, or no answer.
    Useless,
}

impl Handshake {
    /// Whether the version is accepted.
    pub fn accepts(&self, version: TlsVersion) -> bool {
        self.versions.iter().any(|accepted| accepted.version == version)
    }

    /// Returns all suites of all versions, each once.
    pub fn suites(&self) -> Vec<&str> {
        let mut suites: Vec<&str> = Vec::new();
        for suite in self.versions.iter().flat_map(|accepted| &accepted.suites) {
            if !suites.contains(&suite.as_str()) {
                suites.push(suite);
            }
        }
        suites
    }

    /// Returns the suites for which something holds, each once.
    pub fn suites_that(&self, holds: impl Fn(&str) -> bool) -> Vec<&str> {
        self.suites().into_iter().filter(|suite| holds(suite)).collect()
    }

    /// Returns the newest version.
    pub fn newest(&self) -> Option<TlsVersion> {
        self.versions.iter().map(|accepted| accepted.version).max()
    }

    /// Returns the address that all examples use.
    pub(crate) fn example_url() -> Url {
        Url::parse("https://app.example/").expect("an address written out on this line")
    }

    /// Reads an example: a good server, but for what the lines say.
    pub(crate) fn example(text: &str) -> Self {
        let mut facts = Self::sound();
        for (key, value) in text.lines().filter_map(|line| line.trim().split_once(": ")) {
            facts.set(key, value);
        }
        facts
    }

    /// A server with which nothing is wrong, seen at the start of 2026.
    fn sound() -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let accepted =
            |version, suites: &[&str]| AcceptedVersion { version, suites: owned(suites), is_server_order: Some(true) };
        let modern = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];
        Self {
            versions: vec![
                accepted(TlsVersion::Tls12, &["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]),
                accepted(TlsVersion::Tls13, &modern),
            ],
            groups: owned(&["X25519MLKEM768", "X25519", "secp256r1"]),
            signatures: owned(&["ecdsa_secp256r1_sha256"]),
            compression: Some(false),
            secure_renegotiation: Some(true),
            client_renegotiation: Some(false),
            extended_master_secret: Some(true),
            fallback_scsv: Some(true),
            heartbleed: Some(false),
            early_ccs: Some(false),
            robot: Some(Robot::NotOffered),
            early_data: Some(false),
            alpn: owned(&["h2", "http/1.1"]),
            certificate: Some(Certificate {
                names: owned(&["app.example"]),
                is_for_host: true,
                issuer: "CN=R11".to_owned(),
                not_before: SEEN - 10 * DAY,
                not_after: SEEN + 80 * DAY,
                key: ("ECPublicKey".to_owned(), 256),
                signature: "sha256".to_owned(),
                chain: 2,
                is_in_order: Some(true),
                trust: Trust::Public,
                timestamps: (2, 0, 0),
                ..Certificate::default()
            }),
            npn: Some(false),
            ticketbleed: Some(false),
            caa: Some(owned(&["0 issue \"letsencrypt.org\""])),
            is_name_signed: Some(true),
            hsts: Some(63_072_000),
            seen: SEEN,
            ..Self::default()
        }
    }

    fn set(&mut self, key: &str, value: &str) {
        let list = || value.split(", ").map(str::to_owned).collect::<Vec<_>>();
        let flag = Some(value == "yes");
        match key {
            "versions" => {
                self.versions =
                    list().iter().filter_map(|name| TlsVersion::named(name)).map(AcceptedVersion::example).collect();
            }
            "suites" => {
                if let Some(first) = self.versions.first_mut() {
                    first.suites = list();
                }
            }
            "server-order" => self.versions.iter_mut().for_each(|accepted| accepted.is_server_order = flag),
            "groups" => self.groups = list(),
            "prime" => {
                let (bits, known) = value.split_once(' ').unwrap_or((value, ""));
                let known = (!known.is_empty()).then_some("RFC 2409, Second Oakley Group");
                self.primes = vec![Prime { bits: bits.parse().unwrap_or_default(), known }];
            }
            "compression" => self.compression = flag,
            "secure-renegotiation" => self.secure_renegotiation = flag,
            "client-renegotiation" => self.client_renegotiation = flag,
            "extended-master-secret" => self.extended_master_secret = flag,
            "fallback-scsv" => self.fallback_scsv = flag,
            "heartbleed" => self.heartbleed = flag,
            "early-ccs" => self.early_ccs = flag,
            "oracle" => self.robot = flag.map(|is_there| if is_there { Robot::Strong } else { Robot::Silent }),
            "early-data" => self.early_data = flag,
            "ticket-days" => self.resumption.ticket_lifetime = value.parse().ok().map(|days: u32| days * 86_400),
            "alpn" => self.alpn = list(),
            "signatures" => self.signatures = list(),
            "npn" => self.npn = flag,
            "ticketbleed" => self.ticketbleed = flag,
            "intolerant-of" => self.intolerance = vec!["numbers without a meaning (GREASE)"],
            "name-signed" => self.is_name_signed = flag,
            "https-record" => self.services = Some(vec![ServiceRecord { priority: 1, alpn: list(), has_ech: false }]),
            "caa" => self.caa = Some(if value == "none" { Vec::new() } else { list() }),
            _ => {
                if let Some(certificate) = &mut self.certificate {
                    certificate.set(key, value);
                }
            }
        }
    }
}

impl Certificate {
    fn set(&mut self, key: &str, value: &str) {
        let flag = value == "yes";
        let days = || value.parse::<i64>().unwrap_or_default() * DAY;
        match key {
            "names" => self.names = value.split(", ").map(str::to_owned).collect(),
            "for-host" => self.is_for_host = flag,
            "trusted" if !flag => self.trust = Trust::Nobody,
            "self-signed" if flag => self.end = End::Itself,
            "incomplete" if flag => self.end = End::Nowhere,
            "in-order" => self.is_in_order = Some(flag),
            "root-sent" => self.has_root = flag,
            "superfluous" => self.superfluous = vec![value.to_owned()],
            "ends-in-days" => self.not_after = SEEN + days(),
            "starts-in-days" => self.not_before = SEEN + days(),
            "issued-after-seen-days" => {
                let length = self.not_after - self.not_before;
                self.not_before = SEEN + days();
                self.not_after = self.not_before + length;
            }
            "valid-days" => self.not_after = self.not_before + days(),
            "key" => {
                let (kind, bits) = value.split_once(' ').unwrap_or((value, "0"));
                self.key = (kind.to_owned(), bits.parse().unwrap_or_default());
            }
            "signature" => {
                value.clone_into(&mut self.signature);
                self.has_weak_signature = matches!(value, "sha1" | "md5");
            }
            "timestamps" => self.timestamps = (value.parse().unwrap_or_default(), 0, 0),
            "must-staple" => self.must_staple = flag,
            "staple" => {
                self.staple = match value {
                    "good" => Some(Staple::Good),
                    "revoked" => Some(Staple::Revoked),
                    "useless" => Some(Staple::Useless),
                    _ => None,
                }
            }
            _ => {}
        }
    }
}

impl AcceptedVersion {
    fn example(version: TlsVersion) -> Self {
        let suite = match version {
            TlsVersion::Tls13 => "TLS_AES_128_GCM_SHA256",
            TlsVersion::Tls12 => "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            TlsVersion::Ssl2 => "SSL_CK_RC4_128_WITH_MD5",
            TlsVersion::Ssl3 | TlsVersion::Tls10 | TlsVersion::Tls11 => "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        };
        Self { version, suites: vec![suite.to_owned()], is_server_order: Some(true) }
    }
}

impl TlsVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 6] = [Self::Ssl2, Self::Ssl3, Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13];

    /// Returns the name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ssl2 => "SSL 2.0",
            Self::Ssl3 => "SSL 3.0",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.name() == name)
    }
}

impl fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A day in seconds.
pub const DAY: i64 = 86_400;

/// The first second of 2026.
const SEEN: i64 = 1_767_225_600;
