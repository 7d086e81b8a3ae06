//! The last word of a rule: what it is called, how it looks at values, and what it does when it matches.

use super::{Problem, Role, Selector, Target, target};
use crate::variable::Variable;

/// One action with its argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Ends the inspection without a refusal.
    Allow(Allow),
    /// Logs the transaction.
    AuditLog,
    /// Does what the default action says.
    Block,
    /// Keeps what the operator found as `TX.0` to `TX.9`.
    Capture,
    /// The next rule must match as well.
    Chain,
    /// Changes how this transaction goes on.
    Ctl(Ctl),
    /// Refuses.
    Deny,
    /// Closes the connection.
    Drop,
    /// Makes a variable of a collection expire.
    ExpireVar {
        /// The collection.
        collection: Variable,
        /// The variable's name, with macros.
        key: String,
        /// Seconds, with macros.
        seconds: String,
    },
    /// The rule's identifier.
    Id(u64),
    /// Opens a collection that outlives the transaction.
    InitCol {
        /// The collection.
        collection: Variable,
        /// Which of them, with macros.
        key: String,
    },
    /// Logs the match.
    Log,
    /// More to log, with macros.
    LogData(String),
    /// What the match means, with macros.
    Msg(String),
    /// Looks at the value before and after each transformation.
    MultiMatch,
    /// Does not log the transaction.
    NoAuditLog,
    /// Does not log the match.
    NoLog,
    /// A remark without effect: accuracy, maturity.
    Note,
    /// Goes on.
    Pass,
    /// When the rule runs.
    Phase(u8),
    /// Sends the client elsewhere; with macros.
    Redirect(String),
    /// The rule's revision.
    Rev(String),
    /// Names the caller's identity and opens the collection of that name.
    SetIdentity {
        /// `SESSION`, `USER` or `RESOURCE`.
        collection: Variable,
        /// The identity, with macros.
        key: String,
    },
    /// Changes a variable.
    SetVar(SetVar),
    /// From 0, emergency, to 7, debug.
    Severity(u8),
    /// Leaves out so many rules.
    Skip(u32),
    /// Goes on after a marker.
    SkipAfter(String),
    /// The status of a refusal.
    Status(u16),
    /// A tag, with macros.
    Tag(String),
    /// A transformation; `none` forgets those before.
    Transformation(String),
    /// The version of the rules.
    Ver(String),
}

/// How far `allow` reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allow {
    /// All phases but the last.
    All,
    /// This phase.
    Phase,
    /// The phases of the request.
    Request,
}

/// A change of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetVar {
    /// The collection.
    pub collection: Variable,
    /// The name, with macros.
    pub key: String,
    /// What to do with it.
    pub change: Change,
}

/// What is done with a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds a number, with macros.
    Add(String),
    /// Sets a text, with macros.
    Set(String),
    /// Subtracts a number, with macros.
    Subtract(String),
    /// Removes it.
    Unset,
}

/// `On`, `Off`, and between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Switch {
    /// Only watches, or only what is relevant.
    Between,
    /// Off.
    Off,
    /// On.
    On,
}

/// A change of this transaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Ctl {
    /// Whether the transaction is logged.
    AuditEngine(Switch),
    /// Which parts are logged.
    AuditLogParts(PartsChange),
    /// The body is kept as a whole, whatever its type.
    ForceRequestBodyVariable(bool),
    /// Which parser reads the body.
    RequestBodyProcessor(String),
    /// Whether request bodies are looked at.
    RequestBodyAccess(bool),
    /// Whether response bodies are looked at.
    ResponseBodyAccess(bool),
    /// Whether rules refuse.
    RuleEngine(Switch),
    /// Rules that shall not run.
    RuleRemove(RuleSelector),
    /// Targets that rules shall not look at.
    RuleRemoveTarget {
        /// The rules.
        rules: RuleSelector,
        /// What they do not look at.
        target: Target,
    },
}

/// How the parts of the audit log change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartsChange {
    /// More parts.
    Add(String),
    /// Fewer parts.
    Remove(String),
    /// These parts.
    Set(String),
}

/// Names rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleSelector {
    /// Ranges of identifiers.
    Ids(Vec<(u64, u64)>),
    /// Rules whose message is this.
    Msg(String),
    /// Rules with this tag.
    Tag(String),
}

impl RuleSelector {
    /// Reads identifiers and ranges, separated by commas and spaces.
    pub fn ids(text: &str) -> Option<Self> {
        let ranges = text.split([',', ' ', '"']).filter(|word| !word.is_empty()).map(|word| {
            let (first, last) = word.split_once('-').unwrap_or((word, word));
            let range = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            (range.0 <= range.1).then_some(range)
        });
        let ranges: Option<Vec<_>> = ranges.collect();
        ranges.filter(|ranges| !ranges.is_empty()).map(Self::Ids)
    }
}

/// Reads a list of actions.
pub fn parse(text: &str) -> Result<Vec<Action>, Problem> {
    let mut actions = Vec::new();
    for part in split(text)? {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let (name, argument) = match part.split_once([':', '=']) {
            Some((name, argument)) => (name.trim(), Some(unquoted(argument.trim()))),
            None => (part, None),
        };
        actions.push(one(name, argument.as_deref())?);
    }
    Ok(actions)
}

/// At commas outside of apostrophes.
fn split(text: &str) -> Result<Vec<&str>, Problem> {
    let (mut parts, mut start, mut is_quoted, mut is_escaped) = (Vec::new(), 0, false, false);
    for (at, char) in text.char_indices() {
        match char {
            '\'' if !is_escaped => is_quoted = !is_quoted,
            ',' if !is_quoted => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        is_escaped = char == '\\' && !is_escaped;
    }
    parts.push(&text[start..]);
    if is_quoted { Err(Problem::UnclosedQuote) } else { Ok(parts) }
}

fn unquoted(text: &str) -> String {
    let inside = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
    inside.replace("\\'", "'")
}

fn one(name: &str, argument: Option<&str>) -> Result<Action, Problem> {
    if let Some((name, reason)) = REFUSED.iter().find(|(refused, _)| refused.eq_ignore_ascii_case(name)) {
        return Err(Problem::Unsupported { what: format!("the action '{name}'"), reason });
    }
    let Some((_, read)) = ACTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
        return Err(Problem::UnknownAction(name.to_owned()));
    };
    let wrong =
        || Problem::ActionArgument { action: name.to_owned(), argument: argument.unwrap_or_default().to_owned() };
    match (read, argument) {
        (Reader::Alone(action), None) => Ok(action.clone()),
        (Reader::Optional(read), argument) => read(argument.unwrap_or_default()).ok_or_else(wrong),
        (Reader::With(read), Some(argument)) => read(argument).ok_or_else(wrong),
        (Reader::Checked(read), Some(argument)) => read(argument),
        (Reader::Alone(_), Some(_)) | (Reader::With(_) | Reader::Checked(_), None) => Err(wrong()),
    }
}

/// How an action is read.
#[derive(Debug)]
enum Reader {
    /// It takes no argument.
    Alone(Action),
    /// It takes one, and says itself what is wrong with it.
    Checked(fn(&str) -> Result<Action, Problem>),
    /// It takes one or none.
    Optional(fn(&str) -> Option<Action>),
    /// It takes one.
    With(fn(&str) -> Option<Action>),
}

/// Every action that is read.
const ACTIONS: &[(&str, Reader)] = &[
    ("accuracy", Reader::With(|text| number(text, 9).map(|_| Action::Note))),
    ("allow", Reader::Optional(allow)),
    ("auditlog", Reader::Alone(Action::AuditLog)),
    ("block", Reader::Alone(Action::Block)),
    ("capture", Reader::Alone(Action::Capture)),
    ("chain", Reader::Alone(Action::Chain)),
    ("ctl", Reader::Checked(ctl)),
    ("deny", Reader::Alone(Action::Deny)),
    ("drop", Reader::Alone(Action::Drop)),
    ("expirevar", Reader::With(expire_var)),
    ("id", Reader::With(|text| text.parse().ok().filter(|&id| id > 0).map(Action::Id))),
    ("initcol", Reader::With(init_col)),
    ("log", Reader::Alone(Action::Log)),
    ("logdata", Reader::With(|text| Some(Action::LogData(text.to_owned())))),
    ("maturity", Reader::With(|text| number(text, 9).map(|_| Action::Note))),
    ("msg", Reader::With(|text| Some(Action::Msg(text.to_owned())))),
    ("multiMatch", Reader::Alone(Action::MultiMatch)),
    ("noauditlog", Reader::Alone(Action::NoAuditLog)),
    ("nolog", Reader::Alone(Action::NoLog)),
    ("pass", Reader::Alone(Action::Pass)),
    ("phase", Reader::With(phase)),
    ("redirect", Reader::With(|text| Some(Action::Redirect(text.to_owned())))),
    ("rev", Reader::With(|text| Some(Action::Rev(text.to_owned())))),
    ("setenv", Reader::With(set_env)),
    ("setrsc", Reader::With(|text| identity(Variable::Resource, text))),
    ("setsid", Reader::With(|text| identity(Variable::Session, text))),
    ("setuid", Reader::With(|text| identity(Variable::User, text))),
    ("setvar", Reader::With(set_var)),
    ("severity", Reader::With(severity)),
    ("skip", Reader::With(|text| text.parse().ok().map(Action::Skip))),
    ("skipAfter", Reader::With(|text| Some(Action::SkipAfter(text.to_owned())))),
    ("status", Reader::With(|text| text.parse().ok().filter(|status| (100..600).contains(status)).map(Action::Status))),
    ("t", Reader::With(|text| Some(Action::Transformation(text.to_owned())))),
    ("tag", Reader::With(|text| Some(Action::Tag(text.to_owned())))),
    ("ver", Reader::With(|text| Some(Action::Ver(text.to_owned())))),
];

/// Actions of ModSecurity that are refused, with the reason.
const REFUSED: &[(&str, &str)] = &[
    ("append", "rules do not change content"),
    ("deprecatevar", "values of collections expire, they do not fade"),
    ("exec", "rules start no programs"),
    ("pause", "rules do not wait"),
    ("prepend", "rules do not change content"),
    ("proxy", "rules do not choose an upstream"),
    ("sanitiseArg", "the audit log hides fields that carry secrets; SecAuditLogParts leaves out the rest"),
    ("sanitiseMatched", "the audit log hides fields that carry secrets; SecAuditLogParts leaves out the rest"),
    ("sanitiseMatchedBytes", "the audit log hides fields that carry secrets; SecAuditLogParts leaves out the rest"),
    ("sanitiseRequestHeader", "the audit log hides the fields that carry secrets"),
    ("sanitiseResponseHeader", "the audit log hides the fields that carry secrets"),
    ("xmlns", "of XPath, only /* and //@* are supported, which need no namespaces"),
];

fn number(text: &str, largest: u8) -> Option<u8> {
    text.parse().ok().filter(|&number| number <= largest)
}

fn allow(text: &str) -> Option<Action> {
    Some(Action::Allow(match text.to_ascii_lowercase().as_str() {
        "" => Allow::All,
        "phase" => Allow::Phase,
        "request" => Allow::Request,
        _ => return None,
    }))
}

fn phase(text: &str) -> Option<Action> {
    Some(Action::Phase(match text.to_ascii_lowercase().as_str() {
        "1" => 1,
        "2" | "request" => 2,
        "3" => 3,
        "4" | "response" => 4,
        "5" | "logging" => 5,
        _ => return None,
    }))
}

fn severity(text: &str) -> Option<Action> {
    let names = ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"];
    let named = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    named.and_then(|index| u8::try_from(index).ok()).or_else(|| number(text, 7)).map(Action::Severity)
}

fn identity(collection: Variable, text: &str) -> Option<Action> {
    Some(Action::SetIdentity { collection, key: text.to_owned() })
}

fn persistent(name: &str) -> Option<Variable> {
    let variable = Variable::find(name)?;
    matches!(variable, Variable::Global | Variable::Ip | Variable::Resource | Variable::Session | Variable::User)
        .then_some(variable)
}

fn init_col(text: &str) -> Option<Action> {
    let (name, key) = text.split_once('=')?;
    Some(Action::InitCol { collection: persistent(name.trim())?, key: unquoted(key.trim()) })
}

fn expire_var(text: &str) -> Option<Action> {
    let (name, seconds) = text.split_once('=')?;
    let (collection, key) = name.split_once('.')?;
    let seconds = seconds.trim().to_owned();
    Some(Action::ExpireVar { collection: persistent(collection)?, key: key.trim().to_owned(), seconds })
}

fn set_var(text: &str) -> Option<Action> {
    let (is_unset, text) = match text.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    let (collection, key) = name.trim().split_once(['.', ':'])?;
    let collection = if collection.eq_ignore_ascii_case("tx") { Variable::Tx } else { persistent(collection)? };
    let change = match (is_unset, value) {
        (true, None) => Change::Unset,
        (true, Some(_)) => return None,
        // A variable set without a value counts.
        (false, None) => Change::Set("1".to_owned()),
        (false, Some(value)) => match value.as_bytes().first() {
            Some(b'+') => Change::Add(value[1..].to_owned()),
            Some(b'-') => Change::Subtract(value[1..].to_owned()),
            _ => Change::Set(unquoted(value)),
        },
    };
    (!key.is_empty()).then(|| Action::SetVar(SetVar { collection, key: key.to_owned(), change }))
}

/// The environment is the transaction's own: the process has only one for all.
fn set_env(text: &str) -> Option<Action> {
    let (key, value) = text.split_once('=')?;
    let change = Change::Set(unquoted(value));
    Some(Action::SetVar(SetVar { collection: Variable::Env, key: key.trim().to_owned(), change }))
}

fn ctl(text: &str) -> Result<Action, Problem> {
    let wrong = || Problem::ActionArgument { action: "ctl".to_owned(), argument: text.to_owned() };
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    let value = unquoted(value.trim());
    let value = value.as_str();
    let on_off = || match switch(value, "") {
        Some(Switch::On) => Some(true),
        Some(Switch::Off) => Some(false),
        Some(Switch::Between) | None => None,
    };
    let ctl = match name.trim().to_ascii_lowercase().as_str() {
        "auditengine" => switch(value, "RelevantOnly").map(Ctl::AuditEngine),
        "auditlogparts" => Some(Ctl::AuditLogParts(match value.as_bytes().first() {
            Some(b'+') => PartsChange::Add(value[1..].to_owned()),
            Some(b'-') => PartsChange::Remove(value[1..].to_owned()),
            _ => PartsChange::Set(value.to_owned()),
        })),
        "forcerequestbodyvariable" => on_off().map(Ctl::ForceRequestBodyVariable),
        "requestbodyaccess" => on_off().map(Ctl::RequestBodyAccess),
        "requestbodyprocessor" => {
            let is_known =
                ["URLENCODED", "MULTIPART", "XML", "JSON"].iter().any(|known| known.eq_ignore_ascii_case(value));
            is_known.then(|| Ctl::RequestBodyProcessor(value.to_ascii_uppercase()))
        }
        "responsebodyaccess" => on_off().map(Ctl::ResponseBodyAccess),
        "ruleengine" => switch(value, "DetectionOnly").map(Ctl::RuleEngine),
        "ruleremovebyid" => RuleSelector::ids(value).map(Ctl::RuleRemove),
        "ruleremovebymsg" => Some(Ctl::RuleRemove(RuleSelector::Msg(value.to_owned()))),
        "ruleremovebytag" => Some(Ctl::RuleRemove(RuleSelector::Tag(value.to_owned()))),
        "ruleremovetargetbyid" => return target_ctl(value, RuleSelector::ids, wrong),
        "ruleremovetargetbymsg" => return target_ctl(value, |text| Some(RuleSelector::Msg(text.to_owned())), wrong),
        "ruleremovetargetbytag" => return target_ctl(value, |text| Some(RuleSelector::Tag(text.to_owned())), wrong),
        "debugloglevel" | "parsexmlintoargs" | "hashengine" | "hashenforcement" | "requestbodylimit"
        | "responsebodylimit" => {
            return Err(Problem::Unsupported { what: format!("ctl:{name}"), reason: "the engine has no such switch" });
        }
        _ => None,
    };
    ctl.map(Action::Ctl).ok_or_else(wrong)
}

fn target_ctl(
    text: &str,
    rules: impl Fn(&str) -> Option<RuleSelector>,
    wrong: impl Fn() -> Problem,
) -> Result<Action, Problem> {
    let (named, targets) = text.split_once(';').ok_or_else(&wrong)?;
    let rules = rules(named.trim()).ok_or_else(&wrong)?;
    let mut targets = target::parse(targets)?;
    let Some(mut target) = targets.pop().filter(|_| targets.is_empty()) else { return Err(wrong()) };
    target.role = Role::Exclude;
    Ok(Action::Ctl(Ctl::RuleRemoveTarget { rules, target }))
}

/// Reads `On`, `Off` or the word for what lies between them.
pub fn switch(text: &str, between: &str) -> Option<Switch> {
    if text.eq_ignore_ascii_case("on") {
        Some(Switch::On)
    } else if text.eq_ignore_ascii_case("off") {
        Some(Switch::Off)
    } else if !between.is_empty() && text.eq_ignore_ascii_case(between) {
        Some(Switch::Between)
    } else {
        None
    }
}

/// A target that leaves out every value of a variable with this key.
pub fn excluded(variable: Variable, selector: Selector) -> Target {
    Target { role: Role::Exclude, variable, selector }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read() {
        let set = |key: &str, change| Action::SetVar(SetVar { collection: Variable::Tx, key: key.to_owned(), change });
        for (text, expected) in [
            ("id:1,deny", vec![Action::Id(1), Action::Deny]),
            ("msg:'a, \\'b\\''", vec![Action::Msg("a, 'b'".to_owned())]),
            ("setvar:'tx.a=+%{tx.b}'", vec![set("a", Change::Add("%{tx.b}".to_owned()))]),
            ("setvar:tx.a", vec![set("a", Change::Set("1".to_owned()))]),
            ("setvar:!tx.a", vec![set("a", Change::Unset)]),
            ("severity:CRITICAL,severity:'2'", vec![Action::Severity(2), Action::Severity(2)]),
            ("phase:request", vec![Action::Phase(2)]),
            ("ctl:ruleRemoveById=1-3", vec![Action::Ctl(Ctl::RuleRemove(RuleSelector::Ids(vec![(1, 3)])))]),
            ("allow,allow:phase", vec![Action::Allow(Allow::All), Action::Allow(Allow::Phase)]),
            (
                "t:none,  t:lowercase",
                vec![Action::Transformation("none".to_owned()), Action::Transformation("lowercase".to_owned())],
            ),
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_action_is_refused() {
        for text in [
            "id",
            "id:x",
            "id:0",
            "deny:1",
            "phase:6",
            "exec:/bin/sh",
            "setvar:x",
            "setvar:nothere.x=1",
            "ctl:x=1",
            "ctl:ruleEngine=Maybe",
            "ctl:ruleRemoveTargetById=1",
            "msg:'a",
            "severity:9",
            "status:42",
            "unknown",
            "initcol:tx=1",
            "allow:all",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_name_stands_once() {
        let mut names: Vec<_> =
            ACTIONS.iter().map(|(name, _)| *name).chain(REFUSED.iter().map(|(name, _)| *name)).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
