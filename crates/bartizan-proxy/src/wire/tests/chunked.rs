//! Bodies in chunks: for each fault the bytes that show it, and the same answer however they are split.

use proptest::prelude::*;

use crate::wire::Fault::{self, *};
use crate::wire::{Chunked, Followed, Outcome, WireLimits};

fn at_once(bytes: &[u8], limits: &WireLimits) -> Followed {
    Chunked::default().follow(bytes, limits)
}

fn in_pieces(pieces: &[&[u8]], limits: &WireLimits) -> Followed {
    let mut chunked = Chunked::default();
    let mut length = 0;
    for piece in pieces {
        let followed = chunked.follow(piece, limits);
        length += followed.length;
        if followed.outcome != Outcome::Unfinished {
            return Followed { length, ..followed };
        }
    }
    Followed { length, outcome: Outcome::Unfinished }
}

fn check(bytes: &[u8], limits: &WireLimits, expected: Result<bool, Fault>) {
    let whole = at_once(bytes, limits);
    let outcome = match expected {
        Ok(true) => Outcome::Finished,
        Ok(false) => Outcome::Unfinished,
        Err(fault) => Outcome::Faulty(fault),
    };
    assert_eq!(whole.outcome, outcome, "{}", bytes.escape_ascii());
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(in_pieces(&single, limits), whole, "{}", bytes.escape_ascii());
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(in_pieces(&[left, right], limits), whole, "{} at {at}", bytes.escape_ascii());
    }
}

#[test]
fn each_fault_is_named() {
    for (bytes, expected) in [
        (&b"0\r\n\r\n"[..], Ok(true)),
        (b"5\r\nhello\r\n0\r\n\r\n", Ok(true)),
        (b"0000000000000005\r\nhello\r\n000\r\n\r\n", Ok(true)),
        (b"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", Ok(true)),
        (b"5;a=b;c=\"d\"\r\nhello\r\n0;e\r\n\r\n", Ok(true)),
        (b"0\r\nX-Sum: 1\r\nY: \xfc\r\n\r\n", Ok(true)),
        (b"5\r\nhello\r\n", Ok(false)),
        (b"7fffffffffffffff\r\nx", Ok(false)),
        (b"0007fffffffffffff\r\nx", Err(BadChunkSize)),
        (b"8000000000000000\r\nx", Err(BadChunkSize)),
        (b"ffffffffffffffff\r\nx", Err(BadChunkSize)),
        (b"0\r\n\r", Ok(false)),
        // size
        (b"\r\n", Err(BadChunkSize)),
        (b"g\r\n", Err(BadChunkSize)),
        (b"+5\r\nhello\r\n", Err(BadChunkSize)),
        (b"-1\r\n", Err(BadChunkSize)),
        (b"0x5\r\nhello\r\n", Err(BadChunkSize)),
        (b"5_0\r\n", Err(BadChunkSize)),
        (b" 5\r\nhello\r\n", Err(BadChunkSize)),
        (b";a\r\n", Err(BadChunkSize)),
        (b"00000000000000005\r\nhello\r\n", Err(BadChunkSize)),
        (b"10000000000000000\r\n", Err(BadChunkSize)),
        (b"5\n", Err(BareLf)),
        (b"5\rX", Err(BareCr)),
        (b"5\r\r\n", Err(BareCr)),
        // extensions
        (b"5 \r\nhello\r\n", Err(BadChunkExtension)),
        (b"5\t;a\r\nhello\r\n", Err(BadChunkExtension)),
        (b"5; a\r\nhello\r\n", Err(BadChunkExtension)),
        (b"5;a\x0b\r\nhello\r\n", Err(BadChunkExtension)),
        (b"5;a\0\r\nhello\r\n", Err(BadChunkExtension)),
        (b"5;\xa0\r\nhello\r\n", Err(BadChunkExtension)),
        (b"5;a\nhello\r\n", Err(BareLf)),
        (b"5;a\rb\r\nhello\r\n", Err(BareCr)),
        // data
        (b"5\r\nhello0\r\n", Err(BadChunkEnd)),
        (b"5\r\nhello\n0\r\n\r\n", Err(BareLf)),
        (b"5\r\nhello\rX0\r\n\r\n", Err(BareCr)),
        (b"5\r\nhello\r\n\r\n", Err(BadChunkSize)),
        // trailers
        (b"0\r\n\n", Err(BareLf)),
        (b"0\r\nX: 1\n\r\n", Err(BareLf)),
        (b"0\r\nX: 1\rY: 2\r\n\r\n", Err(BareCr)),
        (b"0\r\n X: 1\r\n\r\n", Err(ObsoleteFold)),
        (b"0\r\nX : 1\r\n\r\n", Err(SpaceBeforeColon)),
        (b"0\r\nX\r\n\r\n", Err(BadFieldName)),
        (b"0\r\nX: \0\r\n\r\n", Err(BadFieldValue)),
        (b"0\r\nContent-Length: 1\r\n\r\n", Err(ForbiddenTrailer)),
        (b"0\r\ntransfer-encoding: chunked\r\n\r\n", Err(ForbiddenTrailer)),
        (b"0\r\nHost: a\r\n\r\n", Err(ForbiddenTrailer)),
        (b"0\r\nGET / HTTP/1.1\r\n\r\n", Err(SpaceBeforeColon)),
    ] {
        check(bytes, &WireLimits::default(), expected);
    }
}

#[test]
fn limits_hold_over_the_whole_body() {
    let limits = WireLimits { chunk_extension_bytes: 4, trailer_bytes: 12, trailer_fields: 2, ..WireLimits::default() };
    for (bytes, expected) in [
        (&b"1;abc\r\nx\r\n0\r\n\r\n"[..], Ok(true)),
        (b"1;a\r\nx\r\n0;b\r\n\r\n", Ok(true)),
        (b"1;abcd\r\nx\r\n", Err(TooManyChunkExtensions)),
        (b"1;ab\r\nx\r\n0;b\r\n\r\n", Err(TooManyChunkExtensions)),
        (b"0\r\nA:\r\nB:\r\n\r\n", Ok(true)),
        (b"0\r\nA:\r\nB:\r\nC:\r\n\r\n", Err(TrailersTooLarge)),
        (b"0\r\nA: 12345678\r\n", Ok(false)),
        (b"0\r\nA: 123456789\r\n", Err(TrailersTooLarge)),
    ] {
        check(bytes, &limits, expected);
    }
}

#[test]
fn bytes_after_the_end_are_left() {
    let followed = at_once(b"1\r\nx\r\n0\r\n\r\nGET / ", &WireLimits::default());
    assert_eq!(followed, Followed { length: 11, outcome: Outcome::Finished });
    assert_eq!(at_once(b"2\r\nxyz", &WireLimits::default()).length, 5);
}

proptest! {
    #[test]
    fn splits_make_no_difference(
        bytes in "([0-3a\r\n;x: ]|1\r\nx\r\n|0\r\n|X: y\r\n|\r\n){0,12}",
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let bytes = bytes.as_bytes();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        let limits = WireLimits::default();
        prop_assert_eq!(in_pieces(&pieces, &limits), at_once(bytes, &limits));
    }
}
