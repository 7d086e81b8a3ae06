//! The autopilot as a whole: the program learns an app, enforces, meets a change, steps back and learns it.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

mod integrity;
mod ramps;
mod site;
mod steps;
mod told;
