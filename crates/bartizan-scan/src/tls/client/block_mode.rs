//! Modes that make a cipher of a block cipher: CBC, CCM and GCM, encrypting only.
//!
//! Slow and not constant in time, which matters to nobody: what is encrypted here is no secret.

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes256};
use aria::{Aria128, Aria256};

/// One block.
pub(super) type Block = [u8; 16];

/// A block cipher with its key.
pub(super) enum BlockCipher {
    /// AES with 128 bits.
    Aes128(Aes128),
    /// AES with 256 bits.
    Aes256(Aes256),
    /// ARIA with 128 bits.
    Aria128(Aria128),
    /// ARIA with 256 bits.
    Aria256(Aria256),
}

impl std::fmt::Debug for BlockCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlockCipher")
    }
}

impl BlockCipher {
    /// Returns AES or ARIA by the length of the key.
    pub(super) fn new(is_aria: bool, key: &[u8]) -> Option<Self> {
        Some(match (is_aria, key.len()) {
            (false, 16) => Self::Aes128(Aes128::new_from_slice(key).ok()?),
            (false, 32) => Self::Aes256(Aes256::new_from_slice(key).ok()?),
            (true, 16) => Self::Aria128(Aria128::new_from_slice(key).ok()?),
            (true, 32) => Self::Aria256(Aria256::new_from_slice(key).ok()?),
            _ => return None,
        })
    }

    fn encrypt(&self, block: Block) -> Block {
        let mut block = block.into();
        match self {
            Self::Aes128(cipher) => cipher.encrypt_block(&mut block),
            Self::Aes256(cipher) => cipher.encrypt_block(&mut block),
            Self::Aria128(cipher) => cipher.encrypt_block(&mut block),
            Self::Aria256(cipher) => cipher.encrypt_block(&mut block),
        }
        block.into()
    }

    /// Encrypts whole blocks, each chained to the one before (NIST SP 800-38A, 6.2).
    pub(super) fn cbc(&self, iv: Block, data: &[u8]) -> Vec<u8> {
        let mut previous = iv;
        let mut out = Vec::with_capacity(data.len());
        for chunk in data.chunks(16) {
            previous = self.encrypt(xor(previous, chunk));
            out.extend_from_slice(&previous);
        }
        out
    }

    /// Encrypts and authenticates with a tag of so many bytes (RFC 3610, 2).
    pub(super) fn ccm(&self, nonce: [u8; 12], aad: &[u8], data: &[u8], tag: usize) -> Vec<u8> {
        let flags = 0x40 | u8::try_from((tag - 2) / 2 * 8 + 2).unwrap_or_default();
        let length = u32::try_from(data.len()).unwrap_or_default();
        let block = |flags: u8, number: u32| -> Block {
            let mut block = [0; 16];
            let number = number.to_be_bytes();
            let bytes = std::iter::once(&flags).chain(&nonce).chain(number.iter().skip(1));
            block.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            block
        };
        let mut mac = self.encrypt(block(flags, length));
        let mut authenticated = u16::try_from(aad.len()).unwrap_or_default().to_be_bytes().to_vec();
        authenticated.extend_from_slice(aad);
        for chunk in authenticated.chunks(16).chain(data.chunks(16)) {
            mac = self.encrypt(xor(mac, chunk));
        }
        let mut out = self.counter(data, |number| block(2, number));
        let sealed = xor(mac, &self.encrypt(block(2, 0)));
        out.extend(sealed.iter().take(tag));
        out
    }

    /// Encrypts and authenticates with a tag of 16 bytes (NIST SP 800-38D, 7.1).
    pub(super) fn gcm(&self, nonce: [u8; 12], aad: &[u8], data: &[u8]) -> Vec<u8> {
        let block = |number: u32| -> Block {
            let mut block = [0; 16];
            block.iter_mut().zip(nonce.iter().chain(&number.to_be_bytes())).for_each(|(to, from)| *to = *from);
            block
        };
        let mut out = self.counter(data, |number| block(number + 1));
        let key = u128::from_be_bytes(self.encrypt([0; 16]));
        let mut hash = 0;
        for chunk in aad.chunks(16).chain(out.chunks(16)) {
            hash = multiply(hash ^ u128::from_be_bytes(xor([0; 16], chunk)), key);
        }
        let lengths = ((aad.len() as u128 * 8) << 64) | (data.len() as u128 * 8);
        hash = multiply(hash ^ lengths, key);
        out.extend(xor(self.encrypt(block(1)), &hash.to_be_bytes()));
        out
    }

    fn counter(&self, data: &[u8], block: impl Fn(u32) -> Block) -> Vec<u8> {
        let numbers = 1_u32..;
        let chunks = data.chunks(16).zip(numbers);
        chunks
            .flat_map(|(chunk, number)| xor(self.encrypt(block(number)), chunk).into_iter().take(chunk.len()))
            .collect()
    }
}

/// Adds a chunk to a block; what the chunk lacks counts as zero.
fn xor(mut block: Block, chunk: &[u8]) -> Block {
    block.iter_mut().zip(chunk).for_each(|(to, from)| *to ^= from);
    block
}

/// Multiplies in the field of GCM (NIST SP 800-38D, 6.3).
fn multiply(a: u128, mut b: u128) -> u128 {
    let mut product = 0;
    for bit in (0..128).rev() {
        if a >> bit & 1 == 1 {
            product ^= b;
        }
        b = (b >> 1) ^ if b & 1 == 1 { 0xe1 << 120 } else { 0 };
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn gcm_and_ccm_are_those_of_the_standards() {
        // The GCM specification's test case 2: a block of zeros under a key of zeros.
        let zero = BlockCipher::new(false, &[0; 16]).unwrap();
        let sealed = "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf";
        assert_eq!(hex(&zero.gcm([0; 12], &[], &[0; 16])), sealed);
        // NIST SP 800-38C, example 3, has a nonce of 12 bytes and a tag of 8.
        let key: Vec<u8> = (0x40..0x50).collect();
        let cipher = BlockCipher::new(false, &key).unwrap();
        let nonce = std::array::from_fn(|at| 0x10 + u8::try_from(at).unwrap());
        let (aad, data): (Vec<u8>, Vec<u8>) = ((0..20).collect(), (0x20..0x38).collect());
        let sealed = "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951";
        assert_eq!(hex(&cipher.ccm(nonce, &aad, &data, 8)), sealed);
        assert!(BlockCipher::new(true, &[0; 24]).is_none());
    }
}
