//! The view that Django shows for a refused form: whether it is there, and can be called.

use bartizan_rules::facts::django::FailureView;

use super::evaluate::{Machine, Stop};
use super::value::{Kind, Module, Span};

/// Returns what `CSRF_FAILURE_VIEW` turns out to be.
pub(super) fn failure_view(machine: &mut Machine<'_>, settings: &Module) -> FailureView {
    let view = settings.names.borrow().get("CSRF_FAILURE_VIEW").map(|binding| binding.value.clone());
    let path = match view.map(|view| (view.as_text().cloned(), view)) {
        None => return FailureView::Fits,
        Some((Some(path), _)) => path,
        Some((None, view)) => {
            return match view.kind {
                Kind::Function(_) if Machine::accepts(&view, 1, &["reason"]) == Some(false) => FailureView::Unfit,
                Kind::None
                | Kind::Bool(_)
                | Kind::Int(_)
                | Kind::Float(_)
                | Kind::Bytes(_)
                | Kind::List(_)
                | Kind::Tuple(_)
                | Kind::Set(_)
                | Kind::Dict(_) => FailureView::Missing,
                _ => FailureView::Fits,
            };
        }
    };
    // The views for other refusals are called with an exception, which this one is not given.
    if path.starts_with("django.views.defaults.") {
        return FailureView::Unfit;
    }
    if path.starts_with("django.") {
        return FailureView::Fits;
    }
    let Some((module, name)) = path.rsplit_once('.') else { return FailureView::Absent };
    let at = Span::default();
    let loaded = match load(machine, module, at) {
        Ok(loaded) => loaded,
        // Where the package is there and its module is not, Django does not call it an import that failed.
        Err(Stop::Raised(exception)) if exception.class() == "ModuleNotFoundError" => {
            let parent = module.rsplit_once('.').map(|(parent, _)| parent);
            return match parent {
                Some(parent) if machine.modules.contains_key(parent) => FailureView::Missing,
                _ => FailureView::Absent,
            };
        }
        Err(_) => return FailureView::Fits,
    };
    let Kind::Module(module) = &loaded.kind else {
        // What is neither in the tree nor known may still be installed, unless nothing else is.
        return if machine.options.variables.is_closed { FailureView::Absent } else { FailureView::Fits };
    };
    let found = module.names.borrow().get(name).map(|binding| binding.value.clone());
    match found {
        None => FailureView::Missing,
        Some(value) => match Machine::accepts(&value, 1, &["reason"]) {
            Some(false) => FailureView::Unfit,
            Some(true) | None => FailureView::Fits,
        },
    }
}

fn load(machine: &mut Machine<'_>, module: &str, at: Span) -> Result<super::value::Value, Stop> {
    let mut value = super::value::Value::none();
    for (end, _) in module.match_indices('.').chain([(module.len(), "")]) {
        value = machine.load(module.get(..end).unwrap_or(module), at)?;
    }
    Ok(value)
}
