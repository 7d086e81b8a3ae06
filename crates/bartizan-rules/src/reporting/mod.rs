//! Faults in where reports go.

pub mod report_to_unknown;
