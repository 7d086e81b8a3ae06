//! The dashboard on the admin listener: what the wall hands over, in the dashboard's words.

mod grade;
mod wall;

use std::net::SocketAddr;
use std::sync::Arc;

use bartizan_dashboard::{Dashboard, OpenStore, Settings, Sources};
use bartizan_proxy::services::{AdminBody, AdminService};
use bartizan_proxy::view::View;
use bartizan_reports::server::{Answering, Beside};
use bartizan_reports::store::Place;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::Full;

use crate::autopilot::Cockpit;
use crate::config::{DashboardPlan, Loaded, show};
use wall::ShownWall;

/// The dashboard, as a service of the admin listener.
#[derive(Debug)]
pub(crate) struct Window {
    dashboard: Dashboard,
    wall: Arc<ShownWall>,
}

impl Window {
    /// Makes the dashboard, if one is wanted. `has_store` says whether reports are collected.
    pub(crate) fn open(loaded: &Loaded, has_store: bool, autopilot: Option<Arc<Cockpit>>) -> Option<Arc<Self>> {
        if !loaded.dashboard.enabled {
            return None;
        }
        let wall = Arc::new(ShownWall::new(autopilot));
        wall.show_settings(show(loaded), collected(loaded));
        let sources = Sources {
            store: has_store.then(|| opener(loaded.reports.store.clone())),
            wall: Some(Arc::clone(&wall) as _),
            ..Sources::default()
        };
        Some(Arc::new(Self { dashboard: Dashboard::new(loaded.dashboard.settings.clone(), sources), wall }))
    }

    /// Shows a wall that has begun to run.
    pub(crate) fn show(&self, view: View) {
        self.wall.show(view);
    }

    /// Takes over other settings.
    pub(crate) fn reload(&self, loaded: &Loaded) {
        self.dashboard.reload(loaded.dashboard.settings.clone());
        self.wall.show_settings(show(loaded), collected(loaded));
    }
}

impl AdminService for Window {
    fn is_for(&self, path: &str) -> bool {
        self.dashboard.is_for(path)
    }

    fn is_named(&self, headers: &HeaderMap) -> bool {
        self.dashboard.is_named(headers)
    }

    fn answer(&self, request: Request<Bytes>, peer: SocketAddr) -> Answering {
        Box::pin(self.dashboard.clone().answer(request, peer))
    }
}

/// Opens a store anew for each page: a file that was damaged and put aside is then left behind.
pub(crate) fn opener(place: Place) -> OpenStore {
    Box::new(move || place.read_store())
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
