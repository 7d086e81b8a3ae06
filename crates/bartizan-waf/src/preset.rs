//! Rules as an operator names them: a folder of the OWASP Core Rule Set, any entry file, or a text; and the settings that
//! are said in the operator's own configuration instead of in rule files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::files::Files;
use crate::ruleset::RuleSet;
use crate::seclang::LoadErrors;
use crate::seclang::action::Switch;
use crate::seclang::directive::Beyond;
use crate::settings::Exhausted;

/// Where rules come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// A rule file, or a folder: of a rule set with `rules/` in it, or of rule files.
    Path(PathBuf),
    /// A text that is built into the program.
    Text(&'static str),
}

/// What the operator's configuration says of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tuning {
    /// Whether rules refuse, watch, or do not run.
    pub engine: Switch,
    /// The paranoia level, from 1 to 4: more attacks are seen, and more is taken for one. Unsaid, the rules decide.
    pub paranoia: Option<u8>,
    /// From which score on a request is refused. Unsaid, the rules decide.
    pub inbound_threshold: Option<u32>,
    /// From which score on an answer is refused. Unsaid, the rules decide.
    pub outbound_threshold: Option<u32>,
    /// How much of a request's body is looked at, in bytes.
    pub body_limit: usize,
    /// What happens to a longer one.
    pub beyond: Beyond,
    /// How much of an answer's body is looked at, in bytes; none where answers' bodies are left alone.
    pub response_limit: Option<usize>,
    /// Units of work for one request.
    pub work: u64,
    /// What happens to a request that costs more.
    pub exhausted: Exhausted,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            engine: Switch::Between,
            paranoia: None,
            inbound_threshold: None,
            outbound_threshold: None,
            // Forms and documents of apps are shorter; what is longer is an upload, of which the start tells the most.
            body_limit: 1 << 20,
            beyond: Beyond::ProcessPartial,
            response_limit: None,
            // Some two hundred milliseconds: a hundred times what the largest ordinary request takes.
            work: 200_000_000,
            exhausted: Exhausted::Pass,
        }
    }
}

/// Loads rules with the operator's settings.
///
/// # Errors
///
/// All that is wrong with the rule files, each with its place.
pub fn load(source: &Source, tuning: &Tuning, files: &dyn Files) -> Result<RuleSet, LoadErrors> {
    let text = assemble(source, tuning, files);
    let mut rules = RuleSet::from_text(Path::new("/bartizan/waf.conf"), &text, files)?;
    let settings = rules.settings_mut();
    // The operator's configuration has the last word over what rule files say of the engine.
    settings.engine = tuning.engine;
    settings.request_body_access = true;
    settings.request_body_limit = tuning.body_limit;
    settings.request_body_beyond = tuning.beyond;
    settings.response_body_access = tuning.response_limit.is_some();
    settings.response_body_limit = tuning.response_limit.unwrap_or(settings.response_body_limit);
    settings.limits.work = tuning.work;
    settings.limits.exhausted = tuning.exhausted;
    Ok(rules)
}

/// Loads rules with the operator's settings, to be shared.
///
/// # Errors
///
/// As [`load`].
pub fn load_shared(source: &Source, tuning: &Tuning, files: &dyn Files) -> Result<Arc<RuleSet>, LoadErrors> {
    load(source, tuning, files).map(Arc::new)
}

fn assemble(source: &Source, tuning: &Tuning, files: &dyn Files) -> String {
    let mut text = String::new();
    match source {
        Source::Text(rules) => {
            text.push_str(PROCESSORS);
            text.push_str(&variables(tuning));
            text.push_str(rules);
            text.push('\n');
        }
        Source::Path(path) => match layout(path, files) {
            Layout::RuleSet { map, setup, rules, plugins } => {
                let plugin = |end: &str| {
                    let ends = |path: &&PathBuf| path.to_string_lossy().ends_with(end);
                    plugins.iter().filter(ends).map(|path| include(path)).collect::<String>()
                };
                if let Some(map) = map {
                    let _ = writeln!(text, "SecUnicodeMapFile \"{}\" 20127", map.display());
                }
                text.push_str(PROCESSORS);
                text.extend(setup.iter().map(|path| include(path)));
                // Behind the set-up, whose own values would hide them; before the rules that read them.
                text.push_str(&variables(tuning));
                text.push_str(&plugin("-config.conf"));
                text.push_str(&plugin("-before.conf"));
                text.extend(rules.iter().map(|path| include(path)));
                text.push_str(&plugin("-after.conf"));
            }
            // Whoever writes the file that everything is in decides on everything but the engine itself.
            Layout::Entry(path) => text.push_str(&include(&path)),
        },
    }
    text
}

fn include(path: &Path) -> String {
    format!("Include \"{}\"\n", path.display())
}

/// What lies at a path.
enum Layout {
    /// A rule set: its set-up, its rules, its plug-ins, each in the order of names.
    RuleSet { map: Option<PathBuf>, setup: Vec<PathBuf>, rules: Vec<PathBuf>, plugins: Vec<PathBuf> },
    /// One file, or a folder of files.
    Entry(PathBuf),
}

fn layout(path: &Path, files: &dyn Files) -> Layout {
    let list = |folder: &Path| {
        let mut paths = files.list(folder).unwrap_or_default();
        paths.sort();
        paths
    };
    let is_conf = |path: &PathBuf| path.extension().is_some_and(|end| end == "conf");
    let of_folder = |folder: &Path| list(folder).into_iter().filter(is_conf).collect::<Vec<_>>();
    // `rules` itself may be named, as well as the folder it lies in.
    let is_rules = path.file_name().is_some_and(|name| name == "rules");
    let root = if is_rules { path.parent().unwrap_or(path) } else { path };
    let rules = of_folder(&root.join("rules"));
    if rules.is_empty() {
        return Layout::Entry(path.to_owned());
    }
    let is_there = |path: &PathBuf| files.read(path).is_ok();
    let setup = [
        root.join("crs-setup.conf"),
        // Where Debian's package has it.
        PathBuf::from("/etc/modsecurity/crs/crs-setup.conf"),
        root.join("crs-setup.conf.example"),
    ];
    let map = [root.join("unicode.mapping"), PathBuf::from("/etc/modsecurity/unicode.mapping")];
    let (debian, ours) = (Path::new("/usr/share/modsecurity-crs"), root);
    let setup = setup.into_iter().filter(|path| ours == debian || !path.starts_with("/etc/modsecurity")).find(is_there);
    Layout::RuleSet {
        map: map.into_iter().find(is_there),
        setup: setup.into_iter().collect(),
        rules,
        plugins: of_folder(&root.join("plugins")),
    }
}

/// The variables by which the Core Rule Set is tuned, in its third and its fourth version.
fn variables(tuning: &Tuning) -> String {
    let said = [
        ("blocking_paranoia_level", tuning.paranoia.map(u32::from)),
        ("detection_paranoia_level", tuning.paranoia.map(u32::from)),
        ("paranoia_level", tuning.paranoia.map(u32::from)),
        ("executing_paranoia_level", tuning.paranoia.map(u32::from)),
        ("inbound_anomaly_score_threshold", tuning.inbound_threshold),
        ("outbound_anomaly_score_threshold", tuning.outbound_threshold),
    ];
    let set = |(name, value): (&str, Option<u32>)| value.map(|value| format!(",setvar:tx.{name}={value}"));
    let settings: String = said.into_iter().filter_map(set).collect();
    if settings.is_empty() {
        settings
    } else {
        format!("SecAction \"id:199001,phase:1,t:none,nolog,pass{settings}\"\n")
    }
}

/// Which body is read as what, by its type.
const PROCESSORS: &str = r#"SecRuleEngine On
SecRequestBodyAccess On
SecRule REQUEST_HEADERS:Content-Type "@rx (?i)^(?:application(?:/soap\+|/)|text/)xml" "id:199002,phase:1,t:none,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "@rx (?i)^application/(?:[a-z0-9.-]+\+)?json" "id:199003,phase:1,t:none,pass,nolog,ctl:requestBodyProcessor=JSON"
"#;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn files(list: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
        list.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
    }

    const SETUP: &str = "SecAction \"id:900000,phase:1,pass,nolog,setvar:tx.blocking_paranoia_level=1\"\n";
    const RULE: &str = "SecRule ARGS \"@contains evil\" \"id:1,phase:2,deny,status:403\"\n";

    #[test]
    fn a_path_is_a_rule_set_or_an_entry() {
        let files = files(&[
            ("/crs/crs-setup.conf.example", SETUP),
            ("/crs/rules/a.conf", RULE),
            ("/crs/rules/words.data", "x"),
            ("/crs/plugins/x-before.conf", "SecAction \"id:2,phase:1,pass,nolog\"\n"),
            ("/own/main.conf", RULE),
        ]);
        for (path, ids) in [
            ("/crs", &[199_002, 199_003, 900_000, 199_001, 2, 1][..]),
            ("/crs/rules", &[199_002, 199_003, 900_000, 199_001, 2, 1]),
            ("/own/main.conf", &[1]),
            ("/own", &[1]),
        ] {
            let tuning = Tuning { paranoia: Some(2), ..Tuning::default() };
            let rules = load(&Source::Path(path.into()), &tuning, &files).unwrap();
            let found: Vec<u64> = rules.rules().iter().map(|rule| rule.id).collect();
            assert_eq!(found, ids, "{path}");
            assert_eq!(rules.settings().engine, Switch::Between);
        }
        assert!(load(&Source::Path("/none".into()), &Tuning::default(), &files).is_err());
    }
}
