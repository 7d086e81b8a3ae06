//! Both versions of the PROXY header, whole, cut short and forged.

use super::*;

fn outcome(bytes: &[u8]) -> String {
    match parse(bytes) {
        Ok(None) => "more".to_owned(),
        Ok(Some((None, length))) => format!("nobody {length}"),
        Ok(Some((Some(ends), length))) => format!("{} {} {length}", ends.source, ends.destination),
        Err(error) => match error {
            ProxyProtocolError::Address => "address".to_owned(),
            ProxyProtocolError::Command => "command".to_owned(),
            ProxyProtocolError::Family => "family".to_owned(),
            ProxyProtocolError::Io(error) => format!("io {error}"),
            ProxyProtocolError::Length => "length".to_owned(),
            ProxyProtocolError::Missing => "missing".to_owned(),
        },
    }
}

fn binary(command: u8, family: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    [SIGNATURE, [command, family].as_slice(), length.as_slice(), body].concat()
}

#[test]
fn lines_are_read_strictly() {
    for (line, expected) in [
        ("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n", "192.0.2.1:56324 198.51.100.7:443 45"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\nGET / HTTP/1.1\r\n", "192.0.2.1:56324 198.51.100.7:443 45"),
        ("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n", "[2001:db8::1]:1 [2001:db8::2]:65535 44"),
        ("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1:1 [::1]:2 37"),
        ("PROXY TCP4 1.1.1.1 1.1.1.1 0 1\r\n", "1.1.1.1:0 1.1.1.1:1 32"),
        ("PROXY UNKNOWN\r\n", "nobody 15"),
        ("PROXY UNKNOWN\r\nGET / HTTP/1.1\r\n", "nobody 15"),
        ("PROXY UNKNOWN ffff::1 whatever 1 2\r\n", "nobody 36"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r", "more"),
        ("PROXY TCP4 192.0.2.1", "more"),
        ("", "more"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\n", "address"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\rX", "address"),
        ("PROXY TCP4 192.0.2.1  198.51.100.7 56324 443\r\n", "address"),
        ("PROXY TCP4 192.0.2.1\t198.51.100.7 56324 443\r\n", "address"),
        ("PROXY TCP4 192.0.2.01 198.51.100.7 56324 443\r\n", "address"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 056324 443\r\n", "address"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 +6324 443\r\n", "address"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 65536 443\r\n", "address"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 1 443 9\r\n", "address"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 1 443 \r\n", "address"),
        ("PROXY TCP4 192.0.2.1 198.51.100.7 5632\r\nGET /", "address"),
        ("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n", "address"),
        ("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n", "address"),
        ("PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n", "family"),
        ("PROXY UNKNOWNS 1.1.1.1 1.1.1.1 1 2\r\n", "family"),
        ("proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "missing"),
        ("GET / HTTP/1.1\r\n", "missing"),
        ("PROXYTCP4 1.1.1.1", "missing"),
    ] {
        assert_eq!(outcome(line.as_bytes()), expected, "{line:?}");
    }
}

#[test]
fn a_line_has_at_most_107_bytes() {
    for (padding, expected) in [(91, "nobody 107"), (92, "length"), (4000, "length")] {
        let line = format!("PROXY UNKNOWN {}\r\n", "x".repeat(padding));
        assert_eq!(outcome(line.as_bytes()), expected, "{padding}");
    }
}

#[test]
fn binary_headers_are_read_strictly() {
    let four = [192, 0, 2, 1, 198, 51, 100, 7, 0xdc, 4, 1, 187];
    let six = [&[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1].repeat(2)[..], &[0, 9, 1, 187]].concat();
    let tlv = [four.as_slice(), &[4, 0, 2, 0, 0]].concat();
    for (what, bytes, expected) in [
        ("ipv4", binary(0x21, 0x11, &four), "192.0.2.1:56324 198.51.100.7:443 28"),
        ("ipv6", binary(0x21, 0x21, &six), "[2001:db8::1]:9 [2001:db8::1]:443 52"),
        ("a TLV", binary(0x21, 0x11, &tlv), "192.0.2.1:56324 198.51.100.7:443 33"),
        ("local", binary(0x20, 0x00, &[]), "nobody 16"),
        ("local with addresses", binary(0x20, 0x11, &four), "nobody 28"),
        ("unspecified", binary(0x21, 0x00, &[]), "nobody 16"),
        ("unix", binary(0x21, 0x31, &[b'/'; 216]), "nobody 232"),
        ("unix, short", binary(0x21, 0x31, &[b'/'; 215]), "length"),
        ("ipv4, short", binary(0x21, 0x11, &four[..11]), "length"),
        ("ipv6, short", binary(0x21, 0x21, &four), "length"),
        ("longest", binary(0x21, 0x11, &[1; 536]), "1.1.1.1:257 1.1.1.1:257 552"),
        ("too long", binary(0x21, 0x11, &[1; 537]), "length"),
        ("datagrams", binary(0x21, 0x12, &four), "family"),
        ("no family", binary(0x21, 0x41, &four), "family"),
        ("version 1", binary(0x11, 0x11, &four), "command"),
        ("a third command", binary(0x22, 0x11, &four), "command"),
    ] {
        assert_eq!(outcome(&bytes), expected, "{what}");
        let followed = [bytes.as_slice(), b"GET / HTTP/1.1\r\n"].concat();
        assert_eq!(outcome(&followed), expected, "{what}, followed by a request");
        assert!(matches!(outcome(&bytes[..15]).as_str(), "more"), "{what}, cut short");
    }
}

#[test]
fn not_a_byte_beyond_the_header_is_taken() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for header in [
        b"PROXY UNKNOWN\r\n".to_vec(),
        b"PROXY TCP6 :: :: 1 1\r\n".to_vec(),
        b"PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n".to_vec(),
        binary(0x21, 0x11, &[1; 12]),
        binary(0x20, 0x00, &[]),
    ] {
        let mut bytes = header.as_slice().chain(&b"GET"[..]);
        runtime.block_on(read_header(&mut bytes)).unwrap();
        let mut rest = Vec::new();
        runtime.block_on(bytes.read_to_end(&mut rest)).unwrap();
        assert_eq!(rest, b"GET", "{}", header.escape_ascii());
        let cut = runtime.block_on(read_header(&mut &header[..header.len() - 1]));
        assert!(matches!(cut, Err(ProxyProtocolError::Io(_))), "{}", header.escape_ascii());
    }
}

proptest::proptest! {
    #[test]
    fn foreign_bytes_never_panic_nor_overrun(bytes: Vec<u8>, is_binary: bool) {
        let start: &[u8] = if is_binary { SIGNATURE } else { b"PROXY TCP4 " };
        for bytes in [bytes.clone(), [start, &bytes].concat()] {
            if let Ok(Some((_, length))) = parse(&bytes) {
                proptest::prop_assert!(length <= bytes.len() && length <= LONGEST);
            }
        }
    }
}
