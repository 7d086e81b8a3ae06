//! The lines of a body, put together into parts.

use super::disposition::{self, Disposition};
use super::{Fault, Multipart, MultipartError, Part, boundary};

/// Reads a body whose boundary its content type names, and at most so many parts.
pub fn read(content_type: &[u8], body: &[u8], most: usize) -> Multipart {
    let mut multipart = Multipart::default();
    match boundary::of_content_type(content_type, &mut multipart.disorder) {
        Ok(boundary) => {
            let reading = Reading { body, boundary, most, multipart, part: None, boundaries: 0, is_complete: false };
            reading.run()
        }
        Err(error) => {
            multipart.error = Some(error);
            multipart
        }
    }
}

struct Reading<'a> {
    body: &'a [u8],
    boundary: Vec<u8>,
    most: usize,
    multipart: Multipart,
    part: Option<Draft>,
    boundaries: usize,
    is_complete: bool,
}

/// A part that is being read.
#[derive(Default)]
struct Draft {
    part: Part,
    /// Names and values of its headers.
    fields: Vec<(Vec<u8>, Vec<u8>)>,
    is_in_content: bool,
    has_content: bool,
}

impl Reading<'_> {
    fn run(mut self) -> Multipart {
        if let Err(error) = self.lines() {
            self.fail(error);
        }
        self.multipart
    }

    /// Keeps the first error: those behind it may follow from it.
    fn fail(&mut self, error: MultipartError) {
        self.multipart.error.get_or_insert(error);
    }

    fn lines(&mut self) -> Result<(), MultipartError> {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', self.body) {
            let line = self.body.get(start..=end).unwrap_or_default();
            if !self.boundary_line(line, start)? {
                self.line(line, start);
            }
            start = end + 1;
            if self.is_complete {
                if start < self.body.len() {
                    self.multipart.disorder.note(Fault::DataAfter);
                }
                return Ok(());
            }
        }
        // The last line may lack its end only where it is the last boundary.
        let last = self.body.get(start..).unwrap_or_default();
        if self.boundaries > 0 && last == [b"--", self.boundary.as_slice(), b"--"].concat() {
            self.finish(start);
            return Ok(());
        }
        if self.body.is_empty() { Ok(()) } else { Err(MultipartError::Unfinished) }
    }

    /// Takes a line that is a boundary; whether it was one.
    fn boundary_line(&mut self, line: &[u8], start: usize) -> Result<bool, MultipartError> {
        // A zero byte ends what is compared, as it does for readers written in C.
        let shown = line.split(|&byte| byte == 0).next().unwrap_or_default();
        let Some(marked) = shown.strip_prefix(b"--").filter(|_| shown.len() > 3) else {
            let marks = memchr::memmem::find_iter(line, b"--");
            let resembles =
                marks.map(|mark| line.get(mark + 2..).unwrap_or_default()).any(|rest| rest.starts_with(&self.boundary));
            if resembles {
                self.multipart.disorder.unmatched_boundary = 1;
            }
            return Ok(false);
        };
        let Some(after) = marked.strip_prefix(self.boundary.as_slice()) else {
            let is_quoted = self.multipart.disorder.has(Fault::BoundaryQuoted)
                && marked.strip_prefix(b"\"").is_some_and(|rest| rest.starts_with(&self.boundary));
            let trimmed = marked.trim_ascii_start();
            if is_quoted || trimmed.len() < marked.len() && trimmed.starts_with(&self.boundary) {
                return Err(MultipartError::BoundaryLine);
            }
            self.multipart.disorder.unmatched_boundary = 1;
            return Ok(false);
        };
        if self.boundaries > 0 {
            self.multipart.disorder.unmatched_boundary = 2;
        }
        let (after, is_last) = after.strip_prefix(b"--").map_or((after, false), |after| (after, true));
        self.multipart.disorder.note(match after {
            b"\r\n" => Fault::CrlfLine,
            b"\n" => Fault::LfLine,
            _ => return Err(MultipartError::BoundaryLine),
        });
        self.boundaries += 1;
        self.finish(start);
        if is_last {
            self.is_complete = true;
        } else if self.multipart.parts.len() >= self.most {
            return Err(MultipartError::TooMany { limit: self.most });
        } else {
            self.part = Some(Draft::default());
        }
        Ok(true)
    }

    /// Ends the part before a boundary: the line end before the boundary is not part of it.
    fn finish(&mut self, end: usize) {
        let Some(mut draft) = self.part.take() else { return };
        if draft.part.name.is_empty() {
            self.multipart.disorder.note(Fault::InvalidPart);
            return;
        }
        if draft.has_content {
            let content = self.body.get(draft.part.content.start..end).unwrap_or_default();
            let content = content.strip_suffix(b"\n").unwrap_or(content);
            let content = content.strip_suffix(b"\r").unwrap_or(content);
            draft.part.content.end = draft.part.content.start + content.len();
        }
        self.multipart.parts.push(draft.part);
    }

    /// Takes a line that is no boundary. A part with wrong headers is read on: a server may take what is in it.
    fn line(&mut self, line: &[u8], start: usize) {
        let Some(draft) = &mut self.part else {
            self.multipart.disorder.note(Fault::DataBefore);
            return;
        };
        if draft.is_in_content {
            if !std::mem::replace(&mut draft.has_content, true) {
                draft.part.content = start..start;
            }
            return;
        }
        let is_crlf = line.ends_with(b"\r\n");
        let is_end = matches!(line, b"\r\n" | b"\n");
        draft.is_in_content = is_end;
        self.multipart.disorder.note(if is_crlf { Fault::CrlfLine } else { Fault::LfLine });
        let result = if is_end { self.end_headers() } else { self.header(line) };
        if let Err(error) = result {
            self.fail(error);
        }
    }

    fn end_headers(&mut self) -> Result<(), MultipartError> {
        let Some(draft) = &mut self.part else { return Ok(()) };
        let disposition = draft.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(b"Content-Disposition"));
        let Some((_, value)) = disposition else {
            return Err(MultipartError::Header { reason: "there is no content disposition" });
        };
        let (last_name, last_filename) = (&mut self.multipart.last_name, &mut self.multipart.last_filename);
        let found = disposition::parse(value, &mut self.multipart.disorder, |name, text| {
            let last = if name == b"name" { &mut *last_name } else { &mut *last_filename };
            *last = text.to_vec();
        });
        let Disposition { name, filename } = found.ok_or(MultipartError::Disposition)?;
        // Readers that only look for this text must find it, too.
        if !filename.is_empty() && memchr::memmem::find(value, b"filename=").is_none() {
            return Err(MultipartError::Disposition);
        }
        let is_named = !name.is_empty();
        draft.part.name = name;
        draft.part.filename = (!filename.is_empty()).then_some(filename);
        if is_named { Ok(()) } else { Err(MultipartError::Disposition) }
    }

    fn header(&mut self, line: &[u8]) -> Result<(), MultipartError> {
        let Some(draft) = &mut self.part else { return Ok(()) };
        let wrong = |reason| Err(MultipartError::Header { reason });
        if line.len() > LONGEST_HEADER {
            return wrong("it is too long");
        }
        if line.contains(&0) {
            return wrong("it has a zero byte");
        }
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if line.first().is_some_and(|byte| b" \t\n\x0b\x0c\r".contains(byte)) {
            self.multipart.disorder.note(Fault::HeaderFolding);
            let spaces = line.iter().take_while(|byte| b" \t\n\x0b\x0c\r".contains(byte)).count();
            if !line.get(..spaces).unwrap_or_default().iter().all(|byte| matches!(byte, b' ' | b'\t')) {
                self.multipart.disorder.note(Fault::InvalidHeaderFolding);
            }
            let Some((_, value)) = draft.fields.last_mut() else { return wrong("it continues nothing") };
            value.push(b' ');
            value.extend_from_slice(text.get(spaces..).unwrap_or_default());
            if value.len() > LONGEST_HEADER {
                return wrong("it is too long");
            }
            if let Some(header) = draft.part.headers.last_mut() {
                header.push(b' ');
                header.extend_from_slice(text.get(spaces..).unwrap_or_default());
            }
            return Ok(());
        }
        let Some(colon) = memchr::memchr(b':', text) else { return wrong("it has no colon") };
        let (name, value) = text.split_at(colon);
        if name.is_empty() {
            return wrong("it has no name");
        }
        if !name.iter().all(|&byte| (33..=126).contains(&byte)) {
            return wrong("its name has characters that names cannot have");
        }
        if draft.fields.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return wrong("it stands twice");
        }
        let value = value.get(1..).unwrap_or_default();
        let spaces = value.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        draft.fields.push((name.to_vec(), value.get(spaces..).unwrap_or_default().to_vec()));
        draft.part.headers.push(text.to_vec());
        Ok(())
    }
}

/// ModSecurity's own limit.
const LONGEST_HEADER: usize = 4096;
