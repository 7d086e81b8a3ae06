//! What each of two policies allows that the other does not, directive by directive, fallbacks resolved.

use bartizan_headers::csp::{Directive, DirectiveName, Keyword, Kind, Policy, Source, Value};

/// A difference, the same for all its directives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The directives.
    pub directives: Vec<DirectiveName>,
    /// What the old policy allows and the new one does not.
    pub old: Side,
    /// What the new policy allows and the old one does not.
    pub new: Side,
}

/// What one policy allows that the other does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// Everything: it says nothing of this, and the other does.
    Everything,
    /// These sources or words; none where it allows nothing more.
    These(Vec<String>),
}

impl Side {
    /// Whether it allows nothing more.
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::These(words) if words.is_empty())
    }
}

/// Compares two policies. Directives that differ in the same way stand together.
pub fn differences(old: &Policy, new: &Policy) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    for name in COMPARED {
        let [from, to] = [old, new].map(|policy| policy.effective(name));
        let (gone, come) = (beyond(name, from, to), beyond(name, to, from));
        if gone.is_nothing() && come.is_nothing() {
            continue;
        }
        match found.iter_mut().find(|known| known.old == gone && known.new == come) {
            Some(known) => known.directives.push(name.clone()),
            None => found.push(Difference { directives: vec![name.clone()], old: gone, new: come }),
        }
    }
    found
}

/// Returns what `one` allows beyond `other`.
fn beyond(name: &DirectiveName, one: Option<&Directive>, other: Option<&Directive>) -> Side {
    let (one, other) = match (one, other) {
        (_, None) => return Side::These(Vec::new()),
        (None, Some(_)) => return Side::Everything,
        (Some(one), Some(other)) => (&one.value, &other.value),
    };
    Side::These(match (one, other) {
        (Value::Sources(one), Value::Sources(other)) => {
            let [one, other] = [one, other].map(|sources| in_force(name, sources));
            one.iter().filter(|source| !source.is_within(name, &other)).map(ToString::to_string).collect()
        }
        // A demand that the other makes and this one does not is something that this one allows.
        (Value::Words(one), Value::Words(other)) if name.kind() == Kind::Demands => {
            other.iter().filter(|word| !one.contains(word)).cloned().collect()
        }
        (Value::Words(one), Value::Words(other)) if name.kind() == Kind::Grants => {
            one.iter().filter(|word| *word != "'none'" && !other.contains(word)).cloned().collect()
        }
        _ => Vec::new(),
    })
}

/// Returns the sources that have an effect: others of the list can end that of some (CSP3, 6.7.1.1 and 6.7.3.2).
fn in_force(name: &DirectiveName, sources: &[Source]) -> Vec<Source> {
    let is_script = matches!(
        name,
        DirectiveName::ScriptSrc
            | DirectiveName::ScriptSrcElem
            | DirectiveName::ScriptSrcAttr
            | DirectiveName::WorkerSrc
    );
    let is_strict = is_script && sources.contains(&Source::Keyword(Keyword::StrictDynamic));
    let is_inline_over =
        is_strict || sources.iter().any(|source| matches!(source, Source::Hash(..) | Source::Nonce(_)));
    let counts = |source: &&Source| match source {
        Source::None | Source::Unknown(_) | Source::Keyword(Keyword::ReportSample) => false,
        Source::Keyword(Keyword::UnsafeInline) => !is_inline_over,
        source if source.is_address() => !is_strict,
        _ => true,
    };
    sources.iter().filter(counts).cloned().collect()
}

/// What is compared: every directive that allows or demands something and that browsers act on.
const COMPARED: &[DirectiveName] = &[
    DirectiveName::ScriptSrcElem,
    DirectiveName::ScriptSrcAttr,
    DirectiveName::ScriptSrc,
    DirectiveName::StyleSrcElem,
    DirectiveName::StyleSrcAttr,
    DirectiveName::ImgSrc,
    DirectiveName::FontSrc,
    DirectiveName::MediaSrc,
    DirectiveName::ConnectSrc,
    DirectiveName::FrameSrc,
    DirectiveName::FencedFrameSrc,
    DirectiveName::WorkerSrc,
    DirectiveName::ManifestSrc,
    DirectiveName::ObjectSrc,
    DirectiveName::DefaultSrc,
    DirectiveName::BaseUri,
    DirectiveName::FormAction,
    DirectiveName::FrameAncestors,
    DirectiveName::Sandbox,
    DirectiveName::TrustedTypes,
    DirectiveName::RequireTrustedTypesFor,
    DirectiveName::UpgradeInsecureRequests,
];

#[cfg(test)]
mod tests {
    use bartizan_headers::Field as _;

    use super::*;

    /// Returns the difference for one directive as two texts.
    fn difference(name: &str, old: &str, new: &str) -> Option<(String, String)> {
        let [old, new] = [old, new].map(|text| Policy::parse(&[text]).value.unwrap());
        let all = differences(&old, &new);
        let found = all.into_iter().find(|found| found.directives.contains(&DirectiveName::of(name)))?;
        let text = |side| match side {
            Side::Everything => "everything".to_owned(),
            Side::These(words) => words.join(" "),
        };
        Some((text(found.old), text(found.new)))
    }

    #[test]
    fn each_side_is_told_with_fallbacks_resolved() {
        for (name, old, new, expected) in [
            ("img-src", "img-src 'self'", "img-src 'self' b.example", Some(("", "b.example"))),
            ("img-src", "img-src *", "img-src 'self'", Some(("*", ""))),
            ("img-src", "default-src 'self'", "default-src 'self'; img-src 'self'", None),
            ("img-src", "default-src 'self'", "default-src 'none'; img-src data:", Some(("'self'", "data:"))),
            ("font-src", "img-src 'self'", "default-src 'self'", Some(("everything", ""))),
            ("img-src", "img-src *.b.example", "img-src c.b.example", Some(("*.b.example", ""))),
            (
                "img-src",
                "img-src https://b.example/x/",
                "img-src https://b.example/x/y",
                Some(("https://b.example/x/", "")),
            ),
            (
                "script-src-elem",
                "script-src 'unsafe-inline'",
                "script-src 'unsafe-inline' 'nonce-abc'",
                Some(("'unsafe-inline'", "'nonce-abc'")),
            ),
            (
                "script-src-elem",
                "script-src https:",
                "script-src https: 'strict-dynamic' 'nonce-abc'",
                Some(("https:", "'strict-dynamic' 'nonce-abc'")),
            ),
            ("script-src-elem", "script-src 'self' 'report-sample'", "script-src 'self'", None),
            ("sandbox", "sandbox allow-scripts", "sandbox allow-forms", Some(("allow-scripts", "allow-forms"))),
            ("sandbox", "sandbox", "default-src 'self'", Some(("", "everything"))),
            ("require-trusted-types-for", "require-trusted-types-for 'script'", "img-src *", Some(("", "everything"))),
            (
                "frame-ancestors",
                "default-src 'none'",
                "default-src 'none'; frame-ancestors 'self'",
                Some(("everything", "")),
            ),
            ("upgrade-insecure-requests", "upgrade-insecure-requests", "upgrade-insecure-requests; img-src *", None),
            ("report-uri", "report-uri /a", "report-uri /b", None),
        ] {
            let expected = expected.map(|(old, new)| (old.to_owned(), new.to_owned()));
            assert_eq!(difference(name, old, new), expected, "{name}: {old} / {new}");
        }
    }

    #[test]
    fn directives_that_differ_alike_stand_together() {
        let [old, new] =
            ["default-src 'self'", "default-src 'self' b.example"].map(|text| Policy::parse(&[text]).value.unwrap());
        let found = differences(&old, &new);
        assert_eq!(found.len(), 1);
        assert!(found[0].directives.contains(&DirectiveName::ImgSrc));
        assert!(!found[0].directives.contains(&DirectiveName::BaseUri));
    }
}
