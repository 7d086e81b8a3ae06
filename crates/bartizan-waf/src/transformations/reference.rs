//! Slow and plain versions of transformations, written from their descriptions, that tests and fuzzing compare with.

/// The plain version of a transformation, for those that have one.
pub(crate) fn plain(name: &str, value: &[u8]) -> Option<Vec<u8>> {
    let is_space = |byte: &u8| b" \t\n\x0b\x0c\r".contains(byte);
    Some(match name {
        "base64Encode" => base64_encode(value),
        "compressWhitespace" => {
            let mut text = value.to_vec();
            text.iter_mut().filter(|byte| is_space(byte)).for_each(|byte| *byte = b' ');
            text.dedup_by(|a, b| *a == b' ' && *b == b' ');
            text
        }
        "hexEncode" => value.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes(),
        "length" => value.len().to_string().into_bytes(),
        "lowercase" => value.to_ascii_lowercase(),
        "none" => value.to_vec(),
        "parityEven7bit" => value.iter().map(|byte| with_parity(*byte, true)).collect(),
        "parityOdd7bit" => value.iter().map(|byte| with_parity(*byte, false)).collect(),
        "parityZero7bit" => value.iter().map(|byte| byte % 128).collect(),
        "removeNulls" => value.iter().copied().filter(|byte| *byte != 0).collect(),
        "removeWhitespace" => {
            value.iter().copied().filter(|byte| !is_space(byte) && ![0xa0, 0xc2].contains(byte)).collect()
        }
        "removeCommentsChar" => cut(value, &[b"<!--", b"-->", b"/*", b"*/", b"--", b"#"]),
        "replaceComments" => replace_comments(value),
        "replaceNulls" => value.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect(),
        "trim" => {
            let from = value.iter().position(|byte| !is_space(byte)).unwrap_or(value.len());
            let to = value.iter().rposition(|byte| !is_space(byte)).map_or(from, |last| last + 1);
            value[from..to].to_vec()
        }
        "uppercase" => value.to_ascii_uppercase(),
        "urlDecode" => url_decode(value),
        "urlEncode" => value
            .iter()
            .map(|byte| match byte {
                b' ' => "+".to_owned(),
                b'*' => "*".to_owned(),
                _ if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
                _ => format!("%{byte:02x}"),
            })
            .collect::<String>()
            .into_bytes(),
        _ => return None,
    })
}

/// The bit that is missing in the number of ones.
fn with_parity(byte: u8, is_even: bool) -> u8 {
    let ones = (0..8).filter(|bit| byte >> bit & 1 == 1).count();
    if (ones % 2 == 1) == is_even { byte | 128 } else { byte & 127 }
}

fn base64_encode(value: &[u8]) -> Vec<u8> {
    let alphabet: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(*b"+/").collect();
    let mut out = Vec::new();
    for three in value.chunks(3) {
        let bits = three.iter().chain(&[0; 2]).take(3).fold(0_usize, |bits, byte| bits * 256 + usize::from(*byte));
        for digit in 0..4 {
            out.push(if digit > three.len() { b'=' } else { alphabet[bits >> (18 - 6 * digit) & 63] });
        }
    }
    out
}

fn cut(value: &[u8], marks: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < value.len() {
        match marks.iter().find(|mark| value[at..].starts_with(mark)) {
            Some(mark) => at += mark.len(),
            None => {
                out.push(value[at]);
                at += 1;
            }
        }
    }
    out
}

fn replace_comments(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < value.len() {
        if value[at..].starts_with(b"/*") {
            out.push(b' ');
            at += 2;
            while at < value.len() && !value[at..].starts_with(b"*/") {
                at += 1;
            }
            at += 2;
        } else {
            out.push(value[at]);
            at += 1;
        }
    }
    out
}

fn url_decode(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < value.len() {
        let pair = value.get(at + 1..at + 3).filter(|pair| pair.iter().all(u8::is_ascii_hexdigit));
        match (value[at], pair.and_then(|pair| std::str::from_utf8(pair).ok())) {
            (b'%', Some(pair)) => {
                out.extend(u8::from_str_radix(pair, 16));
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    out
}
