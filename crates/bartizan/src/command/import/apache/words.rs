//! What becomes of each directive of Apache: read elsewhere in this folder, without meaning here, or lost.

use bartizan_rules::facts::blocks::At;

use super::super::plan::Plan;

/// Says that a directive is lost, unless it is carried over or means nothing here.
pub(super) fn lose(node: At<'_>, plan: &mut Plan) {
    let name = node.name();
    // One for everybody is a key of a site; one for a path is not.
    let is_partial =
        matches!(name, "redirect" | "redirectpermanent" | "redirecttemp") && !node.args().any(|arg| arg == "/");
    if is_partial {
        return plan.lose(node, "addresses are not rewritten here: let the app do it");
    }
    if CARRIED.contains(&name) || MOOT.contains(&name) {
        return;
    }
    let is_request_field =
        name == "requestheader" && node.arg(1).is_some_and(|name| FORWARDED.contains(&&*name.to_ascii_lowercase()));
    if is_request_field {
        return;
    }
    let reason = LOST.iter().find(|(start, _)| name.starts_with(start));
    plan.lose(node, reason.map_or("has no key here", |(_, why)| why));
}

/// What is carried over by the code beside this.
static CARRIED: &[&str] = &[
    "authtype",
    "authuserfile",
    "balancermember",
    "deny",
    "errordocument",
    "header",
    "keepalivetimeout",
    "limitexcept",
    "limitrequestbody",
    "limitrequestfields",
    "limitrequestline",
    "listen",
    "location",
    "proxy",
    "proxyerroroverride",
    "proxypass",
    "proxypreservehost",
    "proxytimeout",
    "redirect",
    "redirectpermanent",
    "redirecttemp",
    "remoteipheader",
    "remoteipinternalproxy",
    "remoteipproxyprotocol",
    "remoteiptrustedproxy",
    "requestreadtimeout",
    "require",
    "requireall",
    "requireany",
    "requirenone",
    "serveralias",
    "servername",
    "sslcacertificatefile",
    "sslcertificatechainfile",
    "sslcertificatefile",
    "sslcertificatekeyfile",
    "sslciphersuite",
    "sslengine",
    "sslopensslconfcmd",
    "sslprotocol",
    "sslproxycacertificatefile",
    "sslproxymachinecertificatefile",
    "sslproxyverify",
    "sslsessiontickets",
    "sslverifyclient",
    "timeout",
    "virtualhost",
];

/// What concerns Apache itself, or what the wall does anyway.
static MOOT: &[&str] = &[
    "accessfilename",
    "allow",
    "allowoverride",
    "authname",
    "customlog",
    "defaultruntimedir",
    "documentroot",
    "errorlog",
    "fileetag",
    "group",
    "hostnamelookups",
    "keepalive",
    "loadmodule",
    "logformat",
    "loglevel",
    "maxconnectionsperchild",
    "maxkeepaliverequests",
    "maxrequestworkers",
    "mutex",
    "options",
    "order",
    "pidfile",
    "protocols",
    "proxypassreverse",
    "proxypassreversecookiedomain",
    "proxypassreversecookiepath",
    "proxyrequests",
    "proxyvia",
    "rewriteengine",
    "serveradmin",
    "serverroot",
    "serversignature",
    "servertokens",
    "sslcompression",
    "sslhonorcipherorder",
    "sslinsecurerenegotiation",
    "sslproxyengine",
    "sslrandomseed",
    "sslsessioncache",
    "sslsessioncachetimeout",
    "sslstaplingcache",
    "sslstrictsnivhostcheck",
    "sslusestapling",
    "sslverifydepth",
    "startservers",
    "threadsperchild",
    "traceenable",
    "usecanonicalname",
    "user",
];

/// Fields that the wall writes itself.
static FORWARDED: &[&str] = &[
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-scheme",
    "x-real-ip",
];

/// Why something is lost, by how its name begins.
static LOST: &[(&str, &str)] = &[
    ("addhandler", FILES),
    ("addtype", FILES),
    ("alias", FILES),
    ("auth", "nobody is asked for a password here"),
    ("cache", "answers are not kept here"),
    ("dav", FILES),
    ("directory", FILES),
    ("expires", "see private_cache and custom in [site.headers]"),
    ("files", FILES),
    ("if", "conditions have no key"),
    ("limitrequestfieldsize", "the head of a request is limited as a whole: see head in [server.limits]"),
    ("locationmatch", "paths are prefixes here, not patterns"),
    ("php", FILES),
    ("proxymatch", "paths are prefixes here, not patterns"),
    ("proxypassmatch", "paths are prefixes here, not patterns"),
    ("redirectmatch", "addresses are not rewritten here: let the app do it"),
    ("requestheader", "fields of requests are not made up here"),
    ("rewrite", "addresses are not rewritten here: let the app do it"),
    ("scriptalias", FILES),
    ("sec", "the wall has rules of its own: see [site.waf]"),
    ("sethandler", FILES),
    ("wsgi", "only HTTP is spoken with the app"),
];

const FILES: &str = "files are not served here: let the app serve them";
