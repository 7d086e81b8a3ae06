//! Rules as an operator names them: a folder of the OWASP Core Rule Set, any entry file, or a text; and the settings that
//! are said in the operator's own configuration instead of in rule files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::files::Files;
use crate::plugins::{self, Plugins};
use crate::ruleset::RuleSet;
use crate::seclang::action::Switch;
use crate::seclang::directive::Beyond;
use crate::seclang::{LoadError, LoadErrors, Place, Problem};
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
    /// The exclusion packages for apps, such as `wordpress`. Unsaid, all that lie beside the rules.
    pub packages: Option<Vec<String>>,
    /// A folder of plugins besides the rule set's own.
    pub plugins: Option<PathBuf>,
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
            packages: None,
            plugins: None,
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
    let text = assemble(source, tuning, files)?;
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

fn assemble(source: &Source, tuning: &Tuning, files: &dyn Files) -> Result<String, LoadErrors> {
    let mut text = String::new();
    let packages = tuning.packages.as_deref();
    let found = |own: Option<PathBuf>| {
        let folders: Vec<PathBuf> = own.into_iter().chain(tuning.plugins.clone()).collect();
        Plugins::find(&folders, packages, files)
    };
    let check = |plugins: &Plugins, rules: &[PathBuf], place: &Path| {
        let missing = plugins::missing(packages.unwrap_or_default(), plugins, rules, files);
        let place = Place { file: place.into(), line: 0 };
        let error = |name| LoadError {
            place: place.clone(),
            directive: "waf.packages".to_owned(),
            problem: Problem::NoPackage(name),
        };
        if missing.is_empty() { Ok(()) } else { Err(LoadErrors(missing.into_iter().map(error).collect())) }
    };
    match source {
        Source::Text(rules) => {
            let plugins = found(None);
            check(&plugins, &[], Path::new("the built-in rules"))?;
            text.push_str(PROCESSORS);
            text.push_str(&variables(tuning));
            text.extend(plugins.at("-config.conf").chain(plugins.at("-before.conf")).map(include));
            text.push_str(rules);
            text.push('\n');
            text.extend(plugins.at("-after.conf").map(include));
        }
        Source::Path(path) => match layout(path, files) {
            Layout::RuleSet { map, setup, rules, plugins } => {
                let plugins = found(Some(plugins));
                check(&plugins, &rules, path)?;
                if let Some(map) = map {
                    let _ = writeln!(text, "SecUnicodeMapFile \"{}\" 20127", map.display());
                }
                text.push_str(PROCESSORS);
                text.extend(setup.iter().map(|path| include(path)));
                // Behind the set-up, whose own values would hide them; before the rules that read them.
                text.push_str(&variables(tuning));
                text.extend(plugins.at("-config.conf").chain(plugins.at("-before.conf")).map(include));
                text.extend(rules.iter().map(|path| include(path)));
                text.extend(plugins.at("-after.conf").map(include));
            }
            // Whoever writes the file that everything is in decides on everything but the engine itself.
            Layout::Entry(path) => {
                let plugins = found(None);
                check(&plugins, std::slice::from_ref(&path), &path)?;
                text.extend(plugins.at("-config.conf").chain(plugins.at("-before.conf")).map(include));
                text.push_str(&include(&path));
                text.extend(plugins.at("-after.conf").map(include));
            }
        },
    }
    Ok(text)
}

fn include(path: &Path) -> String {
    format!("Include \"{}\"\n", path.display())
}

/// What lies at a path.
enum Layout {
    /// A rule set: its set-up and its rules, each in the order of names, and the folder of its plugins.
    RuleSet { map: Option<PathBuf>, setup: Vec<PathBuf>, rules: Vec<PathBuf>, plugins: PathBuf },
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
        plugins: root.join("plugins"),
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
    let packages =
        tuning.packages.iter().flatten().map(|package| format!(",setvar:tx.{}=1", plugins::variable(package)));
    let settings: String = said.into_iter().filter_map(set).chain(packages).collect();
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

    /// Whether a request is refused.
    fn is_refused(rules: RuleSet, uri: &str) -> bool {
        use crate::{Phase, Progress, Start, Transaction};
        let local = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
        let mut transaction = Transaction::new(std::sync::Arc::new(rules));
        transaction.begin(&Start { client: (local, 1), server: (local, 80), id: "1", now: 0 });
        transaction.request_line(b"GET", uri.as_bytes(), b"HTTP/1.1");
        for phase in [Phase::RequestHeaders, Phase::RequestBody] {
            transaction.begin_phase(phase);
            while transaction.run(u64::MAX) == Progress::More {}
        }
        transaction.refusal().is_some()
    }

    #[test]
    fn packages_and_plugins_run_where_they_are_asked_for() {
        let third = "SecRule TX:crs_exclusions_shop \"@eq 1\" \"id:3,phase:1,pass,nolog,ctl:ruleRemoveById=1\"\n";
        let plugin = "SecRule REQUEST_FILENAME \"@streq /edit\" \"id:9,phase:1,pass,nolog,ctl:ruleRemoveById=1\"\n";
        let after = "SecRule ARGS \"@contains worse\" \"id:10,phase:2,deny\"\n";
        let files = files(&[
            ("/crs/crs-setup.conf.example", SETUP),
            ("/crs/rules/903-shop.conf", third),
            ("/crs/rules/910.conf", RULE),
            ("/crs/plugins/blog-rule-exclusions-before.conf", plugin),
            ("/own/strict-after.conf", after),
            ("/own/wiki-rule-exclusions-before.conf", "SecAction \"id:11,phase:1,pass,nolog\"\n"),
        ]);
        let load = |packages: Option<&[&str]>, plugins: Option<&str>| {
            let packages = packages.map(|all| all.iter().map(|&name| name.to_owned()).collect());
            let tuning =
                Tuning { engine: Switch::On, packages, plugins: plugins.map(PathBuf::from), ..Tuning::default() };
            load(&Source::Path("/crs".into()), &tuning, &files)
        };
        for (packages, plugins, uri, expected) in [
            (None, None, "/x?q=evil", true),
            (None, None, "/edit?q=evil", false), // a plugin beside the rules runs unless packages are named
            (Some(&[][..]), None, "/edit?q=evil", true),
            (Some(&["blog"]), None, "/edit?q=evil", false),
            (Some(&["blog"]), None, "/x?q=evil", true),
            (Some(&["shop"]), None, "/x?q=evil", false), // as rules of the third version have it
            (None, None, "/x?q=worse", false),
            (None, Some("/own"), "/x?q=worse", true),
        ] {
            assert_eq!(is_refused(load(packages, plugins).unwrap(), uri), expected, "{packages:?} {plugins:?} {uri}");
        }
        assert!(load(None, Some("/own")).unwrap().rule(11).is_some());
        assert!(load(Some(&[]), Some("/own")).unwrap().rule(11).is_none());
        let error = load(Some(&["blog", "forum"]), None).unwrap_err().to_string();
        assert!(error.contains("'forum'") && !error.contains("'blog'"), "{error}");
    }

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
