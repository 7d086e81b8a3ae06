//! Faults in who may keep a response.

pub mod private_answer_cacheable;
