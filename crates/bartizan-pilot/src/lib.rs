//! The autopilot: learns what a site serves, proves a strict policy, raises it step by step, and steps back.
//!
//! The core knows no clock, no network and no randomness: pages, reports and times are handed in, and what comes out
//! are plans for pages and entries for the log. Beside it stands a thin store.

mod autopilot;
mod candidate;
mod client;
mod decide;
mod evidence;
mod grants;
mod news;
mod ramps;
mod sent;
mod settings;
mod site;
mod stage;
mod state;
mod status;
mod store;
mod view;
mod visit;

pub use autopilot::{Autopilot, Command, CommandError, MostSites, Served, Traffic};
pub use candidate::{Candidate, Own};
pub use client::{ClientKey, Clients};
pub use evidence::{Violation, read as read_violations};
pub use news::{News, NewsSort};
pub use ramps::{RampName, Sends};
pub use sent::{Combination, Policies};
pub use settings::{Integrity, Mode, Settings, Unknown, VouchError, Vouched};
pub use stage::Stage;
pub use state::{By, Entry, State};
pub use status::{RampStatus, Status};
pub use store::{Store, StoreError};
pub use view::{Ask, Plan, View};
pub use visit::{Act, Visit};
