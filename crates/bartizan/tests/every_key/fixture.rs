//! The files that values name: certificates, pages, secrets, folders of state.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bartizan_testkit::{Issued, TestCa};
use tempfile::TempDir;

/// Everything is made once; `"@name"` in a value stands for the path of the file of that name.
pub(crate) struct Fixture {
    pub(crate) ca: TestCa,
    _other: TestCa,
    /// For `app.example` and a few more names; `@chain_one` and `@key_one`.
    pub(crate) one: Issued,
    /// Signed by `@ca_one`.
    pub(crate) client: Issued,
    files: BTreeMap<&'static str, PathBuf>,
    _folder: TempDir,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let (ca, other, folder) = (TestCa::new(), TestCa::new(), TempDir::new().unwrap());
        let one = ca.issue(&["app.example", "www.app.example", "files.app.example", "127.0.0.1"]);
        let two = ca.issue(&["two.example", "app.example"]);
        let client = ca.issue_client("visitor");
        let other_client = other.issue_client("visitor");
        let mut files = BTreeMap::from([
            ("ca_one", ca.file()),
            ("ca_two", other.file()),
            ("chain_one", one.chain.clone()),
            ("key_one", one.key.clone()),
            ("chain_two", two.chain),
            ("key_two", two.key),
            ("client_chain", client.chain.clone()),
            ("client_key", client.key.clone()),
            ("other_client_chain", other_client.chain),
            ("other_client_key", other_client.key),
        ]);
        for (name, bytes) in [
            ("ocsp_one", &b"\x30\x03\x0a\x01\x01"[..]),
            ("ocsp_two", b"\x30\x03\x0a\x01\x02"),
            ("page_one", b"<p>our page"),
            ("page_two", b"<p>another page"),
            ("secret_one", b"first\n"),
            ("secret_two", b"second\n"),
            ("security_one", b"Contact: mailto:one@app.example\n"),
            ("security_two", b"Contact: mailto:two@app.example\n"),
        ] {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            files.insert(name, path);
        }
        let rules = folder.path().join("rules_set");
        fs::create_dir_all(rules.join("rules")).unwrap();
        fs::write(rules.join("rules").join("own.conf"), super::waf::RULES).unwrap();
        files.insert("rules_set", rules);
        files.insert("store_old", folder.path().join("old.sqlite"));
        for name in ["state", "state_one", "state_two"] {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            files.insert(name, path);
        }
        Self { ca, _other: other, one, client, files, _folder: folder }
    }

    /// Returns a file by its name.
    pub(crate) fn path(&self, name: &str) -> &Path {
        &self.files[name]
    }

    /// Puts paths in the place of names.
    pub(crate) fn fill(&self, text: &str) -> String {
        let fill = |text: String, (name, path): (&&str, &PathBuf)| {
            text.replace(&format!("\"@{name}\""), &format!("\"{}\"", path.display()))
        };
        self.files.iter().fold(text.to_owned(), fill)
    }
}
