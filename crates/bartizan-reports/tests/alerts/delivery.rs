//! Each way to tell somebody, against a server or program of the test; each yes with what goes wrong.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use bartizan_reports::alerts::{Alert, Channel, DeliveryError, Encryption, Form, Mail, Run, Secret, Webhook, deliver};
use bartizan_testkit::{Issued, MailEncryption, MailOptions, MailServer, RecordingUpstream, Reply, TestCa, free_port};

fn alerts() -> Vec<Alert> {
    let evil = "https://evil.example/\r\nBcc: x@y.example\u{1b}[31m<!channel>";
    vec![Alert::new("spike", "a.example", evil, &[("page", evil.to_owned())], 0), Alert::trial(1)]
}

fn told(channel: &Channel) -> Result<(), DeliveryError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(deliver(channel, &alerts()))
}

/// Returns the chain of a failure in one line.
fn failure(channel: &Channel) -> String {
    let error = told(channel).unwrap_err();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

fn webhook(url: &str, form: Form) -> Webhook {
    Webhook { url: Secret::new(url), form, token: Some(Secret::new("t0ken")), authorities: None }
}

#[test]
fn a_webhook_gets_each_form() {
    for (form, line) in [
        (Form::Json, "POST /hook?x=1 HTTP/1.1"),
        (Form::Slack, "POST /hook?x=1 HTTP/1.1"),
        (Form::Matrix, "PUT /hook/"),
    ] {
        let upstream = RecordingUpstream::answering("");
        told(&Channel::Webhook(webhook(&format!("{}/hook?x=1", upstream.url()), form))).unwrap();
        let request = upstream.requests().remove(0);
        assert!(request.request_line().starts_with(line), "{}", request.request_line());
        assert_eq!(request.header("authorization").as_deref(), Some("Bearer t0ken"));
        assert_eq!(request.header("content-type").as_deref(), Some("application/json"));
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let member = match form {
            Form::Json => body["alerts"][1]["kind"].as_str(),
            Form::Slack => body["text"].as_str(),
            Form::Matrix => body["body"].as_str(),
        };
        assert!(member.unwrap().contains("test"), "{body}");
        assert!(!body.to_string().contains("\\r\\nBcc"));
    }
}

#[test]
fn a_webhook_says_what_failed_and_never_its_secret() {
    for (reply, expected) in [
        ("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "answered with status 500"),
        ("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "answered with status 302"),
        ("nonsense\r\n\r\n", "no answer to the request"),
    ] {
        let upstream = RecordingUpstream::start(move |_| Reply::raw(reply).close());
        let failure = failure(&Channel::Webhook(webhook(&format!("{}/s3cret", upstream.url()), Form::Json)));
        assert!(failure.starts_with(expected), "{failure}");
    }
    let port = free_port();
    let nobody = Channel::Webhook(webhook(&format!("http://127.0.0.1:{port}/s3cret"), Form::Json));
    assert!(failure(&nobody).starts_with(&format!("cannot connect to 127.0.0.1:{port}: ")), "{}", failure(&nobody));
    assert_eq!(nobody.to_string(), format!("webhook http://127.0.0.1:{port}"));
    let shown = format!("{nobody:?} {}", failure(&nobody));
    assert!(!shown.contains("s3cret") && !shown.contains("t0ken"), "{shown}");
}

#[test]
fn a_certificate_is_checked() {
    let (ours, other) = (TestCa::new(), TestCa::new());
    let address = tls_server(&ours.issue(&["localhost"]));
    for (ca, host, is_told) in [(&ours, "localhost", true), (&other, "localhost", false), (&ours, "127.0.0.1", false)] {
        let url = format!("https://{host}:{address}/hook");
        let one = Webhook { authorities: Some(ca.file()), ..webhook(&url, Form::Json) };
        let result = told(&Channel::Webhook(one));
        assert_eq!(result.is_ok(), is_told, "{host} {result:?}");
        if !is_told {
            assert!(matches!(result, Err(DeliveryError::Tls { .. })), "{result:?}");
        }
    }
}

/// Answers every request over TLS; returns its port.
fn tls_server(issued: &Issued) -> u16 {
    let (chain, key) = issued.read();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(builder.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            // A client that does not trust us says nothing.
            if stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0) {
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
                let _ = stream.flush();
            }
        }
    });
    port
}

fn mail(server: &MailServer, encryption: Encryption, ca: &TestCa, login: bool) -> Channel {
    Channel::Mail(Mail {
        host: "localhost".to_owned(),
        port: server.address().port(),
        encryption,
        authorities: Some(ca.file()),
        login: login.then(|| ("wall".to_owned(), Secret::new("passw0rd"))),
        from: "wall@a.example".to_owned(),
        to: vec!["one@b.example".to_owned(), "two@b.example".to_owned()],
    })
}

#[test]
fn a_mail_is_sent_by_every_encryption_and_login() {
    let ca = TestCa::new();
    let issued = ca.issue(&["localhost"]);
    let plain = "AUTH PLAIN AHdhbGwAcGFzc3cwcmQ=";
    for (encryption, ours, offers, mark, login) in [
        (
            MailEncryption::StartTls(issued.clone()),
            Encryption::StartTls,
            &["AUTH PLAIN LOGIN"][..],
            "tls: ",
            Some(plain),
        ),
        (MailEncryption::StartTls(issued.clone()), Encryption::StartTls, &["AUTH LOGIN"], "tls: ", Some("d2FsbA==")),
        (MailEncryption::Implicit(issued.clone()), Encryption::Implicit, &["AUTH PLAIN"], "tls: ", Some(plain)),
        (MailEncryption::StartTls(issued), Encryption::StartTls, &[], "tls: ", None),
        (MailEncryption::Plain, Encryption::DangerousPlain, &[], "", None),
    ] {
        let server = MailServer::start(MailOptions { encryption, offers, ..MailOptions::default() });
        told(&mail(&server, ours, &ca, login.is_some())).unwrap();
        let lines = server.wait_for(1);
        let has = |line: &str| lines.iter().any(|known| *known == format!("{mark}{line}"));
        assert!(has("MAIL FROM:<wall@a.example>") && has("RCPT TO:<one@b.example>"), "{lines:?}");
        assert!(has("RCPT TO:<two@b.example>") && has("To: one@b.example,") && has("."), "{lines:?}");
        assert!(login.is_none_or(has), "{lines:?}");
        assert!(!lines.iter().any(|line| line.contains("Bcc") || line.contains("evil")), "{lines:?}");
        // Nothing but the greeting is said in the clear.
        let clear = lines.iter().filter(|line| !line.starts_with("tls: ") && !mark.is_empty());
        assert!(clear.clone().all(|line| line == "EHLO localhost" || line == "STARTTLS"), "{lines:?}");
    }
}

#[test]
fn a_mail_says_what_failed_and_never_the_password() {
    let (ca, other) = (TestCa::new(), TestCa::new());
    let tls = |ca: &TestCa| MailEncryption::StartTls(ca.issue(&["localhost"]));
    for (encryption, offers, instead, expected) in [
        (MailEncryption::Plain, &[][..], None, "the mail server does not offer STARTTLS"),
        (tls(&other), &[], None, "no encrypted connection to localhost: "),
        (tls(&ca), &[], None, "the mail server does not offer AUTH PLAIN or AUTH LOGIN"),
        (
            tls(&ca),
            &["AUTH PLAIN"],
            Some(("AUTH", "535 no\u{1b}[31m")),
            "the mail server answered 535 to AUTH: no\\u{1b}[31m",
        ),
        (
            tls(&ca),
            &["AUTH PLAIN"],
            Some(("RCPT TO:<two", "550 who?")),
            "the mail server answered 550 to RCPT TO: who?",
        ),
        (tls(&ca), &["AUTH PLAIN"], Some(("DATA", "hello")), "the mail server's answer to DATA is none"),
        // Whoever can write into the connection could add this (the attack on STARTTLS of 2011).
        (tls(&ca), &[], Some(("STARTTLS", "220 go on\r\n250 forged")), "the mail server's answer to STARTTLS is none"),
    ] {
        let server = MailServer::start(MailOptions { encryption, offers, instead });
        let channel = mail(&server, Encryption::StartTls, &ca, true);
        let failure = failure(&channel);
        assert!(failure.starts_with(expected), "{failure}, not {expected}");
        assert!(!format!("{failure} {channel:?} {channel}").contains("passw0rd"));
    }
}

#[test]
fn a_command_gets_everything_by_environment_and_input() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let run = |words: &[&str]| Channel::Command(Run { words: words.iter().map(|word| (*word).to_owned()).collect() });
    let script = format!("cat > {0}; printf '%s' \"$BARTIZAN_ALERTS $BARTIZAN_SUBJECT\" >> {0}", out.display());
    told(&run(&["sh", "-c", &script, "$(touch /nowhere)"])).unwrap();
    let text = std::fs::read_to_string(&out).unwrap();
    let (json, rest) = text.rsplit_once(']').unwrap();
    let alerts: Vec<Alert> = serde_json::from_str(&format!("{json}]")).unwrap_or_default();
    assert!(text.contains("2 [bartizan] 2 alerts") && (alerts.len() == 2 || !rest.is_empty()), "{text}");
    for (words, expected) in [
        (&["/nowhere/at-all"][..], "cannot run /nowhere/at-all: "),
        (&["sh", "-c", "exit 3"], "sh ended with exit status: 3"),
        (&[], "the command names no program"),
    ] {
        assert!(failure(&run(words)).starts_with(expected), "{}", failure(&run(words)));
    }
}
