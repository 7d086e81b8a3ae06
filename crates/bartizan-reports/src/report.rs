//! A report as it is kept: one schema for whatever browsers, mail servers and old drafts write.

use std::borrow::Cow;

use crate::formats::Kind;
use crate::json::{Object, write, write_text};

/// A report in the form of the Reporting API.
#[derive(Debug, Clone, PartialEq)]
pub struct Report<'a> {
    /// What it is about.
    pub kind: KindName<'a>,
    /// The page or address it is filed under; empty only where a violation was passed on without its page.
    pub url: Cow<'a, str>,
    /// How long ago it happened when it was sent, in milliseconds.
    pub age: Option<u64>,
    /// What the browser calls itself.
    pub user_agent: Option<Cow<'a, str>>,
    /// What happened, by the kind's own names.
    pub body: Object<'a>,
}

/// The kind of a report.
#[derive(Debug, Clone, PartialEq)]
pub enum KindName<'a> {
    /// One of the table.
    Known(&'static Kind),
    /// A name that the table does not have.
    Other(Cow<'a, str>),
}

impl KindName<'_> {
    /// Returns the name, as the schema spells it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(kind) => kind.name,
            Self::Other(name) => name,
        }
    }
}

impl<'a> Report<'a> {
    /// Returns a copy that borrows nothing.
    pub fn into_owned(self) -> Report<'static> {
        Report {
            kind: match self.kind {
                KindName::Known(kind) => KindName::Known(kind),
                KindName::Other(name) => KindName::Other(Cow::Owned(name.into_owned())),
            },
            url: Cow::Owned(self.url.into_owned()),
            age: self.age,
            user_agent: self.user_agent.map(|agent| Cow::Owned(agent.into_owned())),
            body: self.body.into_owned(),
        }
    }

    /// Returns the text of a member of the body, if it is one and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.text(name)
    }

    /// Appends the report as one JSON object, without what names a client.
    pub fn write(&self, out: &mut String) {
        out.push_str("{\"type\":");
        write_text(self.kind.as_str(), out);
        if let Some(age) = self.age {
            out.push_str(",\"age\":");
            out.push_str(&age.to_string());
        }
        out.push_str(",\"url\":");
        write_text(&self.url, out);
        out.push_str(",\"body\":");
        self.write_body(out);
        out.push('}');
    }

    /// Appends the body as a JSON object.
    pub fn write_body(&self, out: &mut String) {
        out.push('{');
        for (at, (name, value)) in self.body.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            write_text(name, out);
            out.push(':');
            write(value, out);
        }
        out.push('}');
    }
}
