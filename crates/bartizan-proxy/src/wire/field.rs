//! One field line, and those fields that decide where a message ends and whether another may follow.

use super::fault::Fault;
use super::octets::{self, TOKEN};

/// Splits a line (without its end) into name and value, refusing what is neither.
#[inline]
pub(super) fn split(line: &[u8]) -> Result<(&[u8], &[u8]), Fault> {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return Err(Fault::ObsoleteFold);
    }
    let end = line.iter().position(|octet| !octets::is(*octet, TOKEN)).ok_or(Fault::BadFieldName)?;
    let (name, rest) = line.split_at_checked(end).ok_or(Fault::BadFieldName)?;
    let value = match rest {
        [b':', ..] if name.is_empty() => return Err(Fault::BadFieldName),
        [b':', value @ ..] => octets::trim(value),
        [b' ' | b'\t', ..] => return Err(Fault::SpaceBeforeColon),
        [b'\r', ..] => return Err(Fault::BareCr),
        _ => return Err(Fault::BadFieldName),
    };
    check_value(value)?;
    Ok((name, value))
}

/// Refuses control characters; a carriage return by its own name, for it may hide a second line.
#[inline]
pub(super) fn check_value(value: &[u8]) -> Result<(), Fault> {
    if octets::is_value(value) {
        Ok(())
    } else if memchr::memchr(b'\r', value).is_some() {
        Err(Fault::BareCr)
    } else {
        Err(Fault::BadFieldValue)
    }
}

/// What the fields of requests and responses alike say about framing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FramingFields {
    pub(super) content_length: Option<u64>,
    pub(super) chunked: bool,
    close: bool,
    keep_alive: bool,
    upgrade: Upgrade,
}

/// An upgrade needs the option in `Connection` and the field itself (RFC 9110, 7.8).
#[derive(Clone, Copy, Debug, Default)]
struct Upgrade {
    option: bool,
    field: bool,
}

impl FramingFields {
    /// Takes in one field, if it is about framing.
    #[inline]
    pub(super) fn note(&mut self, name: &[u8], value: &[u8]) -> Result<(), Fault> {
        match name.len() {
            7 if name.eq_ignore_ascii_case(b"upgrade") => self.upgrade(value),
            10 if name.eq_ignore_ascii_case(b"connection") => self.connection(value),
            14 if name.eq_ignore_ascii_case(b"content-length") => self.length(value),
            14 if name.eq_ignore_ascii_case(b"content_length") => Err(Fault::AliasedFramingField),
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => self.transfer_encoding(value),
            17 if name.eq_ignore_ascii_case(b"transfer_encoding") => Err(Fault::AliasedFramingField),
            _ => Ok(()),
        }
    }

    /// Whether the sender means to go on after this message (RFC 9112, 9.3).
    pub(super) fn persists(&self, by_default: bool) -> bool {
        !self.close && (by_default || self.keep_alive)
    }

    /// Whether an upgrade is asked for, or granted.
    pub(super) fn upgrades(&self) -> bool {
        self.upgrade.option && self.upgrade.field
    }

    fn upgrade(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.upgrade.field = true;
        if value.is_ascii() { Ok(()) } else { Err(Fault::BadFieldValue) }
    }

    fn connection(&mut self, value: &[u8]) -> Result<(), Fault> {
        for option in value.split(|octet| *octet == b',') {
            let option = octets::trim(option);
            if option.eq_ignore_ascii_case(b"close") {
                self.close = true;
            } else if option.eq_ignore_ascii_case(b"keep-alive") {
                self.keep_alive = true;
            } else if option.eq_ignore_ascii_case(b"upgrade") {
                self.upgrade.option = true;
            } else if !octets::all(option, TOKEN) || END_TO_END.iter().any(|name| option.eq_ignore_ascii_case(name)) {
                return Err(Fault::BadConnection);
            }
        }
        Ok(())
    }

    fn length(&mut self, value: &[u8]) -> Result<(), Fault> {
        if self.chunked {
            return Err(Fault::ContentLengthAndTransferEncoding);
        }
        if self.content_length.is_some() || memchr::memchr(b',', value).is_some() {
            return Err(Fault::RepeatedContentLength);
        }
        self.content_length = Some(content_length(value).ok_or(Fault::BadContentLength)?);
        Ok(())
    }

    fn transfer_encoding(&mut self, value: &[u8]) -> Result<(), Fault> {
        if self.content_length.is_some() {
            return Err(Fault::ContentLengthAndTransferEncoding);
        }
        if self.chunked || !value.eq_ignore_ascii_case(b"chunked") {
            return Err(Fault::BadTransferEncoding);
        }
        self.chunked = true;
        Ok(())
    }
}

/// Naming one of these as a connection option asks a proxy to delete it, and so to change who reads how much.
const END_TO_END: [&[u8]; 3] = [b"content-length", b"host", b"transfer-encoding"];

/// Digits alone; 63 bits, since some readers count in signed numbers.
fn content_length(value: &[u8]) -> Option<u64> {
    if value.is_empty() || value.len() > 19 {
        return None;
    }
    let length = value.iter().try_fold(0_u64, |length, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        length.checked_mul(10)?.checked_add(digit)
    })?;
    (length <= i64::MAX as u64).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&[u8]]) -> Result<FramingFields, Fault> {
        let mut fields = FramingFields::default();
        for line in lines {
            let (name, value) = split(line)?;
            fields.note(name, value)?;
        }
        Ok(fields)
    }

    #[test]
    fn lines_are_split_strictly() {
        use Fault::*;
        type Split<'a> = Result<(&'a [u8], &'a [u8]), Fault>;
        let cases: [(&[u8], Split<'_>); 17] = [
            (b"a: b", Ok((b"a", b"b"))),
            (b"a:b c ", Ok((b"a", b"b c"))),
            (b"a:\t \tb\t", Ok((b"a", b"b"))),
            (b"a:", Ok((b"a", b""))),
            (b"a: \xa0b\x85", Ok((b"a", b"\xa0b\x85"))),
            (b" a: b", Err(ObsoleteFold)),
            (b"\ta: b", Err(ObsoleteFold)),
            (b"a : b", Err(SpaceBeforeColon)),
            (b"a\t: b", Err(SpaceBeforeColon)),
            (b"a", Err(BadFieldName)),
            (b": b", Err(BadFieldName)),
            (b"a\x0b: b", Err(BadFieldName)),
            (b"a\0: b", Err(BadFieldName)),
            (b"\xa0a: b", Err(BadFieldName)),
            (b"a\rb: c", Err(BareCr)),
            (b"a: b\rc", Err(BareCr)),
            (b"a: b\0", Err(BadFieldValue)),
        ];
        for (line, expected) in cases {
            assert_eq!(split(line), expected, "{}", line.escape_ascii());
        }
        for control in (0..0x20).chain([0x7f]).filter(|octet| !matches!(octet, b'\t' | b'\r')) {
            assert_eq!(split(&[b'a', b':', b'b', control, b'c']), Err(BadFieldValue), "{control:#x}");
        }
    }

    #[test]
    fn lengths_are_plain_digits_once() {
        use Fault::*;
        for (value, expected) in [
            (&b"0"[..], Ok(0)),
            (b"42", Ok(42)),
            (b"9223372036854775807", Ok(i64::MAX as u64)),
            (b"9223372036854775808", Err(BadContentLength)),
            (b"99999999999999999999", Err(BadContentLength)),
            (b"", Err(BadContentLength)),
            (b"+1", Err(BadContentLength)),
            (b"-1", Err(BadContentLength)),
            (b"0x10", Err(BadContentLength)),
            (b"1_0", Err(BadContentLength)),
            (b"1 0", Err(BadContentLength)),
            (b"1e3", Err(BadContentLength)),
            (b"\"1\"", Err(BadContentLength)),
            (b"1\xa0", Err(BadContentLength)),
            (b"\xb2", Err(BadContentLength)),
            (b"1, 1", Err(RepeatedContentLength)),
            (b"1,", Err(RepeatedContentLength)),
        ] {
            let line = [b"Content-Length: ", value].concat();
            assert_eq!(check(&[&line]).map(|fields| fields.content_length), expected.map(Some), "{line:?}");
        }
        assert_eq!(check(&[b"content-length: 1", b"Content-Length: 1"]).err(), Some(RepeatedContentLength));
        assert_eq!(check(&[b"content_length: 1"]).err(), Some(AliasedFramingField));
    }

    #[test]
    fn the_one_transfer_encoding_is_chunked() {
        use Fault::*;
        for (value, fault) in [
            (&b"chunked"[..], None),
            (b"CHUNKED", None),
            (b"chunked \t", None),
            (b"", Some(BadTransferEncoding)),
            (b",chunked", Some(BadTransferEncoding)),
            (b"chunked,", Some(BadTransferEncoding)),
            (b"chunked, chunked", Some(BadTransferEncoding)),
            (b"gzip, chunked", Some(BadTransferEncoding)),
            (b"chunked, identity", Some(BadTransferEncoding)),
            (b"identity", Some(BadTransferEncoding)),
            (b"xchunked", Some(BadTransferEncoding)),
            (b"\"chunked\"", Some(BadTransferEncoding)),
            (b"chunked;q=1", Some(BadTransferEncoding)),
            (b"chunked\xa0", Some(BadTransferEncoding)),
            (b"\x85chunked", Some(BadTransferEncoding)),
            (b"\x0bchunked", Some(BadFieldValue)),
            (b"chunked\0", Some(BadFieldValue)),
        ] {
            assert_eq!(check(&[&[b"Transfer-Encoding: ", value].concat()]).err(), fault, "{}", value.escape_ascii());
        }
        let te = &b"transfer-encoding: chunked"[..];
        let cl = &b"content-length: 1"[..];
        assert_eq!(check(&[te, te]).err(), Some(BadTransferEncoding));
        assert_eq!(check(&[te, cl]).err(), Some(ContentLengthAndTransferEncoding));
        assert_eq!(check(&[cl, te]).err(), Some(ContentLengthAndTransferEncoding));
        assert_eq!(check(&[b"transfer_encoding: x"]).err(), Some(AliasedFramingField));
        assert!(check(&[b"x-transfer_encoding: x"]).is_ok());
    }

    #[test]
    fn connection_options_are_read() {
        for (value, persists, upgrades) in [
            ("close", Some(false), false),
            ("keep-alive", Some(true), false),
            ("keep-alive, Close", Some(false), false),
            ("Upgrade, keep-alive", Some(true), true),
            (",TE,", Some(true), false),
            ("close close", None, false),
            ("host", None, false),
            ("close, Transfer-Encoding", None, false),
            ("x=1", None, false),
            ("close\u{a0}", None, false),
        ] {
            let line = format!("connection: {value}");
            let fields = check(&[b"upgrade: websocket", line.as_bytes()]);
            assert_eq!(fields.map(|fields| fields.persists(true)).ok(), persists, "{value}");
            assert_eq!(fields.is_ok_and(|fields| fields.upgrades()), upgrades, "{value}");
        }
        assert_eq!(check(&[b"upgrade: \xa0websocket"]).err(), Some(Fault::BadFieldValue));
        assert!(!check(&[b"upgrade: websocket"]).unwrap().upgrades());
    }
}
