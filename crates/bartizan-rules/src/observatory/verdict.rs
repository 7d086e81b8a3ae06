//! What one test says: its result, whether that passes, and what it does to the score.

/// One possible result of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The Observatory's word for it.
    pub result: &'static str,
    /// What is added to the score.
    pub modifier: i32,
    /// Whether the test passes; a result may pass and still cost points.
    pub passes: bool,
}

impl Verdict {
    pub(super) const fn pass(result: &'static str, modifier: i32) -> Self {
        Self { result, modifier, passes: true }
    }

    pub(super) const fn fail(result: &'static str, modifier: i32) -> Self {
        Self { result, modifier, passes: false }
    }
}

/// Returns the worse of two by their places in a list, where one is known already; verdicts outside the list are best.
pub(super) fn worse(new: &'static Verdict, old: Option<&'static Verdict>, order: &[&Verdict]) -> &'static Verdict {
    let place = |verdict: &Verdict| order.iter().position(|known| *known == verdict);
    match old {
        Some(old) if place(new) <= place(old) => old,
        _ => new,
    }
}
