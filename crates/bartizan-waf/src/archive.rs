//! Archives of rule sets (`.tar.gz`): read whole and within bounds, before a single file is written.
//!
//! Only folders and plain files are taken, and only under names that stay below the folder they are unpacked to. What an
//! archive holds beside that is an error, for a rule set has none of it. Nothing is written here.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use flate2::read::GzDecoder;

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name: plain parts below the folder that the archive is unpacked to.
    pub path: PathBuf,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Why an archive is not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It is no gzip, or is cut off.
    #[error("not gzip, or cut off")]
    Gzip(#[source] std::io::Error),
    /// A header is none.
    #[error("the header at byte {place} is not valid: {reason}")]
    Header {
        /// Where it stands in the unpacked archive.
        place: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// It ends before its end is marked.
    #[error("the archive is cut off")]
    Unfinished,
    /// More of something than a rule set has.
    #[error("more than {limit} {what}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much is taken.
        limit: usize,
    },
    /// A link, a device or the like.
    #[error("{path} is neither a file nor a folder")]
    Kind {
        /// Its name.
        path: String,
    },
    /// A name that leads elsewhere, or stands twice.
    #[error("the name {path} is not taken: {reason}")]
    Path {
        /// The name.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// Reads a `.tar.gz` and returns its files. A folder that everything lies in is left out of their names.
///
/// # Errors
///
/// Anything that a rule set does not have, or too much of what it has.
pub fn read(bytes: &[u8]) -> Result<Vec<Entry>, ArchiveError> {
    let mut tar = Vec::new();
    let most = LARGEST as u64 + 1;
    GzDecoder::new(bytes).take(most).read_to_end(&mut tar).map_err(ArchiveError::Gzip)?;
    if tar.len() > LARGEST {
        return Err(ArchiveError::Limit { what: "bytes", limit: LARGEST });
    }
    let mut entries = entries(&tar)?;
    let mut tops = entries.iter().map(|entry| entry.path.components().next());
    let first = tops.next().flatten();
    let has_one_top = tops.all(|top| top == first) && entries.iter().all(|entry| entry.path.components().count() > 1);
    if has_one_top {
        for entry in &mut entries {
            entry.path = entry.path.components().skip(1).collect();
        }
    }
    Ok(entries)
}

/// Reads the entries of a tar archive (POSIX.1-2017, pax, "ustar Interchange Format").
fn entries(tar: &[u8]) -> Result<Vec<Entry>, ArchiveError> {
    let mut entries = Vec::new();
    let mut names = HashSet::new();
    // What a pax header or GNU's long name says of the entry behind it.
    let mut named: Option<Vec<u8>> = None;
    let (mut place, mut count) = (0, 0_usize);
    loop {
        let header = tar.get(place..place + BLOCK).ok_or(ArchiveError::Unfinished)?;
        if header.iter().all(|&byte| byte == 0) {
            return Ok(entries);
        }
        count += 1;
        if count > MOST_ENTRIES {
            return Err(ArchiveError::Limit { what: "entries", limit: MOST_ENTRIES });
        }
        let header_place = place;
        let wrong = |reason| ArchiveError::Header { place: header_place, reason };
        checksum(header).ok_or(wrong("its checksum is another"))?;
        let size = octal(field(header, 124, 12)).ok_or(wrong("its size is no number"))?;
        let start = place + BLOCK;
        let content = start.checked_add(size).and_then(|end| tar.get(start..end)).ok_or(ArchiveError::Unfinished)?;
        place = start + size.div_ceil(BLOCK) * BLOCK;
        let kind = header.get(156).copied().unwrap_or_default();
        match kind {
            // What holds for the whole archive names no file.
            b'g' => {}
            b'x' => named = pax_path(content).ok_or(wrong("its lines are not valid"))?.or(named),
            b'L' => named = Some(until_zero(content).to_vec()),
            b'0' | 0 | b'5' => {
                let name = named.take().unwrap_or_else(|| name(header));
                let path = safe(&name)?;
                if kind == b'5' || path.as_os_str().is_empty() {
                    continue;
                }
                if !names.insert(path.clone()) {
                    return Err(path_error(&name, "it stands twice"));
                }
                entries.push(Entry { path, content: content.to_vec() });
            }
            _ => return Err(ArchiveError::Kind { path: shown(&named.take().unwrap_or_else(|| name(header))) }),
        }
    }
}

/// The name in a header, with the folder that ustar keeps apart.
fn name(header: &[u8]) -> Vec<u8> {
    let name = until_zero(field(header, 0, 100));
    let prefix = until_zero(field(header, 345, 155));
    if prefix.is_empty() || !field(header, 257, 6).starts_with(b"ustar\0") {
        return name.to_vec();
    }
    [prefix, b"/", name].concat()
}

/// The sum of a header's bytes, where the sum itself counts as blanks.
fn checksum(header: &[u8]) -> Option<()> {
    let said = octal(field(header, 148, 8))?;
    let sum =
        header.iter().enumerate().map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { usize::from(byte) });
    (sum.sum::<usize>() == said).then_some(())
}

/// A number in octal digits, with blanks or zero bytes around it.
fn octal(field: &[u8]) -> Option<usize> {
    let digits = until_zero(field).trim_ascii();
    if digits.is_empty() || digits.len() > 11 {
        return None;
    }
    digits.iter().try_fold(0, |number, &digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 8)?;
        Some(number * 8 + usize::from(digit))
    })
}

/// The `path` of a pax header: lines of a length, a name and a value. None where a line is not valid.
fn pax_path(mut content: &[u8]) -> Option<Option<Vec<u8>>> {
    let mut found = None;
    while !content.is_empty() {
        let blank = memchr::memchr(b' ', content)?;
        let length: usize = std::str::from_utf8(content.get(..blank)?).ok()?.parse().ok()?;
        let line = content.get(blank + 1..length)?.strip_suffix(b"\n")?;
        if let Some(path) = line.strip_prefix(b"path=") {
            found = Some(path.to_vec());
        }
        content = content.get(length..)?;
    }
    Some(found)
}

/// A name whose parts all lead downwards.
fn safe(name: &[u8]) -> Result<PathBuf, ArchiveError> {
    let wrong = |reason| Err(path_error(name, reason));
    let Ok(text) = std::str::from_utf8(name) else { return wrong("it is not UTF-8") };
    if text.is_empty() || text.len() > LONGEST_NAME {
        return wrong("it is empty or too long");
    }
    if text.chars().any(|character| character.is_control() || character == '\\') {
        return wrong("it has characters that names of rule files do not have");
    }
    let mut path = PathBuf::new();
    for component in Path::new(text).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => path.push(part),
            _ => return wrong("it leads out of its folder"),
        }
    }
    if path.components().count() > DEEPEST {
        return wrong("it lies too deep");
    }
    Ok(path)
}

fn path_error(name: &[u8], reason: &'static str) -> ArchiveError {
    ArchiveError::Path { path: shown(name), reason }
}

/// A foreign name in a message: what could steer a terminal is made visible.
fn shown(name: &[u8]) -> String {
    let end = name.len().min(LONGEST_NAME);
    name.get(..end).unwrap_or_default().escape_ascii().to_string()
}

fn field(header: &[u8], start: usize, length: usize) -> &[u8] {
    header.get(start..start + length).unwrap_or_default()
}

fn until_zero(field: &[u8]) -> &[u8] {
    field.split(|&byte| byte == 0).next().unwrap_or_default()
}

const BLOCK: usize = 512;
/// The Core Rule Set with its tests and documents takes half of it, its minimal archive a twentieth.
const LARGEST: usize = 32 << 20;
/// Of those, the whole rule set has some fifteen hundred.
const MOST_ENTRIES: usize = 8_192;
/// What most file systems take for a whole path below a folder, by far.
const LONGEST_NAME: usize = 512;
const DEEPEST: usize = 16;

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// One entry with its header; the kind is tar's.
    fn entry(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
        let mut header = vec![0_u8; BLOCK];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[156] = kind;
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].copy_from_slice(b"        ");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        header.extend_from_slice(content);
        header.resize(header.len().div_ceil(BLOCK) * BLOCK, 0);
        header
    }

    fn packed(tar: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(tar).unwrap();
        encoder.finish().unwrap()
    }

    fn archive(entries: &[Vec<u8>]) -> Vec<u8> {
        packed(&[entries.concat(), vec![0; 2 * BLOCK]].concat())
    }

    #[test]
    fn files_are_named_below_their_folder() {
        let long = format!("{}/b.conf", "a".repeat(120));
        let pax = format!("path=c/{long}\n");
        let pax = format!("{} {pax}", pax.len() + 4);
        let read = read(&archive(&[
            entry("pax_global_header", b'g', b"52 comment=0123456789012345678901234567890123456789\n"),
            entry("c/", b'5', b""),
            entry("./c/rules/one.conf", b'0', b"one"),
            entry("c/two", 0, &[b'x'; 600]),
            entry("x", b'x', pax.as_bytes()),
            entry("cut", b'0', b"three"),
            entry("././@LongLink", b'L', b"c/four\0"),
            entry("cut", b'0', b""),
        ]))
        .unwrap();
        let names: Vec<_> = read.iter().map(|entry| entry.path.to_str().unwrap()).collect();
        assert_eq!(names, ["rules/one.conf", "two", &long, "four"]);
        assert_eq!(read[1].content.len(), 600);
        // Without a folder around everything, names stay as they are.
        let two = super::read(&archive(&[entry("a/x", b'0', b""), entry("b/x", b'0', b"")])).unwrap();
        assert_eq!(two[0].path, Path::new("a/x"));
    }

    #[test]
    fn what_a_rule_set_does_not_have_is_refused() {
        let file = |name: &str| entry(name, b'0', b"x");
        for (entries, expected) in [
            (vec![file("../x")], "leads out"),
            (vec![file("c/../../x")], "leads out"),
            (vec![file("/etc/x")], "leads out"),
            (vec![file("c\\..\\x")], "characters"),
            (vec![file("c/\u{1b}[2J")], "characters"),
            (vec![entry("../d/", b'5', b"")], "leads out"),
            (vec![file("c/x"), file("c/./x")], "twice"),
            (vec![file(&"d/".repeat(20))], "too deep"),
            (vec![entry("c/link", b'2', b"")], "neither"),
            (vec![entry("c/hard", b'1', b"")], "neither"),
            (vec![entry("c/device", b'3', b"")], "neither"),
            (vec![entry("x", b'x', b"19 path=../../../x\n"), file("c/x")], "leads out"),
            (vec![entry("x", b'x', b"9 path=../../../x\n"), file("c/x")], "not valid"),
            (vec![entry("x", b'L', b"/root/x\0"), file("c/x")], "leads out"),
        ] {
            let error = read(&archive(&entries)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn bombs_and_cuts_are_refused() {
        let whole = archive(&[entry("c/x", b'0', &[b'x'; 5_000])]);
        for cut in [0, 5, whole.len() / 2, whole.len() - 4] {
            assert!(matches!(read(&whole[..cut]), Err(ArchiveError::Gzip(_))), "{cut}");
        }
        let unfinished = packed(&entry("c/x", b'0', b"x"));
        assert!(matches!(read(&unfinished), Err(ArchiveError::Unfinished)));
        let short = packed(&entry("c/x", b'0', &[b'x'; 5_000])[..2_000]);
        assert!(matches!(read(&short), Err(ArchiveError::Unfinished)));
        let bomb = packed(&vec![0_u8; LARGEST + 10]);
        assert!(bomb.len() < LARGEST / 100);
        assert!(matches!(read(&bomb), Err(ArchiveError::Limit { what: "bytes", .. })));
        let many: Vec<_> = (0..=MOST_ENTRIES).map(|number| entry(&format!("c/{number}"), b'0', b"")).collect();
        assert!(matches!(read(&archive(&many)), Err(ArchiveError::Limit { what: "entries", .. })));
        let mut wrong = entry("c/x", b'0', b"x");
        wrong[0] = b'd';
        assert!(matches!(read(&archive(&[wrong])), Err(ArchiveError::Header { .. })));
    }
}
