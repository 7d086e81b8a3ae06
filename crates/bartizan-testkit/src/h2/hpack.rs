//! Header blocks (RFC 7541): written as plain literals, so that any bytes may stand in a name; read in full.

use std::collections::VecDeque;

use super::huffman;

/// One header line as bytes.
pub type Field = (Vec<u8>, Vec<u8>);

/// Writes lines as literals without indexing and without Huffman code, whatever bytes they hold.
pub fn encode(fields: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            push_integer(&mut block, 0, 7, text.len());
            block.extend_from_slice(text);
        }
    }
    block
}

/// Writes a reference to an entry of the static or dynamic table.
pub fn indexed(index: usize) -> Vec<u8> {
    let mut block = Vec::new();
    push_integer(&mut block, 0x80, 7, index);
    block
}

/// Writes a line that the other side is to keep in its dynamic table.
pub fn indexing(name: &[u8], value: &[u8]) -> Vec<u8> {
    let mut block = vec![0x40];
    for text in [name, value] {
        push_integer(&mut block, 0, 7, text.len());
        block.extend_from_slice(text);
    }
    block
}

/// What reads the blocks of one connection, in their order.
#[derive(Debug, Default)]
pub struct Decoder {
    entries: VecDeque<Field>,
}

impl Decoder {
    /// Returns the lines of a block; nothing if it is malformed.
    pub fn decode(&mut self, mut block: &[u8]) -> Option<Vec<Field>> {
        let mut fields = Vec::new();
        while let Some(&first) = block.first() {
            if first & 0x80 != 0 {
                fields.push(self.entry(take_integer(&mut block, 7)?)?);
            } else if first & 0x40 != 0 {
                let field = self.literal(&mut block, 6)?;
                self.entries.push_front(field.clone());
                self.shrink(TABLE_SIZE);
                fields.push(field);
            } else if first & 0x20 != 0 {
                let size = take_integer(&mut block, 5)?;
                self.shrink(size);
            } else {
                fields.push(self.literal(&mut block, 4)?);
            }
        }
        Some(fields)
    }

    fn literal(&self, block: &mut &[u8], bits: u32) -> Option<Field> {
        let name = match take_integer(block, bits)? {
            0 => take_text(block)?,
            index => self.entry(index)?.0,
        };
        Some((name, take_text(block)?))
    }

    fn entry(&self, index: usize) -> Option<Field> {
        let index = index.checked_sub(1)?;
        match STATIC.get(index) {
            Some((name, value)) => Some((name.as_bytes().to_vec(), value.as_bytes().to_vec())),
            None => self.entries.get(index - STATIC.len()).cloned(),
        }
    }

    /// Forgets the oldest entries (RFC 7541, 4.1: each counts 32 bytes more than its text).
    fn shrink(&mut self, size: usize) {
        let weight = |(name, value): &Field| name.len() + value.len() + 32;
        while self.entries.iter().map(weight).sum::<usize>() > size {
            self.entries.pop_back();
        }
    }
}

/// What a peer may use until we say otherwise (RFC 9113, 6.5.2), and we never do.
const TABLE_SIZE: usize = 4096;

fn push_integer(block: &mut Vec<u8>, flags: u8, bits: u32, value: usize) {
    let most = (1_usize << bits) - 1;
    if value < most {
        block.push(flags | u8::try_from(value).unwrap());
        return;
    }
    block.push(flags | u8::try_from(most).unwrap());
    let mut rest = value - most;
    while rest >= 128 {
        block.push(u8::try_from(rest % 128).unwrap() | 128);
        rest /= 128;
    }
    block.push(u8::try_from(rest).unwrap());
}

fn take_integer(block: &mut &[u8], bits: u32) -> Option<usize> {
    let most = (1_usize << bits) - 1;
    let (&first, rest) = block.split_first()?;
    *block = rest;
    let mut value = usize::from(first) & most;
    if value < most {
        return Some(value);
    }
    for shift in (0..28).step_by(7) {
        let (&byte, rest) = block.split_first()?;
        *block = rest;
        value += usize::from(byte & 127) << shift;
        if byte < 128 {
            return Some(value);
        }
    }
    None
}

fn take_text(block: &mut &[u8]) -> Option<Vec<u8>> {
    let is_coded = block.first()? & 0x80 != 0;
    let length = take_integer(block, 7)?;
    let (text, rest) = block.split_at_checked(length)?;
    *block = rest;
    if is_coded { huffman::decode(text) } else { Some(text.to_vec()) }
}

/// The static table (RFC 7541, appendix A).
const STATIC: [(&str, &str); 61] = [
    (":authority", ""),
    (":method", "GET"),
    (":method", "POST"),
    (":path", "/"),
    (":path", "/index.html"),
    (":scheme", "http"),
    (":scheme", "https"),
    (":status", "200"),
    (":status", "204"),
    (":status", "206"),
    (":status", "304"),
    (":status", "400"),
    (":status", "404"),
    (":status", "500"),
    ("accept-charset", ""),
    ("accept-encoding", "gzip, deflate"),
    ("accept-language", ""),
    ("accept-ranges", ""),
    ("accept", ""),
    ("access-control-allow-origin", ""),
    ("age", ""),
    ("allow", ""),
    ("authorization", ""),
    ("cache-control", ""),
    ("content-disposition", ""),
    ("content-encoding", ""),
    ("content-language", ""),
    ("content-length", ""),
    ("content-location", ""),
    ("content-range", ""),
    ("content-type", ""),
    ("cookie", ""),
    ("date", ""),
    ("etag", ""),
    ("expect", ""),
    ("expires", ""),
    ("from", ""),
    ("host", ""),
    ("if-match", ""),
    ("if-modified-since", ""),
    ("if-none-match", ""),
    ("if-range", ""),
    ("if-unmodified-since", ""),
    ("last-modified", ""),
    ("link", ""),
    ("location", ""),
    ("max-forwards", ""),
    ("proxy-authenticate", ""),
    ("proxy-authorization", ""),
    ("range", ""),
    ("referer", ""),
    ("refresh", ""),
    ("retry-after", ""),
    ("server", ""),
    ("set-cookie", ""),
    ("strict-transport-security", ""),
    ("transfer-encoding", ""),
    ("user-agent", ""),
    ("vary", ""),
    ("via", ""),
    ("www-authenticate", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(fields: &[Field]) -> Vec<String> {
        fields.iter().map(|(name, value)| format!("{}: {}", name.escape_ascii(), value.escape_ascii())).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let long = vec![b'x'; 5000];
        let block = [
            encode(&[(b":method", b"GET"), (b"bad\r\n", b"\0"), (b"", &long)]),
            indexing(b"kept", b"yes"),
            indexed(62),
            indexed(8),
        ]
        .concat();
        let mut decoder = Decoder::default();
        let fields = decoder.decode(&block).unwrap();
        assert_eq!(fields[2].1, long);
        let rest = [&fields[..2], &fields[3..]].concat();
        assert_eq!(lines(&rest), [":method: GET", "bad\\r\\n: \\x00", "kept: yes", "kept: yes", ":status: 200"]);
        assert_eq!(lines(&decoder.decode(&indexed(62)).unwrap()), ["kept: yes"]);
        for malformed in [&[0x80][..], &[0xff], &[0xbf], &[0, 5, b'x'], &[0x40, 0x82, 0xff, 0xff]] {
            assert_eq!(decoder.decode(malformed), None, "{malformed:?}");
        }
    }
}
