//! The dashboard on the admin listener: what the wall hands over, in the dashboard's words.

mod grade;
mod guest;
mod wall;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bartizan_dashboard::{Dashboard, OpenStore, Settings, Sources, access};
use bartizan_proxy::serve::Running;
use bartizan_proxy::services::{AdminBody, AdminService, Door, Sight, Turned, Want};
use bartizan_reports::server::{Answering, Beside};
use bartizan_reports::store::{Place, Readers};
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::Full;

use crate::autopilot::Cockpit;
use crate::config::{DashboardPlan, Loaded, show};
use guest::Guest;
use wall::ShownWall;

/// The dashboard, as a service of the admin listener.
#[derive(Debug)]
pub(crate) struct Window {
    dashboard: Dashboard,
    wall: Arc<ShownWall>,
    /// Whether there are pages; who may ask is decided in any case.
    is_open: bool,
}

impl Window {
    /// Makes the dashboard. `has_store` says whether reports are collected.
    pub(crate) fn open(loaded: &Loaded, has_store: bool, autopilot: Option<Arc<Cockpit>>) -> Arc<Self> {
        let wall = Arc::new(ShownWall::new(autopilot));
        wall.show_settings(show(loaded), collected(loaded));
        let sources = Sources {
            store: has_store.then(|| opener(loaded.reports.store.clone())),
            wall: Some(Arc::clone(&wall) as _),
            ..Sources::default()
        };
        let dashboard = Dashboard::new(loaded.dashboard.settings.clone(), sources);
        Arc::new(Self { dashboard, wall, is_open: loaded.dashboard.enabled })
    }

    /// Shows a wall that has begun to run, and can be looked at from outside.
    pub(crate) fn show(&self, running: &Running, state_dir: &Path) -> std::io::Result<()> {
        if self.is_open {
            self.wall.show(running.view(), Guest::start(running.addresses().clone(), state_dir)?);
        }
        Ok(())
    }

    /// Takes over other settings.
    pub(crate) fn reload(&self, loaded: &Loaded) {
        self.dashboard.reload(loaded.dashboard.settings.clone());
        self.wall.show_settings(show(loaded), collected(loaded));
    }
}

impl AdminService for Window {
    fn is_for(&self, path: &str) -> bool {
        self.is_open && self.dashboard.is_for(path)
    }

    fn has_own_door(&self) -> bool {
        true
    }

    fn is_named(&self, headers: &HeaderMap) -> bool {
        self.dashboard.is_named(headers)
    }

    fn answer(&self, request: Request<Bytes>, peer: SocketAddr) -> Answering {
        Box::pin(self.dashboard.clone().answer(request, peer))
    }
}

impl Door for Window {
    fn admit(&self, headers: &HeaderMap, peer: SocketAddr, want: Want) -> Result<Sight, Turned> {
        let want = match want {
            Want::Metrics => access::Want::Metrics,
            Want::Read => access::Want::Read,
            Want::Change => access::Want::Change,
        };
        match self.dashboard.admit(headers, peer, want) {
            Ok(access::Role::Operator) => Ok(Sight::Whole),
            Ok(access::Role::Viewer) => Ok(Sight::WithoutClients),
            Err(access::Turned::Elsewhere) => Err(Turned::Elsewhere),
            Err(access::Turned::Unknown) => Err(Turned::Unknown),
            Err(access::Turned::Unfit) => Err(Turned::Unfit),
        }
    }
}

/// Opens a store for each page.
pub(crate) fn opener(place: Place) -> OpenStore {
    let readers = Readers::new(place);
    Box::new(move || readers.open())
}

fn collected(loaded: &Loaded) -> Vec<String> {
    loaded.reports.sites.iter().filter(|site| site.collect).map(|site| site.site.clone()).collect()
}

/// Makes a dashboard without a wall, for whoever uses this machine.
pub(crate) fn beside(store: Place) -> Beside {
    let sources = Sources { store: Some(opener(store)), ..Sources::default() };
    let dashboard = Dashboard::new(Settings::default(), sources);
    Arc::new(move |request, peer| -> Answering {
        let dashboard = dashboard.clone();
        if dashboard.is_for(request.uri().path()) {
            return Box::pin(dashboard.answer(request, peer));
        }
        let mut response = Response::new(AdminBody::new(Full::from("there is no such page\n")));
        *response.status_mut() = StatusCode::NOT_FOUND;
        Box::pin(std::future::ready(response))
    })
}

/// Whether a running dashboard can take over another plan.
pub(crate) fn is_same_place(one: &DashboardPlan, other: &DashboardPlan) -> bool {
    one.enabled == other.enabled
}
