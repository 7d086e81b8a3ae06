//! One entry of the audit log: what came, what was answered, and which rules had something to say.
//!
//! Fields that carry secrets are named and never shown, and control characters are written as escapes: whoever sends a
//! request must not write lines of the log.

use serde_json::{Map, Value as Json, json};

use crate::clock::Time;
use crate::seclang::action::Switch;
use crate::seclang::directive::AuditFormat;
use crate::transaction::{Item, Transaction};
use crate::values::Value;
use crate::variable::Variable;

impl Transaction {
    /// Returns the entry in the form that the settings ask for, ending with a line end; none where nothing is logged.
    pub fn audit_entry(&self) -> Option<String> {
        if !self.is_audited() {
            return None;
        }
        Some(match self.rules.settings().audit_format {
            AuditFormat::Json => format!("{}\n", self.json_entry()),
            AuditFormat::Native => self.native_entry(),
        })
    }

    fn has_part(&self, part: char) -> bool {
        self.audit_parts.contains(part)
    }

    fn json_entry(&self) -> Json {
        let mut request = Map::new();
        request.insert("method".to_owned(), self.shown(Variable::RequestMethod).into());
        request.insert("http_version".to_owned(), self.shown(Variable::RequestProtocol).replace("HTTP/", "").into());
        request.insert("uri".to_owned(), self.shown(Variable::RequestUriRaw).into());
        if self.has_part('B') {
            request.insert("headers".to_owned(), self.json_fields(&self.headers.request));
        }
        if self.has_part('C') || self.has_part('I') {
            request.insert("body".to_owned(), excerpt(&self.body).into());
        }
        let mut response = Map::new();
        response
            .insert("http_code".to_owned(), self.shown(Variable::ResponseStatus).parse::<u16>().unwrap_or(0).into());
        if self.has_part('F') {
            response.insert("headers".to_owned(), self.json_fields(&self.headers.response));
        }
        if self.has_part('E') {
            response.insert("body".to_owned(), excerpt(&self.response_body).into());
        }
        let mut entry = json!({
            "time_stamp": self.moment(),
            "client_ip": self.shown(Variable::RemoteAddr),
            "client_port": self.shown(Variable::RemotePort).parse::<u16>().unwrap_or(0),
            "host_ip": self.shown(Variable::ServerAddr),
            "host_port": self.shown(Variable::ServerPort).parse::<u16>().unwrap_or(0),
            "unique_id": self.shown(Variable::UniqueId),
            "server_id": self.rules.settings().sensor_id,
            "request": request,
            "response": response,
        });
        if self.has_part('H') {
            entry["producer"] = json!({
                "connector": "bartizan",
                "secrules_engine": self.engine_word(),
                "components": self.rules.settings().component_signatures,
            });
            entry["messages"] = self.matches.iter().filter(|found| found.is_audited).map(message).collect();
        }
        json!({ "transaction": entry })
    }

    fn json_fields(&self, fields: &[Item]) -> Json {
        let mut shown = Map::new();
        for field in fields {
            let (name, value) = self.field(field);
            // A name that stands twice keeps both values, as one field of a list would.
            match shown.get_mut(&name).and_then(|known| known.as_str().map(|known| format!("{known}, {value}"))) {
                Some(joined) => shown.insert(name, joined.into()),
                None => shown.insert(name, value.into()),
            };
        }
        Json::Object(shown)
    }

    fn native_entry(&self) -> String {
        let boundary: String = self.shown(Variable::UniqueId).chars().filter(char::is_ascii_alphanumeric).collect();
        let mut entry = String::new();
        let mut section = |part: char, text: &str| entry.push_str(&format!("--{boundary}-{part}--\n{text}\n"));
        let addresses = [
            Variable::UniqueId,
            Variable::RemoteAddr,
            Variable::RemotePort,
            Variable::ServerAddr,
            Variable::ServerPort,
        ];
        let addresses = addresses.map(|variable| self.shown(variable)).join(" ");
        section('A', &format!("[{}] {addresses}\n", self.moment()));
        if self.has_part('B') {
            section(
                'B',
                &format!("{}\n{}", self.shown(Variable::RequestLine), self.native_fields(&self.headers.request)),
            );
        }
        if self.has_part('C') || self.has_part('I') {
            section(if self.has_part('C') { 'C' } else { 'I' }, &format!("{}\n", excerpt(&self.body)));
        }
        if self.has_part('E') {
            section('E', &format!("{}\n", excerpt(&self.response_body)));
        }
        if self.has_part('F') {
            section(
                'F',
                &format!("{}\n{}", self.shown(Variable::StatusLine), self.native_fields(&self.headers.response)),
            );
        }
        if self.has_part('H') {
            let messages = self.matches.iter().filter(|found| found.is_audited).map(|found| {
                format!(
                    "Message: {} [file \"{}\"] [line \"{}\"] [id \"{}\"] [data \"{}\"] [severity \"{}\"]{}\n",
                    visible(found.msg.as_bytes()),
                    visible(found.place.file.to_string_lossy().as_bytes()),
                    found.place.line,
                    found.id,
                    visible(found.logdata.as_bytes()),
                    found.severity.map(|severity| severity.to_string()).unwrap_or_default(),
                    found.tags.iter().map(|tag| format!(" [tag \"{}\"]", visible(tag.as_bytes()))).collect::<String>(),
                )
            });
            let messages: String = messages.collect();
            let producer = self.rules.settings().component_signatures.join("; ");
            section(
                'H',
                &format!("{messages}Producer: bartizan; {producer}\nEngine-Mode: \"{}\"\n", self.engine_word()),
            );
        }
        section('Z', "");
        entry
    }

    fn native_fields(&self, fields: &[Item]) -> String {
        fields.iter().map(|field| self.field(field)).map(|(name, value)| format!("{name}: {value}\n")).collect()
    }

    fn field(&self, field: &Item) -> (String, String) {
        let name = self.values.bytes(field.key);
        let is_secret = SECRET.iter().any(|secret| secret.as_bytes().eq_ignore_ascii_case(name));
        let value = if is_secret { "(not shown)".to_owned() } else { visible(self.values.bytes(field.value)) };
        (visible(name), value)
    }

    fn shown(&self, variable: Variable) -> String {
        let value = self.items(variable).first().map_or(Value::EMPTY, |item| item.value);
        visible(self.values.bytes(value))
    }

    fn moment(&self) -> String {
        let time = Time::of(self.now);
        let (year, month, day) = (time.year, time.month, time.day);
        format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", time.hour, time.minute, time.second)
    }

    fn engine_word(&self) -> &'static str {
        match self.engine {
            Switch::Between => "DetectionOnly",
            Switch::Off => "Off",
            Switch::On => "On",
        }
    }
}

fn message(found: &crate::verdict::Match) -> Json {
    let parts: Vec<_> = found.parts.iter().map(|part| format!("{}: {}", part.name, visible(&part.excerpt))).collect();
    json!({
        "message": found.msg,
        "details": {
            "match": parts.join("; "),
            "ruleId": found.id.to_string(),
            "file": found.place.file.to_string_lossy(),
            "lineNumber": found.place.line.to_string(),
            "data": found.logdata,
            "severity": found.severity.map(|severity| severity.to_string()).unwrap_or_default(),
            "ver": found.ver,
            "rev": found.rev,
            "tags": found.tags,
        }
    })
}

/// A body is shown as far as a person would read it.
fn excerpt(body: &[u8]) -> String {
    visible(body.get(..MOST_BODY).unwrap_or(body))
}

/// Writes control characters and bytes that are no text as escapes.
fn visible(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            if char.is_control() { text.extend(char.escape_default()) } else { text.push(char) }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

const MOST_BODY: usize = 64 << 10;
/// Fields that carry secrets.
const SECRET: &[&str] = &["authorization", "cookie", "proxy-authorization", "set-cookie"];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::{IpAddr, Ipv4Addr};
    use std::path::Path;
    use std::sync::Arc;

    use crate::{Phase, Progress, RuleSet, Start, Transaction};

    fn entry(settings: &str) -> Option<String> {
        let text = format!(
            "SecRuleEngine On\n{settings}\nSecRule ARGS \"@contains x\" \"id:7,phase:1,deny,msg:'found %{{MATCHED_VAR}}'\""
        );
        let rules = RuleSet::from_text(Path::new("/a.conf"), &text, &BTreeMap::new()).unwrap();
        let mut transaction = Transaction::new(Arc::new(rules));
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        transaction.begin(&Start { client: (local, 1), server: (local, 2), id: "abc", now: 0 });
        transaction.request_line(b"GET", b"/?a=x%0a--abc-Z--", b"HTTP/1.1");
        transaction.request_header(b"Cookie", b"secret");
        transaction.request_header(b"Host", b"a\x01\xff");
        transaction.begin_phase(Phase::RequestHeaders);
        assert_eq!(transaction.run(u64::MAX), Progress::Done);
        transaction.audit_entry()
    }

    #[test]
    fn entries_hide_secrets_and_keep_their_lines() {
        assert_eq!(entry("SecAuditEngine Off"), None);
        let native = entry("SecAuditEngine RelevantOnly").unwrap();
        let json = entry("SecAuditEngine On\nSecAuditLogFormat JSON").unwrap();
        for text in [&native, &json] {
            assert!(!text.contains("secret") && text.contains("found x") && text.contains("(not shown)"), "{text}");
        }
        assert!(native.contains("Host: a\\u{1}\\xff\n"), "{native}");
        assert_eq!(native.matches("\n--abc-Z--\n").count(), 1, "{native}");
        assert_eq!(json.lines().count(), 1);
    }
}
