//! What a rule does to a value before its operator looks at it.
//!
//! Each answers for any bytes what ModSecurity 3.0.15 answers, but for two of ours that it does not know. A transformation knows no rule and keeps nothing.

mod base64_decode;
mod base64_decode_ext;
mod base64_encode;
mod characters;
mod cmd_line;
mod compress_whitespace;
mod css_decode;
mod document;
mod escape_seq_decode;
mod hex_decode;
mod hex_encode;
mod html_entity_decode;
mod js_decode;
mod length;
mod lowercase;
mod md5;
mod none;
mod normalize_path;
mod normalize_path_win;
mod parity_even_7bit;
mod parity_odd_7bit;
mod parity_zero_7bit;
mod php_args_names;
pub(crate) mod reference;
mod remove_comments;
mod remove_comments_char;
mod remove_document_code;
mod remove_documents;
mod remove_nulls;
mod remove_whitespace;
mod replace_comments;
mod replace_nulls;
mod sha1;
mod sql_hex_decode;
mod trim;
mod trim_left;
mod trim_right;
mod unicode_map;
mod uppercase;
mod url_decode;
mod url_decode_uni;
mod url_encode;
mod utf8_to_unicode;

#[cfg(test)]
mod tests;

pub use unicode_map::{UnicodeMap, UnicodeMapError};

use crate::byte_set::ByteSet;

/// A transformation of values.
#[derive(Clone, Copy, Debug)]
pub struct Transformation {
    /// Its name in rules.
    pub name: &'static str,
    /// Other names that rules know it by.
    pub aliases: &'static [&'static str],
    /// Returns the new value, or none where it is the old one.
    pub apply: fn(&[u8], &Context<'_>) -> Option<Vec<u8>>,
    /// The bytes that it acts on: a value without any of them stays as it is. None where that cannot be told.
    pub touches: Option<ByteSet>,
}

/// What transformations read besides the value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The map of `SecUnicodeMapFile`.
    pub unicode_map: Option<&'a UnicodeMap>,
}

/// Returns the transformation of that name, in any case.
pub fn find(name: &str) -> Option<&'static Transformation> {
    TRANSFORMATIONS.iter().copied().find(|entry| {
        entry.name.eq_ignore_ascii_case(name) || entry.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    })
}

/// Every transformation, by name.
pub const TRANSFORMATIONS: &[&Transformation] = &[
    &base64_decode::TRANSFORMATION,
    &base64_decode_ext::TRANSFORMATION,
    &base64_encode::TRANSFORMATION,
    &cmd_line::TRANSFORMATION,
    &compress_whitespace::TRANSFORMATION,
    &css_decode::TRANSFORMATION,
    &escape_seq_decode::TRANSFORMATION,
    &hex_decode::TRANSFORMATION,
    &hex_encode::TRANSFORMATION,
    &html_entity_decode::TRANSFORMATION,
    &js_decode::TRANSFORMATION,
    &length::TRANSFORMATION,
    &lowercase::TRANSFORMATION,
    &md5::TRANSFORMATION,
    &none::TRANSFORMATION,
    &normalize_path::TRANSFORMATION,
    &normalize_path_win::TRANSFORMATION,
    &parity_even_7bit::TRANSFORMATION,
    &parity_odd_7bit::TRANSFORMATION,
    &parity_zero_7bit::TRANSFORMATION,
    &php_args_names::TRANSFORMATION,
    &remove_comments::TRANSFORMATION,
    &remove_comments_char::TRANSFORMATION,
    &remove_document_code::TRANSFORMATION,
    &remove_documents::TRANSFORMATION,
    &remove_nulls::TRANSFORMATION,
    &remove_whitespace::TRANSFORMATION,
    &replace_comments::TRANSFORMATION,
    &replace_nulls::TRANSFORMATION,
    &sha1::TRANSFORMATION,
    &sql_hex_decode::TRANSFORMATION,
    &trim::TRANSFORMATION,
    &trim_left::TRANSFORMATION,
    &trim_right::TRANSFORMATION,
    &uppercase::TRANSFORMATION,
    &url_decode::TRANSFORMATION,
    &url_decode_uni::TRANSFORMATION,
    &url_encode::TRANSFORMATION,
    &utf8_to_unicode::TRANSFORMATION,
];
