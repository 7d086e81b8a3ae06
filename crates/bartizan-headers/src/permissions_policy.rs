//! Permissions-Policy (W3C Permissions Policy, 5.2): which origins may use which features of a browser.
//!
//! Feature names are kept as written, known or not: new ones appear each year, and an unknown one
//! does no harm.

use std::fmt::{self, Write as _};

use http::HeaderName;
use sfv::{BareItem, Dictionary, Item, KeyRef, ListEntry, Parser};

use crate::field::{Field, Note, Parsed, Tighten};
use crate::syntax::{write_joined, write_quoted};

/// Features and who may use them, in the order written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PermissionsPolicy {
    /// One entry for each feature.
    pub features: Vec<Feature>,
}

/// One feature and who may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// The name, such as `camera`.
    pub name: String,
    /// Who may use it.
    pub allowed: Allowlist,
    /// The reporting endpoint, by name.
    pub report_to: Option<String>,
}

/// Who may use a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowlist {
    /// `*`: every origin.
    Everyone,
    /// These, each once; nobody when empty.
    Only(Vec<Member>),
}

/// One member of an allowlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    /// An origin, perhaps with a star for its first label.
    Origin(String),
    /// The page's own origin.
    SelfOrigin,
    /// The origin in a frame's `src` attribute.
    Src,
}

impl PermissionsPolicy {
    /// Returns who may use a feature; nothing when the policy leaves it unsaid.
    pub fn allowed(&self, feature: &str) -> Option<&Allowlist> {
        self.feature(feature).map(|found| &found.allowed)
    }

    fn feature(&self, name: &str) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.name == name)
    }
}

impl Field for PermissionsPolicy {
    const NAME: HeaderName = HeaderName::from_static("permissions-policy");

    /// Reads all lines as one dictionary; one slip in it spoils the whole, as RFC 9651, 4.2, demands.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        if lines.is_empty() {
            return Parsed::absent();
        }
        let mut notes = Vec::new();
        let text = lines.join(", ");
        let Ok(dictionary) = Parser::new(&text).parse::<Dictionary>() else {
            return Parsed::rejected(notes, Note::syntax(&text));
        };
        let features = dictionary.iter().map(|(name, entry)| feature(name.as_str(), entry, &mut notes)).collect();
        Parsed::accepted(Self { features }, notes)
    }
}

impl Tighten for PermissionsPolicy {
    /// For each feature, who is allowed by both; what only one of them names comes from that one.
    fn tighten(&self, ours: &Self) -> Self {
        let mut features: Vec<_> = self
            .features
            .iter()
            .map(|app| match ours.allowed(&app.name) {
                Some(allowed) => Feature { allowed: app.allowed.intersection(allowed), ..app.clone() },
                None => app.clone(),
            })
            .collect();
        features.extend(ours.features.iter().filter(|added| self.feature(&added.name).is_none()).cloned());
        Self { features }
    }
}

impl Allowlist {
    /// Returns those whom both lists name; a star within an origin counts only as itself.
    fn intersection(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Everyone, only) | (only, Self::Everyone) => only.clone(),
            (Self::Only(these), Self::Only(those)) => {
                Self::Only(these.iter().filter(|member| those.contains(member)).cloned().collect())
            }
        }
    }
}

impl fmt::Display for PermissionsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, &self.features, ", ")
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.allowed)?;
        self.report_to.as_ref().map_or(Ok(()), |endpoint| {
            f.write_str(";report-to=")?;
            write_quoted(f, endpoint)
        })
    }
}

impl fmt::Display for Allowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_char('*'),
            Self::Only(members) => {
                f.write_char('(')?;
                write_joined(f, members, " ")?;
                f.write_char(')')
            }
        }
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin(origin) => write_quoted(f, origin),
            Self::SelfOrigin => f.write_str("self"),
            Self::Src => f.write_str("src"),
        }
    }
}

fn feature(name: &str, entry: &ListEntry, notes: &mut Vec<Note>) -> Feature {
    let (items, params) = match entry {
        ListEntry::Item(item) => (std::slice::from_ref(item), &item.params),
        ListEntry::InnerList(list) => (list.items.as_slice(), &list.params),
    };
    let endpoint = KeyRef::from_str("report-to").ok().and_then(|key| params.get(key));
    let report_to = endpoint.and_then(BareItem::as_string).map(|endpoint| endpoint.as_str().to_owned());
    Feature { name: name.to_owned(), allowed: allowlist(name, items, notes), report_to }
}

/// Returns who is listed; what cannot be a member is passed over (Permissions Policy, 9.2).
fn allowlist(name: &str, items: &[Item], notes: &mut Vec<Note>) -> Allowlist {
    let mut members = Vec::new();
    for item in items {
        let member = match (item.bare_item.as_token().map(sfv::TokenRef::as_str), item.bare_item.as_string()) {
            (Some("*"), _) => return Allowlist::Everyone,
            (Some("self"), _) => Member::SelfOrigin,
            (Some("src"), _) => Member::Src,
            (_, Some(origin)) => Member::Origin(origin.as_str().to_owned()),
            _ => {
                notes.push(Note::invalid(name, &format!("{:?}", item.bare_item)));
                continue;
            }
        };
        if !members.contains(&member) {
            members.push(member);
        }
    }
    Allowlist::Only(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dictionaries_are_read_whole_or_not_at_all() {
        for (lines, canonical, notes) in [
            (
                &["camera=(), geolocation=(self \"https://a.example\")"][..],
                Some("camera=(), geolocation=(self \"https://a.example\")"),
                0,
            ),
            (&["camera=self", "usb=*"], Some("camera=(self), usb=*"), 0),
            (&["camera=(self self)"], Some("camera=(self)"), 0),
            (&["camera=(self *)"], Some("camera=*"), 0),
            (&["camera=(none)"], Some("camera=()"), 1),
            (&["camera"], Some("camera=()"), 1),
            (&["camera=();report-to=\"x\""], Some("camera=();report-to=\"x\""), 0),
            (&["camera 'none'"], None, 1), // the syntax of Feature-Policy
            (&["camera=(), Geolocation=()"], None, 1),
            (&[], None, 0),
        ] {
            let parsed = PermissionsPolicy::parse(lines);
            assert_eq!(parsed.value.map(|policy| policy.to_string()).as_deref(), canonical, "{lines:?}");
            assert_eq!(parsed.notes.len(), notes, "{lines:?}: {:?}", parsed.notes);
        }
    }

    #[test]
    fn only_whom_both_allow_is_allowed() {
        for (app, ours, result) in [
            ("camera=*", "camera=()", "camera=()"),
            ("camera=(self)", "camera=*", "camera=(self)"),
            ("camera=(self \"https://a.example\")", "camera=(self)", "camera=(self)"),
            ("camera=(\"https://a.example\")", "camera=(self)", "camera=()"),
            ("camera=(self)", "usb=()", "camera=(self), usb=()"),
            ("camera=()", "camera=(self)", "camera=()"),
        ] {
            let [app, ours] = [app, ours].map(|text| PermissionsPolicy::strict(text).unwrap());
            assert_eq!(app.tighten(&ours).to_string(), result, "{app} / {ours}");
        }
    }
}
