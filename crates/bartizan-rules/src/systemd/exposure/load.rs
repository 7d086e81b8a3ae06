//! Which services the manager refuses to load, and why.

use super::value::{Quotes, boolean, expand, is_absolute, is_user, words};
use crate::Place;
use crate::facts::systemd::{Assignment, Systemd};

/// Returns where and why the manager refuses a service; nothing, where it loads it.
pub fn refusal(unit: &Systemd) -> Option<(Place, String)> {
    if unit.is_masked {
        return Some((unit.service.clone(), "the file is empty, which masks the unit".to_owned()));
    }
    if let Some((at, reason)) = &unit.unreadable {
        return Some((at.clone(), (*reason).to_owned()));
    }
    let values = unit.lines.iter().filter(|line| line.section == "Service");
    for line in values {
        if let Some(reason) = fatal(unit, line) {
            return Some((line.value_at.clone(), reason));
        }
    }
    contradiction(unit).map(|reason| (unit.service.clone(), reason.to_owned()))
}

/// Why a value makes the manager give up on its file, rather than ignore the value: the unit is refused for it, or the
/// rest of a drop-in passed over.
pub fn fatal(unit: &Systemd, line: &Assignment) -> Option<String> {
    let value = &*line.value;
    if line.section == "Service" && line.key == "DynamicUser" && boolean(value).is_none() {
        return Some(format!("DynamicUser={value} is neither yes nor no"));
    }
    if value.is_empty() || line.section != "Service" {
        return None;
    }
    let is_bad_user = |name: &str| expand(name, unit).is_none_or(|name| !is_user(&name));
    match &*line.key {
        "User" | "Group" if is_bad_user(value) => Some(format!("{}={value} names nobody", line.key)),
        "SupplementaryGroups" => {
            let bad = words(value, Quotes::Removed).0.into_iter().find(|name| is_bad_user(name))?;
            Some(format!("{bad} names no group"))
        }
        "WorkingDirectory" if value != "~" && !value.starts_with('-') => {
            let is_path = expand(value, unit).is_some_and(|path| is_absolute(&path));
            (!is_path).then(|| format!("WorkingDirectory={value} is no absolute path"))
        }
        "RootDirectory" | "RootImage" | "RootVerity" if expand(value, unit).is_none_or(|path| !is_absolute(&path)) => {
            Some(format!("{}={value} is no absolute path", line.key))
        }
        key if COMMANDS.contains(&key) => commands(value, unit).err(),
        _ => None,
    }
}

/// Returns how many commands a line holds; why the manager refuses them, where it does not overlook that.
fn commands(value: &str, unit: &Systemd) -> Result<usize, String> {
    // What is escaped separates nothing.
    let (found, is_whole) = words(&value.replace("\\;", "\u{1}"), Quotes::Removed);
    let mut count = 0;
    let mut ends_well = is_whole;
    for command in found.split(|word| word == ";") {
        let Some(first) = command.first() else { continue };
        let (marks, path) = marks(first);
        let may_fail = marks.contains('-');
        let needed = 1 + usize::from(marks.contains('@'));
        let fault = if path.is_empty() {
            // An empty path is overlooked with its line.
            return Ok(count);
        } else if command.iter().any(|word| expand(word, unit).is_none()) {
            Some(format!("{path} has a specifier that is none"))
        } else if !is_program(&expand(path, unit).unwrap_or_default()) {
            Some(format!("{path} is neither an absolute path nor the name of a program"))
        } else if command.len() < needed {
            Some(format!("{path} has no name to be called by"))
        } else {
            None
        };
        match fault {
            Some(_) if may_fail => return Ok(count),
            Some(fault) => return Err(fault),
            None => count += 1,
        }
        if may_fail && !is_whole {
            ends_well = true;
        }
    }
    if !ends_well && count > 0 {
        return Err("a quote is not closed".to_owned());
    }
    Ok(count)
}

/// The marks before a path, each at most once; `!!` is one of them.
fn marks(word: &str) -> (&str, &str) {
    let mut length = 0;
    for (at, mark) in word.char_indices() {
        let before = word.get(..at).unwrap_or_default();
        let is_next = match mark {
            '-' | '@' | ':' => !before.contains(mark),
            '+' => !before.contains(['+', '!']),
            '!' => !before.contains('+') && before.matches('!').count() < 2,
            _ => false,
        };
        if !is_next {
            break;
        }
        length = at + 1;
    }
    word.split_at_checked(length).unwrap_or(("", word))
}

fn is_program(path: &str) -> bool {
    let is_name = !path.contains('/') && !matches!(path, "" | "." | "..");
    (path.starts_with('/') || is_name) && !path.ends_with('/')
}

/// Returns what in a service excludes each other (`service_verify()`).
fn contradiction(unit: &Systemd) -> Option<&'static str> {
    let count = |key: &str| {
        unit.each("Service", key).fold(0, |count, line| match &*line.value {
            "" => 0,
            value => count + commands(value, unit).unwrap_or(0),
        })
    };
    let (starts, stops) = (count("ExecStart"), count("ExecStop"));
    let is_one_of = |section: &str, key: &str, words: &[&str]| {
        let mut valid = unit.each(section, key).rev().map(|line| &*line.value);
        valid.find(|value| words.contains(value)).unwrap_or_default().to_owned()
    };
    let action = is_one_of("Unit", "SuccessAction", &ACTIONS);
    let acts = !matches!(&*action, "" | "none");
    if starts == 0 && stops == 0 && !acts {
        return Some("it has no ExecStart=, ExecStop= or SuccessAction=");
    }
    let remains = unit.each("Service", "RemainAfterExit").rev().find_map(|line| boolean(&line.value)).unwrap_or(false);
    if starts == 0 && !acts && !remains {
        return Some("it has no ExecStart=, and does not remain after it ends");
    }
    let has_bus_name = unit.last("Service", "BusName").is_some_and(|line| !line.value.is_empty());
    let kind = match &*is_one_of("Service", "Type", &TYPES) {
        "" if has_bus_name => "dbus".to_owned(),
        "" if starts > 0 => "simple".to_owned(),
        "" => "oneshot".to_owned(),
        kind => kind.to_owned(),
    };
    if kind != "oneshot" && starts == 0 && !acts {
        return Some("only Type=oneshot may be without ExecStart=");
    }
    if kind != "oneshot" && starts > 1 {
        return Some("only Type=oneshot may have more than one ExecStart=");
    }
    let restart = is_one_of("Service", "Restart", &RESTARTS);
    if kind == "oneshot" && matches!(&*restart, "always" | "on-success") {
        return Some("Type=oneshot cannot be restarted always");
    }
    if kind == "oneshot" && unit.last("Service", "RestartForceExitStatus").is_some_and(|line| !line.value.is_empty()) {
        return Some("Type=oneshot has no RestartForceExitStatus=");
    }
    if kind == "dbus" && !has_bus_name {
        return Some("Type=dbus needs BusName=");
    }
    let has_pam = unit.last("Service", "PAMName").is_some_and(|line| !line.value.is_empty());
    let kill = is_one_of("Service", "KillMode", &["control-group", "mixed", "process", "none"]);
    if has_pam && matches!(&*kill, "process" | "none") {
        return Some("PAMName= needs KillMode=control-group or mixed");
    }
    None
}

/// The settings that hold commands.
const COMMANDS: [&str; 7] =
    ["ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost"];
/// What can happen when a service ends well.
const ACTIONS: [&str; 9] = [
    "none",
    "reboot",
    "reboot-force",
    "reboot-immediate",
    "poweroff",
    "poweroff-force",
    "poweroff-immediate",
    "exit",
    "exit-force",
];
/// The kinds of services.
const TYPES: [&str; 7] = ["simple", "exec", "forking", "oneshot", "dbus", "notify", "idle"];
/// When a service is started again.
const RESTARTS: [&str; 7] = ["no", "on-success", "on-failure", "on-abnormal", "on-watchdog", "on-abort", "always"];
