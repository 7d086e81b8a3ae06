//! `normalizePath`: a path without empty segments, self-references and back-references.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "normalizePath", aliases: &["normalisePath"], apply, touches: Some(ByteSet::of(b"/.")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    ByteSet::of(b"/.").find_in(value)?;
    let path = normalize(value);
    (path != value).then_some(path)
}

/// Writes the path segment by segment. A relative path keeps the back-references that lead above its start, an absolute
/// one has nothing above its root. A slash at the end is kept where there was one, and none is added.
pub(super) fn normalize(path: &[u8]) -> Vec<u8> {
    let Some(last) = path.len().checked_sub(1) else { return Vec::new() };
    let is_relative = path.first() != Some(&b'/');
    let mut out: Vec<u8> = Vec::with_capacity(path.len());
    // Whether back-references have used up all segments of a relative path.
    let mut is_above_start = false;
    let mut at = 0;
    while let Some(&byte) = path.get(at) {
        let is_end = at == last;
        if is_end || path.get(at + 1) == Some(&b'/') {
            match segment_end(byte, is_end, &out) {
                SegmentEnd::BackReference => {
                    if is_relative && (is_above_start || out.len() <= 2) {
                        is_above_start = true;
                    } else {
                        if leave_segment(&mut out) {
                            is_above_start = true;
                            if !is_relative && is_end {
                                out.push(b'/');
                            }
                        }
                        if is_end {
                            break;
                        }
                        at += 1;
                    }
                }
                SegmentEnd::SelfReference => {
                    if is_end {
                        break;
                    }
                    // The slash before it goes too: the one behind it is copied instead.
                    out.pop();
                    at += 1;
                }
                SegmentEnd::Name => {
                    if !out.is_empty() {
                        is_above_start = false;
                    }
                }
                SegmentEnd::Other => {}
            }
        }
        if path.get(at) == Some(&b'/') {
            while path.get(at + 1) == Some(&b'/') {
                at += 1;
            }
            if is_relative && out.is_empty() {
                at += 1;
                continue;
            }
        }
        out.extend(path.get(at));
        at += 1;
    }
    if path.last() != Some(&b'/') && out.last() == Some(&b'/') {
        out.pop();
    }
    out
}

/// What the byte before a slash, or the last byte of all, finishes.
enum SegmentEnd {
    BackReference,
    Name,
    /// An empty segment, or a dot at the end of a name.
    Other,
    SelfReference,
}

fn segment_end(byte: u8, is_end: bool, out: &[u8]) -> SegmentEnd {
    match (byte, out.last()) {
        (b'/', _) if !is_end => SegmentEnd::Other,
        (b'.', Some(b'.')) => SegmentEnd::BackReference,
        (b'.', None | Some(b'/')) => SegmentEnd::SelfReference,
        (b'.', _) => SegmentEnd::Other,
        _ => SegmentEnd::Name,
    }
}

/// Takes the first dot of a back-reference, the slash before it and the last segment away. Whether nothing is left.
fn leave_segment(out: &mut Vec<u8>) -> bool {
    // The place of the last byte of the segment; below zero where the path has no segment at all.
    let Some(end) = out.len().checked_sub(3) else {
        out.clear();
        return true;
    };
    let start = out.get(..=end).and_then(|path| path.iter().rposition(|&byte| byte == b'/')).unwrap_or(0);
    out.truncate(start);
    start == 0
}
