//! From the bytes of a request to reports: media type, encoding, JSON, shape, in this order.
//!
//! It is a pure function; the answer to each refusal is the receiver's.

use std::borrow::Cow;
use std::io::Read;

use crate::address::Queries;
use crate::json::{self, Fault, Limits, Object, Value};
use crate::shape::{self, Batch, ShapeFault};

/// What one body may hold.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes, as sent and as unpacked.
    pub bytes: usize,
    /// Reports in one body.
    pub reports: usize,
    /// What the JSON may ask for.
    pub json: Limits,
}

impl Default for Bounds {
    fn default() -> Self {
        // Browsers send 100 reports and 60 kB at most; a policy of 64 kB still fits.
        Self { bytes: 1 << 20, reports: 1000, json: Limits::default() }
    }
}

/// Why a body is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The bytes do not unpack.
    #[error("the body does not unpack")]
    Encoding,
    /// Not JSON.
    #[error(transparent)]
    Json(Fault),
    /// Nothing in it to keep.
    #[error("no report that can be kept")]
    Nothing,
    /// Too many bytes or reports.
    #[error("the body is too large")]
    Size,
    /// A media type or encoding that no browser reports in.
    #[error("no media type of reports")]
    Type,
}

/// What came with a body.
#[derive(Debug, Clone, Copy, Default)]
pub struct Labels<'a> {
    /// Content-Type.
    pub content_type: Option<&'a str>,
    /// Content-Encoding.
    pub content_encoding: Option<&'a str>,
}

/// Unpacks a body, where it is packed.
///
/// # Errors
///
/// A [`Refusal`] of its type, its encoding or its size.
pub fn unpack<'a>(body: &'a [u8], labels: Labels<'_>, bounds: &Bounds) -> Result<(Cow<'a, [u8]>, Form), Refusal> {
    let form = form(labels.content_type).ok_or(Refusal::Type)?;
    if body.len() > bounds.bytes {
        return Err(Refusal::Size);
    }
    let named = labels.content_encoding.map(str::trim).filter(|name| !name.is_empty());
    let packing = match named {
        None if form == Form::PackedJson => Packing::Gzip,
        None => return Ok((Cow::Borrowed(body), form)),
        Some(name) => match PACKINGS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)) {
            // A file of mail servers is packed once, whether the header says so again or not (RFC 8460, 5.3).
            Some((_, Packing::None)) if form == Form::PackedJson => Packing::Gzip,
            Some((_, packing)) => *packing,
            None => return Err(Refusal::Type),
        },
    };
    let unpacked = match packing {
        Packing::None => return Ok((Cow::Borrowed(body), form)),
        Packing::Gzip => bounded(flate2::read::MultiGzDecoder::new(body), bounds.bytes),
        // By the standard with a frame (RFC 9110, 8.4.1.2), by some senders without.
        Packing::Deflate => match bounded(flate2::read::ZlibDecoder::new(body), bounds.bytes) {
            Err(Refusal::Encoding) => bounded(flate2::read::DeflateDecoder::new(body), bounds.bytes),
            done => done,
        },
    };
    unpacked.map(|bytes| (Cow::Owned(bytes), form))
}

/// Reads the reports of an unpacked body.
///
/// # Errors
///
/// A [`Refusal`] of its syntax, its shape or its size.
pub fn read<'a>(bytes: &'a [u8], form: Form, bounds: &Bounds, queries: Queries) -> Result<Batch<'a>, Refusal> {
    let value = match form {
        Form::Fields => fields(bytes).ok_or(Refusal::Nothing)?,
        Form::Json | Form::PackedJson => json::read(bytes, bounds.json).map_err(Refusal::Json)?,
    };
    Ok(shape::reports(value, bounds.reports, queries)?)
}

impl From<ShapeFault> for Refusal {
    fn from(fault: ShapeFault) -> Self {
        match fault {
            ShapeFault::Nothing => Self::Nothing,
            ShapeFault::TooMany { .. } => Self::Size,
        }
    }
}

/// What a body is by its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The fields of a form, as WebKit sent them before there was a standard.
    Fields,
    /// JSON of any shape.
    Json,
    /// JSON in gzip, whatever Content-Encoding says.
    PackedJson,
}

/// Page scripts and proxies send text/plain or nothing; any other type is not a report's.
fn form(content_type: Option<&str>) -> Option<Form> {
    let Some(content_type) = content_type else { return Some(Form::Json) };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    FORMS.iter().find_map(|(known, form)| essence.eq_ignore_ascii_case(known).then_some(*form))
}

/// Reads no byte more than are allowed: what a small body unpacks to is its sender's choice.
fn bounded(reader: impl Read, most: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| Refusal::Encoding)?;
    if bytes.len() > most { Err(Refusal::Size) } else { Ok(bytes) }
}

fn fields(bytes: &[u8]) -> Option<Value<'_>> {
    let mut object = Object::default();
    for (name, value) in url::form_urlencoded::parse(bytes).take(MOST_FIELDS) {
        object.push(name, Value::String(value));
    }
    (!object.is_empty()).then_some(Value::Object(object))
}

#[derive(Debug, Clone, Copy)]
enum Packing {
    Deflate,
    Gzip,
    None,
}

const PACKINGS: &[(&str, Packing)] =
    &[("identity", Packing::None), ("gzip", Packing::Gzip), ("x-gzip", Packing::Gzip), ("deflate", Packing::Deflate)];

const FORMS: &[(&str, Form)] = &[
    ("", Form::Json),
    ("application/csp-report", Form::Json),
    ("application/expect-ct-report", Form::Json),
    ("application/expect-ct-report+json", Form::Json),
    ("application/expect-staple-report", Form::Json),
    ("application/expect-staple-report+json", Form::Json),
    ("application/json", Form::Json),
    ("application/reports+json", Form::Json),
    ("application/tlsrpt+gzip", Form::PackedJson),
    ("application/tlsrpt+json", Form::Json),
    ("application/x-www-form-urlencoded", Form::Fields),
    ("text/json", Form::Json),
    ("text/plain", Form::Json),
];

/// The old form had six.
const MOST_FIELDS: usize = 64;
