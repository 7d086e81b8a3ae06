//! What a rule is about.

/// What a rule is about, in the order in which people read a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Topic {
    /// Faults in how a site insists on HTTPS.
    Transport,
    /// Faults in what a page may load and run.
    Csp,
    /// Faults in cookies.
    Cookies,
    /// Faults in who may show a page in a frame.
    Framing,
    /// Faults in what other origins may do with a site.
    CrossOrigin,
    /// Faults in how content is labelled.
    Content,
    /// Faults in what a site tells of itself and its visitors.
    Leaks,
    /// Faults in who may keep a response.
    Caching,
    /// Faults in where reports go.
    Reporting,
    /// Headers that once helped and no longer do.
    Obsolete,
    /// Faults in how a server speaks TLS, and in its certificate.
    Tls,
    /// Faults in Django settings.
    Django,
    /// Faults in how a web server is configured, whichever it is.
    Servers,
    /// Faults in nginx configurations.
    Nginx,
    /// Faults in Apache configurations.
    Apache,
    /// Faults in systemd units.
    Systemd,
    /// Faults in KrakenD configurations.
    Krakend,
    /// Faults in configurations of apps that are not libraries: Akkoma, OpenKAT.
    Apps,
    /// Faults in how containers are put together.
    Containers,
    /// Keys and passwords where they should not be.
    Secrets,
    /// Faults between what files say and what a site shows.
    Contradictions,
}

impl Topic {
    /// Returns the name, as the folder of its rules is called.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Csp => "csp",
            Self::Cookies => "cookies",
            Self::Framing => "framing",
            Self::CrossOrigin => "cross_origin",
            Self::Content => "content",
            Self::Leaks => "leaks",
            Self::Caching => "caching",
            Self::Reporting => "reporting",
            Self::Obsolete => "obsolete",
            Self::Tls => "tls",
            Self::Django => "django",
            Self::Servers => "servers",
            Self::Nginx => "nginx",
            Self::Apache => "apache",
            Self::Systemd => "systemd",
            Self::Krakend => "krakend",
            Self::Apps => "apps",
            Self::Containers => "containers",
            Self::Secrets => "secrets",
            Self::Contradictions => "contradictions",
        }
    }

    /// Whether its rules judge what visitors of a site meet, rather than files.
    pub const fn is_of_site(self) -> bool {
        match self {
            Self::Transport
            | Self::Csp
            | Self::Cookies
            | Self::Framing
            | Self::CrossOrigin
            | Self::Content
            | Self::Leaks
            | Self::Caching
            | Self::Reporting
            | Self::Obsolete => true,
            Self::Tls
            | Self::Django
            | Self::Servers
            | Self::Nginx
            | Self::Apache
            | Self::Systemd
            | Self::Krakend
            | Self::Apps
            | Self::Containers
            | Self::Secrets
            | Self::Contradictions => false,
        }
    }
}
