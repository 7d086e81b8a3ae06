//! HTTP/1.1 as a guest: requests of ours, and answers as they come.
//!
//! Tolerant where browsers are (bare line feeds, folded lines, lines that are none), bounded everywhere.

mod body;
mod coding;
mod head;
mod reader;
mod request;

pub use self::coding::decode;
pub use self::head::Head;
pub(crate) use self::head::latin1;
pub use self::reader::{Fault, Reader, Response};
pub(crate) use self::request::After;
pub use self::request::Request;
