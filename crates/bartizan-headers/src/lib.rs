//! The words: typed security headers, origins, cookies, CSP; parse, note, serialise, match.
//!
//! Nothing here fails, logs, waits or reads a clock: each type turns text into the value a browser
//! would act on, keeps notes on what it overlooked, and writes itself back in one canonical form.

pub mod cache_control;
pub mod clear_site_data;
pub mod content_type;
pub mod content_type_options;
pub mod cookie;
pub mod cross_origin;
pub mod csp;
pub mod fetch_metadata;
pub mod field;
pub mod forwarded;
pub mod frame_options;
#[doc(hidden)]
pub mod fuzzing;
pub mod host;
pub mod host_pattern;
pub mod hsts;
pub mod nel;
pub mod origin;
pub mod permissions_policy;
pub mod referrer_policy;
pub mod reporting_endpoints;
pub mod session_names;
pub mod set_cookie;
mod syntax;

pub use cache_control::CacheControl;
pub use field::{Field, Note, Notes, Parsed, Tighten};
pub use frame_options::FrameOptions;
pub use host::{Authority, HostName};
pub use host_pattern::HostPattern;
pub use hsts::Hsts;
pub use origin::{Origin, TupleOrigin};
pub use permissions_policy::PermissionsPolicy;
pub use referrer_policy::ReferrerPolicy;
pub use set_cookie::{SameSite, SetCookie};
