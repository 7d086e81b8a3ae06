//! The firewall in the wall: what the real program refuses, lets pass, writes down and tells.

#![allow(clippy::unwrap_used, reason = "what cannot go on is a failed test")]

mod command;
mod corpus;
mod flows;
mod found;
mod modes;
mod packages;
mod refusing;
mod request;
mod update;
mod wall;
