//! What of each directive matters to whoever follows variables: most neither make one nor name one.

use crate::facts::blocks::{At, Blocks};

/// What matters of each directive, whoever reads it.
#[derive(Debug)]
pub(super) struct Outline {
    traits: Vec<Traits>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Traits {
    makes_variables: bool,
    names_variables: bool,
}

impl Outline {
    pub(super) fn of(blocks: &Blocks) -> Self {
        let traits = |node: At<'_>| Traits {
            makes_variables: is_maker(node.name()) || is_entry(node),
            names_variables: node.args().any(|arg| arg.contains('$')),
        };
        // The root is the first of all, and is no directive.
        Self { traits: std::iter::once(Traits::default()).chain(blocks.all().map(traits)).collect() }
    }

    /// Whether the directive may make variables, or hold directives of its block that do.
    pub(super) fn makes_variables(&self, node: At<'_>) -> bool {
        self.traits(node).makes_variables
    }

    /// Whether the directive may name variables.
    pub(super) fn names_variables(&self, node: At<'_>) -> bool {
        self.traits(node).names_variables
    }

    fn traits(&self, node: At<'_>) -> Traits {
        self.traits.get(node.id().number()).copied().unwrap_or_default()
    }
}

fn is_maker(name: &str) -> bool {
    matches!(
        name,
        "auth_request_set"
            | "geo"
            | "if"
            | "include"
            | "js_set"
            | "js_var"
            | "location"
            | "map"
            | "perl_set"
            | "rewrite"
            | "root"
            | "set"
            | "set_by_lua"
            | "set_by_lua_block"
            | "set_by_lua_file"
    )
}

/// Whether it is an entry of a table of which a variable is made.
pub(super) fn is_entry(node: At<'_>) -> bool {
    !node.is_block() && node.parent().is_some_and(|parent| matches!(parent.name(), "map" | "geo"))
}
