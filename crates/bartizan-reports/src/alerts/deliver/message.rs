//! A mail as it is sent (RFC 5322): every header ours, every foreign text encoded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Mail;
use crate::alerts::{Alert, wording};

/// Returns the message, with line ends of the wire and without the dot at its end.
pub(super) fn message(mail: &Mail, alerts: &[Alert], id: &str, date: &str) -> String {
    let host = mail.from.rsplit_once('@').map_or("localhost", |(_, host)| host);
    let subject = encoded(&wording::subject(alerts));
    let mut text = format!(
        "From: {}\r\nTo: {}\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: <{id}@{host}>\r\n\
         Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n",
        mail.from,
        mail.to.join(",\r\n "),
    );
    // In this coding no line begins with a dot, and none is long (RFC 2045, 6.8; RFC 5321, 4.5.2).
    let body = STANDARD.encode(wording::text(alerts).replace('\n', "\r\n"));
    for line in body.as_bytes().chunks(76) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push_str("\r\n");
    }
    text
}

/// Returns a header's text as encoded words (RFC 2047, 2): nothing in it can end the line.
fn encoded(text: &str) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, more) = rest.split_at(rest.floor_char_boundary(LONGEST_WORD.min(rest.len())));
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
        rest = more;
    }
    words.join("\r\n ")
}

/// In bytes: an encoded word has 75 characters at most, and a line 78 with the name of the header.
const LONGEST_WORD: usize = 42;

#[cfg(test)]
mod tests {
    use super::super::Encryption;
    use super::*;

    #[test]
    fn no_foreign_text_becomes_a_header_or_ends_the_message() {
        let mail = Mail {
            host: "mail.example".to_owned(),
            port: 587,
            encryption: Encryption::StartTls,
            authorities: None,
            login: None,
            from: "wall@a.example".to_owned(),
            to: vec!["one@b.example".to_owned(), "two@b.example".to_owned()],
        };
        let evil = "x\r\nBcc: evil@c.example\r\n\r\n.\r\nMAIL FROM:<y> €";
        let alerts = [Alert::new("spike", evil, evil, &[("page", evil.to_owned())], 0)];
        let message = message(&mail, &alerts, "id", "Thu, 01 Jan 1970 00:00:00 +0000");
        let (head, body) = message.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> =
            head.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(':').next()).collect();
        let ours = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
        ];
        assert_eq!(names, ours);
        assert!(!message.contains("evil") && message.is_ascii());
        assert!(
            message
                .split("\r\n")
                .all(|line| line.len() <= 78 && !line.starts_with('.') && !line.contains(['\r', '\n']))
        );
        let text = STANDARD.decode(body.replace("\r\n", "")).unwrap();
        assert!(String::from_utf8(text).unwrap().contains("\\u{d}\\u{a}Bcc: evil[at]c.example"));
    }
}
