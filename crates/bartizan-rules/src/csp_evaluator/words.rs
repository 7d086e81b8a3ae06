//! The words that csp_evaluator 1.1.8 knows: directives, keywords, and the forms of nonces and hashes.

/// The names of directives, as they are known there; some have left the standard, some never got in.
pub(super) static DIRECTIVES: &[&str] = &[
    "base-uri",
    "block-all-mixed-content",
    "child-src",
    "connect-src",
    "default-src",
    "disown-opener",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "navigate-to",
    "object-src",
    "plugin-types",
    "prefetch-src",
    "referrer",
    "reflected-xss",
    "report-to",
    "report-uri",
    "require-sri-for",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "upgrade-insecure-requests",
    "webrtc",
    "worker-src",
];

/// The directives that fall back to default-src there.
pub(super) static FETCH: &[&str] = &[
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "worker-src",
];

/// The directives that a browser below level 3 does not know.
pub(super) static LEVEL_3: &[&str] = &[
    "manifest-src",
    "report-to",
    "require-trusted-types-for",
    "script-src-attr",
    "script-src-elem",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "worker-src",
];

/// The directives that decide about scripts, each with its own fallback.
pub(super) static SCRIPTS: &[&str] = &["script-src", "script-src-attr", "script-src-elem"];

/// The directives through which a wide source lets foreign scripts in.
pub(super) static DANGEROUS: &[&str] = &["script-src", "script-src-attr", "script-src-elem", "object-src", "base-uri"];

static KEYWORDS: &[&str] = &[
    "allow",
    "block",
    "none",
    "report-sample",
    "self",
    "strict-dynamic",
    "unsafe-eval",
    "unsafe-hashed-attributes",
    "unsafe-hashes",
    "unsafe-inline",
    "wasm-eval",
    "wasm-unsafe-eval",
];

pub(super) const NONE: &str = "'none'";
pub(super) const SELF: &str = "'self'";
pub(super) const STRICT_DYNAMIC: &str = "'strict-dynamic'";
pub(super) const UNSAFE_EVAL: &str = "'unsafe-eval'";
pub(super) const UNSAFE_HASHES: &str = "'unsafe-hashes'";
pub(super) const UNSAFE_INLINE: &str = "'unsafe-inline'";

pub(super) fn is_directive(word: &str) -> bool {
    DIRECTIVES.contains(&word)
}

/// Whether the word is a keyword without its quotes.
pub(super) fn is_bare_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether the word is a keyword in its quotes.
pub(super) fn is_keyword(word: &str) -> bool {
    quoted(word).is_some_and(is_bare_keyword)
}

/// Whether the word is a scheme and its colon.
pub(super) fn is_scheme(word: &str) -> bool {
    word.strip_suffix(':').is_some_and(|scheme| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'))
    })
}

/// Returns the nonce of a nonce source, whatever it is made of.
pub(super) fn nonce(word: &str) -> Option<&str> {
    quoted(word)?.strip_prefix("nonce-").filter(|nonce| !nonce.is_empty())
}

/// Whether the word is a nonce source in base64, of either alphabet.
pub(super) fn is_nonce(word: &str) -> bool {
    nonce(word).is_some_and(|nonce| is_base64(nonce, b"+/_-"))
}

/// Whether the word is a hash source in base64.
pub(super) fn is_hash(word: &str) -> bool {
    let digest = quoted(word).and_then(|inside| HASHES.iter().find_map(|name| inside.strip_prefix(name)));
    digest.is_some_and(|digest| is_base64(digest, b"+/"))
}

/// Whether the word begins as a nonce or hash does that lacks its quotes.
pub(super) fn is_bare_nonce_or_hash(word: &str) -> bool {
    word.starts_with("nonce-") || HASHES.iter().any(|name| word.starts_with(name))
}

static HASHES: &[&str] = &["sha256-", "sha384-", "sha512-"];

fn quoted(word: &str) -> Option<&str> {
    word.strip_prefix('\'')?.strip_suffix('\'')
}

fn is_base64(text: &str, signs: &[u8]) -> bool {
    let body = text.trim_end_matches('=');
    text.len() - body.len() <= 2
        && !body.is_empty()
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || signs.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_and_hashes_are_told_from_other_words() {
        for (word, nonce, hash) in [
            ("'nonce-aB3+/_-=='", true, false),
            ("'nonce-a==='", false, false),
            ("'nonce-'", false, false),
            ("'nonce-a!'", false, false),
            ("'sha256-aB3+/='", false, true),
            ("'sha256-a_b'", false, false),
            ("'sha1-abc'", false, false),
            ("nonce-abc", false, false),
        ] {
            assert_eq!((is_nonce(word), is_hash(word)), (nonce, hash), "{word}");
        }
    }
}
