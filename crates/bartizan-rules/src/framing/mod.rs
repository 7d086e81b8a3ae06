//! Faults in who may show a page in a frame.

pub mod framing_unrestricted;
