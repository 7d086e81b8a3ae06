//! What runs in one process: the wall, the collector and the autopilot behind it, the dashboard beside it.
//!
//! They take over a configuration together or not at all, and the wall follows what the autopilot raises.

use std::cell::RefCell;
use std::sync::Arc;

use bartizan_proxy::serve::{Running, StartError};
use tracing::warn;

use super::serve::show;
use crate::autopilot::{Cockpit, Raised, raised};
use crate::config::{AutopilotPlan, Loaded, ReportsPlan};
use crate::reporting::Reporting;
use crate::window::{Window, is_same_place};

/// What runs.
pub(super) struct Served {
    running: Running,
    reporting: Option<Arc<Reporting>>,
    autopilot: Option<Arc<Cockpit>>,
    window: Arc<Window>,
    plans: RefCell<Plans>,
}

/// What was told last.
struct Plans {
    loaded: Loaded,
    /// What the autopilot put in the place of some of it.
    sends: Raised,
}

impl Served {
    pub(super) const fn new(
        running: Running,
        reporting: Option<Arc<Reporting>>,
        autopilot: Option<Arc<Cockpit>>,
        window: Arc<Window>,
        loaded: Loaded,
        sends: Raised,
    ) -> Self {
        Self { running, reporting, autopilot, window, plans: RefCell::new(Plans { loaded, sends }) }
    }

    /// Lets requests end.
    pub(super) fn drain(self) {
        self.running.drain();
    }

    /// Takes over a configuration, in all or in none.
    pub(super) fn reload(&self, loaded: Loaded) -> Result<(), StartError> {
        // The wall asks which sites collect while it takes the configuration over, and what is raised.
        self.tell(&loaded.reports, &loaded.autopilot);
        let sends = self.sends();
        if let Err(error) = self.running.reload(&raised(&loaded.config, &sends)) {
            let old = &self.plans.borrow().loaded;
            self.tell(&old.reports, &old.autopilot);
            return Err(error);
        }
        self.say_what_waits(&loaded);
        self.window.reload(&loaded);
        self.plans.replace(Plans { loaded, sends });
        Ok(())
    }

    /// Says what only a restart changes.
    fn say_what_waits(&self, loaded: &Loaded) {
        let old = &self.plans.borrow().loaded;
        let (from, to) = (&old.reports, &loaded.reports);
        let is_restart = match &self.reporting {
            Some(_) => (&from.store, from.keep, from.flush, &from.alerts) != (&to.store, to.keep, to.flush, &to.alerts),
            None => to.sites.iter().any(|site| site.collect),
        };
        if is_restart {
            warn!("`[reports]`, and the first site that collects, need a restart");
        }
        if self.autopilot.is_none() && loaded.autopilot.is_on() {
            warn!("the first site with an autopilot needs a restart");
        }
        if !is_same_place(&old.dashboard, &loaded.dashboard) {
            warn!("`dashboard.enabled` needs a restart");
        }
    }

    fn tell(&self, reports: &ReportsPlan, autopilot: &AutopilotPlan) {
        if let Some(reporting) = &self.reporting {
            reporting.reload(reports);
        }
        if let Some(running) = &self.autopilot {
            running.reload(autopilot, reports);
        }
    }

    fn sends(&self) -> Raised {
        self.autopilot.as_ref().map(|autopilot| autopilot.sends()).unwrap_or_default()
    }

    /// Has the wall follow what the autopilot raised or took back.
    pub(super) fn climb(&self) {
        let Some(autopilot) = &self.autopilot else { return };
        autopilot.counted(&self.running.shared().waf);
        let sends = autopilot.sends();
        if sends == self.plans.borrow().sends {
            return;
        }
        let config = raised(&self.plans.borrow().loaded.config, &sends);
        match self.running.reload(&config) {
            Ok(()) => self.plans.borrow_mut().sends = sends,
            Err(error) => show(&error),
        }
    }
}
