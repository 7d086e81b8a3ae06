//! What stored reports say about a policy: what another would still block, what one must allow, how two differ.
//!
//! Reports tell addresses, and neither nonces nor whole inline scripts nor where a redirect led: what hangs on those
//! is said to be unverifiable, with the reason, and never guessed.

mod blocked;
mod difference;
mod observed;
mod proposal;
mod replay;
mod sources;

pub use difference::{Difference, Side, differences};
pub use observed::{Observed, observe};
pub use proposal::{LeftOut, Proposal, Proposed, Settings, propose};
pub use replay::{Reason, Verdict, judge};
pub use sources::Rule;
