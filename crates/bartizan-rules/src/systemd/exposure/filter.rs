//! Which system calls a service may make (`SystemCallFilter=`).

use std::collections::BTreeSet;

use super::syscalls::{FOREIGN, GROUPS, NATIVE};
use super::value::{Quotes, words};

/// Which system calls a service may make.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Filter {
    /// Nothing until a line says something.
    list: Option<List>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct List {
    /// Whether all but the listed calls are forbidden.
    is_allowing: bool,
    calls: BTreeSet<&'static str>,
}

impl Filter {
    /// Adds a value; returns what of it is ignored, each with its reason.
    pub(super) fn add(&mut self, value: &str) -> Vec<String> {
        if value.is_empty() {
            self.list = None;
            return Vec::new();
        }
        let (value, is_inverted) = value.strip_prefix('~').map_or((value, false), |rest| (rest, true));
        let list = self.list.get_or_insert_with(|| {
            let mut list = List { is_allowing: !is_inverted, calls: BTreeSet::new() };
            if !is_inverted {
                // Without these not even an empty program runs.
                list.add("@default", false);
            }
            list
        });
        let mut ignored = Vec::new();
        let (found, is_whole) = words(value, Quotes::Kept);
        for word in found {
            let (name, answer) = word.split_once(':').map_or((&*word, None), |(name, answer)| (name, Some(answer)));
            if answer.is_some_and(|answer| !is_answer(answer)) {
                ignored.push(format!("{word}: no error is called so"));
            } else if answer.is_some() && !is_inverted {
                ignored.push(format!("{word}: what is allowed has no error"));
            } else if !list.add(name, is_inverted) {
                ignored.push(format!("{name}: no system call or group is called so"));
            }
        }
        if !is_whole {
            ignored.push("the rest of the line cannot be read".to_owned());
        }
        ignored
    }

    /// Whether it forbids nothing.
    pub(super) fn is_none(&self) -> bool {
        self.list.as_ref().is_none_or(|list| !list.is_allowing && list.calls.is_empty())
    }

    /// How much of a group is left, from 0 to 10.
    pub(super) fn badness(&self, group: &str) -> u64 {
        let Some(list) = self.list.as_ref().filter(|_| !self.is_none()) else { return 10 };
        let calls = calls(group);
        let mut calls = calls.iter().filter(|call| NATIVE.binary_search(call).is_ok());
        let is_bad = calls.any(|call| list.calls.contains(call) == list.is_allowing);
        match (is_bad, list.is_allowing) {
            (false, _) => 0,
            (true, true) => 9,
            (true, false) => 10,
        }
    }
}

impl List {
    /// Adds a call or a group, or takes it away; says whether there is one of this name.
    fn add(&mut self, name: &str, is_inverted: bool) -> bool {
        let names = calls(name);
        for call in &names {
            if is_inverted == self.is_allowing {
                self.calls.remove(call);
            } else {
                self.calls.insert(call);
            }
        }
        !names.is_empty()
    }
}

/// Returns the calls that a name stands for.
fn calls(name: &str) -> Vec<&'static str> {
    if name == "@known" {
        // One call is in other groups only.
        return NATIVE.iter().chain(FOREIGN).copied().filter(|call| *call != "nfsservctl").collect();
    }
    if let Some((_, members)) = GROUPS.iter().find(|(known, _)| *known == name) {
        // Groups hold groups, and none holds itself.
        return members.iter().flat_map(|member| calls(member)).collect();
    }
    let of = |table: &'static [&'static str]| table.binary_search(&name).ok().and_then(|at| table.get(at));
    of(NATIVE).or_else(|| of(FOREIGN)).copied().into_iter().collect()
}

/// Whether a forbidden call can be answered so: with an error by name or number, or by the end of the process.
fn is_answer(text: &str) -> bool {
    text == "kill" || text.parse::<u16>().is_ok_and(|number| number <= 4095) || ERRORS.binary_search(&text).is_ok()
}

/// The names of errors (errno(3)).
static ERRORS: &[&str] = &[
    "E2BIG",
    "EACCES",
    "EADDRINUSE",
    "EADDRNOTAVAIL",
    "EADV",
    "EAFNOSUPPORT",
    "EAGAIN",
    "EALREADY",
    "EBADE",
    "EBADF",
    "EBADFD",
    "EBADMSG",
    "EBADR",
    "EBADRQC",
    "EBADSLT",
    "EBFONT",
    "EBUSY",
    "ECANCELED",
    "ECHILD",
    "ECHRNG",
    "ECOMM",
    "ECONNABORTED",
    "ECONNREFUSED",
    "ECONNRESET",
    "EDEADLK",
    "EDEADLOCK",
    "EDESTADDRREQ",
    "EDOM",
    "EDOTDOT",
    "EDQUOT",
    "EEXIST",
    "EFAULT",
    "EFBIG",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "EIDRM",
    "EILSEQ",
    "EINPROGRESS",
    "EINTR",
    "EINVAL",
    "EIO",
    "EISCONN",
    "EISDIR",
    "EISNAM",
    "EKEYEXPIRED",
    "EKEYREJECTED",
    "EKEYREVOKED",
    "EL2HLT",
    "EL2NSYNC",
    "EL3HLT",
    "EL3RST",
    "ELIBACC",
    "ELIBBAD",
    "ELIBEXEC",
    "ELIBMAX",
    "ELIBSCN",
    "ELNRNG",
    "ELOOP",
    "EMEDIUMTYPE",
    "EMFILE",
    "EMLINK",
    "EMSGSIZE",
    "EMULTIHOP",
    "ENAMETOOLONG",
    "ENAVAIL",
    "ENETDOWN",
    "ENETRESET",
    "ENETUNREACH",
    "ENFILE",
    "ENOANO",
    "ENOBUFS",
    "ENOCSI",
    "ENODATA",
    "ENODEV",
    "ENOENT",
    "ENOEXEC",
    "ENOKEY",
    "ENOLCK",
    "ENOLINK",
    "ENOMEDIUM",
    "ENOMEM",
    "ENOMSG",
    "ENONET",
    "ENOPKG",
    "ENOPROTOOPT",
    "ENOSPC",
    "ENOSR",
    "ENOSTR",
    "ENOSYS",
    "ENOTBLK",
    "ENOTCONN",
    "ENOTDIR",
    "ENOTEMPTY",
    "ENOTNAM",
    "ENOTRECOVERABLE",
    "ENOTSOCK",
    "ENOTSUP",
    "ENOTTY",
    "ENOTUNIQ",
    "ENXIO",
    "EOPNOTSUPP",
    "EOVERFLOW",
    "EOWNERDEAD",
    "EPERM",
    "EPFNOSUPPORT",
    "EPIPE",
    "EPROTO",
    "EPROTONOSUPPORT",
    "EPROTOTYPE",
    "ERANGE",
    "EREMCHG",
    "EREMOTE",
    "EREMOTEIO",
    "ERESTART",
    "ERFKILL",
    "EROFS",
    "ESHUTDOWN",
    "ESOCKTNOSUPPORT",
    "ESPIPE",
    "ESRCH",
    "ESRMNT",
    "ESTALE",
    "ESTRPIPE",
    "ETIME",
    "ETIMEDOUT",
    "ETOOMANYREFS",
    "ETXTBSY",
    "EUCLEAN",
    "EUNATCH",
    "EUSERS",
    "EWOULDBLOCK",
    "EXDEV",
    "EXFULL",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_groups_are_known() {
        assert!(NATIVE.is_sorted() && FOREIGN.is_sorted() && ERRORS.is_sorted());
        for (group, members) in GROUPS {
            for member in members.iter().filter(|member| member.starts_with('@')) {
                assert!(GROUPS.iter().any(|(known, _)| known == member), "{group}: {member}");
            }
        }
    }

    #[test]
    fn filters_say_how_much_of_a_group_is_left() {
        for (values, group, expected) in [
            (&[][..], "@clock", 10),
            (&["~@clock"], "@clock", 0),
            (&["~@clock"], "@swap", 10),
            (&["~settimeofday"], "@clock", 10), // the others of the group remain
            (&["@clock"], "@clock", 9),
            (&["@system-service"], "@clock", 0),
            (&["@system-service"], "@resources", 9),
            (&["@system-service", "~@resources"], "@resources", 0),
            (&["@bogus"], "@clock", 0), // the list is empty, and looks hardened
            (&["~@bogus"], "@clock", 10),
            (&["~@clock:EPERM"], "@clock", 0),
            (&["~@clock:EBOGUS"], "@clock", 10),
            (&["~@clock", ""], "@clock", 10),
        ] {
            let mut filter = Filter::default();
            for value in values {
                filter.add(value);
            }
            assert_eq!(filter.badness(group), expected, "{values:?} {group}");
        }
    }
}
