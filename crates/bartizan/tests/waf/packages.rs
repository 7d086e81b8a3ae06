//! Exclusion packages and plugins of a rule set, as the configuration names them.

use bartizan_testkit::RecordingUpstream;

use crate::request::Ask;
use crate::wall::Wall;

const RULES: &[(&str, &str)] = &[
    ("crs/crs-setup.conf.example", "SecAction \"id:900000,phase:1,pass,nolog,t:none\"\n"),
    ("crs/rules/REQUEST-942.conf", "SecRule ARGS \"@contains select\" \"id:942001,phase:2,deny,status:403\"\n"),
    (
        "crs/plugins/blog-rule-exclusions-config.conf",
        "SecAction \"id:9500,phase:1,pass,nolog,setvar:tx.blog_path=/post\"\n",
    ),
    (
        "crs/plugins/blog-rule-exclusions-before.conf",
        "SecRule REQUEST_FILENAME \"@streq %{tx.blog_path}\" \"id:9501,phase:1,pass,nolog,\
         ctl:ruleRemoveTargetById=942001;ARGS:text\"\n",
    ),
    ("own/strict-after.conf", "SecRule ARGS \"@contains unwanted\" \"id:9600,phase:2,deny,status:403\"\n"),
];

#[test]
fn packages_are_as_narrow_as_they_say_and_plugins_run() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in RULES {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (crs, own) = (folder.path().join("crs"), folder.path().join("own"));
    for (lines, excluded, unwanted) in [
        (String::new(), 200, 200),
        ("packages = []".to_owned(), 403, 200),
        ("packages = [\"blog\"]".to_owned(), 200, 200),
        (format!("packages = []\nplugins = {own:?}"), 403, 403),
    ] {
        let app = RecordingUpstream::answering("ok");
        let wall = Wall::before(app.address(), &format!("[site.waf]\nmode = \"block\"\nrules = {crs:?}\n{lines}\n"));
        for (uri, status) in [
            ("/post?text=select", excluded),
            ("/post?other=select", 403),
            ("/other?text=select", 403),
            ("/post?text=unwanted", unwanted),
            ("/post?text=fine", 200),
        ] {
            assert_eq!(Ask::get(uri).http1(&wall).0, status, "{lines}: {uri}");
        }
    }
}
