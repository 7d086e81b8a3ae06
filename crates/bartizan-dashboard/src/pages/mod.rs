//! The pages: one file each, and the table of them.
//!
//! A new page is a file with its `PAGE`, and a line in [`PAGES`]; menu, roles and faults come with it.

mod ask;
mod certificates;
mod fault;
mod firewall;
mod forget;
mod found;
mod frame;
mod group;
mod network;
mod overview;
mod policy;
mod raised;
mod refusals;
mod rule;
mod rules;
mod script;
mod scripts;
mod selection;
mod settings;
mod site;
mod sites;
mod violations;

pub(crate) use ask::Ask;
pub(crate) use fault::Fault;
pub(crate) use frame::{Frame, bare};
pub(crate) use selection::Selection;

use crate::access::Role;
use crate::html::{Address, Html};

/// A page.
#[derive(Debug)]
pub(crate) struct Page {
    /// Where it is asked for.
    pub(crate) path: &'static str,
    /// What it is called.
    pub(crate) title: &'static str,
    /// Where the menu has it.
    pub(crate) place: Place,
    /// Who may see it.
    pub(crate) role: Role,
    /// Makes what stands on it.
    pub(crate) build: Build,
    /// Does what its form asks for, and says where to go on.
    pub(crate) act: Option<Act>,
}

type Build = fn(&mut Ask<'_>) -> Result<Html, Fault>;

type Act = fn(&mut Ask<'_>) -> Result<Address, Fault>;

/// Where the menu has a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// By itself.
    Menu(Section),
    /// Below the page of this path.
    Below(&'static str),
}

/// A part of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// What browsers report.
    Browsers,
    /// What the wall knows; left out where there is none.
    Wall,
    /// What helps to act.
    Work,
}

/// Every page, in the order of the menu.
static PAGES: &[&Page] = &[
    &overview::PAGE,
    &violations::PAGE,
    &group::PAGE,
    &forget::PAGE,
    &scripts::PAGE,
    &script::PAGE,
    &network::PAGE,
    &sites::PAGE,
    &site::PAGE,
    &firewall::PAGE,
    &found::PAGE,
    &refusals::PAGE,
    &certificates::PAGE,
    &policy::PAGE,
    &rules::PAGE,
    &rule::PAGE,
    &settings::PAGE,
];

/// Returns the page of a path.
pub(crate) fn find(path: &str) -> Option<&'static Page> {
    PAGES.iter().copied().find(|page| page.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_unique_and_parents_are_there() {
        for page in PAGES {
            assert_eq!(PAGES.iter().filter(|other| other.path == page.path).count(), 1, "{}", page.path);
            assert!(page.path.starts_with('/') && !page.title.is_empty());
            if let Place::Below(parent) = page.place {
                assert!(matches!(find(parent).unwrap().place, Place::Menu(_)), "{}", page.path);
            }
        }
        assert!(find("/nothing").is_none() && find("").is_none());
    }
}
