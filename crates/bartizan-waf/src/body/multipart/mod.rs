//! Multipart bodies (RFC 7578), read as strictly as ModSecurity reads them.
//!
//! Servers differ in how much disorder they take, and attackers hide in what only the server reads. So each disorder is
//! noted, and what cannot be read one way only is an error; rules decide what becomes of the request.

mod boundary;
mod disposition;
mod parts;

pub use parts::read;

use std::ops::Range;

/// A multipart body, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Multipart {
    /// The parts that have a name.
    pub parts: Vec<Part>,
    /// What is out of order.
    pub disorder: Disorder,
    /// What made reading end.
    pub error: Option<MultipartError>,
    /// The last name that a part was given.
    pub last_name: Vec<u8>,
    /// The last name of a file.
    pub last_filename: Vec<u8>,
}

/// One part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: Vec<u8>,
    /// The name of the file, where it is one.
    pub filename: Option<Vec<u8>>,
    /// Its header lines as they stand in the body, without the line ends.
    pub headers: Vec<Vec<u8>>,
    /// Where its content is in the body.
    pub content: Range<usize>,
}

/// One kind of disorder, named as the variable of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Fault {
    /// `MULTIPART_BOUNDARY_QUOTED`
    BoundaryQuoted = 1,
    /// `MULTIPART_BOUNDARY_WHITESPACE`
    BoundaryWhitespace = 1 << 1,
    /// A line ends with CRLF: half of `MULTIPART_CRLF_LF_LINES`.
    CrlfLine = 1 << 2,
    /// `MULTIPART_DATA_AFTER`
    DataAfter = 1 << 3,
    /// `MULTIPART_DATA_BEFORE`
    DataBefore = 1 << 4,
    /// `MULTIPART_FILE_LIMIT_EXCEEDED`
    FileLimitExceeded = 1 << 5,
    /// `MULTIPART_HEADER_FOLDING`
    HeaderFolding = 1 << 6,
    /// `MULTIPART_INVALID_HEADER_FOLDING`
    InvalidHeaderFolding = 1 << 7,
    /// `MULTIPART_INVALID_PART`
    InvalidPart = 1 << 8,
    /// `MULTIPART_INVALID_QUOTING`
    InvalidQuoting = 1 << 9,
    /// `MULTIPART_LF_LINE`
    LfLine = 1 << 10,
    /// `MULTIPART_MISSING_SEMICOLON`
    MissingSemicolon = 1 << 11,
}

/// All disorder of a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disorder {
    faults: u16,
    /// `MULTIPART_UNMATCHED_BOUNDARY`: 1 where a line resembles a boundary, 2 where one follows another.
    pub unmatched_boundary: u8,
}

impl Disorder {
    /// Whether the body has this fault.
    pub const fn has(self, fault: Fault) -> bool {
        self.faults & fault as u16 != 0
    }

    /// Whether lines end in both ways (`MULTIPART_CRLF_LF_LINES`).
    pub const fn has_mixed_lines(self) -> bool {
        self.has(Fault::CrlfLine) && self.has(Fault::LfLine)
    }

    const fn note(&mut self, fault: Fault) {
        self.faults |= fault as u16;
    }
}

impl Multipart {
    /// Whether anything is out of order (`MULTIPART_STRICT_ERROR`).
    pub const fn is_disorderly(&self) -> bool {
        self.error.is_some() || self.disorder.faults & !(Fault::CrlfLine as u16) != 0
    }
}

/// Why a body cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MultipartError {
    /// The field has no boundary, or one that each reader takes for another.
    #[error("the boundary in the content type is not valid: {reason}")]
    Boundary {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A line begins with the boundary and goes on.
    #[error("a line of the body is no boundary, and close to one")]
    BoundaryLine,
    /// A part says of itself what cannot be read.
    #[error("the content disposition of a part is not valid")]
    Disposition,
    /// A header line of a part is not valid.
    #[error("a header line of a part is not valid: {reason}")]
    Header {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The body ends before its last boundary.
    #[error("the last boundary is missing")]
    Unfinished,
    /// More parts than are wanted.
    #[error("more than {limit} parts")]
    TooMany {
        /// How many are read.
        limit: usize,
    },
}

#[cfg(test)]
mod tests;
