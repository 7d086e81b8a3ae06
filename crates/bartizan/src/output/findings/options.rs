//! What can be asked of a report on the command line.

use std::path::PathBuf;

use bartizan_rules::{Platform, Severity};
use clap::{Args, ValueEnum};

/// The form of a report, and what is left out of it.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    pub format: Form,
    /// End with 1 when a finding is as severe as this, or more.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t)]
    pub fail_on: Threshold,
    /// An earlier report as JSON: what it has is known, what it had and is gone is mended.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// A TOML file of findings set aside, each with a reason and the last day it holds.
    #[arg(long, value_name = "FILE")]
    pub suppressions: Option<PathBuf>,
    /// Show fixes for this program.
    #[arg(long, value_enum)]
    pub platform: Option<Serving>,
}

impl Options {
    /// Returns the program that fixes are asked for.
    pub fn platform(&self) -> Option<Platform> {
        self.platform.map(Serving::platform)
    }
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Form {
    /// For people at a terminal.
    #[default]
    Human,
    /// One page for a browser, with nothing loaded from elsewhere.
    Html,
    /// For programs.
    Json,
    /// For test runners.
    Junit,
    /// For a comment on a pull request.
    Markdown,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// The severity from which a command ends with problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Threshold {
    /// Any finding.
    Info,
    /// Low, medium and high.
    Low,
    /// Medium and high.
    Medium,
    /// High alone.
    #[default]
    High,
    /// No finding at all.
    Never,
}

impl Threshold {
    /// Whether a finding of this severity is over it.
    pub fn is_reached(self, severity: Severity) -> bool {
        let least = match self {
            Self::Info => Severity::Info,
            Self::Low => Severity::Low,
            Self::Medium => Severity::Medium,
            Self::High => Severity::High,
            Self::Never => return false,
        };
        severity >= least
    }
}

/// The programs that every fault of a site has a fix for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Serving {
    /// Apache HTTP Server.
    Apache,
    /// Bartizan's own configuration.
    Bartizan,
    /// Caddy.
    Caddy,
    /// Django settings.
    Django,
    /// Express, with or without helmet.
    Express,
    /// HAProxy.
    Haproxy,
    /// nginx.
    Nginx,
}

impl Serving {
    const fn platform(self) -> Platform {
        match self {
            Self::Apache => Platform::Apache,
            Self::Bartizan => Platform::Bartizan,
            Self::Caddy => Platform::Caddy,
            Self::Django => Platform::Django,
            Self::Express => Platform::Express,
            Self::Haproxy => Platform::Haproxy,
            Self::Nginx => Platform::Nginx,
        }
    }
}
