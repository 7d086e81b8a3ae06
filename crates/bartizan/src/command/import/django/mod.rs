//! From Django's settings to a site of ours, which then does what Django's middleware did.
//!
//! The settings are evaluated without running Python. What the environment decides is taken as it is without any
//! variable, and told.

mod csp;
mod settings;

use bartizan_audit::formats::django::{Options, Variables, read};
use bartizan_audit::{Source, Tree, discover};
use bartizan_headers::HostPattern;
use bartizan_rules::facts::django::{CspRelease, Release};
use std::path::Path;

use self::settings::Settings;
use super::headers::Sent;
use super::plan::{Plan, Site};
use super::servers::push;
use super::written::Written;

/// Returns the configuration, or why the file holds no settings of Django.
pub(super) fn convert(source: &Source, upstream: Option<&str>) -> Result<Written, String> {
    let path = Path::new(&**source.path());
    let root = discover::root_of(path);
    let inner = path.strip_prefix(&root).unwrap_or(path).with_extension("");
    let words: Vec<_> = inner.iter().map(|word| word.to_string_lossy()).filter(|word| *word != "__init__").collect();
    let tree = Tree::open(&root).map_err(|error| error.to_string())?;
    let options = Options {
        module: Some(words.join(".")),
        release: Release::V6_1,
        csp: CspRelease::V4,
        variables: Variables::default(),
    };
    let facts = read(&tree, &options);
    let django = facts.django().next().ok_or("the file holds no settings that can be read")?;
    let outcome = django.outcomes.first().ok_or("the settings come to nothing")?;
    if let Some(stopped) = &outcome.stopped {
        return Err(format!("{}: the settings stop here: {}", stopped.at, stopped.message));
    }
    let mut plan = Plan::default();
    let settings = Settings::new(outcome);
    let site = site(&settings, upstream, &mut plan);
    plan.listen.push("0.0.0.0:443".to_owned());
    plan.listen_http.push("0.0.0.0:80".to_owned());
    plan.lost.extend(settings.lost());
    plan.sites.push(site);
    Ok(plan.written())
}

fn site(settings: &Settings<'_>, upstream: Option<&str>, plan: &mut Plan) -> Site {
    let mut site = Site { hosts: hosts(settings), ..Site::default() };
    site.upstreams = vec![upstream.map(str::to_owned).unwrap_or_else(|| {
        plan.lost.push("the app's address is not in its settings; name it in upstream, or with --upstream".to_owned());
        "http://127.0.0.1:8000".to_owned()
    })];
    // Django sets no limit to a body as a whole.
    site.keys.text("body", "none");
    let has_security = settings.has_middleware("django.middleware.security.SecurityMiddleware");
    if has_security {
        https(settings, &mut site);
    } else {
        site.is_plain = true;
    }
    site.headers = headers(settings, has_security);
    cookies(settings, &mut site);
    if settings.has_middleware("django.middleware.csrf.CsrfViewMiddleware") {
        site.csrf.text("mode", "on");
        site.csrf.list("trusted_origins", &settings.texts("CSRF_TRUSTED_ORIGINS"));
    }
    for (name, why) in LOST {
        if settings.is_on(name, false) {
            settings.lose(name, why);
        }
    }
    site
}

/// What is set but cannot be said here, and why.
static LOST: &[(&str, &str)] = &[
    ("APPEND_SLASH", "paths are the app's own matter"),
    ("CORS_ALLOWED_ORIGINS", "what other origins may read is the app's own matter"),
    ("CORS_ALLOW_ALL_ORIGINS", "what other origins may read is the app's own matter"),
    ("DATA_UPLOAD_MAX_MEMORY_SIZE", "it leaves files out, and the wall's limit of a body does not"),
    ("FORCE_SCRIPT_NAME", "the app gets the path as it was asked for"),
    ("PREPEND_WWW", "name the one host in canonical_host of [site.https]"),
    ("SECURE_REDIRECT_EXEMPT", "every path is led to HTTPS"),
    ("USE_X_FORWARDED_HOST", "the wall sends the Host that was asked for: set it to False"),
    ("USE_X_FORWARDED_PORT", "the wall sends the port that was asked for: set it to False"),
];

fn hosts(settings: &Settings<'_>) -> Vec<String> {
    let allowed = settings.texts("ALLOWED_HOSTS");
    if allowed.iter().any(|host| host == "*") {
        settings.lose("ALLOWED_HOSTS", "any name is answered, here as there; write the names of the site");
        return Vec::new();
    }
    let mut hosts = Vec::new();
    for host in &allowed {
        match host.strip_prefix('.') {
            Some(rest) if rest.parse::<HostPattern>().is_ok() => {
                push(&mut hosts, rest.to_ascii_lowercase());
                push(&mut hosts, format!("*.{}", rest.to_ascii_lowercase()));
            }
            None if host.parse::<HostPattern>().is_ok() => push(&mut hosts, host.to_ascii_lowercase()),
            _ => settings.lose("ALLOWED_HOSTS", &format!("{host:?} is neither a name nor *.name; it is not served")),
        }
    }
    if hosts.is_empty() {
        // Without names Django answers to the machine itself, and only while it is being debugged.
        let local = ["localhost", "*.localhost", "127.0.0.1", "[::1]"];
        hosts.extend(local.map(str::to_owned));
        settings.lose("ALLOWED_HOSTS", "no name is allowed; the site answers to this machine alone");
    }
    hosts
}

fn https(settings: &Settings<'_>, site: &mut Site) {
    site.is_plain = !settings.is_on("SECURE_SSL_REDIRECT", false);
    if !site.is_plain
        && let Some(host) = settings.text("SECURE_SSL_HOST")
    {
        site.https.text("canonical_host", &host.to_ascii_lowercase());
        if !site.hosts.is_empty() {
            push(&mut site.hosts, host.to_ascii_lowercase());
        }
    }
    let proxy = settings.texts("SECURE_PROXY_SSL_HEADER");
    if let [name, _] = proxy.as_slice()
        && name != "HTTP_X_FORWARDED_PROTO"
    {
        settings.lose("SECURE_PROXY_SSL_HEADER", "the wall says it in X-Forwarded-Proto: use that name");
    }
}

fn headers(settings: &Settings<'_>, has_security: bool) -> Vec<Sent> {
    let mut sent = Vec::new();
    let mut send = |name: &str, value: String| sent.push(Sent { name: name.to_owned(), value });
    if has_security {
        let seconds = settings.number("SECURE_HSTS_SECONDS").unwrap_or(0);
        if seconds > 0 {
            let below =
                if settings.is_on("SECURE_HSTS_INCLUDE_SUBDOMAINS", false) { "; includeSubDomains" } else { "" };
            let preload = if settings.is_on("SECURE_HSTS_PRELOAD", false) { "; preload" } else { "" };
            send("Strict-Transport-Security", format!("max-age={seconds}{below}{preload}"));
        }
        if settings.is_on("SECURE_CONTENT_TYPE_NOSNIFF", true) {
            send("X-Content-Type-Options", "nosniff".to_owned());
        }
        for (name, setting) in [
            ("Referrer-Policy", "SECURE_REFERRER_POLICY"),
            ("Cross-Origin-Opener-Policy", "SECURE_CROSS_ORIGIN_OPENER_POLICY"),
        ] {
            let written = settings.texts(setting).join(",");
            match (written.is_empty(), settings.has(setting)) {
                (false, _) => send(name, written),
                (true, false) => send(name, "same-origin".to_owned()),
                (true, true) => {}
            }
        }
    }
    if settings.has_middleware("django.middleware.clickjacking.XFrameOptionsMiddleware") {
        send("X-Frame-Options", settings.text("X_FRAME_OPTIONS").unwrap_or("DENY").to_ascii_uppercase());
    }
    for (name, policy) in csp::policies(settings) {
        send(name, policy);
    }
    sent
}

/// The wall puts on cookies what Django does; the names it has to know.
fn cookies(settings: &Settings<'_>, site: &mut Site) {
    if settings.is_on("SESSION_COOKIE_SECURE", false) && settings.is_on("CSRF_COOKIE_SECURE", false) {
        site.cookies.raw("secure", "true");
    }
    if settings.is_on("SESSION_COOKIE_HTTPONLY", true) {
        site.cookies.raw("http_only", "true");
    }
    let same_site = settings.text("SESSION_COOKIE_SAMESITE").unwrap_or("Lax").to_ascii_lowercase();
    if matches!(&*same_site, "lax" | "strict") {
        site.cookies.text("same_site", &same_site);
    }
    if let Some(name) = settings.text("SESSION_COOKIE_NAME").filter(|name| *name != "sessionid") {
        site.cookies.list("session_names", &[name.to_owned()]);
    }
}
