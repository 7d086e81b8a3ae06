//! Values of libraries that are no calls, and the names of Python's own modules and functions.

use std::rc::Rc;

use bartizan_rules::facts::django::Release;

use super::super::evaluate::Machine;
use super::super::value::{Kind, Span, Value};

/// Returns the value of a dotted name, if it has one.
pub(super) fn value(machine: &Machine<'_>, name: &str, at: Span) -> Option<Value> {
    let text = |text: &str| Some(Value::text(text, at));
    let int = |number: i128| Value::new(Kind::Int(number), at);
    if let Some(token) = name.strip_prefix("django.utils.csp.CSP.").or_else(|| name.strip_prefix("csp.constants.")) {
        return csp_token(token, name.starts_with("django")).and_then(text);
    }
    if let Some(setting) = name.strip_prefix("django.conf.global_settings.") {
        return global_setting(setting, at);
    }
    match name {
        "os.environ" | "environ.Env.ENVIRON" => Some(Value::new(Kind::Environ, at)),
        "os.sep" | "os.path.sep" => text("/"),
        "os.pathsep" => text(":"),
        "os.linesep" => text("\n"),
        "os.curdir" => text("."),
        "os.pardir" => text(".."),
        "os.extsep" => text("."),
        "os.devnull" => text("/dev/null"),
        "sys.byteorder" => text("little"),
        "os.name" => text("posix"),
        "sys.platform" => text("linux"),
        "sys.argv" => {
            let words = ["manage.py", "check", "--deploy"];
            Some(Value::list(words.into_iter().map(|word| Value::text(word, at)).collect(), at))
        }
        "sys.path" => Some(Value::new(Kind::List(Rc::clone(&machine.python_path)), at)),
        "sys.version_info" => Some(Value::tuple(vec![int(3), int(13), int(0)], at)),
        "sys.version_info.major" => Some(int(3)),
        "sys.version_info.minor" => Some(int(13)),
        "sys.version" => text("3.13.0 (main)"),
        "sys.maxsize" => Some(int(i128::from(i64::MAX))),
        "django.VERSION" => {
            let (major, minor) = match machine.options.release {
                Release::V5_2 => (5, 2),
                Release::V6_1 => (6, 1),
            };
            Some(Value::tuple(vec![int(major), int(minor), int(0), Value::text("final", at), int(0)], at))
        }
        "string.ascii_lowercase" => text("abcdefghijklmnopqrstuvwxyz"),
        "string.ascii_uppercase" => text("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "string.ascii_letters" => text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "string.digits" => text("0123456789"),
        "string.punctuation" => text(r##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##),
        "string.hexdigits" => text("0123456789abcdefABCDEF"),
        "string.octdigits" => text("01234567"),
        "string.whitespace" => text(" \t\n\r\x0b\x0c"),
        "django.contrib.messages.constants.DEBUG" => Some(int(10)),
        "django.contrib.messages.constants.INFO" => Some(int(20)),
        "django.contrib.messages.constants.SUCCESS" => Some(int(25)),
        "django.contrib.messages.constants.WARNING" => Some(int(30)),
        "django.contrib.messages.constants.ERROR" => Some(int(40)),
        "typing.TYPE_CHECKING" => Some(Value::new(Kind::Bool(false), at)),
        "logging.NOTSET" => Some(int(0)),
        "logging.DEBUG" => Some(int(10)),
        "logging.INFO" => Some(int(20)),
        "logging.WARNING" | "logging.WARN" => Some(int(30)),
        "logging.ERROR" => Some(int(40)),
        "logging.CRITICAL" | "logging.FATAL" => Some(int(50)),
        "math.pi" => Some(Value::new(Kind::Float(std::f64::consts::PI), at)),
        _ if name.starts_with("re.") => super::regular::flag(name).map(int),
        "math.inf" => Some(Value::new(Kind::Float(f64::INFINITY), at)),
        _ => None,
    }
}

/// Returns what `from module import *` binds.
pub(super) fn star(module: &str, at: Span) -> Vec<(String, Value)> {
    let names: &[&str] = match module {
        "os" => &["environ", "getenv", "path", "sep"],
        "os.path" => &["abspath", "basename", "dirname", "exists", "isdir", "isfile", "join"],
        "decouple" => &["config", "Config", "Csv", "AutoConfig", "RepositoryEnv"],
        "pathlib" => &["Path", "PurePath"],
        "django.conf.global_settings" => {
            let setting = |name: &&str| Some(((*name).to_owned(), global_setting(name, at)?));
            return GLOBAL.iter().filter_map(setting).collect();
        }
        _ => &[],
    };
    let known = |name: &&str| {
        let value = match (module, *name) {
            ("os", "environ") => Kind::Environ,
            _ => Kind::Known(Rc::from(format!("{module}.{name}"))),
        };
        ((*name).to_owned(), Value::new(value, at))
    };
    names.iter().map(known).collect()
}

fn csp_token(token: &str, is_django: bool) -> Option<&'static str> {
    Some(match token {
        "NONE" => "'none'",
        "REPORT_SAMPLE" => "'report-sample'",
        "SELF" => "'self'",
        "STRICT_DYNAMIC" => "'strict-dynamic'",
        "UNSAFE_EVAL" => "'unsafe-eval'",
        "UNSAFE_HASHES" => "'unsafe-hashes'",
        "UNSAFE_INLINE" => "'unsafe-inline'",
        "WASM_UNSAFE_EVAL" => "'wasm-unsafe-eval'",
        "NONCE" if is_django => NONCE,
        "NONCE" => "django-csp's nonce",
        _ => return None,
    })
}

/// What Django puts into a policy for the nonce of a request.
const NONCE: &str = "<CSP_NONCE_SENTINEL>";

/// The defaults that settings take over to change them.
fn global_setting(name: &str, at: Span) -> Option<Value> {
    let list = |items: &[&str]| Value::list(items.iter().map(|item| Value::text(item, at)).collect(), at);
    Some(match name {
        "ALLOWED_HOSTS"
        | "INSTALLED_APPS"
        | "MIDDLEWARE"
        | "TEMPLATES"
        | "SECRET_KEY_FALLBACKS"
        | "AUTH_PASSWORD_VALIDATORS"
        | "STATICFILES_DIRS"
        | "LOCALE_PATHS"
        | "INTERNAL_IPS"
        | "ADMINS" => list(&[]),
        "AUTHENTICATION_BACKENDS" => list(&["django.contrib.auth.backends.ModelBackend"]),
        "STATICFILES_FINDERS" => list(&[
            "django.contrib.staticfiles.finders.FileSystemFinder",
            "django.contrib.staticfiles.finders.AppDirectoriesFinder",
        ]),
        "PASSWORD_HASHERS" => list(&[
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
            "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
            "django.contrib.auth.hashers.ScryptPasswordHasher",
        ]),
        "SECURE_HSTS_SECONDS" => Value::new(Kind::Int(0), at),
        "SECRET_KEY" => Value::text("", at),
        "X_FRAME_OPTIONS" => Value::text("DENY", at),
        "SECURE_REFERRER_POLICY" | "SECURE_CROSS_ORIGIN_OPENER_POLICY" => Value::text("same-origin", at),
        "DEBUG"
        | "SECURE_SSL_REDIRECT"
        | "SECURE_HSTS_PRELOAD"
        | "SECURE_HSTS_INCLUDE_SUBDOMAINS"
        | "SESSION_COOKIE_SECURE"
        | "CSRF_COOKIE_SECURE"
        | "CSRF_COOKIE_HTTPONLY"
        | "CSRF_USE_SESSIONS" => Value::new(Kind::Bool(false), at),
        "SECURE_CONTENT_TYPE_NOSNIFF" | "SESSION_COOKIE_HTTPONLY" | "USE_TZ" | "USE_I18N" => {
            Value::new(Kind::Bool(true), at)
        }
        _ => return None,
    })
}

const GLOBAL: &[&str] = &[
    "ALLOWED_HOSTS",
    "AUTHENTICATION_BACKENDS",
    "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SECURE",
    "CSRF_USE_SESSIONS",
    "DEBUG",
    "INSTALLED_APPS",
    "MIDDLEWARE",
    "PASSWORD_HASHERS",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_HSTS_SECONDS",
    "SECURE_REFERRER_POLICY",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SECURE",
    "TEMPLATES",
    "X_FRAME_OPTIONS",
];

/// Python's built-in functions, types and constants.
pub(super) const BUILTINS: &[&str] = &[
    "NotImplemented",
    "__build_class__",
    "__debug__",
    "__import__",
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "copyright",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

/// Python's own modules.
pub(super) const STANDARD: &[&str] = &[
    "__future__",
    "abc",
    "argparse",
    "array",
    "ast",
    "asyncio",
    "atexit",
    "base64",
    "binascii",
    "bisect",
    "builtins",
    "bz2",
    "calendar",
    "cmath",
    "codecs",
    "collections",
    "colorsys",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "csv",
    "ctypes",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "dis",
    "distutils",
    "email",
    "encodings",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "imaplib",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "multiprocessing",
    "netrc",
    "ntpath",
    "numbers",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "pkgutil",
    "platform",
    "plistlib",
    "posix",
    "posixpath",
    "pprint",
    "pwd",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "resource",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtplib",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "stat",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
    "sysconfig",
    "syslog",
    "tarfile",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "token",
    "tokenize",
    "tomllib",
    "traceback",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "venv",
    "warnings",
    "weakref",
    "webbrowser",
    "xml",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_are_searched_are_sorted() {
        for table in [STANDARD, BUILTINS, GLOBAL] {
            assert!(table.is_sorted(), "{table:?}");
        }
    }
}
