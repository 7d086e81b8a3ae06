//! Examples of rules turned into facts, so that each rule can be tried on what its reader sees.
//!
//! It reads our own examples and nothing else: what a browser forgives, it does not know.

mod exchange;
mod markup;

pub(crate) use self::exchange::exchange;
pub(crate) use self::markup::page;
