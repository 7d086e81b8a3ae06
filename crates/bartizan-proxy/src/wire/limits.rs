//! How large the parts of a message may grow before the wall stops listening.

/// Bounds on what one message, or one connection waiting, may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireLimits {
    /// Bytes of a request head, its request line and last empty line included.
    pub head_bytes: usize,
    /// Bytes of a request line, its line end included.
    pub request_line_bytes: usize,
    /// Field lines of a head.
    pub fields: usize,
    /// Bytes of a response head.
    pub response_head_bytes: usize,
    /// Interim responses (1xx) before a final one.
    pub interim_responses: usize,
    /// Bytes of all chunk extensions of one message.
    pub chunk_extension_bytes: usize,
    /// Bytes of a trailer section.
    pub trailer_bytes: usize,
    /// Field lines of a trailer section.
    pub trailer_fields: usize,
    /// Bytes that may wait behind a request for an upgrade until it is decided.
    pub upgrade_held_bytes: usize,
}

impl Default for WireLimits {
    fn default() -> Self {
        Self {
            // Browsers stop at some 4 KiB a cookie; a session with several large ones and a long referrer fits twice.
            head_bytes: 32 * 1024,
            // Twice what Apache and nginx take; links with encoded state in the query (single sign-on) stay below.
            request_line_bytes: 16 * 1024,
            // hyper's own ceiling: one more and it would answer in our place, without our page.
            fields: 100,
            // Twice the request's: applications set many cookies and a long policy at once.
            response_head_bytes: 64 * 1024,
            // One 100, one 103 and some 102 on long work; more is an upstream that never answers.
            interim_responses: 10,
            // Nothing on the public network uses extensions; a sender that does, uses a few bytes per message.
            chunk_extension_bytes: 4 * 1024,
            // Checksums, signatures and timings: a handful of short fields.
            trailer_bytes: 8 * 1024,
            trailer_fields: 32,
            // A client may send its first frames along with the request; it may not fill memory before the answer.
            upgrade_held_bytes: 16 * 1024,
        }
    }
}
