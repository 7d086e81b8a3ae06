//! Operators against a table of values.
