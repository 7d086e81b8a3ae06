//! SSL 2.0 has a hello of its own, without records or extensions (draft-hickman-netscape-ssl-00, 5.5).

use crate::wire::{Reader, put, put_vector};

/// A cipher of SSL 2.0: its three bytes and its name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    code: u32,
    /// The name.
    pub(crate) name: &'static str,
}

/// Returns the hello that offers all of them.
pub(crate) fn hello(challenge: [u8; 16]) -> Vec<u8> {
    let mut body = vec![1, 0, 2];
    let mut kinds = Vec::new();
    KINDS.iter().for_each(|kind| put(&mut kinds, 3, usize::try_from(kind.code).unwrap_or_default()));
    put(&mut body, 2, kinds.len());
    put(&mut body, 2, 0);
    put(&mut body, 2, challenge.len());
    body.extend_from_slice(&kinds);
    body.extend_from_slice(&challenge);
    let mut out = Vec::new();
    put_vector(&mut out, 2, &body);
    if let Some(first) = out.first_mut() {
        *first |= 0x80; // a header of two bytes, without padding
    }
    out
}

/// Returns the ciphers that the server knows of those offered; `None` if this is no hello of SSL 2.0.
///
/// With an empty answer it speaks the version and knows none of them.
pub(crate) fn accepted(bytes: &[u8]) -> Option<Vec<&'static Kind>> {
    let mut reader = Reader::new(bytes);
    let header = reader.u16()?;
    (header & 0x8000 != 0).then_some(())?;
    let mut body = Reader::new(reader.take(usize::from(header & 0x7fff))?);
    (body.u8()? == 4).then_some(())?;
    body.take(2)?; // whether a session was found, and the kind of certificate
    (body.u16()? == 2).then_some(())?;
    let (certificate, kinds) = (body.u16()?, body.u16()?);
    body.take(2)?; // the length of the connection's number
    body.take(usize::from(certificate))?;
    let mut kinds = Reader::new(body.take(usize::from(kinds))?);
    let mut accepted = Vec::new();
    while let Some(code) = kinds.number(3) {
        let known = KINDS.iter().find(|kind| kind.code == code);
        accepted.extend(known.filter(|kind| !accepted.contains(kind)));
    }
    Some(accepted)
}

static KINDS: &[Kind] = &[
    Kind { code: 0x01_0080, name: "SSL_CK_RC4_128_WITH_MD5" },
    Kind { code: 0x02_0080, name: "SSL_CK_RC4_128_EXPORT40_WITH_MD5" },
    Kind { code: 0x03_0080, name: "SSL_CK_RC2_128_CBC_WITH_MD5" },
    Kind { code: 0x04_0080, name: "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5" },
    Kind { code: 0x05_0080, name: "SSL_CK_IDEA_128_CBC_WITH_MD5" },
    Kind { code: 0x06_0040, name: "SSL_CK_DES_64_CBC_WITH_MD5" },
    Kind { code: 0x07_00c0, name: "SSL_CK_DES_192_EDE3_CBC_WITH_MD5" },
    Kind { code: 0x08_0080, name: "SSL_CK_RC4_64_WITH_MD5" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hello_is_answered_by_a_hello_of_the_same_kind() {
        let hello = hello([7; 16]);
        assert_eq!(hello.len(), usize::from(u16::from_be_bytes([hello[0] & 0x7f, hello[1]])) + 2);
        let mut answer = vec![0x80, 0, 4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 0, 9, 1, 0, 0x80];
        answer[1] = u8::try_from(answer.len() - 2).unwrap();
        let names = |bytes: &[u8]| accepted(bytes).map(|kinds| kinds.iter().map(|kind| kind.name).collect::<Vec<_>>());
        assert_eq!(names(&answer), Some(vec!["SSL_CK_RC4_128_WITH_MD5"]));
        assert_eq!(names(&answer[..9]), None);
        assert_eq!(names(&[21, 3, 0, 0, 2, 2, 40]), None); // an alert of TLS
    }
}
