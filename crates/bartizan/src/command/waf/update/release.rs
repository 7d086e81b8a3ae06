//! Which releases of the Core Rule Set are known, and what their archives must be.

/// A release with its checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Release {
    /// As in `4.29.0`.
    pub(super) version: &'static str,
    /// The SHA-256 of its minimal archive, in hexadecimal digits.
    pub(super) sha256: &'static str,
}

/// The releases that are known, the one that is taken unless another is asked for first: its rules are those that the
/// engine's tests run. Whoever adds one checks the archive with the key of the Core Rule Set (fingerprint
/// 3600 6F0E 0BA1 6783 2158 8211 38EE ACA1 AB8A 6E72), and runs the tests of the engine with it.
pub(super) const RELEASES: &[Release] = &[
    Release { version: "4.29.0", sha256: "1aa1c5c8fc29e532d35293bcea36bf72de61db8f6ed4716a0f91ab14552b7fed" },
    Release { version: "4.30.0", sha256: "3d678a41fd5aade34760127fef5dd64fd7a77848913fc0f70dde0cf467c94427" },
    Release { version: "4.28.0", sha256: "fca67fe46adafeeee61b9d1a03f38c25b9b2a799577df03fa51d99589e6d03b9" },
];

/// Where a release's archive is: the minimal one, without tests and documents.
pub(super) fn address(version: &str) -> String {
    format!(
        "https://github.com/coreruleset/coreruleset/releases/download/v{version}/coreruleset-{version}-minimal.tar.gz"
    )
}

/// Returns the checksum of a release that is known.
pub(super) fn checksum(version: &str) -> Option<&'static str> {
    RELEASES.iter().find(|release| release.version == version).map(|release| release.sha256)
}

/// Whether a text is a version: numbers and dots, so that it can stand in an address and in the name of a folder.
pub(super) fn is_version(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.len() < 6 && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('.').count() == 3 && text.split('.').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_have_versions_and_checksums() {
        for release in RELEASES {
            assert!(is_version(release.version), "{}", release.version);
            assert!(super::super::checksum::parse(release.sha256).is_ok(), "{}", release.version);
        }
        for text in ["", "4", "4.29", "4.29.0.1", "4.29.x", "../4.0.0", "4..0", "v4.29.0"] {
            assert!(!is_version(text), "{text}");
        }
    }
}
