//! `[reports.alerts]` and whom it tells.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use bartizan_headers::Authority;
use bartizan_reports::alerts::{Encryption, Form, QuietHours};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::values::MailAddress;
use super::{At, Choice, OrNone, Written};

/// What of browsers' reports is worth an alert, and who is told.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Alerts {
    /// How many clients must have reported a thing.
    pub(crate) clients: Option<Written<NonZeroU32>>,
    /// How long a new site is only watched, since everything is new in its first days.
    pub(crate) learn: Option<Written<Duration>>,
    /// How many times more reports in an hour than usual are a spike.
    pub(crate) spike: Option<OrNone<NonZeroU32>>,
    /// How long a site that reports regularly may be silent.
    pub(crate) silence: Option<OrNone<Duration>>,
    /// When nobody is told, in UTC; what came then is told afterwards, in one message.
    pub(crate) quiet_hours: Option<OrNone<QuietHours>>,
    /// Addresses that are posted to.
    pub(crate) webhook: Option<Vec<Webhook>>,
    /// Mail servers, and whom they write to.
    pub(crate) mail: Option<Vec<Mail>>,
    /// Programs that are run.
    pub(crate) command: Option<Vec<Command>>,
}

/// An address that is posted to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhook {
    /// The address; `{token}` in it stands for the token. For Matrix it ends in `/send/m.room.message`.
    pub(crate) url: At<Written<Url>>,
    /// What is posted.
    pub(crate) form: Option<Choice<Form>>,
    /// The environment variable that holds the token, which is shown as `Authorization: Bearer` or stands in the address.
    pub(crate) token_env: Option<At<String>>,
    /// Certificates to trust instead of those of the web, as PEM.
    pub(crate) authorities: Option<At<PathBuf>>,
}

/// A mail server, and whom it writes to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    /// The server; without a port 587, or 465 for implicit encryption.
    pub(crate) server: At<Written<Authority>>,
    /// How the connection is encrypted.
    pub(crate) encryption: Option<Choice<Encryption>>,
    /// The name to sign in with; without one there is no sign-in.
    pub(crate) user: Option<At<String>>,
    /// The environment variable that holds the password.
    pub(crate) password_env: Option<At<String>>,
    /// Who writes.
    pub(crate) from: Written<MailAddress>,
    /// To whom.
    pub(crate) to: Vec<Written<MailAddress>>,
    /// Certificates to trust instead of those of the web, as PEM.
    pub(crate) authorities: Option<At<PathBuf>>,
}

/// A program that is run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Command {
    /// The program and its arguments, without a shell; alerts come as JSON on its standard input.
    pub(crate) run: At<Vec<String>>,
}
