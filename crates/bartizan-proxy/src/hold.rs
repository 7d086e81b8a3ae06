//! An exchange's place among those that its connection's sweeper watches.

use std::rc::Rc;

use crate::connection::{Connection, Running};
use crate::shared::Pass;

/// An exchange's place among those its connection's sweeper watches, for as long as it is held.
#[derive(Debug)]
pub(crate) struct Hold {
    connection: Rc<Connection>,
    running: Rc<Running>,
    /// Its place among those that run at the app, where the route bounds them.
    pub(crate) pass: Option<Pass>,
}

impl Hold {
    pub(crate) fn new(connection: &Rc<Connection>) -> Self {
        let running = Rc::new(Running::default());
        connection.running.borrow_mut().push(Rc::clone(&running));
        Self { connection: Rc::clone(connection), running, pass: None }
    }

    pub(crate) fn running(&self) -> &Running {
        &self.running
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut all = self.connection.running.borrow_mut();
        if let Some(place) = all.iter().position(|running| Rc::ptr_eq(running, &self.running)) {
            all.swap_remove(place);
        }
    }
}
