//! The command line: what can be asked for, and its help.

use std::net::SocketAddr;
use std::path::PathBuf;

use bartizan_headers::HostPattern;
use bartizan_proxy::config::{AccessLog, UpstreamAddress};
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::command::{self, RunningWall};
use crate::config::{Choice, ProfileName, Word};
use crate::exit_code::EXIT_CODES;

/// Makes any web app safe to expose.
#[derive(Debug, Parser)]
#[command(name = "bartizan", version, after_help = EXIT_CODES, styles = STYLES, max_term_width = 100)]
#[command(disable_help_subcommand = true, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Stand before an app and let through only what it should see
    Serve(Serve),
    /// Show a weak app before and after, with nothing else installed
    Demo(Demo),
    /// Judge deployment files before they run
    Audit(command::Audit),
    /// Explain a refusal or a rule, or what a configuration does for a URL
    Explain(Explain),
    /// Try out who is told of alerts
    #[command(subcommand)]
    Alerts(command::Alerts),
    /// Check, show or describe the configuration
    #[command(subcommand)]
    Config(Config),
    /// Make passwords and tokens for the dashboard
    #[command(subcommand)]
    Dashboard(command::Dashboard),
    /// Judge policies for content
    #[command(subcommand)]
    Policy(command::Policy),
    /// Look at sites from outside: grade, findings, TLS
    Scan(Box<command::Scan>),
    /// Receive, list and use what browsers report
    #[command(subcommand)]
    Reports(command::Reports),
    /// Write the same policy for another proxy, a framework or a service manager
    #[command(subcommand)]
    Export(command::Export),
    /// Make a configuration from another program's
    #[command(subcommand)]
    Import(command::Import),
    /// List every rule and refusal
    Rules(Rules),
    /// See and steer how a running wall raises a site's policy
    #[command(subcommand)]
    Autopilot(command::Autopilot),
    /// Try out the rules of the web application firewall
    #[command(subcommand)]
    Waf(command::Waf),
    /// Write completions for a shell to standard output
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write manual pages into a directory
    Man {
        /// The directory.
        directory: PathBuf,
    },
}

/// `bartizan serve`.
#[derive(Debug, Args)]
#[command(after_help = SERVE_EXAMPLES)]
pub struct Serve {
    /// The configuration file.
    #[arg(long, value_name = "FILE", env = "BARTIZAN_CONFIG")]
    pub config: Option<PathBuf>,
    /// An address of the app; may be given again.
    #[arg(long, value_name = "URL", value_parser = word::<UpstreamAddress>)]
    pub upstream: Vec<UpstreamAddress>,
    /// A name of the site, such as app.example or *.app.example; may be given again.
    #[arg(long, value_name = "HOST", value_parser = word::<HostPattern>)]
    pub host: Vec<HostPattern>,
    /// An address that speaks TLS [default: 0.0.0.0:443].
    #[arg(long, value_name = "ADDRESS", value_parser = word::<SocketAddr>)]
    pub listen: Vec<SocketAddr>,
    /// An address that speaks plain HTTP, to redirect [default: 0.0.0.0:80].
    #[arg(long, value_name = "ADDRESS", value_parser = word::<SocketAddr>)]
    pub listen_http: Vec<SocketAddr>,
    /// The address of metrics, health and readiness [default: 127.0.0.1:9180].
    #[arg(long, value_name = "ADDRESS", value_parser = word::<SocketAddr>)]
    pub admin: Option<SocketAddr>,
    /// The set of defaults: compatible, balanced or strict.
    #[arg(long, value_parser = choice::<ProfileName>)]
    pub profile: Option<ProfileName>,
    /// Where the local certificate authority and cached state live.
    #[arg(long, value_name = "DIRECTORY")]
    pub state_dir: Option<PathBuf>,
    /// The form of the access log: human, json or off.
    #[arg(long, value_name = "FORM", value_parser = choice::<AccessLog>)]
    pub log_format: Option<AccessLog>,
}

/// `bartizan demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// The set of defaults: compatible, balanced or strict.
    #[arg(long, default_value = "balanced", value_parser = choice::<ProfileName>)]
    pub profile: ProfileName,
    /// The address that speaks TLS [default: 127.0.0.1:8443, or a free port].
    #[arg(long, value_name = "ADDRESS", value_parser = word::<SocketAddr>)]
    pub listen: Option<SocketAddr>,
    /// The address that speaks plain HTTP [default: 127.0.0.1:8080, or a free port].
    #[arg(long, value_name = "ADDRESS", value_parser = word::<SocketAddr>)]
    pub listen_http: Option<SocketAddr>,
}

/// `bartizan explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The id of a refusal or a rule; with --config, a URL.
    #[arg(value_name = "ID|URL", required_unless_present_any = ["config", "policies", "request"])]
    pub about: Option<String>,
    /// Say which stage does what for each site of this file, or for the URL.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Say what the firewall of a running wall found in the request of this number.
    #[arg(long, value_name = "ID", conflicts_with_all = ["about", "config"])]
    pub request: Option<String>,
    /// Say what the app's own policies and the wall's allow together, for this site of a running wall.
    #[arg(long, value_name = "SITE", conflicts_with_all = ["about", "config", "request"])]
    pub policies: Option<String>,
    /// The running wall.
    #[command(flatten)]
    pub running: RunningWall,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Where a wall answers its operator, unless the configuration says otherwise.
pub(crate) const DEFAULT_ADMIN: &str = "127.0.0.1:9180";

/// `bartizan config`.
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Show every problem of the file, with its line
    Check(ConfigFile),
    /// Show the effective configuration, and where each value comes from
    Show(ConfigFile),
    /// Write the JSON Schema of the file to standard output
    Schema,
}

/// The file that a command is about.
#[derive(Debug, Args)]
pub struct ConfigFile {
    /// The configuration file.
    #[arg(value_name = "FILE", env = "BARTIZAN_CONFIG")]
    pub file: Option<PathBuf>,
    /// The same, as `serve` takes it.
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    pub config: Option<PathBuf>,
}

impl ConfigFile {
    /// Returns the file, however it was named.
    pub fn path(&self) -> Option<&std::path::Path> {
        self.config.as_deref().or(self.file.as_deref())
    }
}

/// `bartizan rules`.
#[derive(Debug, Args)]
pub struct Rules {
    /// The form of the list.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
}

/// Returns the arguments of this process; asks for help and mistakes end it here.
pub(crate) fn parse() -> Cli {
    Cli::parse()
}

/// Returns the whole command line, for help, manual pages and completions.
pub fn command() -> clap::Command {
    Cli::command()
}

pub(crate) fn word<T: Word>(text: &str) -> Result<T, String> {
    T::read(text)
}

pub(crate) fn choice<T: crate::config::Choices>(text: &str) -> Result<T, String> {
    text.parse::<Choice<T>>().map(|choice| choice.0)
}

const SERVE_EXAMPLES: &str = "\
Without a file:  bartizan serve --upstream http://127.0.0.1:8000 --host app.example
With a file:     bartizan serve --config bartizan.toml

BARTIZAN_ALLOWED_HOSTS and BARTIZAN_CSRF_TRUSTED_ORIGINS hold names and origins, separated
by blanks or commas; they replace the lists of the first site. The command line is stronger
than the environment, and the environment than the file. SIGHUP or a changed file loads it
again; SIGTERM lets requests end.";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());
