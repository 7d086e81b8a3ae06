//! `[reports.alerts]`: what is worth an alert, and who is told.

use std::time::Duration;

use bartizan_reports::alerts::{Channel, Encryption, Form, Mail, Run, Secret, Settings, Webhook};

use super::super::raw::At;
use super::super::raw::alerts::{self, Alerts};
use super::Resolver;
use super::server::set;

impl Resolver<'_> {
    /// Returns when something is worth an alert; a look costs a little more than a flush.
    pub(super) fn alerts(&mut self, written: Option<&Alerts>, flush: Duration) -> Settings {
        let every = flush.saturating_mul(10).clamp(Duration::from_millis(100), Duration::from_secs(60));
        let mut settings = Settings { every, ..Settings::default() };
        let Some(written) = written else { return settings };
        set(&mut settings.clients, written.clients.map(|clients| clients.0.get().into()));
        set(&mut settings.learn, written.learn.map(|learn| learn.0));
        set(&mut settings.spike, written.spike.map(|spike| spike.0.map(u32::from)));
        set(&mut settings.silence, written.silence.map(|silence| silence.0));
        set(&mut settings.quiet, written.quiet_hours.map(|hours| hours.0));
        for webhook in written.webhook.iter().flatten() {
            let webhook = self.webhook(webhook);
            settings.channels.extend(webhook.map(Channel::Webhook));
        }
        for mail in written.mail.iter().flatten() {
            let mail = self.mail(mail);
            settings.channels.extend(mail.map(Channel::Mail));
        }
        for command in written.command.iter().flatten() {
            if command.run.is_empty() {
                self.error(command.run.span(), "the command names no program", "write the program and its arguments");
            } else {
                settings.channels.push(Channel::Command(Run { words: command.run.to_vec() }));
            }
        }
        settings
    }

    fn webhook(&mut self, written: &alerts::Webhook) -> Option<Webhook> {
        let is_loopback = written
            .url
            .0
            .host_str()
            .is_some_and(|host| host.parse::<bartizan_headers::HostName>().is_ok_and(|host| host.is_loopback()));
        if written.url.0.scheme() == "http" && !is_loopback {
            self.warn(written.url.span(), "alerts travel in the clear", "use https://");
        }
        let mut url = written.url.0.to_string();
        let mut token = match &written.token_env {
            Some(name) => Some(self.secret(name, "token")?),
            None => None,
        };
        // Braces are encoded in an address.
        if url.contains(TOKEN) {
            let Some(token) = token.take() else {
                let label = "write `token_env` as well";
                self.error(written.url.span(), "the address has a place for a token, and there is none", label);
                return None;
            };
            url = url.replace(TOKEN, &token);
        }
        Some(Webhook {
            url: Secret::new(url),
            form: written.form.map_or(Form::Json, |form| form.0),
            token: token.map(Secret::new),
            authorities: written.authorities.as_ref().map(|path| self.readable("webhook.authorities", path)),
        })
    }

    fn mail(&mut self, written: &alerts::Mail) -> Option<Mail> {
        let encryption = written.encryption.map_or(Encryption::StartTls, |encryption| encryption.0);
        let login = match (&written.user, &written.password_env) {
            (Some(user), Some(name)) => Some(((**user).clone(), Secret::new(self.secret(name, "password")?))),
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => {
                let label = "write both `user` and `password_env`";
                self.error(one.span(), "a sign-in needs a name and a password", label);
                return None;
            }
        };
        if encryption == Encryption::DangerousPlain {
            if let Some(user) = written.user.as_ref() {
                self.error(user.span(), "the password would travel in the clear", "use another `encryption`");
                return None;
            }
            self.warn(written.server.span(), "alerts travel in the clear", "`encryption` is \"dangerous_plain\"");
        }
        let server = &written.server.0;
        let port = match encryption {
            Encryption::DangerousPlain => 25,
            Encryption::Implicit => 465,
            Encryption::StartTls => 587,
        };
        if written.to.is_empty() {
            self.error(written.server.span(), "the mail goes to nobody", "write somebody into `to`");
            return None;
        }
        Some(Mail {
            host: server.host.to_string(),
            port: server.port.unwrap_or(port),
            encryption,
            authorities: written.authorities.as_ref().map(|path| self.readable("mail.authorities", path)),
            login,
            from: written.from.0.0.clone(),
            to: written.to.iter().map(|to| to.0.0.clone()).collect(),
        })
    }

    fn secret(&mut self, name: &At<String>, what: &str) -> Option<String> {
        let secret = self.environment.variable(name).map(str::to_owned);
        if secret.is_none() {
            let message = format!("the environment variable {} is not set", **name);
            self.error(name.span(), message, format!("it has to hold the {what}"));
        }
        secret
    }
}

const TOKEN: &str = "%7Btoken%7D";
