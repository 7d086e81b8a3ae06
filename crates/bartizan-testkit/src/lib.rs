//! Helpers for tests: a recording upstream, raw wire clients, a test CA.
