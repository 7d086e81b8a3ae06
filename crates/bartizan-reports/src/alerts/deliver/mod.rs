//! The ways to tell somebody, one file each. Each has a time limit, follows nothing, and prints no secret.

mod command;
mod connect;
mod mail;
mod message;
mod smtp;
mod webhook;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::Alert;
pub(crate) use smtp::read as read_answer;

/// Who is told, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// A program is run.
    Command(Run),
    /// A mail is sent.
    Mail(Mail),
    /// An address is posted to.
    Webhook(Webhook),
}

/// A program to run; no shell reads its words, and no foreign text is among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The program and its arguments.
    pub words: Vec<String>,
}

/// A mail server, and whom to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The server's host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the connection is encrypted.
    pub encryption: Encryption,
    /// Certificates to trust instead of those of the web.
    pub authorities: Option<PathBuf>,
    /// Name and password, where the server wants them.
    pub login: Option<(String, Secret)>,
    /// Who writes.
    pub from: String,
    /// To whom.
    pub to: Vec<String>,
}

/// How the connection to a mail server is encrypted (RFC 8314, 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// Not at all.
    DangerousPlain,
    /// From the first byte.
    Implicit,
    /// After a greeting; a server that cannot is not written to.
    StartTls,
}

/// An address to post to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The address; its path is often the secret.
    pub url: Secret,
    /// What is posted.
    pub form: Form,
    /// A token to show.
    pub token: Option<Secret>,
    /// Certificates to trust instead of those of the web.
    pub authorities: Option<PathBuf>,
}

/// What is posted to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Every alert with its facts, for programs.
    Json,
    /// A message of Matrix, put into a room.
    Matrix,
    /// A message of Slack, and of what understands the same.
    Slack,
}

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the secret for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(run) => write!(f, "command {}", run.words.first().map_or("", String::as_str)),
            Self::Mail(mail) => write!(f, "mail to {} by {}:{}", mail.to.join(", "), mail.host, mail.port),
            Self::Webhook(webhook) => match Url::parse(webhook.url.expose()) {
                Ok(url) => write!(f, "webhook {}", url.origin().ascii_serialization()),
                Err(_) => f.write_str("webhook"),
            },
        }
    }
}

/// Why somebody was not told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// No address of that name.
    #[error("{host} has no address")]
    Resolve {
        /// The name.
        host: String,
        /// Why.
        source: io::Error,
    },
    /// Nobody answers there.
    #[error("cannot connect to {host}:{port}")]
    Connect {
        /// The name.
        host: String,
        /// The port.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// The certificate or the encryption is refused.
    #[error("no encrypted connection to {host}")]
    Tls {
        /// The name.
        host: String,
        /// Why.
        source: io::Error,
    },
    /// The answer was no success.
    #[error("answered with status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// The talk of HTTP broke off.
    #[error("no answer to the request")]
    Http(#[source] hyper::Error),
    /// A mail server said no.
    #[error("the mail server answered {code} to {step}: {text}")]
    Refused {
        /// What it was asked.
        step: &'static str,
        /// Its code.
        code: u16,
        /// Its words, made harmless.
        text: String,
    },
    /// A mail server said what none may say.
    #[error("the mail server's answer to {step} is none")]
    Garbled {
        /// What it was asked.
        step: &'static str,
    },
    /// A mail server cannot do what is needed.
    #[error("the mail server does not offer {0}")]
    Missing(&'static str),
    /// The connection broke.
    #[error("the connection broke at {step}")]
    Broken {
        /// What was asked.
        step: &'static str,
        /// Why.
        source: io::Error,
    },
    /// A setting that no delivery can use.
    #[error("{0}")]
    Setting(&'static str),
    /// A program does not start.
    #[error("cannot run {program}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A program failed.
    #[error("{program} ended with {status}")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// It took too long.
    #[error("no end within {} s", LIMIT.as_secs())]
    Late,
}

/// Tells a channel of alerts, in one message.
///
/// # Errors
///
/// A [`DeliveryError`]; nothing is known to have arrived then.
pub async fn deliver(channel: &Channel, alerts: &[Alert]) -> Result<(), DeliveryError> {
    let delivery = async {
        match channel {
            Channel::Command(run) => command::deliver(run, alerts).await,
            Channel::Mail(mail) => mail::deliver(mail, alerts).await,
            Channel::Webhook(webhook) => webhook::deliver(webhook, alerts).await,
        }
    };
    tokio::time::timeout(LIMIT, Box::pin(delivery)).await.unwrap_or(Err(DeliveryError::Late))
}

/// For one delivery: a slow channel must not keep others waiting for long.
const LIMIT: Duration = Duration::from_secs(15);
