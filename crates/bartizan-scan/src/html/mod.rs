//! HTML, as far as a scanner needs it: which elements a page has, with their attributes.
//!
//! Two readers over one tokenizer: what a browser makes of a page (the standard), and what a streaming reader does
//! (`htmlparser2`, by which the Observatory grades since its fifth algorithm). Nothing is rendered or run.

mod character_references;
mod markup;
mod raw_text;
mod tokenizer;
mod tree;

pub use self::markup::markup;
pub use self::tokenizer::{Dialect, Tag, Token, Tokenizer};
pub use self::tree::{Element, Reading, elements};
