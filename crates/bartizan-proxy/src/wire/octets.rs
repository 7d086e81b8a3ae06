//! Which octets may stand where: one table, a bit for each class.

/// Octets of a token (RFC 9110, 5.6.2).
pub(super) const TOKEN: u8 = 1;
/// Octets of a registered name or an IPv4 address; percent escapes and sub-delimiters have no use in a host.
pub(super) const HOST: u8 = 1 << 1;
/// Octets of a path: RFC 3986's, and those which browsers leave unescaped. Never `\`, which some read as `/`.
pub(super) const PATH: u8 = 1 << 2;
/// Octets of a query: as browsers write it.
pub(super) const QUERY: u8 = 1 << 3;
/// Visible ASCII, the octets of a chunk extension as accepted here.
pub(super) const VISIBLE: u8 = 1 << 4;
/// Octets of a field value: visible, obsolete text, space and tab (RFC 9110, 5.5).
pub(super) const VALUE: u8 = 1 << 5;

/// Whether the octet is of the class.
#[inline]
pub(super) fn is(octet: u8, class: u8) -> bool {
    CLASSES[octet as usize] & class != 0
}

/// Whether each octet is of the class. Without an early end, since it nearly always holds.
#[inline]
pub(super) fn all(octets: &[u8], class: u8) -> bool {
    octets.iter().fold(class, |seen, octet| seen & CLASSES[*octet as usize]) != 0
}

/// Whether each octet is of `VALUE`: eight at a time, since most octets of a head are in values.
#[inline]
pub(super) fn is_value(octets: &[u8]) -> bool {
    // What is left over is looked at again with its neighbours before it.
    let (Some(last), (eights, _)) = (octets.last_chunk::<8>(), octets.as_chunks::<8>()) else {
        return all(octets, VALUE);
    };
    let doubt = eights.iter().fold(is_doubtful(*last), |doubt, eight| doubt | is_doubtful(*eight));
    doubt == 0 || all(octets, VALUE)
}

/// Zero unless one of the octets is below space or is DEL. A tab is doubtful, too; the table knows better.
#[inline]
fn is_doubtful(eight: [u8; 8]) -> u64 {
    let octets = u64::from_ne_bytes(eight);
    let control = octets.wrapping_sub(EACH * 0x20) & !octets;
    let not_del = octets ^ (EACH * 0x7f);
    (control | (not_del.wrapping_sub(EACH) & !not_del)) & (EACH * 0x80)
}

const EACH: u64 = u64::from_ne_bytes([1; 8]);

/// Takes spaces and tabs off both ends: OWS (RFC 9110, 5.6.3) and nothing else, so neither 0x85 nor 0xa0.
#[inline]
pub(super) fn trim(mut octets: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = octets {
        octets = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = octets {
        octets = rest;
    }
    octets
}

static CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut octet = 0_usize;
    while octet < 256 {
        table[octet] = classes(octet as u8);
        octet += 1;
    }
    table
};

const fn classes(octet: u8) -> u8 {
    let mut class = 0;
    if octet.is_ascii_alphanumeric() {
        class |= TOKEN | HOST;
    }
    if matches!(octet, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~') {
        class |= TOKEN;
    }
    if matches!(octet, b'-' | b'.' | b'_') {
        class |= HOST;
    }
    if octet.is_ascii_graphic() {
        class |= VISIBLE;
        if !matches!(octet, b'#' | b'<' | b'>' | b'`' | b'\\' | b'?') {
            class |= PATH;
        }
        if !matches!(octet, b'"' | b'#' | b'<' | b'>') {
            class |= QUERY;
        }
    }
    if octet.is_ascii_graphic() || octet >= 0x80 || matches!(octet, b' ' | b'\t') {
        class |= VALUE;
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_octet_allowed_in_a_target_is_one_hyper_can_carry() {
        for octet in 0..=255_u8 {
            let path = [b'/', octet];
            if octet != b'%' && is(octet, PATH) {
                assert!(http::Uri::try_from(&path[..]).is_ok(), "path {octet:#x}");
            }
            let query = [b'/', b'?', octet];
            if is(octet, QUERY) {
                assert!(http::Uri::try_from(&query[..]).is_ok(), "query {octet:#x}");
            }
        }
    }

    #[test]
    fn tokens_are_what_hyper_takes_for_methods_and_names() {
        for octet in 0..=255_u8 {
            let text = [b'A', octet];
            assert_eq!(http::Method::from_bytes(&text).is_ok(), is(octet, TOKEN), "method {octet:#x}");
            assert_eq!(http::HeaderName::from_bytes(&text).is_ok(), is(octet, TOKEN), "name {octet:#x}");
            assert_eq!(http::HeaderValue::from_bytes(&text).is_ok(), is(octet, VALUE), "value {octet:#x}");
            for length in 1..20 {
                let mut text = vec![b'a'; length];
                text[length / 2] = octet;
                assert_eq!(is_value(&text), is(octet, VALUE), "value {octet:#x} in {length}");
            }
        }
    }

    #[test]
    fn only_space_and_tab_are_trimmed() {
        for (text, trimmed) in [(&b" \ta b\t "[..], &b"a b"[..]), (b"\xa0a\x85", b"\xa0a\x85"), (b"\x0ba", b"\x0ba")] {
            assert_eq!(trim(text), trimmed);
        }
    }
}
