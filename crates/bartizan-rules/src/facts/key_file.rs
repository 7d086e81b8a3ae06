//! Files that hold a private key. What the key is, is not kept.

use super::provenance::Place;

/// A file with a private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// The line with which the key begins.
    pub at: Place,
    /// Whether anybody on the machine may read it, where that is known.
    pub is_world_readable: bool,
    /// Whether a password is needed to use it.
    pub is_encrypted: bool,
}
