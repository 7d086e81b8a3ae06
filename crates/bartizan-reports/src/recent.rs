//! Reports that came lately, as they were sent: what comes again is counted without being read again.
//!
//! A page breaks its policy in the same way for most who visit it, and one browser's reports of it differ in their age
//! alone. What is known is compared byte by byte, so that no hash has to be trusted: who forces two reports into one
//! place gains that one of them is read each time. Only what comes twice in a row at its place is kept, so that a flood
//! of forged reports, each of them unique, costs nothing and drives nothing out.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::json::blanks;
use crate::noise::Class;
use crate::rules::Sites;
use crate::subject::Fingerprint;

/// The reports that are known, for the rules under which they were read.
#[derive(Debug)]
pub(crate) struct Recent {
    sites: Arc<Sites>,
    endpoints: HashMap<String, u32>,
    places: Vec<Option<Known>>,
    /// What was last not known at each place.
    once: Vec<AtomicU64>,
    bytes: usize,
    seed: [u64; 2],
}

#[derive(Debug)]
struct Known {
    hash: u64,
    endpoint: u32,
    /// Where the age was cut out.
    cut: usize,
    bytes: Box<[u8]>,
    track: Track,
}

/// Where a report is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Track {
    /// Its group.
    pub(crate) group: Fingerprint,
    /// The hash of its page.
    pub(crate) page: u64,
    /// The place of its kind among the counters.
    pub(crate) kind: usize,
    /// Whose doing it is.
    pub(crate) noise: Option<Class>,
    /// How many JSON values it has.
    pub(crate) values: usize,
}

/// A report as it is looked for: its bytes without its age.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    before: &'a [u8],
    after: &'a [u8],
    hash: u64,
    /// How many bytes it has, with its age.
    pub(crate) length: usize,
}

impl Recent {
    /// Begins under these rules.
    pub(crate) fn new(sites: Arc<Sites>) -> Self {
        let random = RandomState::new();
        Self {
            sites,
            endpoints: HashMap::new(),
            places: std::iter::repeat_with(|| None).take(PLACES).collect(),
            once: std::iter::repeat_with(AtomicU64::default).take(PLACES).collect(),
            bytes: 0,
            seed: [random.hash_one(1), random.hash_one(2)],
        }
    }

    /// Whether what is known was read under these rules.
    pub(crate) fn is_under(&self, sites: &Arc<Sites>) -> bool {
        Arc::ptr_eq(&self.sites, sites)
    }

    /// Returns the number of an endpoint, if anything sent there is known.
    pub(crate) fn endpoint(&self, site: &str, policy: &str) -> Option<u32> {
        self.endpoints.get(&endpoint(site, policy)).copied()
    }

    /// Looks where a report would end that begins here; a guess, which is right where the report is known.
    ///
    /// No JSON object is the beginning of another, so that what is known decides where it ends.
    pub(crate) fn look<'a>(&self, rest: &'a [u8]) -> Option<Look<'a>> {
        let length = end(rest)?;
        let bytes = rest.get(..length)?;
        let (before, after) = without_age(bytes);
        let hash = hash(hash(self.seed, before), after)[0];
        Some(Look { before, after, hash, length })
    }

    /// Returns where a report is counted that is known.
    pub(crate) fn find(&self, endpoint: u32, look: &Look<'_>) -> Option<Track> {
        let known = self.places.get(place(look.hash))?.as_ref()?;
        let is_same = known.hash == look.hash
            && known.endpoint == endpoint
            && known.cut == look.before.len()
            && known.bytes.split_at_checked(known.cut) == Some((look.before, look.after));
        is_same.then_some(known.track)
    }

    /// Whether a report that is not known came before it at its place as well, and should be kept.
    pub(crate) fn is_again(&self, look: &Look<'_>) -> bool {
        self.once.get(place(look.hash)).is_some_and(|once| once.swap(look.hash, Ordering::Relaxed) == look.hash)
    }

    /// Keeps a report, instead of the one that had its place.
    pub(crate) fn keep(&mut self, site: &str, policy: &str, look: &Look<'_>, track: Track) {
        let length = look.before.len() + look.after.len();
        let is_new = self.endpoint(site, policy).is_none();
        if self.bytes + length > MOST_BYTES || (is_new && self.endpoints.len() >= MOST_ENDPOINTS) {
            // What is still sent is known again soon.
            self.places.fill_with(|| None);
            self.endpoints.clear();
            self.bytes = 0;
        }
        let next = u32::try_from(self.endpoints.len()).unwrap_or(u32::MAX);
        let endpoint = *self.endpoints.entry(endpoint(site, policy)).or_insert(next);
        let Some(place) = self.places.get_mut(place(look.hash)) else { return };
        let bytes = [look.before, look.after].concat().into_boxed_slice();
        let known = Known { hash: look.hash, endpoint, cut: look.before.len(), bytes, track };
        let old = place.replace(known);
        self.bytes = self.bytes + length - old.map_or(0, |old| old.bytes.len());
    }
}

/// A list of names that hold no line breaks.
fn endpoint(site: &str, policy: &str) -> String {
    format!("{site}\n{policy}")
}

/// Returns behind which byte an object that begins here most likely ends: a brace with the next member or the end of
/// the text behind it.
fn end(rest: &[u8]) -> Option<usize> {
    let near = rest.get(..LONGEST).unwrap_or(rest);
    memchr::memchr_iter(b'}', near).map(|at| at + 1).find(|end| {
        let behind = rest.get(*end..).unwrap_or_default().trim_ascii_start();
        match behind.split_first() {
            None => true,
            Some((b',', rest)) => rest.trim_ascii_start().starts_with(b"{"),
            Some((b']', rest)) => rest.trim_ascii_start().is_empty(),
            Some(_) => false,
        }
    })
}

/// Cuts out the digits of an age that stands first, as Chromium and Firefox write it: what a report is about does not
/// depend on a number, and neither does whether it is JSON, as long as it is one.
fn without_age(bytes: &[u8]) -> (&[u8], &[u8]) {
    let number = || {
        let name = 1 + blanks(bytes.get(1..)?);
        let value = name + bytes.get(name..)?.strip_prefix(AGE).map(|rest| AGE.len() + blanks(rest))?;
        let digits = bytes.get(value..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        // No number begins with a needless zero (RFC 8259, 6).
        let is_number = digits == 1 || (digits > 1 && bytes.get(value) != Some(&b'0'));
        is_number.then_some((bytes.get(..value)?, bytes.get(value + digits..)?))
    };
    number().unwrap_or((bytes, &[]))
}

/// Mixes bytes into a state: quickly, and under a seed that nobody outside knows. Folded products of 64 bits, as
/// wyhash has them.
fn hash([mut one, mut other]: [u64; 2], bytes: &[u8]) -> [u64; 2] {
    let (chunks, rest) = bytes.as_chunks::<32>();
    let mut last = [0; 32];
    if let Some(last) = last.get_mut(..rest.len()) {
        last.copy_from_slice(rest);
    }
    for chunk in chunks.iter().chain([&last]) {
        let (words, _) = chunk.as_chunks::<8>();
        if let [first, second, third, fourth] = words {
            one = fold(one ^ u64::from_le_bytes(*first), u64::from_le_bytes(*second) ^ SALTS[0]);
            other = fold(other ^ u64::from_le_bytes(*third), u64::from_le_bytes(*fourth) ^ SALTS[1]);
        }
    }
    [fold(one ^ bytes.len() as u64, other ^ SALTS[0]), other]
}

fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product as u64) ^ ((product >> 64) as u64)
}

fn place(hash: u64) -> usize {
    hash as usize % PLACES
}

const AGE: &[u8] = b"\"age\":";

/// Digits of the golden ratio and of the root of three: no pattern of text.
const SALTS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xbb67_ae85_84ca_a73b];

/// The pages and faults of a few sites, by each of their visitors' browsers.
const PLACES: usize = 8192;

/// A report with a policy of 6 kB.
const LONGEST: usize = 8 << 10;

const MOST_BYTES: usize = 8 << 20;

const MOST_ENDPOINTS: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn track(values: usize) -> Track {
        Track { group: Fingerprint::from_bytes(&[7; 16]).unwrap(), page: 1, kind: 2, noise: None, values }
    }

    #[test]
    fn a_report_that_differs_in_its_age_alone_is_known() {
        let mut recent = Recent::new(Arc::default());
        let text = br#"{"age":32,"body":{"blockedURL":"inline"},"type":"csp-violation"},{"age":1}]"#;
        let look = recent.look(text).unwrap();
        assert_eq!(text.get(look.length..), Some(&br#",{"age":1}]"#[..]));
        recent.keep("a", "1", &look, track(4));
        let endpoint = recent.endpoint("a", "1").unwrap();
        for (text, expected) in [
            (&br#"{"age":32,"body":{"blockedURL":"inline"},"type":"csp-violation"}]"#[..], true),
            (br#"{"age":0,"body":{"blockedURL":"inline"},"type":"csp-violation"}"#, true),
            (b"{\"age\":70000,\"body\":{\"blockedURL\":\"inline\"},\"type\":\"csp-violation\"} ,\n {", true),
            (br#"{"age":032,"body":{"blockedURL":"inline"},"type":"csp-violation"}"#, false),
            (br#"{"age":-32,"body":{"blockedURL":"inline"},"type":"csp-violation"}"#, false),
            (br#"{"age":3.2,"body":{"blockedURL":"inline"},"type":"csp-violation"}"#, false),
            (br#"{"age":,"body":{"blockedURL":"inline"},"type":"csp-violation"}"#, false),
            (br#"{"age":"32","body":{"blockedURL":"inline"},"type":"csp-violation"}"#, false),
            (br#"{"age":32,"body":{"blockedURL":"inlime"},"type":"csp-violation"}"#, false),
            (br#"{"age":32,"body":{"blockedURL":"inline"},"type":"csp-violation"} x"#, false),
            (br#"{"age":32,"body":{"blockedURL":"inline"},"type":"csp-violation""#, false),
        ] {
            let found = recent.look(text).and_then(|look| recent.find(endpoint, &look));
            assert_eq!(found, expected.then_some(track(4)), "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(recent.find(endpoint + 1, &look), None);
        assert_eq!(recent.endpoint("a", "2"), None);
    }

    #[test]
    fn firefox_writes_blanks_and_old_browsers_no_age() {
        for (text, expected) in [
            ("{\n  \"age\": 32,\n  \"type\": \"x\"\n }\n]", "{\n  \"age\": |,\n  \"type\": \"x\"\n }"),
            ("{\"csp-report\":{\"a\":1}}", "{\"csp-report\":{\"a\":1}}|"),
            ("{\"body\":{},\"age\":3}", "{\"body\":{},\"age\":3}|"),
        ] {
            let look = Recent::new(Arc::default()).look(text.as_bytes()).unwrap();
            let [before, after] = [look.before, look.after].map(|part| String::from_utf8_lossy(part).into_owned());
            assert_eq!(format!("{before}|{after}"), expected);
        }
    }

    #[test]
    fn what_comes_twice_in_a_row_is_worth_keeping() {
        let recent = Recent::new(Arc::default());
        let looks = [&b"{\"a\":1}"[..], b"{\"a\":2}"].map(|text| recent.look(text).unwrap());
        let again = [0, 1, 0, 1].map(|at: usize| recent.is_again(&looks[at]));
        assert_eq!(again, [false, false, true, true]);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut recent = Recent::new(Arc::default());
        let filling = "x".repeat(LONGEST - 100);
        for number in 0..3 * MOST_BYTES / LONGEST {
            let text = format!("{{\"a\":\"{filling}{number}\"}}");
            let look = recent.look(text.as_bytes()).unwrap();
            recent.keep(&number.to_string(), "", &look, track(2));
            assert!(recent.bytes <= MOST_BYTES && recent.endpoints.len() <= MOST_ENDPOINTS);
            assert!(recent.find(recent.endpoint(&number.to_string(), "").unwrap(), &look).is_some());
        }
        let sum: usize = recent.places.iter().flatten().map(|known| known.bytes.len()).sum();
        assert_eq!(sum, recent.bytes);
        assert!(recent.look(format!("{{\"a\":\"{}\"}}", "x".repeat(LONGEST)).as_bytes()).is_none());
    }
}
