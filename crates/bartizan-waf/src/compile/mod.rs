//! From directives to rules that run: chains are closed, names become numbers, updates are applied, markers resolved.

pub(crate) mod chains;
mod folding;
pub(crate) mod link;
pub(crate) mod names;
pub(crate) mod program;
pub(crate) mod selection;
mod updates;

use std::collections::HashMap;
use std::path::Path;

use crate::bits::Bits;
use crate::expand::Template;
use crate::files::{Beside, Files};
use crate::operators::Operator;
use crate::rule::{Disruption, Rule};
use crate::seclang::action::Action;
use crate::seclang::directive::{Directive, RuleText};
use crate::seclang::include::Statement;
use crate::seclang::{LoadError, Place, Problem};
use crate::settings::Settings;
use chains::{Chain, Chains};
use names::Names;
use program::{Program, Stream};

/// What is made of the directives.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    pub(crate) settings: Settings,
    pub(crate) rules: Vec<Rule>,
    /// For each phase the rules that run.
    pub(crate) programs: [Program; 5],
    /// The same with the rules whose outcome is known.
    pub(crate) whole: [Program; 5],
    /// The rules whose outcome is known.
    pub(crate) folded: Bits,
    /// Variables of `TX` and the numbers of their values, in the order of the steps that set them.
    pub(crate) assignments: Vec<(u32, Option<u32>)>,
    /// Those values.
    pub(crate) constants: Vec<Box<[u8]>>,
    pub(crate) operators: Vec<Box<dyn Operator>>,
    pub(crate) chains: Vec<Chain>,
    pub(crate) names: Names,
    /// The variable of each stream of values.
    pub(crate) streams: Vec<Stream>,
    /// Directives without effect, and why.
    pub(crate) notes: Vec<(Place, String)>,
}

/// A rule whose actions are still texts: updates of actions come before anything is compiled.
#[derive(Debug)]
struct Draft {
    place: Place,
    links: Vec<DraftLink>,
}

#[derive(Debug)]
struct DraftLink {
    place: Place,
    /// None for `SecAction`.
    text: Option<RuleText>,
    actions: Vec<Action>,
}

/// Compiles directives in order; all problems are gathered.
pub(crate) fn compile(statements: Vec<Statement>, files: &dyn Files) -> (Compiled, Vec<LoadError>) {
    let mut compiler = Compiler {
        files,
        compiled: Compiled::default(),
        errors: Vec::new(),
        operators: HashMap::new(),
        chains: Chains::default(),
        skips: HashMap::new(),
    };
    let mut gathered = Gathered::default();
    for statement in statements {
        gathered.take(statement, &mut compiler);
    }
    if let Some(open) = gathered.open.take() {
        compiler.fail(&open.place, "SecRule", Problem::ChainOpen);
    }
    updates::actions(&mut gathered.drafts, &gathered.updates, &mut compiler);
    gathered.check_ids(&mut compiler);
    let mut selections = Vec::new();
    for (draft, defaults) in gathered.drafts.iter().zip(&gathered.defaults) {
        compiler.rule(draft, defaults, &mut selections);
    }
    updates::targets(&gathered.updates, &mut compiler);
    selection::resolve(selections, &mut compiler);
    program::build(&gathered.order, &gathered.updates, &mut compiler);
    compiler.compiled.chains = compiler.chains.finish();
    (compiler.compiled, compiler.errors)
}

/// Everything that is needed while rules are compiled.
#[derive(Debug)]
struct Compiler<'a> {
    files: &'a dyn Files,
    compiled: Compiled,
    errors: Vec<LoadError>,
    /// Operators by name, argument and folder: many rules ask the same of different values.
    operators: HashMap<(&'static str, String, Option<std::path::PathBuf>), usize>,
    chains: Chains,
    /// Rules that leave others out, by index.
    skips: HashMap<usize, Skip>,
}

/// How a rule leaves others out.
#[derive(Debug)]
enum Skip {
    /// To after a marker.
    After(String),
    /// So many rules.
    Rules(u32),
}

/// The directives, sorted.
#[derive(Debug, Default)]
struct Gathered {
    drafts: Vec<Draft>,
    /// For each draft, the default actions that held where it stands.
    defaults: Vec<Defaults>,
    current: [Option<std::rc::Rc<[Action]>>; 5],
    open: Option<Draft>,
    /// Rules and markers in order.
    order: Vec<Ordered>,
    /// Directives that change rules.
    updates: Vec<(Place, Directive)>,
}

type Defaults = [Option<std::rc::Rc<[Action]>>; 5];

/// What the order of files says.
#[derive(Debug)]
enum Ordered {
    Marker(String),
    Rule(usize),
}

impl Gathered {
    fn take(&mut self, statement: Statement, compiler: &mut Compiler<'_>) {
        let Statement { place, directive } = statement;
        // Whatever stands between the links of a chain would be read as one of them by a person.
        if let Some(open) = &self.open
            && !matches!(directive, Directive::Rule(_))
        {
            let place = open.place.clone();
            compiler.fail(&place, "SecRule", Problem::ChainOpen);
            self.open = None;
        }
        match directive {
            Directive::Rule(text) => {
                let actions = text.actions.clone();
                self.link(DraftLink { place, text: Some(text), actions }, compiler);
            }
            Directive::Action(actions) => self.link(DraftLink { place, text: None, actions }, compiler),
            Directive::DefaultAction(actions) => self.default_actions(&place, actions, compiler),
            Directive::Marker(name) => self.order.push(Ordered::Marker(name)),
            Directive::Setting(setting) => {
                let setting = match setting {
                    crate::seclang::directive::Setting::UnicodeMapFile(path, page) => {
                        let folder = place.file.parent().unwrap_or(Path::new(""));
                        crate::seclang::directive::Setting::UnicodeMapFile(folder.join(path), page)
                    }
                    other => other,
                };
                compiler.compiled.settings.apply(setting);
            }
            Directive::Note(reason) => compiler.compiled.notes.push((place, reason.to_owned())),
            // Included files have been read.
            Directive::Include(_) => {}
            update @ (Directive::RemoveRules(_) | Directive::UpdateActions(..) | Directive::UpdateTargets { .. }) => {
                self.updates.push((place, update));
            }
        }
    }

    fn link(&mut self, link: DraftLink, compiler: &mut Compiler<'_>) {
        let goes_on = link.actions.contains(&Action::Chain);
        let mut draft = match self.open.take() {
            Some(draft) => {
                if let Some(name) = link.actions.iter().find_map(first_only) {
                    compiler.fail(&link.place, "SecRule", Problem::ChainLater(name));
                }
                draft
            }
            None => Draft { place: link.place.clone(), links: Vec::new() },
        };
        draft.links.push(link);
        if goes_on {
            self.open = Some(draft);
            return;
        }
        self.order.push(Ordered::Rule(self.drafts.len()));
        self.drafts.push(draft);
        self.defaults.push(self.current.clone());
    }

    fn default_actions(&mut self, place: &Place, actions: Vec<Action>, compiler: &mut Compiler<'_>) {
        let phase = actions.iter().rev().find_map(|action| match action {
            Action::Phase(phase) => Some(*phase),
            _ => None,
        });
        if actions
            .iter()
            .any(|action| matches!(action, Action::Id(_) | Action::Chain | Action::Skip(_) | Action::SkipAfter(_)))
        {
            let problem = Problem::ActionArgument {
                action: "SecDefaultAction".to_owned(),
                argument: "id, chain or skip".to_owned(),
            };
            compiler.fail(place, "SecDefaultAction", problem);
        }
        let index = usize::from(phase.unwrap_or(2).clamp(1, 5)) - 1;
        self.current[index] = Some(actions.into());
    }

    fn check_ids(&self, compiler: &mut Compiler<'_>) {
        let mut taken: HashMap<u64, Place> = HashMap::new();
        for draft in &self.drafts {
            let Some(link) = draft.links.first() else { continue };
            let directive = if link.text.is_some() { "SecRule" } else { "SecAction" };
            let Some(id) = id(&link.actions) else {
                compiler.fail(&draft.place, directive, Problem::MissingId);
                continue;
            };
            match taken.get(&id) {
                Some(earlier) => {
                    compiler.fail(&draft.place, directive, Problem::DuplicateId { id, earlier: earlier.clone() });
                }
                None => {
                    taken.insert(id, draft.place.clone());
                }
            }
        }
    }
}

/// Actions that a later link of a chain cannot have, because the chain has only one of each.
fn first_only(action: &Action) -> Option<&'static str> {
    Some(match action {
        Action::Allow(_) => "allow",
        Action::Deny => "deny",
        Action::Drop => "drop",
        Action::Id(_) => "id",
        Action::Phase(_) => "phase",
        Action::Redirect(_) => "redirect",
        Action::Skip(_) => "skip",
        Action::SkipAfter(_) => "skipAfter",
        _ => return None,
    })
}

fn id(actions: &[Action]) -> Option<u64> {
    actions.iter().rev().find_map(|action| match action {
        Action::Id(id) => Some(*id),
        _ => None,
    })
}

impl Compiler<'_> {
    fn fail(&mut self, place: &Place, directive: &str, problem: Problem) {
        self.errors.push(LoadError { place: place.clone(), directive: directive.to_owned(), problem });
    }

    fn rule(&mut self, draft: &Draft, defaults: &Defaults, selections: &mut Vec<selection::Pending>) {
        let index = self.compiled.rules.len();
        let mut rule = Rule {
            id: 0,
            place: draft.place.clone(),
            phase: 2,
            links: Vec::new(),
            msg: None,
            logdata: None,
            tags: Vec::new(),
            severity: None,
            ver: None,
            rev: None,
            is_logged: true,
            is_audited: true,
            disruption: Disruption::Pass,
            status: 403,
            next: None,
        };
        let Some(first) = draft.links.first() else { return };
        for action in &first.actions {
            match action {
                Action::Skip(count) => self.skips.insert(index, Skip::Rules(*count)),
                Action::SkipAfter(name) => self.skips.insert(index, Skip::After(name.clone())),
                _ => None,
            };
        }
        let phase = |actions: &[Action]| {
            actions.iter().rev().find_map(|action| if let Action::Phase(phase) = action { Some(*phase) } else { None })
        };
        rule.phase = phase(&first.actions).unwrap_or(2);
        let defaults: &[Action] =
            defaults.get(usize::from(rule.phase) - 1).and_then(Option::as_deref).unwrap_or_default();
        for action in defaults {
            self.attribute(&draft.place, "SecDefaultAction", action, &[], &mut rule);
        }
        for link in &draft.links {
            let directive = if link.text.is_some() { "SecRule" } else { "SecAction" };
            for action in &link.actions {
                self.attribute(&link.place, directive, action, defaults, &mut rule);
            }
            let folder = link.place.file.parent().unwrap_or(Path::new("")).to_owned();
            let beside = Beside { folder: &folder, files: self.files };
            match self.link(link, directive, defaults, &beside, index, rule.links.len(), selections) {
                Ok(compiled) => rule.links.push(compiled),
                Err(problem) => self.fail(&link.place, directive, problem),
            }
        }
        self.compiled.rules.push(rule);
    }

    /// What one action says of the rule as a whole.
    fn attribute(&mut self, place: &Place, directive: &str, action: &Action, defaults: &[Action], rule: &mut Rule) {
        let mut template = |text: &str| match Template::parse(text, &mut self.compiled.names) {
            Ok(template) => Some(template),
            Err(problem) => {
                let problem = LoadError { place: place.clone(), directive: directive.to_owned(), problem };
                self.errors.push(problem);
                None
            }
        };
        match action {
            Action::Allow(allow) => rule.disruption = Disruption::Allow(*allow),
            Action::AuditLog => rule.is_audited = true,
            Action::Block => {
                // Blocking is what the phase's default says; without one, rules only watch.
                rule.disruption = defaults
                    .iter()
                    .rev()
                    .find_map(|action| default_disruption(action, &mut template))
                    .unwrap_or(Disruption::Pass);
            }
            Action::Deny => rule.disruption = Disruption::Deny,
            Action::Drop => rule.disruption = Disruption::Drop,
            Action::Id(id) => rule.id = *id,
            Action::Log => (rule.is_logged, rule.is_audited) = (true, true),
            Action::LogData(text) => rule.logdata = template(text),
            Action::Msg(text) => rule.msg = template(text),
            Action::NoAuditLog => rule.is_audited = false,
            Action::NoLog => (rule.is_logged, rule.is_audited) = (false, false),
            Action::Pass => rule.disruption = Disruption::Pass,
            Action::Redirect(text) => rule.disruption = template(text).map_or(Disruption::Deny, Disruption::Redirect),
            Action::Rev(text) => rule.rev = Some(text.as_str().into()),
            Action::Severity(severity) => rule.severity = Some(*severity),
            Action::Status(status) => rule.status = *status,
            Action::Tag(text) => rule.tags.push(text.as_str().into()),
            Action::Ver(text) => rule.ver = Some(text.as_str().into()),
            Action::Capture
            | Action::Chain
            | Action::Ctl(_)
            | Action::ExpireVar { .. }
            | Action::InitCol { .. }
            | Action::MultiMatch
            | Action::Note
            | Action::Phase(_)
            | Action::SetIdentity { .. }
            | Action::SetVar(_)
            | Action::Skip(_)
            | Action::SkipAfter(_)
            | Action::Transformation(_) => {}
        }
    }
}

fn default_disruption(action: &Action, template: &mut impl FnMut(&str) -> Option<Template>) -> Option<Disruption> {
    Some(match action {
        Action::Allow(allow) => Disruption::Allow(*allow),
        Action::Deny => Disruption::Deny,
        Action::Drop => Disruption::Drop,
        Action::Pass => Disruption::Pass,
        Action::Redirect(text) => template(text).map_or(Disruption::Deny, Disruption::Redirect),
        _ => return None,
    })
}
