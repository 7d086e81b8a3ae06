//! Faults in cookies.

pub mod cookie_not_secure;
pub mod cookie_prefix_broken;
pub mod same_site_none_not_secure;
pub mod session_cookie_not_http_only;
pub mod session_cookie_without_prefix;
pub mod session_cookie_without_same_site;
