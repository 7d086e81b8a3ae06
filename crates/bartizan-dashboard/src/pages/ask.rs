//! What a page is made from.

use bartizan_reports::store::{Lent, Store};

use super::Fault;
use crate::access::{Role, Visitor};
use crate::dashboard::OpenStore;
use crate::query::Query;
use crate::wall::WallView;

/// One request for a page.
pub(crate) struct Ask<'a> {
    /// The query, or the form.
    pub(crate) query: &'a Query,
    /// The time, in milliseconds since 1970.
    pub(crate) now: i64,
    visitor: &'a Visitor,
    wall: Option<&'a dyn WallView>,
    open: Option<&'a OpenStore>,
    store: Option<Lent>,
}

impl<'a> Ask<'a> {
    pub(crate) fn new(
        query: &'a Query,
        visitor: &'a Visitor,
        now: i64,
        wall: Option<&'a dyn WallView>,
        open: Option<&'a OpenStore>,
    ) -> Self {
        Self { query, now, visitor, wall, open, store: None }
    }

    /// Returns the store, opened when it is first asked for.
    pub(crate) fn store(&mut self) -> Result<&mut dyn Store, Fault> {
        let store = match self.store.take() {
            Some(store) => store,
            None => self.open.ok_or(Fault::NoReports)?()?,
        };
        Ok(&mut **self.store.insert(store))
    }

    /// Returns the wall.
    pub(crate) fn wall(&self) -> Result<&'a dyn WallView, Fault> {
        self.wall.ok_or(Fault::NoWall)
    }

    /// Whether reports are collected.
    pub(crate) const fn has_store(&self) -> bool {
        self.open.is_some()
    }

    /// Whether whoever asks may do something.
    pub(crate) fn may(&self, role: Role) -> bool {
        self.visitor.role() >= role
    }
}
