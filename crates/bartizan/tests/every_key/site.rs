//! `[[site]]` and what a site alone can say.

use std::sync::{Arc, Mutex};

use bartizan_testkit::{RecordingUpstream, TlsOptions, Trust, WireClient};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::{DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::asks::{Ask, HOST};
use super::case::Case;
use super::{Proof, Row, Seen, below};

pub(crate) fn proofs() -> Vec<Proof> {
    let mut all = below("site[].", ROWS);
    all.extend(below("site[].security_txt.", SECURITY_TXT));
    for proof in &mut all {
        if proof.key.starts_with("site[].security_txt.") && !proof.key.ends_with(".file") {
            for (key, value) in [("contact", "[\"mailto:a@app.example\"]"), ("expires", "\"2099-01-01T00:00:00Z\"")] {
                proof.also.push((format!("site[].security_txt.{key}"), value));
            }
        }
        if proof.key == "site[].https.ssl_proxy_headers" {
            proof.also.push(("server.trusted_proxies".to_owned(), "[\"127.0.0.1\"]"));
        }
    }
    all
}

const ROWS: &[Row] = &[
    ("hosts", &["[\"app.example\"]", "[\"other.example\"]"], &[], |case| get(case, Ask::get("/"))),
    ("upstream", &["[\"{one}\"]", "[\"{two}\"]"], &[], one_of_two_apps),
    ("unknown_host", &["\"bad-request\"", "\"close\"", "\"misdirected\""], &[], |case| {
        get(case, Ask { host: "x.example", ..Ask::get("/") })
    }),
    ("health_paths", &["[\"/up\"]", "[]"], &[], |case| get(case, Ask { host: "127.0.0.1", ..Ask::get("/up") })),
    ("encoded_slashes", &["\"decode\"", "\"keep\"", "\"refuse\""], &[], |case| get(case, Ask::get("/a%2Fb"))),
    ("certificate.chain", &["\"@chain_one\"", "\"@chain_two\""], &[], start),
    ("certificate.key", &["\"@key_one\"", "\"@key_two\""], &[], start),
    ("certificate.ocsp", &["\"@ocsp_one\"", "\"@ocsp_two\""], &[], stapled),
    ("https.redirect", &["\"permanent\"", "\"dangerous_plain_http\""], &[], plain),
    ("https.canonical_host", &["\"app.example\"", "\"www.app.example\""], &[], |case| get(case, Ask::get("/"))),
    ("https.port", &["443", "8443"], &[], plain),
    ("https.ssl_proxy_headers", &["{ x-tls = \"on\" }", "{ x-tls = \"yes\" }"], &[], plain),
    ("uploads[].path", &["\"/r/\"", "\"/elsewhere/\""], UPLOAD, |case| get(case, Ask::get("/r/x"))),
    ("uploads[].host", &["\"app.example\"", "\"files.app.example\""], UPLOAD, |case| get(case, Ask::get("/r/x"))),
    ("uploads[].attachment", &["true", "false"], UPLOAD, |case| {
        get(case, Ask { host: "files.app.example", ..Ask::get("/r/x") })
    }),
];

const UPLOAD: &[(&str, &str)] = &[("uploads[].path", "\"/r/\""), ("uploads[].host", "\"files.app.example\"")];

const SECURITY_TXT: &[Row] = &[
    ("contact", &["[\"mailto:a@app.example\"]", "[\"mailto:b@app.example\"]"], &[], security_txt),
    ("expires", &["\"2098-01-01T00:00:00Z\"", "\"2099-01-01T00:00:00Z\""], &[], security_txt),
    ("encryption", &["[\"https://a.example/key\"]", "[]"], &[], security_txt),
    ("acknowledgments", &["[\"https://a.example/thanks\"]", "[]"], &[], security_txt),
    ("preferred_languages", &["\"en\"", "\"nl\""], &[], security_txt),
    ("canonical", &["[\"https://app.example/.well-known/security.txt\"]", "[]"], &[], security_txt),
    ("policy", &["[\"https://a.example/policy\"]", "[]"], &[], security_txt),
    ("hiring", &["[\"https://a.example/jobs\"]", "[]"], &[], security_txt),
    ("file", &["\"@security_one\"", "\"@security_two\""], &[], security_txt),
];

fn get(case: &Case<'_>, ask: Ask<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let mut seen = ask.both(&wall);
    // What the app was asked belongs to it: a path that was rewritten is seen there alone.
    for (_, seen) in &mut seen {
        seen.push_str(&app.requests().iter().map(|request| request.request_line()).collect::<Vec<_>>().join("\n"));
    }
    seen
}

fn plain(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    vec![("plain HTTP", Ask { more: &[("X-Tls", "on")], ..Ask::get("/") }.plain(&wall))]
}

fn security_txt(case: &Case<'_>) -> Seen {
    let app = Case::app();
    Ask::get("/.well-known/security.txt").both(&case.start(&[&app]))
}

fn one_of_two_apps(case: &Case<'_>) -> Seen {
    let (one, two) = (RecordingUpstream::answering("one"), RecordingUpstream::answering("two"));
    Ask::get("/").both(&case.start(&[&one, &two]))
}

/// A chain and a key that do not belong together stop the start.
fn start(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let started = case.try_start(&[app.url()]).map(|wall| Ask::get("/").first(&wall));
    vec![("start", started.unwrap_or_else(|_| "refused".to_owned()))]
}

fn stapled(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let listener = Arc::new(Listener::default());
    let mut config = Trust::DangerousAnyone.client_config(None);
    config.dangerous().set_certificate_verifier(Arc::clone(&listener) as Arc<dyn ServerCertVerifier>);
    let options = TlsOptions { config: Arc::new(config), server_name: Some(HOST.to_owned()) };
    drop(WireClient::tls(wall.addresses().tls[0], &options).unwrap());
    let heard = listener.0.lock().unwrap().clone();
    vec![("stapled", format!("{heard:?}"))]
}

/// Notes the OCSP response of a handshake and believes everything.
#[derive(Debug, Default)]
struct Listener(Mutex<Vec<u8>>);

impl ServerCertVerifier for Listener {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        ocsp: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.0.lock().unwrap() = ocsp.to_vec();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
