//! Uploads on a host of their own: what visitors uploaded must not speak in the site's name.
//!
//! A request is let through when
//!
//! - its host is none of the upload hosts, and no reading of its path lies below an upload path; or
//! - its host is an upload host, and every reading of its path lies below a path of that host.

use bartizan_headers::Authority;
use bartizan_rules::{Explanation, Platform, Reference};
use http::StatusCode;

use crate::config::Upload;
use crate::context::Exchange;
use crate::head::RequestHead;
use crate::router::is_below;
use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind, RequestStage, Verdict};
use crate::target::Target;

/// Keeps uploads and the site on hosts of their own.
#[derive(Debug)]
pub struct Uploads {
    uploads: Vec<Upload>,
}

impl Uploads {
    /// Makes the stage for a site.
    pub fn new(uploads: &[Upload]) -> Self {
        Self { uploads: uploads.to_vec() }
    }
}

impl RequestStage for Uploads {
    fn name(&self) -> &'static str {
        "uploads"
    }

    fn describe(&self) -> String {
        if self.uploads.is_empty() {
            return "off".to_owned();
        }
        let places: Vec<_> =
            self.uploads.iter().map(|upload| format!("{} on {} only", upload.path, upload.host)).collect();
        places.join(", ")
    }

    fn head(&self, request: &mut RequestHead, _exchange: &mut Exchange) -> Verdict {
        if self.uploads.is_empty() {
            return Verdict::Pass;
        }
        let own = |upload: &&Upload| is_host(upload, &request.authority);
        let is_in_place = if self.uploads.iter().any(|upload| own(&upload)) {
            let fits = |path: &str| self.uploads.iter().filter(own).any(|upload| is_below(path, &upload.path));
            fits(request.target.path()) && request.target.other_readings().iter().all(|reading| fits(reading))
        } else {
            !self.uploads.iter().any(|upload| reaches(&request.target, upload))
        };
        if is_in_place { Verdict::Pass } else { Verdict::Refuse(Refusal::new(&WRONG_UPLOAD_HOST)) }
    }
}

/// Whether a host is one on which a site serves uploads.
pub(super) fn is_host(upload: &Upload, authority: &Authority) -> bool {
    upload.host.host == authority.host && (upload.host.port.is_none() || upload.host.port == authority.port)
}

fn reaches(target: &Target, upload: &Upload) -> bool {
    is_below(target.path(), &upload.path)
        || target.other_readings().iter().any(|reading| is_below(reading, &upload.path))
}

/// An upload on the site's own host, or the site on the uploads' host.
pub static WRONG_UPLOAD_HOST: RefusalKind = RefusalKind {
    about: Explanation {
        id: "wrong-upload-host",
        title: "Uploaded files are served on a host of their own, and nothing else is served there",
        why: "A page that a visitor uploaded runs in the name of the host it is read from. On the site's own host it could \
              read every other visitor's session. So uploads are read from another host, which has no sessions.",
        fix: &[
            (Platform::Bartizan, "[[site.uploads]]\npath = \"/media/\"\nhost = \"media.example\""),
            (Platform::Django, "MEDIA_URL = \"https://media.example/media/\""),
            (Platform::Client, "Follow the link that the site gives; do not change its host."),
        ],
        references: &[Reference::Cwe(434), Reference::Cwe(79)],
    },
    status: StatusCode::NOT_FOUND,
    after: After::Keep,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    #[test]
    fn uploads_and_the_site_keep_apart() {
        let upload = Upload { path: "/media/".into(), host: "media.example".parse().unwrap(), attachment: true };
        let stage = Uploads::new(&[upload]);
        for (host, path, expected) in [
            ("app.example", "/", "pass"),
            ("app.example", "/mediax", "pass"),
            ("app.example", "/media/x", "wrong-upload-host"),
            ("app.example", "/media", "wrong-upload-host"),
            ("app.example", "/a/../media/x", "wrong-upload-host"),
            ("app.example", "/media%2Fx", "wrong-upload-host"),
            ("app.example", "/media;v=1/x", "wrong-upload-host"),
            ("media.example", "/media/x", "pass"),
            ("media.example:8443", "/media/x", "pass"),
            ("media.example", "/media/a%20b", "pass"),
            ("media.example", "/", "wrong-upload-host"),
            ("media.example", "/admin", "wrong-upload-host"),
        ] {
            assert_eq!(outcome(&stage, &mut Ask::get(path).to(host)), expected, "{host} {path}");
        }
        assert_eq!(outcome(&Uploads::new(&[]), &mut Ask::get("/media/x")), "pass");
    }
}
