//! `bartizan export`: each program loads what is written for it and serves the demo app as the wall would.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audited;
mod behind;
mod command;
mod compose;
mod django;
mod front;
mod identity;
mod snapshots;
mod systemd;
