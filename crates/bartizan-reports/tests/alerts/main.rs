//! Alerts from the store to whoever is told: by every way, once, over restarts, quiet hours and failures.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

mod delivery;
mod watching;
