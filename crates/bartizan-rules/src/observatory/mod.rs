//! The grade that the MDN HTTP Observatory would give: a pure function of what it would have fetched.
//!
//! Its three algorithms are followed to the letter, with their mistakes; what is really so, our own rules say.
//! Nothing is fetched here.

mod algorithm;
mod collation;
mod grade;
mod javascript;
mod preload;
mod registrable;
mod remedy;
mod retrieval;
mod structured;
mod tests;
mod verdict;

pub use self::algorithm::{Algorithm, UnknownAlgorithm};
pub use self::grade::{Grade, NoGrade, TestResult, grade};
pub use self::javascript::trim;
pub use self::preload::{PreloadFault, PreloadList};
pub use self::registrable::{registrable_domain, registrable_domain_with_private};
pub use self::remedy::remedy;
pub use self::retrieval::{Answer, JarCookie, Markup, Retrieval, SameSiteWord, Script};
pub use self::tests::verdicts;
pub use self::verdict::Verdict;
