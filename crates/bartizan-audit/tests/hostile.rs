//! Settings that want to be evaluated for ever, to be large, or to be somewhere else.

#![allow(clippy::unwrap_used, reason = "what cannot go on is a failed test")]

use std::path::PathBuf;

use bartizan_audit::Tree;
use bartizan_audit::formats::django::{Options, read};
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::django::Django;
use bartizan_rules::{Facts, judge};

fn settings(files: &[(&str, &str)]) -> Facts {
    let files = files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()));
    let options = Options { module: Some("settings".to_owned()), ..Options::default() };
    let facts = read(&Tree::in_memory(files), &options);
    judge(rules(), &facts);
    facts
}

#[test]
fn everything_comes_to_an_end() {
    let many: String = (0..200).map(|index| format!("if os.environ.get('V{index}'):\n    X{index} = 1\n")).collect();
    for text in [
        "while True:\n    pass\n",
        "while True:\n    X = 'a' * 10**9\n",
        "X = []\nfor i in range(10**12):\n    X.append(i)\n",
        "def f():\n    return f()\nf()\n",
        "f = lambda: f()\nX = f()\n",
        "X = [0]\nX.append(X)\nY = X == [X]\nZ = str(X)\n",
        "X = {}\nX['a'] = X\nDATABASES = X\n",
        "X = 'a'\nfor _ in range(100):\n    X = X + X\n",
        "X = 'a'\nfor _ in range(100):\n    X = X.replace('a', 'aa')\n",
        "X = ['a']\nfor _ in range(100):\n    X += X\n",
        "X = 2 ** 10 ** 10\nY = 1 << 10 ** 10\n",
        "exec(open(__file__).read())\n",
        "X = \"exec(X)\"\nexec(X)\n",
        "from settings import *\nimport settings\n",
        "class A(A): pass\n",
        "X = [[[[[0] * 99 for _ in range(99)] for _ in range(99)] for _ in range(99)] for _ in range(99)]\n",
        "X = '%s' * 1000000 % tuple('a' * 1000000)\n",
        "import environ\nenv = environ.Env()\nX = env('A')\nY = env.list('B')\n",
        &format!("import os\n{many}"),
    ] {
        settings(&[("settings.py", text)]);
    }
}

#[test]
fn nothing_outside_of_the_tree_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("key"), "from outside").unwrap();
    let outside = outside.path().display();
    let text =
        format!("A = open('{outside}/key').read()\nB = open('../../../../{outside}/key').read()\nfrom ... import x\n");
    std::fs::write(directory.path().join("settings.py"), text).unwrap();
    std::os::unix::fs::symlink(format!("{outside}/key"), directory.path().join("local.py")).unwrap();
    let options = Options { module: Some("settings".to_owned()), ..Options::default() };
    let facts = read(&Tree::open(directory.path()).unwrap(), &options);
    assert!(!format!("{facts:?}").contains("from outside"));
    assert_eq!(facts.django().count(), 1);
}

#[test]
fn what_depends_on_the_environment_is_said_with_the_variable() {
    let text = "import os\nDEBUG = os.environ.get('DEBUG') == '1'\nALLOWED_HOSTS = [os.environ['HOST']]\n";
    let facts = settings(&[("settings.py", text)]);
    let debug = rules().find(|rule| rule.id() == "debug-setting-on").unwrap();
    let found = judge([debug], &facts);
    let finding = &found.as_slice()[0];
    assert!(finding.equivalents.is_empty() && finding.edits.is_empty());
    assert!(finding.message.contains("so if DEBUG is set"), "{}", finding.message);
    assert!(facts.django().all(|django: &Django| django.outcomes.iter().all(|outcome| outcome.stopped.is_none())));
}
