//! Who is signed in: a bounded table on the server. A browser holds a random number and nothing else.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The sessions, by the hash of what browsers hold: whoever reads the memory learns no cookie.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<[u8; 32], Session>>);

#[derive(Debug, Clone)]
struct Session {
    user: String,
    /// Of the user's password: another password ends the session.
    mark: [u8; 32],
    begun: u64,
    used: u64,
}

/// What a browser holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket(pub(crate) String);

/// How long a session may last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lifetimes {
    /// Without being used.
    pub(crate) idle: Duration,
    /// In all.
    pub(crate) whole: Duration,
}

impl Sessions {
    /// Begins a session; none where the system has no randomness. `now` is in milliseconds.
    pub(crate) fn begin(&self, user: &str, password: &str, now: u64) -> Option<Ticket> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok()?;
        let ticket = Ticket(URL_SAFE_NO_PAD.encode(bytes));
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_user = sessions.iter().filter(|(_, session)| session.user == user);
        let is_full = sessions.len() >= MOST;
        let is_users_share_full = of_user.clone().count() >= MOST_OF_ONE;
        // The one that was used least lately makes room: of this user, or, where there is none of theirs, of all.
        let oldest = match (is_users_share_full, is_full) {
            (true, _) => of_user.min_by_key(|(_, session)| session.used).map(|(key, _)| *key),
            (false, true) => sessions.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key),
            (false, false) => None,
        };
        if let Some(oldest) = oldest {
            sessions.remove(&oldest);
        }
        let session = Session { user: user.to_owned(), mark: digest(password), begun: now, used: now };
        sessions.insert(digest(&ticket.0), session);
        Some(ticket)
    }

    /// Returns whose session it is; `password` says what a user's password hashes to now. One that is over is forgotten.
    pub(crate) fn user(
        &self,
        ticket: &Ticket,
        use_: Use,
        lifetimes: Lifetimes,
        now: u64,
        password: impl Fn(&str) -> Option<String>,
    ) -> Option<String> {
        let key = digest(&ticket.0);
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.get_mut(&key)?;
        let is_over = now.saturating_sub(session.used) >= millis(lifetimes.idle)
            || now.saturating_sub(session.begun) >= millis(lifetimes.whole);
        let is_same = password(&session.user).is_some_and(|password| digest(&password) == session.mark);
        if is_over || !is_same {
            sessions.remove(&key);
            return None;
        }
        if use_ == Use::ByPerson {
            session.used = now;
        }
        Some(session.user.clone())
    }

    /// Ends a session.
    pub(crate) fn end(&self, ticket: &Ticket) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest(&ticket.0));
    }
}

/// What a session is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A person asked for a page: the session goes on.
    ByPerson,
    /// A page renews itself: nobody need be there.
    ByPage,
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The sessions of all; each takes some two hundred bytes.
const MOST: usize = 1024;

/// The sessions of one user: all their browsers.
const MOST_OF_ONE: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIMES: Lifetimes = Lifetimes { idle: Duration::from_millis(100), whole: Duration::from_millis(250) };

    #[test]
    fn a_session_ends_by_rest_by_age_and_by_another_password() {
        use Use::{ByPage, ByPerson};
        for (uses, password, expected) in [
            (&[(99, ByPerson)][..], "p", true),
            (&[(100, ByPerson)], "p", false),
            (&[(99, ByPerson), (198, ByPerson), (249, ByPerson)], "p", true),
            (&[(99, ByPerson), (198, ByPerson), (250, ByPerson)], "p", false),
            (&[(60, ByPage), (120, ByPage)], "p", false), // a page left open keeps nothing alive
            (&[(60, ByPerson), (120, ByPage)], "p", true),
            (&[(1, ByPerson)], "q", false),
        ] {
            let sessions = Sessions::default();
            let ticket = sessions.begin("ada", "p", 0).unwrap();
            let hash = |_: &str| Some(password.to_owned());
            let last = uses.iter().map(|(at, use_)| sessions.user(&ticket, *use_, LIFETIMES, *at, hash)).last();
            assert_eq!(last.flatten().is_some(), expected, "{uses:?}");
        }
    }

    #[test]
    fn a_user_who_is_gone_has_no_session_and_a_forged_ticket_is_none() {
        let sessions = Sessions::default();
        let ticket = sessions.begin("ada", "p", 0).unwrap();
        let here = |_: &str| Some("p".to_owned());
        assert_eq!(sessions.user(&Ticket("x".into()), Use::ByPerson, LIFETIMES, 1, here), None);
        assert_eq!(sessions.user(&ticket, Use::ByPerson, LIFETIMES, 1, here).as_deref(), Some("ada"));
        sessions.end(&ticket);
        assert_eq!(sessions.user(&ticket, Use::ByPerson, LIFETIMES, 1, here), None);
        let ticket = sessions.begin("ada", "p", 0).unwrap();
        assert_eq!(sessions.user(&ticket, Use::ByPerson, LIFETIMES, 1, |_| None), None);
    }

    #[test]
    fn the_table_is_bounded_and_nobody_crowds_others_out() {
        let sessions = Sessions::default();
        let ada = sessions.begin("ada", "p", 1).unwrap();
        for at in 2..100 {
            let _ = sessions.begin("eve", "p", at);
        }
        let count = sessions.0.lock().unwrap().len();
        assert_eq!(count, 1 + MOST_OF_ONE);
        assert!(sessions.user(&ada, Use::ByPerson, LIFETIMES, 99, |_| Some("p".into())).is_some());
        for at in 0..2000 {
            let _ = sessions.begin(&format!("user{at}"), "p", at);
        }
        assert_eq!(sessions.0.lock().unwrap().len(), MOST);
    }
}
