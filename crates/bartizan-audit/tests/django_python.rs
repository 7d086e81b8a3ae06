//! What the evaluator of settings knows of Python: each line is true in Python, and is to be known as true.

#![allow(clippy::unwrap_used, reason = "what cannot go on is a failed test")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use bartizan_audit::Tree;
use bartizan_audit::formats::django::{Options, Variables, read};
use bartizan_rules::facts::django::{CspRelease, Literal, Outcome, Release};

/// The settings with these files beside them, where nothing is set but `NAME`.
fn outcomes(settings: &str) -> Vec<Outcome> {
    let files = [
        ("settings.py", settings),
        ("other.py", OTHER),
        ("data.json", r#"{"hosts": ["a.example"], "debug": false}"#),
        ("data.toml", "debug = false\n[site]\nhosts = [\"a.example\"]\n"),
        ("data.ini", "[DEFAULT]\nx = 1\n[site]\nHosts = a.example\ndebug = no\nn = 7\n"),
        ("parts/one.py", ""),
        ("parts/two.py", ""),
    ];
    let tree = Tree::in_memory(files.map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec())));
    let given = BTreeMap::from([
        ("NAME".to_owned(), "value".to_owned()),
        ("NUMBERS".to_owned(), "1,2".to_owned()),
        ("ADDRESS".to_owned(), "https://a.example/x".to_owned()),
    ]);
    let options = Options {
        module: Some("settings".to_owned()),
        release: Release::V5_2,
        csp: CspRelease::None,
        variables: Variables { given, is_closed: true },
    };
    let facts = read(&tree, &options);
    facts.django().flat_map(|django| django.outcomes.clone()).collect()
}

fn wrong<'t>(first: &str, expressions: &[&'t str]) -> Vec<(&'t str, String)> {
    let mut wrong = Vec::new();
    for expression in expressions {
        for outcome in outcomes(&format!("{first}\nANSWER = {expression}\n")) {
            let answer = outcome.value("ANSWER");
            if answer != Some(&Literal::Bool(true)) {
                let stopped = outcome.stopped.as_ref().map(|stopped| stopped.message.clone());
                wrong.push((*expression, format!("{answer:?} {stopped:?}")));
            }
        }
    }
    wrong
}

#[test]
fn what_python_says_is_said() {
    let mut all = Vec::new();
    for (first, expressions) in TABLE {
        all.extend(wrong(first, expressions));
    }
    assert!(all.is_empty(), "{}:\n{all:#?}", all.len());
}

#[test]
fn what_is_false_is_not_said() {
    for (first, expression) in [
        ("import re", "re.match('b', 'ab') is not None"),
        ("import sys", "'test' in sys.argv"),
        ("import sys", "hasattr(sys, 'frozen')"),
        ("import sys", "'pytest' in sys.modules"),
        ("from datetime import timedelta", "bool(timedelta(0))"),
        ("import other", "bool(other.Empty())"),
        ("import other", "other.Color.RED == 1"),
        ("import importlib.util", "importlib.util.find_spec('absent') is not None"),
        ("", "{1} >= {1, 2}"),
    ] {
        for outcome in outcomes(&format!("{first}\nANSWER = {expression}\n")) {
            assert_eq!(outcome.value("ANSWER"), Some(&Literal::Bool(false)), "{expression}");
        }
    }
}

#[test]
fn what_cannot_be_known_is_not_made_up() {
    for (first, expression) in [
        ("import socket", "socket.gethostname() == 'web'"),
        ("import string", "string.nothing_known == 'a'"),
        ("import re", "re.match('(?=a)', 'a') is not None"),
        ("import time", "time.time() > 5"),
        ("import json", "json.dumps([1], indent=2) == ''"),
    ] {
        let answers: Vec<_> = outcomes(&format!("{first}\nANSWER = {expression}\n"))
            .iter()
            .map(|one| one.value("ANSWER").cloned())
            .collect();
        let is_both = [true, false].iter().all(|yes| answers.contains(&Some(Literal::Bool(*yes))));
        assert!(is_both, "{expression}: {answers:?}");
    }
}

#[test]
fn statements_do_what_python_does() {
    for (statements, expected) in [
        (
            "import contextlib\nANSWER = 1\nwith contextlib.suppress(ImportError):\n    import absent\n    ANSWER = 2\n",
            1,
        ),
        ("ANSWER = 1\ntry:\n    import absent\n    ANSWER = 2\nexcept ImportError:\n    pass\n", 1),
        ("match 7:\n    case int(n) if n > 5:\n        ANSWER = n\n    case _:\n        ANSWER = 1\n", 7),
        ("match {'a': 1, 'b': 2}:\n    case {'a': 1, **rest}:\n        ANSWER = rest['b']\n", 2),
        ("class A:\n    x: int = 3\nmatch A():\n    case A(x=3):\n        ANSWER = 4\n", 4),
        ("def f():\n    yield 1\n    yield from [2, 3]\nANSWER = sum(f())\n", 6),
        (
            "from contextlib import contextmanager\n@contextmanager\ndef f():\n    yield 5\nwith f() as ANSWER:\n    pass\n",
            5,
        ),
        ("x = {'ANSWER': 8}\nfor name, value in x.items():\n    globals()[name] = value\n", 8),
        ("import sys\nsetattr(sys.modules[__name__], 'ANSWER', 9)\n", 9),
        ("ANSWER = 1\nx = {'a'}\nx |= {'b'}\nANSWER = len(x)\n", 2),
    ] {
        for outcome in outcomes(statements) {
            assert_eq!(outcome.value("ANSWER"), Some(&Literal::Int(expected)), "{statements}: {:?}", outcome.stopped);
        }
    }
}

#[test]
fn endless_work_ends() {
    for settings in [
        "def f():\n    while True:\n        yield 1\nANSWER = list(f())\n",
        "import re\nANSWER = re.sub('', 'x' * 1000, 'y' * 100000)\n",
        "import itertools\nANSWER = list(itertools.product(range(1000), repeat=9))\n",
        "import itertools\nx = range(1000)\nANSWER = list(itertools.product(x, x, x))\n",
        "import re\nANSWER = re.compile('(a{1000}){1000}').match('a')\n",
        "class A:\n    def __eq__(self, other):\n        return self == other\nANSWER = A() == 1\n",
        "class A:\n    def __getattr__(self, name):\n        return self.x\nANSWER = A().y\n",
        "ANSWER = f'{1:999999999}'\n",
        "x = '{' + 'a' * 9 + '}'\nANSWER = '{0[a][b][c]}'.format({})\n",
    ] {
        assert!(!outcomes(settings).is_empty(), "{settings}");
    }
}

const OTHER: &str = r#"
import enum, functools
from dataclasses import dataclass, field
class Base:
    def name(self): return "base"
class Child(Base):
    kind = "K"
    def __init__(self, x=1): self.x = x
    def name(self): return "child of " + super().name()
    @staticmethod
    def plus(a): return a + 1
    @classmethod
    def kinds(cls): return cls.kind
    @property
    def double(self): return self.x * 2
    def __eq__(self, other): return self.x == other.x
    def __add__(self, other): return self.x + other.x
    def __getitem__(self, key): return key
    def __contains__(self, key): return key == "a"
    def __getattr__(self, name): return name
class Grandchild(Child):
    def name(self): return "grand" + super().name()
class Empty:
    def __bool__(self): return False
class Color(enum.Enum):
    RED = 1
    BLUE = 2
class Word(str, enum.Enum):
    A = "a"
    @classmethod
    def _missing_(cls, value): return cls.A
class Number(enum.IntEnum):
    ONE = enum.auto()
    TWO = enum.auto()
@dataclass
class Data:
    x: int
    y: int = 7
    z: list = field(default_factory=list)
"#;

/// What runs first, and what is then true.
static TABLE: &[(&str, &[&str])] = &[
    (
        "import re",
        &[
            r#"re.match(r"^prod", "production") is not None"#,
            r#"re.match("(a)(b)?", "a").groups() == ("a", None)"#,
            r#"re.search("(?P<n>b)", "abc").group("n") == "b""#,
            r#"re.search("(b)", "abc")[1] == "b""#,
            r#"re.fullmatch("a", "ab") is None"#,
            r#"re.sub(r"(\w)-(\w)", r"\2\g<1>", "a-b") == "ba""#,
            r#"re.sub("a", lambda m: m.group().upper(), "banana", count=1) == "bAnana""#,
            r#"re.split(r"[,\s]+", "a, b,c") == ["a", "b", "c"]"#,
            r#"re.findall(r"(\d)(\d)", "12 34") == [("1", "2"), ("3", "4")]"#,
            r#"re.compile("A", re.I).search("banana") is not None"#,
            r#"re.escape("a.b") == "a\\.b""#,
        ],
    ),
    (
        "import sys, platform",
        &[
            r#"sys.argv[1:] == ["check", "--deploy"]"#,
            r#"not {"test", "migrate"} & set(sys.argv)"#,
            r#"platform.system() == "Linux""#,
            r#"getattr(sys, "real_prefix", None) is None"#,
            r#""django" in sys.modules"#,
        ],
    ),
    (
        "import uuid, hashlib, base64, json, secrets, string, random",
        &[
            r#"len(str(uuid.uuid4())) == 36 and len(uuid.uuid4().hex) == 32"#,
            r#"str(uuid.UUID(int=1)) == "00000000-0000-0000-0000-000000000001""#,
            r#"uuid.UUID("0"*32) == uuid.UUID(int=0)"#,
            r#"len(hashlib.sha256(b"x").hexdigest()) == 64 and len(hashlib.md5(b"x").digest()) == 16"#,
            r#"base64.b64decode("aGk=").decode() == "hi" and base64.urlsafe_b64encode(b"\xff\xfe") == b"__4=""#,
            r#"json.dumps({"a": [1, None, True]}) == '{"a": [1, null, true]}'"#,
            r#"json.loads(b"[1]") == [1]"#,
            r#"len("".join(random.sample(string.ascii_letters, 20))) == 20"#,
            r#"len("".join(secrets.SystemRandom().choices(string.hexdigits, k=50))) == 50"#,
        ],
    ),
    (
        "from datetime import timedelta",
        &[
            "int(timedelta(days=365).total_seconds()) == 31536000",
            "timedelta(days=1) + timedelta(hours=1) == timedelta(hours=25)",
            "timedelta(days=365) // timedelta(seconds=1) == 31536000",
            "timedelta(minutes=5) * 2 > timedelta(minutes=9)",
            "timedelta(hours=5).seconds == 18000 and timedelta(weeks=52).days == 364",
            "-timedelta(days=1) < timedelta(0)",
            r#"str(timedelta(days=1, hours=2)) == "1 day, 2:00:00""#,
        ],
    ),
    (
        "import tomllib, configparser, glob\nfrom pathlib import Path\nBASE = Path(__file__).resolve().parent\n\
         with open(BASE / 'data.toml', 'rb') as file:\n    D = tomllib.load(file)\n\
         C = configparser.ConfigParser()\nC.read(BASE / 'data.ini')",
        &[
            r#"D["site"]["hosts"] == ["a.example"] and D["debug"] is False"#,
            r#"C["site"]["hosts"] == "a.example" and C.getboolean("site", "debug") is False"#,
            r#"C["site"].getint("n") == 7 and C["site"].get("none") is None and C["site"]["x"] == "1""#,
            r#""site" in C and not C.has_section("none") and C.sections() == ["site"]"#,
            r#"C.get("none", "x", fallback="y") == "y""#,
            r#"[path.name for path in sorted((BASE / "parts").glob("*.py"))] == ["one.py", "two.py"]"#,
            r#"len(glob.glob(str(BASE / "parts" / "t*.py"))) == 1"#,
            r#"Path("/a/b.tar.gz").suffixes == [".tar", ".gz"] and Path("/a/b").parts == ("/", "a", "b")"#,
        ],
    ),
    (
        "x = {'a': 1, 'b': 2}",
        &[
            "x.keys() & {'a'} == {'a'} and x.items() >= {('a', 1)}",
            "{1} ^ {1, 2} == {2} and {1} < {1, 2} and {1}.isdisjoint({2})",
            "dict.fromkeys(['a'], 0) == {'a': 0}",
            "list(map(str.strip, [' a '])) == ['a'] and sorted(['b', 'A'], key=str.lower) == ['A', 'b']",
            "list(map(lambda a, b: a + b, [1, 2], [3, 4])) == [4, 6]",
            "int('0x1f', 16) == 31 and hex(255) == '0xff' and pow(2, 10) == 1024 and round(2.567, 1) == 2.6",
            "type(1).__name__ == 'int' and [].__class__ is list",
            "... is ... and range(3) == range(3)",
        ],
    ),
    (
        "import collections, itertools, math, types",
        &[
            "collections.defaultdict(list)['x'] == [] and collections.Counter('aab')['a'] == 2",
            "collections.ChainMap({'a': 1}, {'a': 2, 'b': 3})['b'] == 3",
            "list(itertools.chain.from_iterable([[1], [2]])) == [1, 2]",
            "list(itertools.islice(range(9), 2)) == [0, 1]",
            "list(itertools.product('ab', [1])) == [('a', 1), ('b', 1)]",
            "math.ceil(2.1) == 3 and types.SimpleNamespace(a=1).a == 1",
        ],
    ),
    (
        "x = 'a'",
        &[
            "f'{3.14159:.2f}' == '3.14' and f'{1000000:,}' == '1,000,000' and f'{x:>3}' == '  a'",
            "f'{x=}' == \"x='a'\" and f'{x:>{3}}' == '  a' and f'{255:x}' == 'ff'",
            "'{:>3}|{0[k]}|{y!r}'.format({'k': 1}, y='b') != ''",
            "'{0[k]}|{y!r:>4}'.format({'k': 1}, y='b') == \"1| 'b'\"",
            "'%5.1f|%x|%-3s|' % (3.14159, 255, 'a') == '  3.1|ff|a  |'",
            "format(255, '#x') == '0xff'",
        ],
    ),
    (
        "from urllib.parse import urlparse, quote, unquote, quote_plus",
        &[
            "urlparse('https://u:p@H.example:8000/x?q=1#f').hostname == 'h.example'",
            "urlparse('https://h:8000/x').port == 8000 and urlparse('x').hostname is None",
            "quote('a b/c') == 'a%20b/c' and quote_plus('a b&') == 'a+b%26' and unquote('a%20b') == 'a b'",
        ],
    ),
    (
        "import other",
        &[
            "other.Child().name() == 'child of base' and other.Grandchild().name() == 'grandchild of base'",
            "other.Child.plus(1) == 2 and other.Child().plus(1) == 2 and other.Child.kinds() == 'K'",
            "other.Child(3).double == 6 and other.Child(2) == other.Child(2) and other.Child(1) + other.Child(2) == 3",
            "other.Child()['k'] == 'k' and 'a' in other.Child() and other.Child().missing == 'missing'",
            "other.Color.RED.value == 1 and other.Color['RED'] is other.Color.RED and other.Color(2).name == 'BLUE'",
            "[color.value for color in other.Color] == [1, 2] and len(other.Color) == 2",
            "other.Word.A == 'a' and other.Word('zzz') is other.Word.A and other.Number.TWO + 1 == 3",
            "other.Data(1).y == 7 and other.Data(x=4).x == 4 and other.Data(1).z == []",
        ],
    ),
    (
        "import os",
        &[
            "[name for name in os.environ if name.startswith('NA')] == ['NAME']",
            "{key: value for key, value in os.environ.items() if key == 'NAME'} == {'NAME': 'value'}",
            "dict(os.environ).get('NONE', 1) == 1",
            "os.path.relpath('/a/b', '/a') == 'b' and os.path.expanduser('/x') == '/x'",
        ],
    ),
    (
        "import environ\nenv = environ.Env()",
        &[
            "env.url('ADDRESS').hostname == 'a.example' and env.bytes('NAME') == b'value'",
            "env.list('NUMBERS', cast=int) == [1, 2] and env.db('NONE', default='sqlite:///x')['PORT'] == ''",
        ],
    ),
    ("from environs import Env\nenv = Env()", &["env.list('NUMBERS', subcast=int) == [1, 2]"]),
    (
        "import dj_database_url",
        &[
            "dj_database_url.parse('postgres://u:p%40@h:5/d')['ENGINE'] == 'django.db.backends.postgresql'",
            "dj_database_url.config(default='postgres://u:p@h/d', conn_max_age=600)['CONN_MAX_AGE'] == 600",
            "dj_database_url.parse('postgres://u:p%40@h/d?sslmode=require')['OPTIONS']['sslmode'] == 'require'",
        ],
    ),
    (
        "import importlib, importlib.util",
        &[
            "importlib.import_module('other').Color.RED.value == 1",
            "importlib.util.find_spec('other') is not None and importlib.util.find_spec('django') is not None",
        ],
    ),
];
