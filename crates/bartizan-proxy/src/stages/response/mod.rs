//! The steps a response passes; `order.rs` lists them.

mod apply;
mod body_start;
mod cache;
mod clear_site_data;
mod csp;
mod custom;
mod debug_pages;
mod errors;
mod framing;
mod hsts;
mod isolation;
mod legacy;
mod listings;
mod nosniff;
mod permissions;
mod redirects;
mod referrer;
mod reporting;
mod set_cookie;
mod strip;
mod uploads;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub(crate) use cache::PrivateCache;
pub(crate) use clear_site_data::ClearSiteData;
pub(crate) use csp::Csp;
pub(crate) use custom::Custom;
pub(crate) use errors::Errors;
pub use errors::{DEBUG_PAGE, UPSTREAM_ERROR};
pub(crate) use framing::Framing;
pub(crate) use hsts::StrictTransport;
pub(crate) use isolation::Isolation;
pub(crate) use legacy::Legacy;
pub use listings::DIRECTORY_LISTING;
pub(crate) use listings::Listings;
pub(crate) use nosniff::ContentTypeOptions;
pub(crate) use permissions::Permissions;
pub(crate) use redirects::Redirects;
pub(crate) use referrer::Referrer;
pub(crate) use reporting::Reporting;
pub(crate) use set_cookie::Cookies;
pub(crate) use strip::Strip;
pub use strip::{BANNERS, OBSOLETE, TIMINGS};
pub(crate) use uploads::Uploads;
