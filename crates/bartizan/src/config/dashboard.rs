//! Who may see the dashboard, as the program uses it; the wall itself knows nothing of it.

use bartizan_dashboard::Settings;

/// Whether there is a dashboard, and for whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DashboardPlan {
    /// Whether it answers on the admin listener.
    pub enabled: bool,
    /// Users, tokens, times.
    pub settings: Settings,
}
