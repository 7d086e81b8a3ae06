//! Containers as Dockerfiles build them and Compose files run them.

use super::node::Node;
use super::provenance::Place;

/// What one Dockerfile says of its image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    /// The images that its stages begin with, but those of stages above.
    pub bases: Vec<(Box<str>, Place)>,
    /// The user that the last stage runs as, where it says one.
    pub user: Option<(Box<str>, Place)>,
    /// Where the last stage begins.
    pub last: Option<Place>,
}

/// A service of a Compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: Box<str>,
    /// Where the name stands.
    pub at: Place,
    /// What it says.
    pub keys: Node,
    /// Whether another service of the file is a proxy.
    pub is_beside_proxy: bool,
}

impl Service {
    /// Returns the image that it runs, where it names one.
    pub fn image(&self) -> Option<&str> {
        self.keys.get("image").and_then(Node::text)
    }

    /// Whether it is a proxy itself, by the name of its image.
    pub fn is_proxy(&self) -> bool {
        self.image().is_some_and(is_proxy)
    }

    /// Whether a list of it holds a text, whatever its case.
    pub fn lists(&self, key: &str, wanted: &str) -> bool {
        let items = self.keys.get(key).map(Node::items).unwrap_or_default();
        items.iter().any(|item| item.text().is_some_and(|text| text.replace('=', ":").eq_ignore_ascii_case(wanted)))
    }
}

/// Whether an image is one of the usual proxies.
pub fn is_proxy(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split([':', '@']).next().unwrap_or(name);
    PROXIES.iter().any(|proxy| name.contains(proxy))
}

/// Whether an image stays the same from one day to the next: by a digest, or by a tag that is a version.
pub fn is_pinned(image: &str) -> bool {
    if image.contains("@sha256:") || image.contains('$') || image == "scratch" {
        return true;
    }
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split_once(':').is_some_and(|(_, tag)| tag != "latest")
}

static PROXIES: &[&str] = &["bartizan", "caddy", "envoy", "haproxy", "httpd", "nginx", "traefik"];
