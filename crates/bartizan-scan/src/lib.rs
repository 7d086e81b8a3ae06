//! The outsider's eye: a live site, fetched and asked, becomes facts.
//!
//! It says what was seen, and never whether that is good: judging is the rules' business.

pub mod html;
