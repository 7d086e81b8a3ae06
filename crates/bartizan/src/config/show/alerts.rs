//! `[reports.alerts]` and whom it tells; no secret is shown.

use bartizan_reports::alerts::{Channel, Settings};

use super::super::origins::Origin;
use super::super::quantities::write_duration;
use super::{Page, or_none, text, texts, word};

pub(super) fn write(page: &mut Page<'_>, settings: &Settings) {
    let Settings { clients, learn, spike, silence, quiet, channels, every: _, retries: _ } = settings;
    page.table("[reports.alerts]");
    for (key, value) in [
        ("clients", clients.to_string()),
        ("learn", text(&write_duration(*learn))),
        ("spike", or_none(*spike, |spike| spike.to_string())),
        ("silence", or_none(*silence, |silence| text(&write_duration(silence)))),
        ("quiet_hours", or_none(*quiet, |quiet| text(&quiet.to_string()))),
    ] {
        page.key(key, &value, &[&format!("reports.alerts.{key}")], Origin::Default);
    }
    channels.iter().for_each(|channel| write_channel(page, channel));
}

fn write_channel(page: &mut Page<'_>, channel: &Channel) {
    let (table, keys, secrets) = match channel {
        Channel::Command(run) => ("command", vec![("run", texts(&run.words))], vec![]),
        Channel::Mail(mail) => {
            let mut keys = vec![
                ("server", text(&format!("{}:{}", mail.host, mail.port))),
                ("encryption", word(mail.encryption)),
                ("from", text(&mail.from)),
                ("to", texts(&mail.to)),
            ];
            if let Some((user, _)) = &mail.login {
                keys.push(("user", text(user)));
            }
            if let Some(path) = &mail.authorities {
                keys.push(("authorities", text(&path.display().to_string())));
            }
            ("mail", keys, if mail.login.is_some() { vec!["password_env"] } else { vec![] })
        }
        Channel::Webhook(webhook) => {
            let mut keys = vec![("form", word(webhook.form))];
            if let Some(path) = &webhook.authorities {
                keys.push(("authorities", text(&path.display().to_string())));
            }
            // The path of such an address is often all that keeps others from writing to it.
            ("webhook", keys, vec!["url", "token_env"])
        }
    };
    page.table(&format!("[[reports.alerts.{table}]]"));
    for (key, value) in keys {
        page.key(key, &value, &[&format!("reports.alerts.{table}[].{key}")], Origin::Default);
    }
    for key in secrets {
        page.text.push_str(&format!("# {key} is not shown: it is a secret, or leads to one\n"));
    }
}
