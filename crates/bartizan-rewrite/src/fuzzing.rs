//! What fuzz targets call: any page, cut anywhere, leaves as it came but for the nonces.

use std::sync::Arc;

use url::Url;

use crate::{Asker, Depth, Inventory, Limits, Page, Rewriter, Unknown};

/// A parser to feed with any bytes.
#[derive(Debug)]
pub struct Target {
    /// The name of the fuzz target and of its corpus.
    pub name: &'static str,
    /// What to feed.
    pub run: fn(&[u8]),
}

/// Every parser.
pub const TARGETS: &[Target] = &[Target { name: "rewrite_page", run: page }];

/// A page in pieces: the first byte says how long they are.
///
/// # Panics
///
/// When anything but the nonces differs, and the policies of the page that name them.
pub fn page(data: &[u8]) {
    let Some((&cut, html)) = data.split_first() else { return };
    // What is inserted must be told from what was there.
    if html.windows(5).any(|part| part == b"n0nce") {
        return;
    }
    let page = Page {
        url: Url::parse("https://app.example/folder/page").expect("an address written out on this line"),
        charset: None,
        nonce: "n0nce".to_owned(),
        own_nonces: Vec::new(),
        unknown: Unknown::Bless,
        depth: if cut % 2 == 0 { Depth::Elements } else { Depth::Everything },
        asker: if cut % 3 == 0 { Asker::Script } else { Asker::Visit },
    };
    let Ok(mut rewriter) = Rewriter::new(page, Arc::new(Inventory::new(Limits::default()))) else { return };
    let mut out = Vec::new();
    for piece in html.chunks(usize::from(cut).max(1)) {
        rewriter.write(piece, &mut out);
    }
    rewriter.end(&mut out);
    let inserted = b" nonce=\"n0nce\"";
    let mut left = html;
    let mut rest = &out[..];
    while !rest.is_empty() {
        if let Some(tail) = rest.strip_prefix(inserted.as_slice()).or_else(|| policy_inserted(rest)) {
            rest = tail;
            continue;
        }
        let same = left.split_first().zip(rest.split_first()).filter(|((own, _), (first, _))| own == first);
        let ((_, more), (_, tail)) = same.expect("nothing but nonces is inserted");
        (left, rest) = (more, tail);
    }
    assert!(left.is_empty(), "nothing is lost");
}

/// Returns what follows a policy of the page's own that names our nonce as well.
fn policy_inserted(rest: &[u8]) -> Option<&[u8]> {
    let value = rest.strip_prefix(b" content=\"")?;
    let end = value.iter().position(|byte| *byte == b'"')?;
    let (value, tail) = value.split_at_checked(end)?;
    value.windows(5).any(|part| part == b"n0nce").then(|| tail.get(1..)).flatten()
}
