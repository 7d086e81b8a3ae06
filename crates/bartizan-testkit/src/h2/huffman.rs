//! The Huffman code of HPACK (RFC 7541, 5.2 and appendix B), for reading only.
//!
//! The code is canonical, so the lengths are enough: codes of one length follow one another in the
//! order of their symbols.

/// Returns the text; nothing if the code or its padding is wrong.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let codes = codes();
    let mut text = Vec::new();
    let (mut code, mut length) = (0_u32, 0_u8);
    for bit in bytes.iter().flat_map(|byte| (0..8).rev().map(move |shift| byte >> shift & 1)) {
        code = code << 1 | u32::from(bit);
        length += 1;
        if let Some(&(_, _, symbol)) = codes.iter().find(|&&(size, known, _)| size == length && known == code) {
            text.push(u8::try_from(symbol).ok()?);
            (code, length) = (0, 0);
        } else if length == 30 {
            return None;
        }
    }
    // Padding is the start of the code of EOS, which is all ones, and shorter than a byte.
    (length < 8 && code + 1 == 1 << length).then_some(text)
}

fn codes() -> Vec<(u8, u32, usize)> {
    let mut symbols: Vec<(u8, usize)> = LENGTHS.iter().copied().zip(0..).collect();
    symbols.sort_unstable();
    let (mut code, mut before) = (0_u32, 0_u8);
    let mut codes = Vec::with_capacity(symbols.len());
    for (length, symbol) in symbols {
        code <<= length - before;
        codes.push((length, code, symbol));
        before = length;
        code += 1;
    }
    codes
}

/// Bits of the code of each byte, and of EOS.
const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
    28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12,
    10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6,
    5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22,
    22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20,
    22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28,
    27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28,
    27, 27, 27, 27, 27, 26, 30,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfc_are_read() {
        for (bytes, text) in [
            (&[0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff][..], Some("www.example.com")),
            (&[0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf], Some("no-cache")),
            (&[0x64, 0x02], Some("302")),
            (&[], Some("")),
            (&[0x00], None),
            (&[0xff, 0xff, 0xff, 0xff], None),
        ] {
            assert_eq!(decode(bytes).as_deref(), text.map(str::as_bytes), "{bytes:?}");
        }
    }
}
