//! How exposed each unit of the corpus is, to the tenth and setting by setting.

mod corpus;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bartizan_audit::Tree;
use bartizan_audit::formats::systemd;
use bartizan_rules::systemd::exposure::exposure;
use serde_json::Value;

use self::corpus::corpus;

#[test]
fn each_unit_is_as_exposed_as_the_program_says() {
    let Some(corpus) = corpus("systemd.jsonl") else { return };
    let mut count = 0;
    let mut wrong = Vec::new();
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        count += 1;
        let name = case["unit_name"].as_str().unwrap();
        let tree = Tree::in_memory([(PathBuf::from(name), case["unit"].as_str().unwrap().into())]);
        let found = exposure(&systemd::read(&tree, Path::new(name)).unwrap().value).unwrap();
        let expected = &case["expected"];
        if found.exposure != expected["exposure"].as_f64() || found.level != expected["level"].as_str() {
            wrong.push(format!(
                "{}: {:?} {:?}, not {} {}",
                case["id"], found.exposure, found.level, expected["exposure"], expected["level"]
            ));
        }
        let settings: BTreeMap<_, _> = expected["settings"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, setting)| (&**name, (setting["ok"].as_bool(), setting["exposure"].as_f64())))
            .collect();
        let said: BTreeMap<_, _> =
            found.settings.iter().map(|(name, setting)| (*name, (setting.ok, setting.exposure))).collect();
        for name in settings.keys().chain(said.keys()) {
            if settings.get(name) != said.get(name) {
                wrong.push(format!("{}: {name}: {:?}, not {:?}", case["id"], said.get(name), settings.get(name)));
            }
        }
    }
    println!("{count} cases");
    assert!(wrong.is_empty(), "{} differ in {count}:\n{}", wrong.len(), wrong.join("\n"));
}
