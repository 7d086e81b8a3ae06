//! `[site.autopilot]`.

use std::time::Duration;

use bartizan_pilot::{Mode, Settings};

use super::super::autopilot;
use super::super::origins::Origin;
use super::super::quantities::write_duration;
use super::{Page, text, texts, word};

pub(super) fn write_site(page: &mut Page<'_>, settings: Option<&Settings>, at: &str) {
    page.table("[site.autopilot]");
    let mut keys = Vec::new();
    let Some(Settings { mode, unknown, learn, trial, step, pages, clients, witnesses, allow, ramps, integrity }) =
        settings
    else {
        page.key("mode", &word(autopilot::Mode::Off), &[&format!("{at}.autopilot.mode")], Origin::Default);
        return;
    };
    let mode = match mode {
        Mode::Auto => autopilot::Mode::Auto,
        Mode::Learn => autopilot::Mode::Learn,
    };
    let time = |seconds: &u64| text(&write_duration(Duration::from_secs(*seconds)));
    keys.extend([
        ("mode", word(mode)),
        ("unknown", word(*unknown)),
        ("learn", time(learn)),
        ("trial", time(trial)),
        ("step", time(step)),
        ("pages", pages.to_string()),
        ("clients", clients.to_string()),
        ("witnesses", witnesses.to_string()),
        ("allow", texts(allow)),
        ("integrity", word(*integrity)),
        ("ramps", texts(ramps.iter().map(|ramp| ramp.as_str()))),
    ]);
    for (key, value) in keys {
        page.key(key, &value, &[&format!("{at}.autopilot.{key}")], Origin::Default);
    }
}
