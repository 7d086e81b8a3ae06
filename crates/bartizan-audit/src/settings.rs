//! What the operator says of the surroundings that the files themselves do not tell.

/// What the operator says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The settings module of Django.
    pub django_settings: Option<String>,
    /// The version of Django.
    pub django_version: DjangoVersion,
    /// The version of django-csp.
    pub django_csp: DjangoCsp,
    /// Variables of the environment.
    pub variables: Vec<(String, String)>,
    /// Whether no other variable is set.
    pub has_all_variables: bool,
    /// The version of systemd.
    pub systemd_version: Option<u16>,
}

/// A version of Django.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DjangoVersion {
    /// 5.2, with long support.
    #[default]
    V5_2,
    /// 6.1, which has Content-Security-Policy itself.
    V6_1,
}

/// A version of django-csp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DjangoCsp {
    /// It is not there.
    #[default]
    None,
    /// 3, with a setting for each directive.
    V3,
    /// 4, with one dictionary.
    V4,
}
