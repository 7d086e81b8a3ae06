//! What makes Django, or its own check, end in an error instead of an answer.

use super::look::{CSP, SECURITY, has, has_middleware, is_weak_key};
use crate::Place;
use crate::facts::django::{CspRelease, Django, FailureView, Literal, Outcome, Release, Setting};

/// Where and why it ends.
pub(super) struct Stop {
    pub(super) at: Place,
    pub(super) message: String,
}

/// Returns where and why Django stops over these settings, if it does.
pub(super) fn stop(django: &Django, outcome: &Outcome) -> Option<Stop> {
    if let Some(stopped) = &outcome.stopped {
        return Some(Stop { at: stopped.at.clone(), message: stopped.message.clone() });
    }
    let at = |name: &str| outcome.setting(name).map_or_else(|| django.start.clone(), |setting| setting.at.clone());
    let stopped = |name: &str, message: String| Some(Stop { at: at(name), message });
    for name in LISTS {
        let Some(value) = outcome.value(name) else { continue };
        if !matches!(value, Literal::List(_) | Literal::Tuple(_) | Literal::Unknown | Literal::Other(_)) {
            return stopped(name, format!("ImproperlyConfigured: The {name} setting must be a list or a tuple."));
        }
    }
    if let Some(message) = duplicate_app(outcome) {
        return stopped("INSTALLED_APPS", message);
    }
    if let Some(value) = outcome.value("MIDDLEWARE")
        && matches!(value, Literal::None | Literal::Bool(_) | Literal::Int(_) | Literal::Float(_))
    {
        let message = format!("TypeError: argument of type '{}' is not iterable", value.type_name());
        return stopped("MIDDLEWARE", message);
    }
    if let Some(key) = outcome.value("SECRET_KEY")
        && key.truth() != Some(false)
        && let Err(message) = is_weak_key(key)
    {
        return stopped("SECRET_KEY", message);
    }
    let fallbacks = outcome.value("SECRET_KEY_FALLBACKS").and_then(Literal::items).unwrap_or_default();
    if let Some(message) = fallbacks.iter().find_map(|item| is_weak_key(&item.value).err()) {
        return stopped("SECRET_KEY_FALLBACKS", message);
    }
    if has_middleware(outcome, SECURITY) == Some(true) {
        if let Some(setting) = outcome.setting("SECURE_REFERRER_POLICY")
            && let Some(message) = not_iterable(setting)
        {
            return stopped("SECURE_REFERRER_POLICY", message);
        }
        let name = "SECURE_CROSS_ORIGIN_OPENER_POLICY";
        if let Some(value @ (Literal::List(_) | Literal::Dict(_) | Literal::Set(_))) = outcome.value(name) {
            return stopped(name, format!("TypeError: unhashable type: '{}'", value.type_name()));
        }
    }
    if outcome.failure_view == FailureView::Missing {
        let message = "ViewDoesNotExist: the view for refused forms is not in its module".to_owned();
        return stopped("CSRF_FAILURE_VIEW", message);
    }
    if django.release == Release::V6_1
        && has_middleware(outcome, CSP) == Some(true)
        && matches!(outcome.value("TEMPLATES"), Some(Literal::None | Literal::Int(_) | Literal::Bool(_)))
    {
        return stopped("TEMPLATES", "TypeError: the TEMPLATES setting is not iterable".to_owned());
    }
    migration(django, outcome)
}

/// `set(value)` of a policy that is neither text nor `None`.
fn not_iterable(setting: &Setting) -> Option<String> {
    let value = &setting.item.value;
    match value {
        Literal::Bool(_) | Literal::Int(_) | Literal::Float(_) => {
            Some(format!("TypeError: '{}' object is not iterable", value.type_name()))
        }
        Literal::List(items) | Literal::Tuple(items) => {
            let item = items
                .iter()
                .map(|item| &item.value)
                .find(|item| matches!(item, Literal::List(_) | Literal::Dict(_) | Literal::Set(_)))?;
            Some(format!("TypeError: unhashable type: '{}'", item.type_name()))
        }
        _ => None,
    }
}

/// Two apps of one label cannot be told apart.
fn duplicate_app(outcome: &Outcome) -> Option<String> {
    let apps = outcome.value("INSTALLED_APPS")?.items()?;
    let mut labels: Vec<&str> = Vec::new();
    for app in apps.iter().filter_map(|app| app.value.text()) {
        let module = app.split_once(".apps.").map_or(app, |(module, _)| module);
        let label = module.rsplit('.').next().unwrap_or(module);
        if labels.contains(&label) {
            return Some(format!("ImproperlyConfigured: Application labels aren't unique, duplicates: {label}"));
        }
        labels.push(label);
    }
    None
}

/// django-csp 4 rewrites old settings for its message, and stops over those that it did not expect.
fn migration(django: &Django, outcome: &Outcome) -> Option<Stop> {
    if django.csp != CspRelease::V4 || has(outcome, "INSTALLED_APPS", "csp") != Some(true) {
        return None;
    }
    let stopped = |setting: &Setting, message: String| Some(Stop { at: setting.at.clone(), message });
    if let Some(setting) = outcome.setting("CSP_REPORT_PERCENTAGE")
        && matches!(setting.item.value, Literal::Dict(_) | Literal::Set(_))
        && super::csp_settings_outdated::outdated(outcome).next().is_some()
    {
        let message = "TypeError: the CSP_REPORT_PERCENTAGE setting is no number".to_owned();
        return stopped(setting, message);
    }
    let include = outcome.setting("CSP_INCLUDE_NONCE_IN");
    for (name, directive) in super::csp_settings_outdated::directives() {
        let Some(setting) = outcome.setting(name) else { continue };
        let is_included = match include.map(|include| &include.item.value) {
            None => continue,
            Some(Literal::Text(text)) => text.contains(&*directive),
            Some(Literal::None | Literal::Bool(_) | Literal::Int(_)) => {
                let message = "TypeError: argument of the CSP_INCLUDE_NONCE_IN setting is not iterable".to_owned();
                return include.and_then(|include| stopped(include, message));
            }
            Some(value) => {
                value.items().is_some_and(|items| items.iter().any(|item| item.value.text() == Some(&*directive)))
            }
        };
        if !is_included {
            continue;
        }
        let value = &setting.item.value;
        match (value, value.truth()) {
            (_, Some(false)) => return stopped(setting, format!("KeyError: '{directive}'")),
            (Literal::List(_) | Literal::Unknown | Literal::Other(_), _) => {}
            _ => {
                let message = format!("AttributeError: '{}' object has no attribute 'append'", value.type_name());
                return stopped(setting, message);
            }
        }
    }
    None
}

/// Settings that Django takes only as a list or a tuple.
const LISTS: &[&str] = &["ALLOWED_HOSTS", "INSTALLED_APPS", "LOCALE_PATHS", "SECRET_KEY_FALLBACKS", "TEMPLATE_DIRS"];
