//! Services of ours on the site: the collector of reports. It refuses nothing.
//!
//! It stands behind the limits that hold for everybody and before the checks that ask where a request comes from:
//! browsers send reports across origins, without a session, and with fetch metadata of their own.

use std::sync::Arc;

use crate::context::Exchange;
use crate::head::RequestHead;
use crate::services::{LocalService, Services};
use crate::stages::{RequestStage, Verdict};

/// Hands requests to services of ours.
#[derive(Debug)]
pub struct Local {
    services: Vec<Arc<dyn LocalService>>,
}

impl Local {
    /// Makes the stage for a site.
    pub fn new(services: &Services, site: &str) -> Self {
        Self { services: services.local.iter().filter(|service| service.is_for(site)).map(Arc::clone).collect() }
    }
}

impl RequestStage for Local {
    fn name(&self) -> &'static str {
        "services"
    }

    fn describe(&self) -> String {
        if self.services.is_empty() {
            return "none".to_owned();
        }
        self.services.iter().map(|service| service.prefix()).collect::<Vec<_>>().join(", ")
    }

    fn head(&self, request: &mut RequestHead, _exchange: &mut Exchange) -> Verdict {
        let path = request.target.path();
        let is_below = |service: &&Arc<dyn LocalService>| {
            path.strip_prefix(service.prefix()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match self.services.iter().find(is_below) {
            Some(service) => Verdict::Serve(Arc::clone(service)),
            None => Verdict::Pass,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::{Answering, LocalRequest};
    use crate::stages::Answer;
    use crate::stages::request::testing::{Ask, outcome};

    #[derive(Debug)]
    struct Collector;

    impl LocalService for Collector {
        fn prefix(&self) -> &'static str {
            "/.bartizan/reports"
        }

        fn is_for(&self, site: &str) -> bool {
            site == "app.example"
        }

        fn largest_body(&self) -> usize {
            0
        }

        fn answer(&self, _: LocalRequest) -> Answering<Answer> {
            unreachable!("a stage only finds the service")
        }
    }

    #[test]
    fn a_service_has_its_path_on_its_site() {
        let services = Services { local: vec![Arc::new(Collector)], ..Services::default() };
        for (site, path, expected) in [
            ("app.example", "/.bartizan/reports", "serve /.bartizan/reports"),
            ("app.example", "/.bartizan/reports/a/b?c", "serve /.bartizan/reports"),
            ("app.example", "/.bartizan/reportsx", "pass"),
            ("app.example", "/x/.bartizan/reports", "pass"),
            ("other.example", "/.bartizan/reports", "pass"),
        ] {
            assert_eq!(outcome(&Local::new(&services, site), &mut Ask::new("POST", path)), expected, "{site} {path}");
        }
    }
}
