//! HTTP/1 on the wire, read strictly, before hyper reads it.
//!
//! hyper stays the HTTP/1 engine; a guard under it follows the same bytes (RFC 9112) and lets only valid messages
//! through. No message is rewritten here, no clock is read, and nothing is answered: a fault is named and left to
//! others. HTTP/2 does not pass here.

mod authority;
mod chunked;
mod fault;
mod field;
#[doc(hidden)]
pub mod fuzzing;
mod head;
mod held;
mod limits;
mod lines;
mod octets;
mod request_guard;
mod request_stream;
mod response_guard;
mod response_head;
mod response_stream;
mod surplus;
mod target;
mod traffic;
mod upstream_wire;
mod wire_state;

#[cfg(test)]
mod tests;

pub use chunked::{Chunked, Followed, Outcome};
pub use fault::Fault;
pub use head::{Framing, HeadFacts, request_head};
pub use limits::WireLimits;
pub use request_guard::RequestGuard;
pub use request_stream::Phase;
pub use response_guard::ResponseGuard;
pub use response_head::{Asked, ResponseFacts, response_head};
pub use response_stream::UpstreamPhase;
pub use traffic::Traffic;
pub use upstream_wire::UpstreamWire;
pub use wire_state::WireState;
