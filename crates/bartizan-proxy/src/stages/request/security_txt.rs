//! security.txt: where to report a weakness (RFC 9116). It refuses nothing.
//!
//! A request passes unless it is GET or HEAD for `/.well-known/security.txt` on a site that has one configured;
//! that is answered here.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::config::SecurityTxt;
use crate::context::Exchange;
use crate::head::RequestHead;
use crate::stages::{Answer, RequestStage, Verdict};

/// Answers for `/.well-known/security.txt`.
#[derive(Debug)]
pub struct SecurityTxtFile {
    text: Option<Bytes>,
}

impl SecurityTxtFile {
    /// Makes the stage for a site; a file is read here, once, and not again while the configuration lasts.
    ///
    /// A file that cannot be read leaves the path to the app, and the log says so.
    pub fn new(plan: Option<&SecurityTxt>) -> Self {
        let text = plan.and_then(|plan| match &plan.file {
            None => Some(write(plan).into()),
            Some(path) => match std::fs::read(path) {
                Ok(text) => Some(text.into()),
                Err(error) => {
                    tracing::error!(path = %path.display(), %error, "cannot read the file for security.txt");
                    None
                }
            },
        });
        Self { text }
    }
}

impl RequestStage for SecurityTxtFile {
    fn name(&self) -> &'static str {
        "security-txt"
    }

    fn describe(&self) -> String {
        self.text.as_ref().map_or_else(|| "off".to_owned(), |text| format!("{} bytes at {PATH}", text.len()))
    }

    fn head(&self, request: &mut RequestHead, _exchange: &mut Exchange) -> Verdict {
        let Some(text) = &self.text else { return Verdict::Pass };
        if request.target.path() != PATH || !matches!(request.method, Method::GET | Method::HEAD) {
            return Verdict::Pass;
        }
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        Verdict::Answer(Box::new(Answer { status: StatusCode::OK, headers, body: text.clone() }))
    }
}

/// Writes the fields, one a line (RFC 9116, 2.2).
pub fn write(plan: &SecurityTxt) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // A line end within a value would begin another field.
        if !value.is_empty() && !value.contains(char::is_control) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name}: {value}");
        }
    };
    plan.contact.iter().for_each(|contact| line("Contact", contact));
    line("Expires", &plan.expires);
    for (name, values) in &plan.others {
        values.iter().for_each(|value| line(name, value));
    }
    text
}

const PATH: &str = "/.well-known/security.txt";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    #[test]
    fn the_path_is_answered_where_one_is_configured() {
        let plan = SecurityTxt {
            contact: vec!["mailto:security@app.example".into(), "https://app.example/x\nEvil: 1".into()],
            expires: "2030-01-01T00:00:00Z".into(),
            others: [("Policy".to_owned(), vec!["https://app.example/policy".to_owned()])].into(),
            file: None,
        };
        let stage = SecurityTxtFile::new(Some(&plan));
        for (method, path, expected) in
            [("GET", PATH, "200"), ("HEAD", PATH, "200"), ("POST", PATH, "pass"), ("GET", "/security.txt", "pass")]
        {
            assert_eq!(outcome(&stage, &mut Ask::new(method, path)), expected, "{method} {path}");
            assert_eq!(outcome(&SecurityTxtFile::new(None), &mut Ask::new(method, path)), "pass");
        }
        let expected =
            "Contact: mailto:security@app.example\nExpires: 2030-01-01T00:00:00Z\nPolicy: https://app.example/policy\n";
        assert_eq!(stage.text.as_deref(), Some(expected.as_bytes()));
    }

    #[test]
    fn a_file_is_served_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("security.txt");
        std::fs::write(&path, "-----BEGIN PGP SIGNED MESSAGE-----").unwrap();
        for (path, expected) in [(path, "200"), (folder.path().join("none"), "pass")] {
            let plan = SecurityTxt { file: Some(path), ..SecurityTxt::default() };
            assert_eq!(outcome(&SecurityTxtFile::new(Some(&plan)), &mut Ask::get(PATH)), expected);
        }
    }
}
