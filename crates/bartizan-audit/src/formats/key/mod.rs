//! Private keys in PEM: that there is one, and who may read it. The key itself is not looked at.

use bartizan_rules::facts::key_file::KeyFile;

use crate::Source;

/// Returns the first private key of a file.
pub fn read(source: &Source, is_world_readable: bool) -> Option<KeyFile> {
    let text = source.text();
    let mut start = 0;
    let mut found = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if bare.starts_with("-----BEGIN ") && bare.ends_with("PRIVATE KEY-----") && found.is_none() {
            found = Some(KeyFile {
                at: source.place(start..start + bare.len()),
                is_world_readable,
                is_encrypted: bare.contains(" ENCRYPTED "),
            });
        }
        // The older form says it in a line behind.
        if let Some(file) = found.as_mut().filter(|_| bare == "Proc-Type: 4,ENCRYPTED") {
            file.is_encrypted = true;
        }
        start += line.len();
    }
    found
}

/// Whether a text holds a private key.
pub(super) fn has(text: &str) -> bool {
    text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_certificates() {
        for (text, encrypted) in [
            ("-----BEGIN PRIVATE KEY-----\nx\n", Some(false)),
            ("-----BEGIN CERTIFICATE-----\nx\n-----BEGIN RSA PRIVATE KEY-----\nx\n", Some(false)),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", Some(true)),
            ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", Some(true)),
            ("-----BEGIN PUBLIC KEY-----\nx\n", None),
        ] {
            let found = read(&Source::new("a.pem", text.as_bytes().to_vec()), true);
            assert_eq!(found.map(|file| file.is_encrypted), encrypted, "{text}");
        }
    }
}
