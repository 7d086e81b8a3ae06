//! `removeDocumentCode`: ours, not ModSecurity's. A text that somebody wrote loses what it shows as code, and
//! scripts that it embeds from elsewhere.
//!
//! For rules about markup that runs: what is shown as code does not run, and embedded players are what editors are for.

use memchr::memmem;

use super::document::is_written;
use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "removeDocumentCode", aliases: &[], apply, touches: Some(ByteSet::of(b"\n<`[{~")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    if !is_written(value) {
        return None;
    }
    let mut out = Vec::with_capacity(value.len());
    let lower = value.to_ascii_lowercase();
    // Where the rest holds no end of a kind, the next search for it would be as long and as vain.
    let mut without_end = [false; QUOTES.len()];
    let mut at = 0;
    while let Some(&byte) = value.get(at) {
        let rest = lower.get(at..).unwrap_or_default();
        let is_line_start = at == 0 || value.get(at - 1) == Some(&b'\n');
        let skipped = match byte {
            b'`' | b'<' | b'[' | b'{' | b'~' => quoted(rest, &mut without_end),
            b' ' | b'\t' if is_line_start => indented(rest),
            b'o' | b'O' => handler(rest),
            _ => None,
        };
        match skipped {
            Some(length) => {
                out.push(b' ');
                at += length.max(1);
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    Some(out)
}

/// The length of what is shown as code at the start of a text.
fn quoted(rest: &[u8], without_end: &mut [bool; QUOTES.len()]) -> Option<usize> {
    for ((start, end), without_end) in QUOTES.iter().zip(without_end) {
        let Some(inside) = rest.strip_prefix(*start) else { continue };
        if *without_end {
            continue;
        }
        let Some(length) = memmem::find(inside, end) else {
            *without_end = true;
            continue;
        };
        let inside = inside.get(..length).unwrap_or_default();
        let is_meant = match *start {
            b"`" => !inside.is_empty() && !inside.contains(&b'\n'),
            b"<script" => is_embedded(inside),
            _ => true,
        };
        if is_meant {
            return Some(start.len() + length + end.len());
        }
    }
    None
}

/// Whether a script is fetched from elsewhere or has the lines of a program, as snippets of services have.
fn is_embedded(inside: &[u8]) -> bool {
    let Some(tag) = memmem::find(inside, b">") else { return false };
    let (attributes, body) = inside.split_at(tag);
    let body = body.get(1..).unwrap_or_default().trim_ascii();
    let has_address = [b"src=\"https://".as_slice(), b"src=\"//", b"src='https://", b"src=\"/", b"src=\"{%"]
        .iter()
        .any(|address| memmem::find(attributes, address).is_some());
    if body.is_empty() { has_address } else { body.iter().filter(|byte| **byte == b'\n').count() >= 2 }
}

/// Markdown shows lines as code that begin with four spaces or a tab.
fn indented(rest: &[u8]) -> Option<usize> {
    let is_code = rest.starts_with(b"    ") || rest.starts_with(b"\t");
    is_code.then(|| memchr::memchr(b'\n', rest).unwrap_or(rest.len()))
}

/// Attributes that pages of people have and that only say what a link does.
fn handler(rest: &[u8]) -> Option<usize> {
    let inside = rest.strip_prefix(b"onclick=\"")?;
    let is_harmless = [b"return ".as_slice(), b"window.open(this.href", b"history.back(", b"this.blur("]
        .iter()
        .any(|start| inside.starts_with(start));
    let end = memchr::memchr(b'"', inside)?;
    (is_harmless && end < 100).then_some(b"onclick=\"".len() + end + 1)
}

/// How texts show code: a start and its end, in lower case.
const QUOTES: [(&[u8], &[u8]); 12] = [
    (b"```", b"```"),
    (b"~~~", b"~~~"),
    (b"``", b"``"),
    (b"`", b"`"),
    (b"<pre", b"</pre>"),
    (b"<code", b"</code>"),
    (b"<nowiki>", b"</nowiki>"),
    (b"<syntaxhighlight", b"</syntaxhighlight>"),
    (b"<script", b"</script>"),
    (b"[code", b"[/code]"),
    (b"{code", b"{code}"),
    (b"{noformat}", b"{noformat}"),
];
