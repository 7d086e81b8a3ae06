//! Keys and passwords where they should not be. No finding shows the secret itself.

use crate::rule::Rule;

mod names;
pub mod private_key_readable;
pub mod secret_file_readable;
pub mod secret_in_compose;
pub mod secret_in_elixir;
pub mod secret_in_gateway;
pub mod secret_in_image;
pub mod secret_in_settings;
pub mod secret_placeholder_left;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &private_key_readable::RULE,
    &secret_file_readable::RULE,
    &secret_in_compose::RULE,
    &secret_in_elixir::RULE,
    &secret_in_gateway::RULE,
    &secret_in_image::RULE,
    &secret_in_settings::RULE,
    &secret_placeholder_left::RULE,
];
