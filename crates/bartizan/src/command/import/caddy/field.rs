//! `header` directives: fields that are set, and fields of the app that are taken away.

use bartizan_rules::facts::blocks::At;

use super::super::headers::Sent;
use super::super::plan::Plan;
use super::super::servers::push;

/// What header directives come to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) sent: Vec<Sent>,
    pub(super) stripped: Vec<String>,
    /// The flags that are put on cookies, as they were written.
    pub(super) flags: String,
}

impl Fields {
    /// Follows a directive, whose words begin behind its matcher.
    pub(super) fn follow(&mut self, node: At<'_>, skip: usize, plan: &mut Plan) {
        let words: Vec<_> = node.args().skip(skip).collect();
        if !words.is_empty() {
            self.line(node, &words, plan);
        }
        for child in node.children().filter(|child| child.name() != "defer") {
            let words: Vec<_> = std::iter::once(child.name()).chain(child.args()).collect();
            self.line(child, &words, plan);
        }
    }

    fn line(&mut self, node: At<'_>, words: &[&str], plan: &mut Plan) {
        let Some((word, rest)) = words.split_first() else { return };
        let sign = word.chars().next().filter(|sign| matches!(sign, '+' | '-' | '?' | '>'));
        let name = word.trim_start_matches(['+', '-', '?', '>']).trim_end_matches(':');
        let is = |one: &Sent| one.name.eq_ignore_ascii_case(name);
        match (sign, rest) {
            (Some('-'), _) => {
                self.sent.retain(|one| !is(one));
                push(&mut self.stripped, name.to_ascii_lowercase());
            }
            (_, [_, with]) if name.eq_ignore_ascii_case("set-cookie") => {
                self.flags.push_str(&with.to_ascii_lowercase());
            }
            (_, [value]) if !value.contains('{') => {
                if sign != Some('+') {
                    self.sent.retain(|one| !is(one));
                }
                if sign == Some('?') {
                    plan.lose(node, "the app's own value is replaced here");
                }
                self.sent.push(Sent { name: name.to_owned(), value: (*value).to_owned() });
            }
            (_, [_]) => plan.lose(node, "the value is made of variables"),
            _ => plan.lose(node, "fields are not changed by pattern here"),
        }
    }
}
