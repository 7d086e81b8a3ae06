//! What holds for a whole site of Caddy, and which paths are denied or treated otherwise.
//!
//! What guarded a path and cannot be said here closes it: an import must not open anything.

use bartizan_rules::facts::blocks::At;

use super::super::plan::{Plan, Site, Table, list};
use super::super::tls;
use super::super::values::count_of_bytes;
use super::field::Fields;
use super::matcher::{self, Which};

/// Fills in all but the app.
pub(super) fn fill(block: At<'_>, site: &mut Site, plan: &mut Plan) {
    // Without a word Caddy has no limit.
    site.keys.text("body", "none");
    let mut fields = Fields::default();
    let mut routes: Vec<(String, Fields)> = Vec::new();
    directives(block, None, site, &mut fields, &mut routes, plan);
    fields.stripped.push("server".to_owned());
    fields.stripped.sort_unstable();
    fields.stripped.dedup();
    site.keys.raw("strip", list(&fields.stripped));
    for (flag, key) in [("secure", "secure"), ("httponly", "http_only")] {
        if fields.flags.contains(flag) {
            site.cookies.raw(key, "true");
        }
    }
    for word in ["lax", "strict", "none"] {
        if fields.flags.contains(&format!("samesite={word}")) {
            site.cookies.text("same_site", word);
        }
    }
    for (path, own) in routes {
        // Caddy follows what is for a path first, so that what is for all of them has the last word.
        let mut sent = own.sent;
        sent.retain(|one| {
            let is = |name: &str| name.eq_ignore_ascii_case(&one.name);
            !fields.sent.iter().any(|other| is(&other.name)) && !fields.stripped.iter().any(|name| is(name))
        });
        if !sent.is_empty() {
            sent.extend(fields.sent.iter().cloned());
            site.route(&path).headers = Some(sent);
        }
    }
    site.headers = fields.sent;
}

fn directives(
    block: At<'_>,
    within: Option<&str>,
    site: &mut Site,
    fields: &mut Fields,
    routes: &mut Vec<(String, Fields)>,
    plan: &mut Plan,
) {
    for node in block.children() {
        if node.name().starts_with('@') {
            continue;
        }
        // The words of some directives are paths of files.
        let has_matcher = !matches!(node.name(), "bind" | "log" | "tls");
        let (which, skip) = if has_matcher { matcher::of(node) } else { (Which::All, 0) };
        let paths = paths(node, which.clone(), within, plan);
        match node.name() {
            "tls" => tls(node, site, plan),
            "header" => match paths {
                Some(paths) if paths.is_empty() => fields.follow(node, skip, plan),
                Some(paths) => {
                    for path in paths {
                        let mut own = Fields::default();
                        own.follow(node, skip, plan);
                        match routes.iter_mut().find(|(known, _)| *known == path) {
                            Some((_, known)) => known.follow(node, skip, plan),
                            None => routes.push((path, own)),
                        }
                    }
                }
                None => {}
            },
            "request_body" => {
                let size = node.each("max_size").next().and_then(|size| size.arg(0)).and_then(count_of_bytes);
                match (size, paths) {
                    (Some(bytes), Some(paths)) => set(site, &paths, "body", &format!("\"{bytes}B\"")),
                    (None, Some(_)) => plan.lose(node, "is not a size"),
                    _ => {}
                }
            }
            "respond" | "error" | "abort" => respond(node, which, skip, paths, site, plan),
            "basic_auth" | "basicauth" | "forward_auth" => {
                plan.lose(node, "who may come in cannot be said here, so nobody may: see deny in [[site.route]]");
                set_deny(site, &paths.unwrap_or_default());
            }
            "handle" | "route" => match paths.as_deref() {
                Some([]) => directives(node, within, site, fields, routes, plan),
                Some([path]) => directives(node, Some(path), site, fields, routes, plan),
                Some(paths) => {
                    plan.lose(node, "a block for several paths is not followed");
                    close(node, paths, site, plan);
                }
                None => close(node, &[], site, plan),
            },
            "reverse_proxy" | "log" | "bind" => {}
            "encode" => plan.lose(node, "answers are not compressed here: let the app do it"),
            "file_server" | "root" | "php_fastcgi" | "try_files" | "templates" => {
                plan.lose(node, "files are not served here: let the app serve them");
            }
            "rewrite" | "uri" | "handle_path" | "redir" | "method" => {
                plan.lose(node, "addresses are not rewritten here: let the app do it");
                close(node, &paths.unwrap_or_default(), site, plan);
            }
            _ => plan.lose(node, "has no key here"),
        }
    }
}

/// Returns the paths that a directive is about, none for all; nothing, when that was told as lost.
fn paths(node: At<'_>, which: Which, within: Option<&str>, plan: &mut Plan) -> Option<Vec<String>> {
    match which {
        Which::All | Which::Methods { .. } => Some(within.map(str::to_owned).into_iter().collect()),
        Which::Other => {
            let is_guard = matches!(node.name(), "basic_auth" | "basicauth" | "forward_auth");
            if !is_guard {
                plan.lose(node, "which requests it is about cannot be said here");
            }
            None
        }
        Which::Paths(paths) if paths.iter().any(|path| path.is_exact && path.prefix == "/") => {
            plan.lose(node, "one path alone cannot be said where all others are below it");
            None
        }
        Which::Paths(paths) => {
            if paths.iter().any(|path| path.is_exact) {
                plan.lose(node, "what is below this path is treated alike here");
            }
            Some(paths.into_iter().map(|path| path.prefix).collect())
        }
    }
}

fn respond(node: At<'_>, which: Which, skip: usize, paths: Option<Vec<String>>, site: &mut Site, plan: &mut Plan) {
    let status = node.args().skip(skip).find_map(|word| word.parse::<u16>().ok());
    let is_refusal = node.is("abort") || status.is_some_and(|status| matches!(status, 401 | 403 | 404 | 405 | 410));
    match (which, paths) {
        (Which::Methods { named, is_inverted: true }, _) if is_refusal => site.keys.list("methods", &named),
        (Which::Methods { named, is_inverted: false }, _) if is_refusal => {
            let left: Vec<String> = METHODS
                .iter()
                .filter(|method| !named.iter().any(|one| one == *method))
                .map(|method| (*method).to_owned())
                .collect();
            site.keys.list("methods", &left);
        }
        (_, Some(paths)) if is_refusal => {
            if status != Some(403) {
                plan.lose(node, "what is denied is refused with 403");
            }
            set_deny(site, &paths);
        }
        (_, Some(_)) => plan.lose(node, "every request goes to the app, or is refused"),
        (Which::Other, None) if is_refusal && matcher::lets_some_in(node) => {
            plan.lose(node, "who may come in cannot be said here, so nobody may: see deny in [[site.route]]");
            set_deny(site, &matcher::paths_among(node));
        }
        (Which::Other, None) if is_refusal => {
            plan.lose(node, "what this closes is open here, unless the app closes it");
        }
        (_, None) => {}
    }
}

/// Closes what a block guarded that is not followed.
fn close(block: At<'_>, paths: &[String], site: &mut Site, plan: &mut Plan) {
    let is_guard = |node: &At<'_>| match node.name() {
        "basic_auth" | "basicauth" | "forward_auth" | "abort" => true,
        "error" | "respond" => node.args().any(|word| matches!(word, "401" | "403" | "404" | "410")),
        _ => false,
    };
    if let Some(guard) = block.descendants().into_iter().find(is_guard) {
        plan.lose(guard, "who may come in cannot be said here, so nobody may: see deny in [[site.route]]");
        set_deny(site, paths);
    }
}

fn set_deny(site: &mut Site, paths: &[String]) {
    if paths.is_empty() {
        site.route("/").keys.raw("deny", "true");
    } else {
        set(site, paths, "deny", "true");
    }
}

fn set(site: &mut Site, paths: &[String], key: &str, value: &str) {
    if paths.is_empty() {
        site.keys.raw(key, value);
    }
    for path in paths {
        let keys: &mut Table = &mut site.route(path).keys;
        keys.raw(key, value);
    }
}

fn tls(node: At<'_>, site: &mut Site, plan: &mut Plan) {
    let words: Vec<_> = node.args().collect();
    if let [chain, key] = words.as_slice() {
        site.keys.raw("certificate", tls::certificate(chain, key, None));
    } else if words.first().is_none_or(|word| *word != "internal") {
        plan.lose(node, "certificates are not fetched here: name their files in certificate");
    }
    for child in node.children() {
        match child.name() {
            "protocols" => {
                let words: Vec<_> = child.args().collect();
                let named = if words == ["tls1.2"] { vec!["tls1.2", "tls1.3"] } else { words };
                if let Some(lost) = tls::versions(&named, &mut site.tls) {
                    plan.lose(child, &lost);
                }
            }
            "ciphers" => {
                let named = child.args().collect::<Vec<_>>().join(":");
                if let Some(lost) = tls::suites(&named, &mut site.tls) {
                    plan.lose(child, &lost);
                }
            }
            "curves" => {
                let named = child.args().collect::<Vec<_>>().join(":");
                if let Some(lost) = tls::groups(&named, &mut site.tls) {
                    plan.lose(child, &lost);
                }
            }
            "client_auth" => {
                let mode = child.each("mode").next().and_then(|mode| mode.arg(0)).unwrap_or("require_and_verify");
                let file = child.descendants().into_iter().find_map(|node| match (node.name(), node.arg(0)) {
                    ("trusted_ca_cert_file", file) => file,
                    ("trust_pool", Some("file")) => node.arg(1).or_else(|| node.each("pem_file").next()?.arg(0)),
                    _ => None,
                });
                match (mode, file) {
                    ("require_and_verify" | "verify_if_given", Some(file)) => {
                        let is_required = mode == "require_and_verify";
                        site.tls.raw("client_certificates", tls::client_certificates(file, is_required));
                    }
                    _ => plan.lose(child, "needs a file of authorities here"),
                }
            }
            _ => plan.lose(child, "certificates are not fetched here: name their files in certificate"),
        }
    }
}

/// The methods that are allowed without a word.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
