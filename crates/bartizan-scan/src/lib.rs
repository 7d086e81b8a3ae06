//! The outsider's eye: a live site, fetched and asked, becomes facts.
//!
//! It says what was seen, and never whether that is good: judging is the rules' business.

mod client;
pub mod dns;
mod failure;
#[doc(hidden)]
pub mod fuzzing;
pub mod html;
pub mod http;
mod jar;
mod kept;
pub mod observatory;
mod provider;
mod resolver;
mod session;
mod site;
mod target;
pub mod tls;
mod trust;
mod wire;

pub use client::{Client, Verification};
pub use failure::Failure;
pub use jar::Jar;
pub use resolver::{NoOverride, Override, Resolver};
pub use session::{Hop, Session};
pub use site::{Part, Plan, Probing, Scanned, page, scan};
pub use target::{NoTarget, Scheme, Target};
pub use trust::Trust;
