//! The words: typed security headers, origins, cookies, CSP; parse, note, serialise, match.
