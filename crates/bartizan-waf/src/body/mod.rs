//! Bodies taken apart into names and values, and what is wrong with them.
//!
//! Every parser is given the whole body and limits, never fails on any bytes without saying so, and takes time linear in
//! the body. What becomes of a body with faults is for rules to say.

pub mod charset;
pub mod decoding;
pub mod json;
pub mod multipart;
pub mod xml;
