//! Names of cookies that carry a login, by the program that sets them.
//!
//! Only cookies that no script needs to read: tokens against request forgery and preferences are
//! read by scripts and must never be listed. A name that is not here is configured, not guessed.

use crate::set_cookie::Prefix;

/// A cookie name known to carry a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionName {
    /// The name, or how it starts.
    pub name: &'static str,
    /// Whether more may follow the name.
    pub ending: Ending,
    /// The program, framework or language that sets it.
    pub program: &'static str,
}

/// Whether a known name is the whole name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Something follows that differs between installations.
    Open,
    /// Nothing follows.
    Whole,
}

/// Returns what is known of a session cookie's name, `__Host-` and `__Secure-` put aside.
pub fn session_name(name: &str) -> Option<&'static SessionName> {
    let bare = Prefix::strip(name);
    SESSION_NAMES.iter().find(|known| match known.ending {
        Ending::Open => bare.starts_with(known.name),
        Ending::Whole => bare == known.name,
    })
}

/// All known names; those of one program stand where its spelling puts them.
pub static SESSION_NAMES: &[SessionName] = &[
    whole(".AspNet.ApplicationCookie", "ASP.NET Identity"),
    open(".AspNetCore.Cookies", "ASP.NET Core"),
    open(".AspNetCore.Identity.Application", "ASP.NET Core Identity"),
    whole(".AspNetCore.Session", "ASP.NET Core"),
    whole(".ASPXAUTH", "ASP.NET forms authentication"),
    open("ASPSESSIONID", "classic ASP"),
    whole("ASP.NET_SessionId", "ASP.NET"),
    whole("AUTH_SESSION_ID", "Keycloak"),
    whole("CAKEPHP", "CakePHP"),
    whole("CFID", "ColdFusion"),
    whole("CFTOKEN", "ColdFusion"),
    whole("CGISESSID", "Perl CGI::Session"),
    whole("GSESSIONID", "Grails"),
    open("JSESSIONID", "Java servlets"),
    whole("KEYCLOAK_IDENTITY", "Keycloak"),
    whole("MoodleSession", "Moodle"),
    whole("PHPSESSID", "PHP"),
    whole("PLAY_SESSION", "Play Framework"),
    open("SSESS", "Drupal"),
    whole("SESSION", "Spring Session"),
    whole("_akkoma_key", "Akkoma"),
    whole("_gitlab_session", "GitLab"),
    whole("_mastodon_session", "Mastodon"),
    whole("_pleroma_key", "Pleroma"),
    whole("_redmine_session", "Redmine"),
    whole("_session_id", "Ruby on Rails"),
    whole("_t", "Discourse"),
    whole("authelia_session", "Authelia"),
    whole("authentik_session", "authentik"),
    whole("ci_session", "CodeIgniter"),
    whole("connect.sess", "Express cookie-session"),
    whole("connect.sid", "Express"),
    whole("express:sess", "Express cookie-session"),
    whole("frontend", "Magento 1"),
    whole("gitea_session", "Gitea"),
    whole("grafana_session", "Grafana"),
    whole("i_like_forgejo", "Forgejo"),
    whole("i_like_gitea", "Gitea"),
    whole("i_like_gogs", "Gogs"),
    whole("koa.sess", "Koa"),
    whole("koa.sid", "Koa"),
    whole("laravel_session", "Laravel"),
    whole("oc_sessionPassphrase", "Nextcloud"),
    whole("rack.session", "Rack"),
    whole("roundcube_sessid", "Roundcube"),
    whole("sails.sid", "Sails"),
    whole("session", "Flask, Starlette"),
    whole("sessionid", "Django"),
    whole("sid", "many programs"),
    whole("symfony", "Symfony 1"),
    whole("user_session", "many programs"),
    open("wordpress_logged_in_", "WordPress"),
    open("wordpress_sec_", "WordPress"),
];

const fn open(name: &'static str, program: &'static str) -> SessionName {
    SessionName { name, ending: Ending::Open, program }
}

const fn whole(name: &'static str, program: &'static str) -> SessionName {
    SessionName { name, ending: Ending::Whole, program }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_told_from_what_scripts_read() {
        for (name, program) in [
            ("sessionid", Some("Django")),
            ("__Host-sessionid", Some("Django")),
            ("wordpress_logged_in_0123", Some("WordPress")),
            ("ASPSESSIONIDCQTRASDB", Some("classic ASP")),
            ("csrftoken", None),
            ("XSRF-TOKEN", None),
            ("_csrf", None),
            ("theme", None),
            ("session_theme", None),
            ("wordpress_test_cookie", None),
            ("SessionId", None), // names are case-sensitive
        ] {
            assert_eq!(session_name(name).map(|known| known.program), program, "{name}");
        }
    }

    #[test]
    fn names_are_unique() {
        for (i, known) in SESSION_NAMES.iter().enumerate() {
            assert!(!SESSION_NAMES.iter().skip(i + 1).any(|other| other.name == known.name), "{}", known.name);
        }
    }
}
