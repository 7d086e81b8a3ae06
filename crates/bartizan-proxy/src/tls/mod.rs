//! TLS towards clients: which certificate, under which rules, for which name.
//!
//! [`TlsTable`] is built whole from a configuration and swapped whole; [`accept`] is the only part that
//! touches a connection. It routes no requests: it says which site's certificate was shown, and
//! [`TlsTable::may_serve`] whether that is good enough for another site's request.

mod accept;
mod authority;
mod certificate;
mod plan;
mod reload;
mod table;

pub use accept::{AcceptError, accept};
pub use authority::{AuthorityError, LocalAuthority};
pub use certificate::{CertificateError, CertificateFacts, CertificateWarning, Loaded, load};
pub use plan::{PlanError, server_config};
pub use reload::FileStamps;
pub use table::{TlsError, TlsFault, TlsTable};
