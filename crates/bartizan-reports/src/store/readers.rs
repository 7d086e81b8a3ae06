//! Stores that are asked again and again, page by page: connections to a database are kept, a file is opened anew.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Place, Store, StoreError};

/// Opens one place as often as it is asked.
#[derive(Debug)]
pub struct Readers {
    place: Place,
    idle: Arc<Idle>,
}

type Idle = Mutex<Vec<Box<dyn Store>>>;

impl Readers {
    /// Makes it ready; nothing is opened yet.
    pub fn new(place: Place) -> Self {
        Self { place, idle: Arc::default() }
    }

    /// Opens the store, or lends a connection that is open. One that broke meanwhile connects again by itself.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn open(&self) -> Result<Lent, StoreError> {
        // A file that was damaged and put aside is left behind with its connection.
        if matches!(self.place, Place::File(_)) {
            return Ok(Lent::from(self.place.read_store()?));
        }
        let known = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let store = match known {
            Some(store) => store,
            None => self.place.read_store()?,
        };
        Ok(Lent { store: Some(store), back: Some(Arc::clone(&self.idle)) })
    }
}

/// A store that goes back to where it came from when it is dropped.
#[derive(Debug)]
pub struct Lent {
    /// There until it is dropped.
    store: Option<Box<dyn Store>>,
    back: Option<Arc<Idle>>,
}

impl From<Box<dyn Store>> for Lent {
    /// Takes a store that is closed when it is dropped.
    fn from(store: Box<dyn Store>) -> Self {
        Self { store: Some(store), back: None }
    }
}

impl Deref for Lent {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        self.store.as_deref().expect("taken only by drop")
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.store.as_deref_mut().expect("taken only by drop")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(store), Some(back)) = (self.store.take(), &self.back) {
            let mut idle = back.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < MOST_IDLE {
                idle.push(store);
            }
        }
    }
}

/// As many as a dashboard makes pages at once.
const MOST_IDLE: usize = 3;
