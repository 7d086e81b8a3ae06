//! A request and its response, as they stand in a file, put before the rules.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context, anyhow};
use bartizan_waf::transaction::{Fed, Phase, Start, Transaction};
use bartizan_waf::verdict::Progress;
use serde::Deserialize;

/// One case.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    /// Its name.
    pub(super) id: serde_json::Value,
    given: Given,
}

#[derive(Debug, Default, Deserialize)]
struct Given {
    method: String,
    uri: String,
    version: String,
    headers: Vec<(String, String)>,
    #[serde(default)]
    body_b64: String,
    #[serde(skip)]
    body: Vec<u8>,
    response: Option<Response>,
}

#[derive(Debug, Deserialize)]
struct Response {
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body_b64: String,
    #[serde(skip)]
    body: Vec<u8>,
}

impl Case {
    /// Reads a line.
    pub(super) fn of_json(line: &str) -> anyhow::Result<Self> {
        let mut case: Self = serde_json::from_str(line)?;
        case.given.body = decoded(&case.given.body_b64)?;
        if let Some(response) = &mut case.given.response {
            response.body = decoded(&response.body_b64)?;
        }
        Ok(case)
    }

    /// Reads a request as it is sent. What follows its fields is its body, whatever they say of its length.
    pub(super) fn of_http(request: &[u8]) -> anyhow::Result<Self> {
        let (head, body) = split_head(request);
        let head = head.iter().map(|&byte| char::from(byte)).collect::<String>();
        let mut lines = head.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let line = lines.next().unwrap_or_default();
        let mut words = line.splitn(2, ' ');
        let method = words.next().unwrap_or_default();
        let (uri, version) = words
            .next()
            .map(|rest| rest.rsplit_once(' ').unwrap_or((rest, "HTTP/0.9")))
            .ok_or_else(|| anyhow!("the request has no line such as GET / HTTP/1.1"))?;
        let headers = lines
            .filter(|line| !line.is_empty())
            .map(|line| {
                let (name, value) =
                    line.split_once(':').ok_or_else(|| anyhow!("a field of the request has no colon"))?;
                Ok((name.to_owned(), value.trim().to_owned()))
            })
            .collect::<anyhow::Result<_>>()?;
        let given = Given {
            method: method.to_owned(),
            uri: uri.to_owned(),
            version: version.to_owned(),
            headers,
            body: body.to_vec(),
            ..Given::default()
        };
        Ok(Self { id: serde_json::Value::Null, given })
    }

    /// The status that the client sees where nothing refuses.
    pub(super) fn status(&self) -> Option<u16> {
        self.given.response.as_ref().map(|response| response.status)
    }

    /// Puts the case before the rules of a transaction that begins anew.
    pub(super) fn judge(&self, transaction: &mut Transaction, now: u64) {
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let given = &self.given;
        transaction.begin(&Start { client: (local, 41_234), server: (local, 80), id: "waf-test", now });
        transaction.request_line(&bytes(&given.method), &bytes(&given.uri), &bytes(&given.version));
        for (name, value) in &given.headers {
            transaction.request_header(&bytes(name), &bytes(value));
        }
        phase(transaction, Phase::RequestHeaders);
        if transaction.refusal().is_none() {
            if transaction.wants_request_body() {
                let _: Fed = transaction.request_body(&given.body);
            }
            phase(transaction, Phase::RequestBody);
        }
        if let Some(response) = given.response.as_ref().filter(|_| transaction.refusal().is_none()) {
            transaction.response_line(response.status, &bytes(&given.version));
            for (name, value) in &response.headers {
                transaction.response_header(&bytes(name), &bytes(value));
            }
            phase(transaction, Phase::ResponseHeaders);
            if transaction.refusal().is_none() {
                if transaction.wants_response_body() {
                    let _: Fed = transaction.response_body(&response.body);
                }
                phase(transaction, Phase::ResponseBody);
            }
        }
        phase(transaction, Phase::Logging);
    }
}

fn phase(transaction: &mut Transaction, phase: Phase) {
    transaction.begin_phase(phase);
    while transaction.run(u64::MAX) == Progress::More {}
}

/// Text stands for bytes, one character each (ISO 8859-1); what is beyond those was meant as UTF-8.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for char in text.chars() {
        match u8::try_from(char) {
            Ok(byte) => bytes.push(byte),
            Err(_) => bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

fn decoded(text: &str) -> anyhow::Result<Vec<u8>> {
    base64_decode(text).context("body_b64 is not base64")
}

fn base64_decode(text: &str) -> anyhow::Result<Vec<u8>> {
    use base64::Engine as _;
    Ok(base64::engine::general_purpose::STANDARD.decode(text)?)
}

/// The head and the body, parted by the first empty line.
fn split_head(request: &[u8]) -> (&[u8], &[u8]) {
    let find = |mark: &[u8]| request.windows(mark.len()).position(|window| window == mark);
    let (end, length) = match (find(b"\r\n\r\n"), find(b"\n\n")) {
        (Some(crlf), Some(lf)) if lf < crlf => (lf, 2),
        (Some(crlf), _) => (crlf, 4),
        (None, Some(lf)) => (lf, 2),
        (None, None) => (request.len(), 0),
    };
    (request.get(..end).unwrap_or_default(), request.get(end + length..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Case, bytes};

    #[test]
    fn requests_are_read_as_they_are_sent() {
        let case = Case::of_http(b"POST /a b HTTP/1.1\r\nHost: x\r\nA:  b \r\n\r\nbody\r\n\r\n").expect("a request");
        let given = case.given;
        assert_eq!((given.method.as_str(), given.uri.as_str(), given.version.as_str()), ("POST", "/a b", "HTTP/1.1"));
        assert_eq!(given.headers[1], ("A".to_owned(), "b".to_owned()));
        assert_eq!(given.body, b"body\r\n\r\n");
        assert!(Case::of_http(b"nonsense").is_err());
        assert!(Case::of_http(b"GET / HTTP/1.1\r\nno colon\r\n\r\n").is_err());
    }

    #[test]
    fn text_is_one_character_a_byte() {
        for (text, expected) in
            [("/?a", &b"/?a"[..]), ("\u{e9}\u{ff}\u{80}", b"\xe9\xff\x80"), ("\u{20ac}", b"\xe2\x82\xac")]
        {
            assert_eq!(bytes(text), expected, "{text}");
        }
        let case = Case::of_http(b"GET /\xe9 HTTP/1.1\r\n\r\n").expect("a request");
        assert_eq!(bytes(&case.given.uri), b"/\xe9");
    }

    #[test]
    fn cases_are_read_with_and_without_a_response() {
        let line = r#"{"id":7,"given":{"method":"GET","uri":"/","version":"HTTP/1.1","headers":[["a","b"]],"body_b64":"YQ=="}}"#;
        let case = Case::of_json(line).expect("a case");
        assert_eq!((case.given.body.as_slice(), case.status()), (b"a".as_slice(), None));
        assert!(Case::of_json(&line.replace("YQ==", "?")).is_err());
        assert!(Case::of_json("{}").is_err());
    }
}
