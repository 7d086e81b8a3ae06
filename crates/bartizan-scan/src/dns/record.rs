//! The data of records: what a site may be issued by, and how it wants to be met.

use bartizan_rules::facts::ServiceRecord;

use super::message::name;
use crate::wire::Reader;

/// Writes a CAA record as zone files do (RFC 8659, 4.1).
pub(crate) fn caa(data: &[u8]) -> Option<String> {
    let mut reader = Reader::new(data);
    let flags = reader.u8()?;
    let tag = reader.vector(1).filter(|tag| !tag.is_empty() && tag.iter().all(u8::is_ascii_alphanumeric))?;
    let value = reader.rest().escape_ascii();
    Some(format!("{flags} {} \"{value}\"", tag.escape_ascii()))
}

/// Reads an HTTPS record (RFC 9460, 2.2).
pub(crate) fn service(data: &[u8]) -> Option<ServiceRecord> {
    let mut reader = Reader::new(data);
    let priority = reader.u16()?;
    name(&mut reader)?;
    let mut record = ServiceRecord { priority, alpn: Vec::new(), has_ech: false };
    while !reader.is_empty() {
        let (key, value) = (reader.u16()?, reader.vector(2)?);
        match key {
            1 => {
                let mut names = Reader::new(value);
                while !names.is_empty() {
                    record.alpn.push(names.vector(1)?.escape_ascii().to_string());
                }
            }
            5 => record.has_ech = !value.is_empty(),
            _ => {}
        }
    }
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caa_is_written_as_in_a_zone_file() {
        for (data, written) in [
            (&b"\x00\x05issueca.example; a=b"[..], Some(r#"0 issue "ca.example; a=b""#)),
            (b"\x80\x05issue;", Some(r#"128 issue ";""#)),
            (b"\x00\x05iodefmailto:\"x\x1b", Some(r#"0 iodef "mailto:\"x\x1b""#)),
            (b"\x00\x00ca.example", None),
            (b"\x00\x09issue", None),
            (b"", None),
        ] {
            assert_eq!(caa(data).as_deref(), written, "{data:?}");
        }
    }

    #[test]
    fn services_are_read_whole_or_not_at_all() {
        for (data, seen) in [
            (&b"\x00\x01\x00"[..], Some((1, 0, false))),
            (b"\x00\x00\x03app\x07example\x00", Some((0, 0, false))), // an alias
            (b"\x00\x01\x00\x00\x01\x00\x03\x02h2", Some((1, 1, false))),
            (b"\x00\x01\x00\x00\x05\x00\x02ab", Some((1, 0, true))),
            (b"\x00\x01\x00\x00\x01\x00\x03\x09h2", None),
            (b"\x00\x01\x00\x00\x01\x00\x09\x02h2", None),
            (b"\x00", None),
        ] {
            let found = service(data).map(|record| (record.priority, record.alpn.len(), record.has_ech));
            assert_eq!(found, seen, "{data:?}");
        }
    }
}
