//! The first word of a line: one row each for what is read, what means nothing here, and what is refused.

use std::path::PathBuf;

use super::Problem;
use super::action::{self, Action, RuleSelector, Switch};
use super::target::{self, Target};

/// A directive.
#[derive(Clone, Debug, PartialEq)]
pub enum Directive {
    /// A rule that always matches.
    Action(Vec<Action>),
    /// What rules do that do not say otherwise.
    DefaultAction(Vec<Action>),
    /// More rule files.
    Include(PathBuf),
    /// A place that rules go on after.
    Marker(String),
    /// A directive without effect here, and why.
    Note(&'static str),
    /// Forgets rules that stand before.
    RemoveRules(RuleSelector),
    /// A rule.
    Rule(RuleText),
    /// A setting.
    Setting(Setting),
    /// Changes the actions of a rule; the number counts the links of its chain.
    UpdateActions(u64, usize, Vec<Action>),
    /// Changes the targets of rules.
    UpdateTargets {
        /// The rules.
        rules: RuleSelector,
        /// What is added or left out.
        targets: Vec<Target>,
        /// What they replace.
        replaced: Vec<Target>,
    },
}

/// A rule before it is compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleText {
    /// What it looks at.
    pub targets: Vec<Target>,
    /// Whether it matches where the operator does not.
    pub is_negated: bool,
    /// The operator's name.
    pub operator: String,
    /// The operator's argument.
    pub argument: String,
    /// Its actions.
    pub actions: Vec<Action>,
}

/// What happens to a body beyond its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Beyond {
    /// Only the first part is looked at.
    ProcessPartial,
    /// It is refused.
    Reject,
}

/// The form of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditFormat {
    /// One JSON object for each transaction.
    Json,
    /// Sections between boundaries.
    Native,
}

/// A setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// Between what arguments stand.
    ArgumentSeparator(u8),
    /// How many arguments are read.
    ArgumentsLimit(usize),
    /// Which transactions are logged.
    AuditEngine(Switch),
    /// In which form.
    AuditFormat(AuditFormat),
    /// Which parts.
    AuditParts(String),
    /// The statuses that are relevant.
    AuditRelevantStatus(String),
    /// How long an unused collection is kept, in seconds.
    CollectionTimeout(u64),
    /// The name of a set of rules.
    ComponentSignature(String),
    /// Whether request bodies are looked at.
    RequestBodyAccess(bool),
    /// How deep JSON may be.
    RequestBodyJsonDepthLimit(usize),
    /// How much of a body is looked at.
    RequestBodyLimit(usize),
    /// What happens beyond.
    RequestBodyLimitAction(Beyond),
    /// How much of it may be something else than files.
    RequestBodyNoFilesLimit(usize),
    /// Whether response bodies are looked at.
    ResponseBodyAccess(bool),
    /// How much of a body is looked at.
    ResponseBodyLimit(usize),
    /// What happens beyond.
    ResponseBodyLimitAction(Beyond),
    /// The types of content that are looked at.
    ResponseBodyMimeType(Vec<String>),
    /// Forgets the types of content.
    ResponseBodyMimeTypesClear,
    /// Whether rules refuse.
    RuleEngine(Switch),
    /// A name for this machine in the audit log.
    SensorId(String),
    /// The file and the code page that `urlDecodeUni` folds characters by.
    UnicodeMapFile(PathBuf, u32),
    /// How many files one body may hold.
    UploadFileLimit(usize),
    /// A name for this application.
    WebAppId(String),
}

/// Reads a directive; the first word is its name.
pub fn parse(words: &[String]) -> Result<Directive, Problem> {
    let Some((name, arguments)) = words.split_first() else { return Err(Problem::UnknownDirective) };
    let is_named = |known: &str| known.eq_ignore_ascii_case(name);
    if let Some((_, reason)) = WITHOUT_EFFECT.iter().find(|(known, _)| is_named(known)) {
        return Ok(Directive::Note(reason));
    }
    if let Some((_, off, reason)) = ONLY_OFF.iter().find(|(known, ..)| is_named(known)) {
        return match arguments {
            [value] if value.eq_ignore_ascii_case(off) => Ok(Directive::Note(reason)),
            _ => Err(Problem::Unsupported { what: arguments.join(" "), reason }),
        };
    }
    if let Some((name, reason)) = REFUSED.iter().find(|(known, _)| is_named(known)) {
        return Err(Problem::Unsupported { what: (*name).to_owned(), reason });
    }
    let row = DIRECTIVES.iter().find(|row| is_named(row.name)).ok_or(Problem::UnknownDirective)?;
    if arguments.len() < row.least || arguments.len() > row.most {
        return Err(Problem::ArgumentCount { expected: row.expected, found: arguments.len() });
    }
    (row.read)(arguments)
}

/// A directive that is read.
struct Row {
    name: &'static str,
    least: usize,
    most: usize,
    expected: &'static str,
    read: fn(&[String]) -> Result<Directive, Problem>,
}

const fn one(name: &'static str, read: fn(&[String]) -> Result<Directive, Problem>) -> Row {
    Row { name, least: 1, most: 1, expected: "one", read }
}

const fn many(name: &'static str, read: fn(&[String]) -> Result<Directive, Problem>) -> Row {
    Row { name, least: 1, most: usize::MAX, expected: "one or more", read }
}

/// Every directive that is read.
const DIRECTIVES: &[Row] = &[
    one("Include", |words| Ok(Directive::Include(PathBuf::from(first(words))))),
    one("SecAction", |words| Ok(Directive::Action(action::parse(first(words))?))),
    one("SecArgumentSeparator", |words| match first(words).as_bytes() {
        [byte] => Ok(Directive::Setting(Setting::ArgumentSeparator(*byte))),
        _ => Err(value(words, "one character")),
    }),
    one("SecArgumentsLimit", |words| number(words, Setting::ArgumentsLimit)),
    one("SecAuditEngine", |words| choice(words, "RelevantOnly", "On, Off or RelevantOnly", Setting::AuditEngine)),
    one("SecAuditLogFormat", |words| match first(words).to_ascii_lowercase().as_str() {
        "json" => Ok(Directive::Setting(Setting::AuditFormat(AuditFormat::Json))),
        "native" => Ok(Directive::Setting(Setting::AuditFormat(AuditFormat::Native))),
        _ => Err(value(words, "JSON or Native")),
    }),
    one("SecAuditLogParts", |words| {
        let is_known = first(words).chars().all(|part| part.is_ascii_uppercase());
        if is_known { text(words, Setting::AuditParts) } else { Err(value(words, "a list of letters")) }
    }),
    one("SecAuditLogRelevantStatus", |words| text(words, Setting::AuditRelevantStatus)),
    one("SecCollectionTimeout", |words| {
        let seconds = first(words).parse().map_err(|_| value(words, "a number of seconds"))?;
        Ok(Directive::Setting(Setting::CollectionTimeout(seconds)))
    }),
    one("SecComponentSignature", |words| text(words, Setting::ComponentSignature)),
    one("SecDefaultAction", |words| Ok(Directive::DefaultAction(action::parse(first(words))?))),
    one("SecMarker", |words| Ok(Directive::Marker(first(words).to_owned()))),
    one("SecRequestBodyAccess", |words| on_off(words, Setting::RequestBodyAccess)),
    one("SecRequestBodyJsonDepthLimit", |words| number(words, Setting::RequestBodyJsonDepthLimit)),
    one("SecRequestBodyLimit", |words| number(words, Setting::RequestBodyLimit)),
    one("SecRequestBodyLimitAction", |words| beyond(words, Setting::RequestBodyLimitAction)),
    one("SecRequestBodyNoFilesLimit", |words| number(words, Setting::RequestBodyNoFilesLimit)),
    one("SecResponseBodyAccess", |words| on_off(words, Setting::ResponseBodyAccess)),
    one("SecResponseBodyLimit", |words| number(words, Setting::ResponseBodyLimit)),
    one("SecResponseBodyLimitAction", |words| beyond(words, Setting::ResponseBodyLimitAction)),
    many("SecResponseBodyMimeType", |words| {
        let types = words.iter().flat_map(|word| word.split_whitespace()).map(str::to_ascii_lowercase).collect();
        Ok(Directive::Setting(Setting::ResponseBodyMimeType(types)))
    }),
    Row {
        name: "SecResponseBodyMimeTypesClear",
        least: 0,
        most: 0,
        expected: "no",
        read: |_| Ok(Directive::Setting(Setting::ResponseBodyMimeTypesClear)),
    },
    Row { name: "SecRule", least: 2, most: 3, expected: "two or three", read: rule },
    one("SecRuleEngine", |words| choice(words, "DetectionOnly", "On, Off or DetectionOnly", Setting::RuleEngine)),
    many("SecRuleRemoveById", |words| Ok(Directive::RemoveRules(ids(&words.join(" "))?))),
    one("SecRuleRemoveByMsg", |words| Ok(Directive::RemoveRules(RuleSelector::Msg(first(words).to_owned())))),
    one("SecRuleRemoveByTag", |words| Ok(Directive::RemoveRules(RuleSelector::Tag(first(words).to_owned())))),
    Row { name: "SecRuleUpdateActionById", least: 2, most: 2, expected: "two", read: update_actions },
    Row {
        name: "SecRuleUpdateTargetById",
        least: 2,
        most: 3,
        expected: "two or three",
        read: |words| update_targets(ids(first(words))?, &words[1..]),
    },
    Row {
        name: "SecRuleUpdateTargetByMsg",
        least: 2,
        most: 3,
        expected: "two or three",
        read: |words| update_targets(RuleSelector::Msg(first(words).to_owned()), &words[1..]),
    },
    Row {
        name: "SecRuleUpdateTargetByTag",
        least: 2,
        most: 3,
        expected: "two or three",
        read: |words| update_targets(RuleSelector::Tag(first(words).to_owned()), &words[1..]),
    },
    one("SecSensorId", |words| text(words, Setting::SensorId)),
    Row { name: "SecUnicodeMapFile", least: 2, most: 2, expected: "two", read: unicode_map },
    one("SecUploadFileLimit", |words| number(words, Setting::UploadFileLimit)),
    one("SecWebAppId", |words| text(words, Setting::WebAppId)),
];

/// Directives that choose how ModSecurity works, not what rules find.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("SecAuditLog", "whoever runs the engine chooses where the audit log goes"),
    ("SecAuditLog2", "whoever runs the engine chooses where the audit log goes"),
    ("SecAuditLogDirMode", "whoever runs the engine chooses where the audit log goes"),
    ("SecAuditLogFileMode", "whoever runs the engine chooses where the audit log goes"),
    ("SecAuditLogStorageDir", "whoever runs the engine chooses where the audit log goes"),
    ("SecAuditLogType", "whoever runs the engine chooses where the audit log goes"),
    ("SecCacheTransformations", "transformations are always shared"),
    ("SecDataDir", "collections are kept in memory"),
    ("SecDebugLog", "there is no debug log"),
    ("SecDebugLogLevel", "there is no debug log"),
    ("SecPcreMatchLimit", "expressions that backtrack have a limit of steps of their own"),
    ("SecPcreMatchLimitRecursion", "no expression recurses"),
    ("SecRequestBodyInMemoryLimit", "bodies are never written to files"),
    ("SecServerSignature", "the fields of responses are not the rules' affair"),
    ("SecTmpDir", "nothing is written to files"),
    ("SecUnicodeCodePage", "SecUnicodeMapFile names the code page"),
    ("SecUploadDir", "uploads are never written to files"),
    ("SecUploadFileMode", "uploads are never written to files"),
];

/// Directives that would do something else than looking: off, they say what is so.
const ONLY_OFF: &[(&str, &str, &str)] = &[
    ("SecConnEngine", "Off", "connections are not the rules' affair"),
    ("SecContentInjection", "Off", "rules do not change content"),
    ("SecCookieFormat", "0", "cookies are read as RFC 6265 has them"),
    ("SecDisableBackendCompression", "Off", "fields of requests are not the rules' affair"),
    ("SecHashEngine", "Off", "links are not signed"),
    ("SecInterceptOnError", "Off", "there are no errors of rules at run time"),
    ("SecParseXmlIntoArgs", "Off", "XML:/* and XML://@* hold what a document says"),
    ("SecRulePerfTime", "0", "there is no performance log"),
    ("SecStatusEngine", "Off", "nothing is sent anywhere"),
    ("SecStreamInBodyInspection", "Off", "bodies are looked at when they are complete"),
    ("SecStreamOutBodyInspection", "Off", "bodies are looked at when they are complete"),
    ("SecTmpSaveUploadedFiles", "Off", "uploads are never written to files"),
    ("SecUploadKeepFiles", "Off", "uploads are never written to files"),
    ("SecXmlExternalEntity", "Off", "entities are never expanded"),
];

/// Directives of ModSecurity that are refused, with the reason.
const REFUSED: &[(&str, &str)] = &[
    ("SecChrootDir", "the process chooses where it lives"),
    ("SecConnReadStateLimit", "connections are not the rules' affair"),
    ("SecConnWriteStateLimit", "connections are not the rules' affair"),
    ("SecCookieV0Separator", "cookies are read as RFC 6265 has them"),
    ("SecGeoLookupDb", "there is no database of places"),
    ("SecGsbLookupDb", "there is no database of addresses"),
    ("SecGuardianLog", "no program is started"),
    ("SecHashKey", "links are not signed"),
    ("SecHashMethodPm", "links are not signed"),
    ("SecHashMethodRx", "links are not signed"),
    ("SecHashParam", "links are not signed"),
    ("SecHttpBlKey", "no address is asked for elsewhere"),
    ("SecReadStateLimit", "connections are not the rules' affair"),
    ("SecRemoteRules", "rules are read from files only"),
    ("SecRemoteRulesFailAction", "rules are read from files only"),
    ("SecRuleInheritance", "rules stand in one context"),
    ("SecRuleScript", "rules start no programs"),
    ("SecWriteStateLimit", "connections are not the rules' affair"),
];

fn first(words: &[String]) -> &str {
    words.first().map(String::as_str).unwrap_or_default()
}

fn value(words: &[String], expected: &'static str) -> Problem {
    Problem::ArgumentValue { value: first(words).to_owned(), expected }
}

fn text(words: &[String], setting: fn(String) -> Setting) -> Result<Directive, Problem> {
    Ok(Directive::Setting(setting(first(words).to_owned())))
}

fn number(words: &[String], setting: fn(usize) -> Setting) -> Result<Directive, Problem> {
    let number = first(words).parse().map_err(|_| value(words, "a number"))?;
    Ok(Directive::Setting(setting(number)))
}

fn choice(
    words: &[String],
    between: &'static str,
    expected: &'static str,
    setting: fn(Switch) -> Setting,
) -> Result<Directive, Problem> {
    let switch = action::switch(first(words), between).ok_or_else(|| value(words, expected))?;
    Ok(Directive::Setting(setting(switch)))
}

fn on_off(words: &[String], setting: fn(bool) -> Setting) -> Result<Directive, Problem> {
    match action::switch(first(words), "") {
        Some(switch) => Ok(Directive::Setting(setting(switch == Switch::On))),
        None => Err(value(words, "On or Off")),
    }
}

fn beyond(words: &[String], setting: fn(Beyond) -> Setting) -> Result<Directive, Problem> {
    let beyond = match first(words).to_ascii_lowercase().as_str() {
        "processpartial" => Beyond::ProcessPartial,
        "reject" => Beyond::Reject,
        _ => return Err(value(words, "Reject or ProcessPartial")),
    };
    Ok(Directive::Setting(setting(beyond)))
}

fn ids(text: &str) -> Result<RuleSelector, Problem> {
    RuleSelector::ids(text)
        .ok_or_else(|| Problem::ArgumentValue { value: text.to_owned(), expected: "an id or a range of ids" })
}

fn rule(words: &[String]) -> Result<Directive, Problem> {
    let [targets, operator, rest @ ..] = words else { return Err(Problem::UnknownDirective) };
    let targets = target::parse(targets)?;
    let actions = action::parse(first(rest))?;
    let operator = operator.trim();
    let (is_negated, operator) = match operator.strip_prefix('!') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, operator),
    };
    let (operator, argument) = match operator.strip_prefix('@') {
        Some(rest) => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        None => ("rx", operator),
    };
    Ok(Directive::Rule(RuleText {
        targets,
        is_negated,
        operator: operator.to_owned(),
        argument: argument.trim_start().to_owned(),
        actions,
    }))
}

fn update_actions(words: &[String]) -> Result<Directive, Problem> {
    let (id, link) = first(words).split_once(':').unwrap_or((first(words), "0"));
    let (Ok(id), Ok(link)) = (id.trim().parse(), link.trim().parse()) else { return Err(value(words, "an id")) };
    Ok(Directive::UpdateActions(id, link, action::parse(first(&words[1..]))?))
}

fn update_targets(rules: RuleSelector, words: &[String]) -> Result<Directive, Problem> {
    let replaced = words.get(1).map(|replaced| target::parse(replaced)).transpose()?.unwrap_or_default();
    Ok(Directive::UpdateTargets { rules, targets: target::parse(first(words))?, replaced })
}

fn unicode_map(words: &[String]) -> Result<Directive, Problem> {
    let page = words.get(1).and_then(|page| page.parse().ok()).ok_or_else(|| value(words, "a file and a code page"))?;
    Ok(Directive::Setting(Setting::UnicodeMapFile(PathBuf::from(first(words)), page)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> Result<Directive, Problem> {
        let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn directives_are_read() {
        for line in [
            "SecRuleEngine On",
            "secruleengine DetectionOnly",
            "SecRequestBodyLimit 1",
            "SecRule ARGS @rx id:1",
            "SecRule ARGS x",
            "SecTmpDir /tmp",
            "SecUploadKeepFiles Off",
            "SecResponseBodyMimeTypesClear",
            "SecResponseBodyMimeType a/b c/d",
            "SecRuleRemoveById 1 3-4",
            "SecRuleUpdateTargetById 1 !ARGS:a",
            "SecRuleUpdateActionById 1:2 pass",
            "SecUnicodeMapFile unicode.mapping 20127",
        ] {
            assert!(check(line).is_ok(), "{line}: {:?}", check(line));
        }
    }

    #[test]
    fn what_is_no_directive_is_refused() {
        for line in [
            "SecNothing On",
            "SecRuleEngine Perhaps",
            "SecRuleEngine",
            "SecRuleEngine On Off",
            "SecRequestBodyLimit -1",
            "SecRule ARGS",
            "SecUploadKeepFiles On",
            "SecRuleScript a.lua",
            "SecXmlExternalEntity On",
            "SecRuleRemoveById x",
            "SecUnicodeMapFile unicode.mapping",
            "SecArgumentSeparator ab",
            "SecRequestBodyAccess DetectionOnly",
        ] {
            assert!(check(line).is_err(), "{line}");
        }
    }

    #[test]
    fn every_name_stands_once() {
        let mut names: Vec<&str> = DIRECTIVES.iter().map(|row| row.name).collect();
        names.extend(WITHOUT_EFFECT.iter().map(|(name, _)| *name));
        names.extend(ONLY_OFF.iter().map(|(name, ..)| *name));
        names.extend(REFUSED.iter().map(|(name, _)| *name));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
