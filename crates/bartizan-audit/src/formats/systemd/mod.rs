//! systemd: a unit and its drop-ins, as one list of assignments.
//!
//! What the assignments come to is not decided here; see `bartizan_rules::systemd`.

mod line;
mod parser;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bartizan_rules::facts::systemd::Systemd;
use bartizan_rules::systemd::exposure::MEASURED_VERSION;

use super::Reading;
use crate::source::Source;
use crate::tree::{ReadError, Tree};

/// Reads a unit and the drop-ins beside it: `NAME.d/*.conf`, those of its template, of its prefixes and of its kind.
///
/// # Errors
///
/// When the unit's own file cannot be read; a drop-in that cannot is a problem.
pub fn read(tree: &Tree, path: &Path) -> Result<Reading<Systemd>, ReadError> {
    let source = tree.read(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut reading = read_source(&source, &name);
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    for file in drop_ins(tree, folder, &name).into_values() {
        match tree.read(&file) {
            Ok(source) => parser::add(&source, parser::Role::DropIn, &mut reading),
            Err(error) => reading.problems.push(super::Problem { at: source.place(0..0), message: error.to_string() }),
        }
    }
    Ok(reading)
}

/// Reads a unit of this name without drop-ins.
pub fn read_source(source: &Source, name: &str) -> Reading<Systemd> {
    let unit = Systemd {
        version: MEASURED_VERSION,
        name: name.to_owned(),
        lines: Vec::new(),
        service: source.place(0..0),
        room: None,
        unreadable: None,
        is_masked: source.text().is_empty() && !source.has_mark(),
    };
    let mut reading = Reading { value: unit, problems: Vec::new(), sources: Vec::new() };
    parser::add(source, parser::Role::Own, &mut reading);
    reading
}

/// Reads the text of an example.
pub fn read_text(text: &str) -> Reading<Systemd> {
    read_source(&Source::new("app.service", text.as_bytes().to_vec()), "app.service")
}

/// The drop-ins by their file names, in which order they count; of two of the same name the more specific one does.
fn drop_ins(tree: &Tree, folder: &Path, name: &str) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for place in drop_in_folders(name) {
        let place = folder.join(place);
        for file in tree.names(&place).into_iter().filter(|file| file.ends_with(".conf")) {
            let path = place.join(&file);
            found.entry(file).or_insert(path);
        }
    }
    found
}

/// The folders of drop-ins, the most specific first (systemd.unit(5)).
fn drop_in_folders(name: &str) -> Vec<String> {
    let Some((stem, kind)) = name.rsplit_once('.') else { return Vec::new() };
    let mut folders = vec![format!("{name}.d")];
    let mut prefix = stem;
    if let Some((template, instance)) = stem.split_once('@') {
        if !instance.is_empty() {
            folders.push(format!("{template}@.{kind}.d"));
        }
        prefix = template;
    }
    // A name of a thousand dashes has a thousand prefixes; those of real units have a few.
    for (dash, _) in prefix.trim_end_matches('-').rmatch_indices('-').take(32) {
        folders.push(format!("{}-.{kind}.d", prefix.get(..dash).unwrap_or_default()));
    }
    folders.push(format!("{kind}.d"));
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_in_that_cannot_be_read_to_its_end_does_not_refuse_the_unit() {
        for (drop_in, users, problems) in [
            ("[Service]\nUser=b\nGroup=a/b\nUser=c\n", &["a", "b"][..], 1),
            ("[Service]\nUser=b\n[Service\nUser=c\n", &["a", "b"], 1),
            ("[Service]\nUser=a/b\n", &["a"], 1),
            ("[Service]\nUser=b\nPrivateTmp=perhaps\nUser=c\n", &["a", "b", "c"], 0),
        ] {
            let tree = Tree::in_memory([
                (PathBuf::from("app.service"), b"[Service]\nExecStart=/bin/true\nUser=a\n".to_vec()),
                (PathBuf::from("app.service.d/a.conf"), drop_in.as_bytes().to_vec()),
            ]);
            let reading = read(&tree, Path::new("app.service")).unwrap();
            let found: Vec<_> = reading.value.each("Service", "User").map(|line| &*line.value).collect();
            assert_eq!((found.as_slice(), reading.problems.len()), (users, problems), "{drop_in}");
            assert_eq!(reading.value.unreadable, None);
        }
    }

    #[test]
    fn drop_ins_are_found_and_ordered() {
        let file = |path: &str, text: &str| (PathBuf::from(path), text.as_bytes().to_vec());
        let tree = Tree::in_memory([
            file("etc/a-b@.service", "[Service]\nUser=a\n"),
            file("etc/a-b@.service.d/20.conf", "[Service]\nUser=b\n"),
            file("etc/a-.service.d/10.conf", "[Service]\nUser=c\n"),
            file("etc/a-.service.d/20.conf", "[Service]\nUser=hidden\n"),
            file("etc/service.d/30.conf", "[Service]\nUser=d\n"),
            file("etc/service.d/30.txt", "[Service]\nUser=e\n"),
            file("etc/other.service.d/10.conf", "[Service]\nUser=f\n"),
        ]);
        let unit = read(&tree, Path::new("etc/a-b@.service")).unwrap().value;
        let users: Vec<_> = unit.lines.iter().map(|line| (&*line.value, line.is_own)).collect();
        assert_eq!(users, [("a", true), ("c", false), ("b", false), ("d", false)]);
        assert_eq!(
            drop_in_folders("a-b@x.service"),
            ["a-b@x.service.d", "a-b@.service.d", "a-.service.d", "service.d"]
        );
    }
}
