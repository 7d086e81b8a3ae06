//! Traffic before rules: what ordinary people send to apps of many kinds, and what attackers send in every place and
//! writing. The built-in rules must tell them apart; the Core Rule Set must say of both what libmodsecurity says.

mod apps;
mod attacks;
mod baseline;
mod ordinary;
mod peer;
mod places;
#[path = "../support/mod.rs"]
mod support;

/// One request.
#[derive(Clone, Debug)]
struct Request {
    method: &'static str,
    version: &'static str,
    uri: String,
    fields: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Request {
    fn get(uri: impl Into<String>) -> Self {
        Self { method: "GET", version: "HTTP/1.1", uri: uri.into(), fields: Vec::new(), body: Vec::new() }
    }

    fn post(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let fields = vec![("Content-Type", content_type.to_owned())];
        Self { method: "POST", version: "HTTP/1.1", uri: "/app/save".to_owned(), fields, body: body.into() }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
    }

    fn to(mut self, uri: &str) -> Self {
        uri.clone_into(&mut self.uri);
        self
    }

    fn by(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// The fields as they are sent: those of every browser, those of this request, and the length of its body.
    fn sent(&self) -> Vec<(&'static str, String)> {
        let usual = [
            ("Host", "app.example"),
            ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            ("Accept", "*/*"),
        ];
        let mut fields: Vec<_> = usual
            .into_iter()
            .filter(|(name, _)| !self.fields.iter().any(|(given, _)| given == name))
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        fields.extend(self.fields.iter().cloned());
        if !self.body.is_empty() || matches!(self.method, "POST" | "PUT" | "PATCH") {
            fields.push(("Content-Length", self.body.len().to_string()));
        }
        fields
    }
}

/// Each byte but letters and digits with a percent sign.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
