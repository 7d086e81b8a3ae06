//! What each rule about Apache says of the many ways to write what it is about: each yes beside its no.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bartizan_audit::Tree;
use bartizan_audit::formats::apache;
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::Apache;
use bartizan_rules::facts::apache::Kind;
use bartizan_rules::{Facts, judge};

/// Where a text stands: in the place of a line of [`BASE`], behind one, or alone as the file of a directory.
enum Place {
    Behind(&'static str),
    For(&'static str),
    Htaccess,
}

use Place::{Behind, For, Htaccess};

#[test]
fn what_is_hardened_is_silent() {
    check(&[(For("FileETag None"), "FileETag None", "")]);
}

#[test]
fn the_server_as_a_whole() {
    check(&[
        (For("ServerTokens Prod"), "", "server-tokens"),
        (For("ServerTokens Prod"), "ServerTokens Full", "server-tokens"),
        (For("ServerTokens Prod"), "ServerTokens Minimal", "server-tokens"),
        (For("ServerTokens Prod"), "ServerTokens Major", "server-tokens"),
        (For("ServerTokens Prod"), "ServerTokens Full\nServerTokens Prod", ""),
        (For("ServerTokens Prod"), "ServerTokens Prod\nServerTokens Min", "server-tokens"),
        (For("ServerTokens Prod"), "Server\\\nTokens \"prod\"", ""),
        (For("ServerTokens Prod"), "<IfModule !mod_x.c>\nServerTokens Prod\n</IfModule>", "server-tokens"),
        (For("ServerTokens Prod"), "<IfModule mod_x.c>\nServerTokens Prod\n</IfModule>", ""),
        (For("ServerTokens Prod"), "<IfVersion < 2.4>\nServerTokens Full\n</IfVersion>\nServerTokens Prod", ""),
        (For("ServerTokens Prod"), "Define t Full\nServerTokens ${t}", "server-tokens"),
        (For("ServerTokens Prod"), "Define t Prod\nServerTokens \"${t}\"", ""),
        (For("ServerTokens Prod"), "#ServerTokens Prod", "server-tokens"),
        (For("ServerSignature Off"), "ServerSignature EMail", "server-signature"),
        (For("ServerSignature Off"), "serversignature on", "server-signature"),
        (For("ServerSignature Off"), "", ""),
        (Behind("DocumentRoot /srv/www"), "ServerSignature Off", ""),
        (For("TraceEnable Off"), "TraceEnable On", "trace-enable"),
        (For("TraceEnable Off"), "TraceEnable extended", "trace-enable"),
        (For("TraceEnable Off"), "TraceEnable On\nTraceEnable Off", ""),
        (For("TraceEnable Off"), "TraceEnable off", ""),
        (Behind("DocumentRoot /srv/www"), "TraceEnable On", "trace-enable"),
        (For("Timeout 60"), "Timeout 61", "timeout"),
        (For("Timeout 60"), "Timeout 10", ""),
        (Behind("DocumentRoot /srv/www"), "Timeout 300", "timeout"),
        (For("KeepAliveTimeout 5"), "KeepAliveTimeout 61", "keepalive-timeout"),
        (For("KeepAliveTimeout 5"), "KeepAliveTimeout 60", ""),
        (For("KeepAliveTimeout 5"), "KeepAliveTimeout 65000ms", "keepalive-timeout"),
        (For("KeepAliveTimeout 5"), "KeepAliveTimeout 500ms", ""),
        (For("KeepAliveTimeout 5"), "KeepAliveTimeout 2min", "keepalive-timeout"),
        (For("RequestReadTimeout header=20 body=20"), "RequestReadTimeout header=0 body=20", "request-read-timeout"),
        (For("RequestReadTimeout header=20 body=20"), "RequestReadTimeout body=20", ""),
        (For("RequestReadTimeout header=20 body=20"), "RequestReadTimeout handshake=0 header=20", ""),
        (For("RequestReadTimeout header=20 body=20"), "RequestReadTimeout header=05-10", ""),
        (
            For("RequestReadTimeout header=20 body=20"),
            "RequestReadTimeout Header=0\nRequestReadTimeout body=20",
            "request-read-timeout",
        ),
        (
            For("RequestReadTimeout header=20 body=20"),
            "<IfModule reqtimeout_module>\nRequestReadTimeout header=20\n</IfModule>",
            "",
        ),
        (For("FileETag None"), "FileETag MTime Size", ""),
        (For("FileETag None"), "FileETag inode", "file-etag"),
        (For("FileETag None"), "FileETag +INode", "file-etag"),
        (For("FileETag None"), "FileETag -INode", ""),
        (Behind("AllowOverride none"), "FileETag All", "file-etag"),
        (For("User www-data"), "User root", "user-root"),
        (For("User www-data"), "User ROOT", "user-root"),
        (For("User www-data"), "User ${APACHE_RUN_USER}", ""),
        (For("User www-data"), "User #1000", ""),
        (For("Group www-data"), "Group #0", "user-root"),
        (For("Group www-data"), "", "user-missing"),
        (For("LimitRequestBody 1048576"), "LimitRequestBody 0", "limit-request-body"),
        (Behind("DocumentRoot /srv/www"), "LimitRequestBody 0", "limit-request-body"),
        (For("LimitRequestBody 1048576"), "LimitRequestFields 100", "limit-request-body"),
        (Behind("FileETag None"), "LimitRequestFields 100", ""),
        (Behind("FileETag None"), "LimitRequestFields 32767", "limit-request-fields"),
        (Behind("FileETag None"), "LimitRequestLine 8190", ""),
        (Behind("FileETag None"), "LimitRequestLine 1048576", "limit-request-line"),
        (Behind("FileETag None"), "HttpProtocolOptions Strict", ""),
        (Behind("FileETag None"), "HttpProtocolOptions Unsafe Allow0.9", "http-protocol-unsafe"),
        (Behind("FileETag None"), "HttpProtocolOptions RegisteredMethods unsafe", "http-protocol-unsafe"),
        (Behind("FileETag None"), "LogLevel warn ssl:info", ""),
        (Behind("FileETag None"), "LogLevel Alert", "log-level"),
        (Behind("DocumentRoot /srv/www"), "LogLevel crit", "log-level"),
        (Behind("FileETag None"), "ProxyRequests off", ""),
        (Behind("DocumentRoot /srv/www"), "ProxyRequests on", "open-proxy"),
        (Behind("FileETag None"), "ProxyVia Full", "proxy-via"),
        (Behind("FileETag None"), "ProxyVia Block", ""),
        (Behind("FileETag None"), "UserDir disabled root\nUserDir public_html", "userdir"),
        (Behind("FileETag None"), "UserDir Disabled", ""),
        (Behind("FileETag None"), "Alias /icons/ /usr/share/icons/", ""),
        (Behind("FileETag None"), "Alias /icons /usr/share/icons", ""),
        (Behind("DocumentRoot /srv/www"), "Alias \"/i\" \"/usr/share/icons/\"", "alias-slash"),
    ]);
}

#[test]
fn directories() {
    check(&[
        (Behind("Options -Indexes"), "Options +Indexes", "options-indexes"),
        (For("Options -Indexes"), "Options Indexes\nOptions -Indexes", ""),
        (For("Options -Indexes"), "Options +Indexes\nOptions None", ""),
        (For("Options -Indexes"), "Options All", "options-all options-indexes"),
        (For("Options -Indexes"), "Options All\nOptions -Indexes", "options-all"),
        (For("Options -Indexes"), "options +all", "options-all options-indexes"),
        (For("Options -Indexes"), "Options All -Indexes", "options-mixed-signs"),
        (For("Options -Indexes"), "Options -Indexes FollowSymLinks", "options-mixed-signs"),
        (For("Options -Indexes"), "Options +FollowSymLinks -ExecCGI", ""),
        (For("Options -Indexes"), "Options SymLinksIfOwnerMatch Includes", "options-includes"),
        (For("Options -Indexes"), "Options IncludesNOEXEC", ""),
        (For("Options -Indexes"), "Options ExecCGI\nOptions FollowSymLinks", ""),
        (Behind("FileETag None"), "<Location /cgi>\nOptions +ExecCGI\n</Location>", "options-execcgi"),
        (Behind("FileETag None"), "Options Indexes", "options-indexes"),
        (For("AllowOverride none"), "AllowOverride AuthConfig Indexes", ""),
        (For("AllowOverride none"), "AllowOverride all", "allow-override"),
        (For("AllowOverride none"), "AllowOverride Options=Indexes,FollowSymLinks", ""),
        (For("Require all denied"), "Require all granted", "root-directory-access"),
        (For("Require all denied"), "", "root-directory-access"),
        (For("Require all denied"), "Require ip 10.0.0.0/8", ""),
        (For("Require all denied"), "Order deny,allow\nDeny from all", "access-compat"),
        (For("Require all denied"), "Order allow,deny\nAllow from all", "access-compat root-directory-access"),
        (For("<Directory />"), "<Directory \"/\">", ""),
        (For("<Directory />"), "<Directory /srv>", "root-directory-access"),
        (
            Behind("FileETag None"),
            "<Directory />\nOptions None\n</Directory>\n<Directory />\nRequire all granted\n</Directory>",
            "root-directory-access",
        ),
        (For("<FilesMatch \"^\\.ht\">"), "<FilesMatch \"^\\.\">", ""),
        (For("<FilesMatch \"^\\.ht\">"), "<FilesMatch \"^\\.[Hh][Tt]\">", ""),
        (For("<FilesMatch \"^\\.ht\">"), "<FilesMatch \"^\\.(git|ht)\">", ""),
        (For("<FilesMatch \"^\\.ht\">"), "<FilesMatch \"^\\.git\">", "htaccess-exposed"),
        (For("<FilesMatch \"^\\.ht\">"), "<FilesMatch \"\\.bak$\">", "htaccess-exposed"),
        (
            Behind("FileETag None"),
            "<Directory /srv/x>\nRequire all granted\nAllow from all\n</Directory>",
            "access-compat",
        ),
        (Behind("FileETag None"), "<IfModule !mod_authz_core.c>\nOrder allow,deny\n</IfModule>", ""),
        (Behind("FileETag None"), "<Directory /srv/x>\nSatisfy All\n</Directory>", ""),
        (Behind("FileETag None"), "<Directory /srv/x>\nsatisfy any\n</Directory>", "satisfy-any"),
        (Behind("FileETag None"), "<Location /x>\nAuthType digest\nRequire valid-user\n</Location>", "auth-digest"),
        (Behind("FileETag None"), "<Location /x>\nAuthType Basic\nRequire valid-user\n</Location>", ""),
        (Behind("FileETag None"), "<Location /d>\nDav On\nRequire valid-user\n</Location>", ""),
        (Behind("FileETag None"), "<Location /d>\nDav svn\n</Location>", "dav-open"),
        (Behind("FileETag None"), "<Location /d>\nDav off\n</Location>", ""),
        (
            Behind("FileETag None"),
            "<Location /d>\nDav On\n<LimitExcept GET>\nRequire valid-user\n</LimitExcept>\n</Location>",
            "",
        ),
        (Behind("FileETag None"), "<Location /s>\nSetHandler server-status\n</Location>", "status-exposed"),
        (Behind("FileETag None"), "<Location /s>\nSetHandler Server-Status\nRequire ip 10.0.0.1\n</Location>", ""),
        (Behind("FileETag None"), "<Location /s>\nSetHandler server-info\nRequire host example.org\n</Location>", ""),
        (
            Behind("FileETag None"),
            "<Location /s>\nSetHandler server-info\n</Location>\n<Location /s>\nRequire local\n</Location>",
            "",
        ),
        (
            Behind("FileETag None"),
            "<Location /s>\nSetHandler server-info\n<RequireAny>\nRequire local\nRequire ip 10.0.0.0/8\n</RequireAny>\n\
             </Location>",
            "",
        ),
        (
            Behind("FileETag None"),
            "<Location /s>\nSetHandler server-status\n<RequireAny>\nRequire local\nRequire all granted\n</RequireAny>\n\
             </Location>",
            "status-exposed",
        ),
        (
            Behind("FileETag None"),
            "<Location /s>\nSetHandler server-status\nOrder deny,allow\nDeny from all\nAllow from 127.0.0.1\n</Location>",
            "access-compat",
        ),
        (Behind("DocumentRoot /srv/www"), "<Location /s>\nSetHandler server-info\n</Location>", "info-exposed"),
    ]);
}

#[test]
fn tls() {
    check(&[
        (For("SSLProtocol -all +TLSv1.2 +TLSv1.3"), "", "ssl-protocol-implicit"),
        (For("SSLProtocol -all +TLSv1.2 +TLSv1.3"), "SSLProtocol all", "ssl-protocol"),
        (For("SSLProtocol -all +TLSv1.2 +TLSv1.3"), "SSLProtocol all -TLSv1 -TLSv1.1", ""),
        (For("SSLProtocol -all +TLSv1.2 +TLSv1.3"), "SSLProtocol ALL -SSLv2 -SSLv3", "ssl-protocol"),
        (For("SSLProtocol -all +TLSv1.2 +TLSv1.3"), "SSLProtocol +TLSv1.1 -all +TLSv1.2", ""),
        (For("SSLProtocol -all +TLSv1.2 +TLSv1.3"), "SSLProtocol all -all +tlsv1.2", ""),
        (For("SSLProtocol -all +TLSv1.2 +TLSv1.3"), "SSLProtocol TLSv1.2", ""),
        (For("SSLProtocol -all +TLSv1.2 +TLSv1.3"), "SSLProtocol all -TLSv1.1", "ssl-protocol"),
        (For("SSLProtocol -all +TLSv1.2 +TLSv1.3"), "SSLProtocol all\nSSLProtocol TLSv1.3", ""),
        (Behind("FileETag None"), "SSLProtocol all", ""),
        (For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"), "", "ssl-cipher-implicit"),
        (
            For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"),
            "SSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256",
            "ssl-cipher-implicit",
        ),
        (
            For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"),
            "SSLCipherSuite ECDHE-RSA-AES128-GCM-SHA256\nSSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256",
            "",
        ),
        (For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"), "SSLCipherSuite HIGH:!aNULL:!MD5:!3DES", ""),
        (For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"), "SSLCipherSuite ALL:!ADH", "ssl-cipher"),
        (For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"), "SSLCipherSuite HIGH:+3DES:aNULL", "ssl-cipher"),
        (For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"), "SSLCipherSuite HIGH:LOW", "ssl-cipher"),
        (For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"), "SSLCipherSuite HIGH:DES-CBC3-SHA:!3DES", ""),
        (For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"), "SSLCipherSuite RC4-SHA:AES128-SHA:!RC4", ""),
        (For("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256"), "SSLCipherSuite \"EECDH+AESGCM:NULL-SHA\"", "ssl-cipher"),
        (Behind("SSLEngine on"), "SSLCompression On", "ssl-compression"),
        (Behind("SSLEngine on"), "SSLInsecureRenegotiation off", ""),
        (Behind("SSLEngine on"), "SSLInsecureRenegotiation On", "ssl-renegotiation"),
        (For("SSLSessionTickets off"), "SSLSessionTickets On", "ssl-session-tickets"),
        (For("SSLSessionTickets off"), "", ""),
        (Behind("SSLEngine on"), "SSLUseStapling On", "stapling-cache"),
        (Behind("SSLEngine on"), "SSLUseStapling off", ""),
        (Behind("FileETag None"), "SSLUseStapling on\nSSLStaplingCache shmcb:/run/ocsp(128000)", ""),
        (For("SSLEngine on"), "SSLEngine off", "no-tls"),
        (For("SSLEngine on"), "SSLEngine optional", ""),
    ]);
}

#[test]
fn header_fields() {
    const HSTS: &str = "Header always set Strict-Transport-Security max-age=31536000";
    const NOSNIFF: &str = "Header always set X-Content-Type-Options nosniff";
    const CSP: &str = "Header always set Content-Security-Policy \"default-src 'self'\"";
    const REFERRER: &str = "Header always set Referrer-Policy same-origin";
    check(&[
        (For(HSTS), "", "hsts-missing"),
        (For(HSTS), "Header always set Strict-Transport-Security: \"max-age=63072000\"", ""),
        (For(HSTS), "Header always set Strict-Transport-Security max-age=300", "hsts-short"),
        (For(HSTS), "Header always set Strict-Transport-Security max-age=0", "hsts-short"),
        (For(HSTS), "Header always add strict-transport-security \"max-age=31536000\"", ""),
        (For(HSTS), "Header onsuccess set Strict-Transport-Security max-age=31536000", "header-not-always"),
        (Behind(HSTS), "Header always unset Strict-Transport-Security", "hsts-missing"),
        (Behind(HSTS), "Header unset Strict-Transport-Security", "hsts-missing"),
        (Behind(HSTS), "Header always unset Strict-Transport-Security env=off", ""),
        (Behind(HSTS), "Header always set Strict-Transport-Security max-age=60", "hsts-short"),
        (
            For(HSTS),
            "Header always set Strict-Transport-Security max-age=60\nHeader always set Strict-Transport-Security max-age=31536000",
            "",
        ),
        (
            For(HSTS),
            "Header set Strict-Transport-Security max-age=31536000\nHeader always set Strict-Transport-Security max-age=31536000",
            "",
        ),
        (Behind("FileETag None"), "Header always unset Strict-Transport-Security", ""),
        (For(HSTS), "<Location />\nHeader always set Strict-Transport-Security max-age=31536000\n</Location>", ""),
        (
            For(HSTS),
            "<Location /x>\nHeader always set Strict-Transport-Security max-age=31536000\n</Location>",
            "hsts-missing",
        ),
        (
            For(HSTS),
            "<Directory /srv/www>\nHeader always set Strict-Transport-Security max-age=31536000\n</Directory>",
            "",
        ),
        (Behind(HSTS), "<Location /x>\nHeader always unset Strict-Transport-Security\n</Location>", ""),
        (Behind(HSTS), "<Location />\nHeader always unset Strict-Transport-Security\n</Location>", "hsts-missing"),
        (
            For(HSTS),
            "<If \"%{HTTPS} == 'on'\">\nHeader always set Strict-Transport-Security max-age=31536000\n</If>",
            "",
        ),
        (
            For(HSTS),
            "<IfModule mod_headers.c>\nHeader always set Strict-Transport-Security max-age=31536000\n</IfModule>",
            "",
        ),
        (For(HSTS), "RequestHeader set Strict-Transport-Security max-age=31536000", "hsts-missing"),
        (For(NOSNIFF), "Header always setifempty X-Content-Type-Options nosniff", ""),
        (For(NOSNIFF), "Header always set X-Content-Type-Options nosniff env=x", ""),
        (For(NOSNIFF), "Header always edit X-Content-Type-Options x nosniff", "nosniff-missing"),
        (For(NOSNIFF), "Header set X-Content-Type-Options nosniff", "header-not-always"),
        (For(NOSNIFF), "", "nosniff-missing"),
        (For(REFERRER), "", "referrer-missing"),
        (For(REFERRER), "Header always merge Referrer-Policy no-referrer", ""),
        (For(CSP), "", "csp-missing"),
        (For(CSP), "Header always set Content-Security-Policy-Report-Only \"default-src 'self'\"", "csp-missing"),
        (For(CSP), "Header always set Content-Security-Policy \"default-src 'self'; \\\n  script-src 'self'\"", ""),
        (For(CSP), "Header always set Content-Security-Policy \"script-src 'self' 'unsafe-inline'\"", "csp-unsafe"),
        (For(CSP), "Header always set Content-Security-Policy \"default-src * 'unsafe-eval'\"", "csp-unsafe"),
        (
            For(CSP),
            "Header always set Content-Security-Policy \"script-src 'nonce-%{UNIQUE_ID}e' 'unsafe-inline'\"",
            "",
        ),
        (For(CSP), "Header set Content-Security-Policy \"default-src 'self'\"", "header-not-always"),
        (For(CSP), "Header always append Content-Security-Policy \"default-src 'self'\"", ""),
        (
            For(CSP),
            "<FilesMatch \"\\.(html|php)$\">\nHeader always set Content-Security-Policy \"default-src 'self'\"\n</FilesMatch>",
            "",
        ),
        (Behind(HSTS), "Header always set X-Frame-Options ALLOWALL", "xfo-invalid"),
        (Behind(HSTS), "Header always set X-Frame-Options \"ALLOW-FROM https://a.example\"", "xfo-invalid"),
        (Behind(HSTS), "Header always set X-Frame-Options SAMEORIGIN", ""),
        (Behind(HSTS), "Header always append X-Frame-Options sameorigin", ""),
        (Behind(HSTS), "Header always set X-XSS-Protection 0", ""),
        (Behind(HSTS), "Header always set X-XSS-Protection 1", "xss-protection"),
        (Behind(HSTS), "Header always unset X-XSS-Protection", ""),
        (Behind(HSTS), "Header always set Expect-CT \"max-age=1\"", "header-obsolete"),
        (Behind(HSTS), "Header always set Feature-Policy \"camera 'none'\"", "header-obsolete"),
        (Behind(HSTS), "Header always set Access-Control-Allow-Origin \"*\"", ""),
        (
            Behind(HSTS),
            "Header set Access-Control-Allow-Origin \"*\"\nHeader always set Access-Control-Allow-Credentials true",
            "cors-wildcard-credentials",
        ),
        (
            Behind(HSTS),
            "Header set Access-Control-Allow-Origin https://a.example\nHeader set Access-Control-Allow-Credentials true",
            "",
        ),
    ]);
}

#[test]
fn redirects_and_apps() {
    const ALL: &str = "Redirect permanent / https://www.example.org/";
    check(&[
        (For(ALL), "", "http-no-redirect"),
        (For(ALL), "Redirect / https://www.example.org/", "redirect-temporary"),
        (For(ALL), "Redirect temp / https://www.example.org/", "redirect-temporary"),
        (For(ALL), "Redirect 302 / https://www.example.org/", "redirect-temporary"),
        (For(ALL), "Redirect 308 / https://www.example.org/", ""),
        (For(ALL), "RedirectPermanent / https://www.example.org/", ""),
        (For(ALL), "RedirectMatch permanent ^/(.*)$ https://www.example.org/$1", ""),
        (For(ALL), "RedirectMatch 301 ^/old https://www.example.org/", "http-no-redirect"),
        (For(ALL), "<Location />\nRedirect permanent https://www.example.org/\n</Location>", ""),
        (For(ALL), "RewriteEngine on\nRewriteRule ^ https://www.example.org%{REQUEST_URI} [L,R=301]", ""),
        (For(ALL), "RewriteEngine on\nRewriteRule ^ https://www.example.org%{REQUEST_URI} [END,NE,R=permanent]", ""),
        (For(ALL), "RewriteEngine on\nRewriteRule ^/?(.*) https://%{SERVER_NAME}/$1 [R,L]", "redirect-temporary"),
        (For(ALL), "RewriteEngine on\nRewriteRule ^(.*)$ https://www.example.org$1", "redirect-temporary"),
        (For(ALL), "RewriteEngine on\nRewriteRule ^/a https://www.example.org/a [R=301]", "http-no-redirect"),
        (For(ALL), "RewriteRule ^ https://www.example.org%{REQUEST_URI} [L,R=301]", "http-no-redirect"),
        (For(ALL), "RewriteEngine on\nRewriteRule ^(.*) http://127.0.0.1:8000$1 [P]", "http-no-redirect proxy-ssrf"),
        (
            For(ALL),
            "RewriteEngine on\nRewriteCond %{HTTPS} off\nRewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]",
            "redirect-host",
        ),
        (Behind("DocumentRoot /srv/www"), "Redirect /a https://b.example/", ""),
        (Behind("DocumentRoot /srv/www"), "RewriteEngine on\nRewriteRule ^/p/(.*) http://$1/ [P,L]", "proxy-ssrf"),
        (Behind("DocumentRoot /srv/www"), "RewriteEngine on\nRewriteRule ^/p http://%{HTTP_HOST}/ [P]", "proxy-ssrf"),
        (
            Behind("DocumentRoot /srv/www"),
            "RewriteEngine on\nRewriteCond %{QUERY_STRING} to=(.*)\nRewriteRule ^/p http://%1/ [proxy]",
            "proxy-ssrf",
        ),
        (Behind("DocumentRoot /srv/www"), "ProxyPassMatch ^/p/(.*)$ http://$1", "proxy-ssrf"),
        (Behind("DocumentRoot /srv/www"), "ProxyPassMatch ^/p/(.*)$ http://127.0.0.1:8000/$1", ""),
        (Behind("DocumentRoot /srv/www"), "ProxyPassMatch ^(/.*\\.php)$ fcgi://127.0.0.1:9000$1", ""),
        (Behind("DocumentRoot /srv/www"), "RewriteEngine on\nRewriteRule ^/(.*) http://127.0.0.1:1/$1 [P]", ""),
        (Behind("DocumentRoot /srv/www"), "ProxyPass / http://127.0.0.1:8000/", "proxy-forwarded-proto"),
        (Behind("DocumentRoot /srv/www"), "ProxyPass / balancer://apps/", "proxy-forwarded-proto"),
        (
            Behind("DocumentRoot /srv/www"),
            "<Location /app>\nProxyPass http://127.0.0.1:8000/\n</Location>",
            "proxy-forwarded-proto",
        ),
        (
            Behind("DocumentRoot /srv/www"),
            "<Location /app>\nRequestHeader set X-Forwarded-Proto https\nProxyPass http://127.0.0.1:8000/\n</Location>",
            "",
        ),
        (
            Behind("DocumentRoot /srv/www"),
            "RequestHeader set \"X-Forwarded-Proto\" expr=%{REQUEST_SCHEME}\nProxyPass / http://127.0.0.1:8000/",
            "",
        ),
        (
            Behind("DocumentRoot /srv/www"),
            "RequestHeader unset X-Forwarded-Proto\nProxyPass / http://127.0.0.1:8000/",
            "proxy-forwarded-proto",
        ),
        (Behind("DocumentRoot /srv/www"), "ProxyPass /static !", ""),
        (Behind("DocumentRoot /srv/www"), "ProxyPass / ajp://127.0.0.1:8009/", ""),
        (Behind(ALL), "ProxyPass / http://127.0.0.1:8000/", ""),
    ]);
}

#[test]
fn files_of_directories() {
    check(&[
        (Htaccess, "Options -Indexes -ExecCGI", ""),
        (Htaccess, "Options All", "options-all options-indexes"),
        (Htaccess, "Options +Includes", "options-includes"),
        (Htaccess, "TraceEnable On", "directive-context"),
        (Htaccess, "KeepAliveTimeout 300", "directive-context"),
        (Htaccess, "<Directory /srv>\nOptions None\n</Directory>", "directive-context"),
        (Htaccess, "<IfModule mod_ssl.c>\nSSLProtocol all\n</IfModule>", "directive-context"),
        (Htaccess, "AllowOverride All", "directive-context"),
        (Htaccess, "ProxyPass / http://127.0.0.1/", "directive-context"),
        (Htaccess, "<IfModule !x.c>\nTimeout 300\n</IfModule>", ""),
        (Htaccess, "DirectoryIndex a\nSetEnv A b\nErrorDocument 404 /x\nExpiresActive On\nAddType text/x .x", ""),
        (Htaccess, "<FilesMatch x>\nRequire all denied\n</FilesMatch>", ""),
        (Htaccess, "php_value display_errors 1", "php-display-errors"),
        (Htaccess, "php_flag display_errors Off", ""),
        (Htaccess, "php_admin_flag Display_Errors on", "php-display-errors"),
        (Htaccess, "php_flag display_startup_errors on", ""),
        (Htaccess, "AddHandler application/x-httpd-php .php .phtml", ""),
        (Htaccess, "AddType application/x-httpd-php .html", "php-handler-upload"),
        (Htaccess, "AddHandler php-script php5", ""),
        (Htaccess, "AddHandler cgi-script .txt", "php-handler-upload"),
        (Htaccess, "AddType application/x-httpd-php-source .phps", ""),
        (
            Htaccess,
            "<FilesMatch \"\\.jpe?g$\">\nSetHandler application/x-httpd-php\n</FilesMatch>",
            "php-handler-upload",
        ),
        (Htaccess, "<FilesMatch \"\\.php$\">\nSetHandler application/x-httpd-php\n</FilesMatch>", ""),
        (Htaccess, "SetHandler application/x-httpd-php", "php-handler-upload"),
        (Htaccess, "SetHandler none\nForceType text/plain", ""),
        (Htaccess, "SetHandler server-status", "status-exposed"),
        (Htaccess, "SetHandler server-status\nRequire local", ""),
        (Htaccess, "Order deny,allow\nDeny from all", "access-compat"),
        (Htaccess, "Header always set X-Frame-Options DENY", ""),
        (Htaccess, "Header set Strict-Transport-Security max-age=60", "header-not-always hsts-short"),
        (Htaccess, "RewriteEngine On\nRewriteRule ^(.*)$ https://a.example/$1 [R=302,L]", ""),
        (
            Htaccess,
            "RewriteEngine On\nRewriteCond %{HTTPS} !=on\nRewriteRule ^(.*)$ https://a.example/$1 [R=302,L]",
            "redirect-temporary",
        ),
        (
            Htaccess,
            "RewriteEngine On\nRewriteCond %{HTTP:X-Forwarded-Proto} !https\nRewriteRule ^ https://a.example/ [L]",
            "redirect-temporary",
        ),
        (
            Htaccess,
            "RewriteEngine On\nRewriteCond %{HTTPS} off\nRewriteRule ^ https://a.example/ [L,R=301]\n\
             Redirect 302 /old https://b.example/",
            "",
        ),
        (Htaccess, "Redirect 301 /old https://b.example/", ""),
        (Htaccess, "FileETag INode", "file-etag"),
        (Htaccess, "LimitRequestBody 0", "limit-request-body"),
    ]);
}

fn check(rows: &[(Place, &str, &str)]) {
    let mut wrong = Vec::new();
    for (place, text, expected) in rows {
        let (name, all, kind) = match place {
            Htaccess => (".htaccess", format!("{text}\n"), Kind::Htaccess),
            For(line) => ("httpd.conf", replaced(line, text), Kind::Server),
            Behind(line) => ("httpd.conf", replaced(line, &format!("{line}\n{text}")), Kind::Server),
        };
        let tree = Tree::in_memory([(PathBuf::from(name), all.into_bytes())]);
        let reading = apache::read(&tree, Path::new(name)).unwrap();
        assert!(reading.problems.is_empty(), "{text}: {:?}", reading.problems);
        let findings = judge(rules(), &Facts::default().with_apache(Apache::new(reading.value, kind)));
        let names = findings.as_slice().iter().flat_map(|finding| &finding.equivalents);
        let said: BTreeSet<_> = names.filter_map(|name| name.strip_prefix("apache:")).collect();
        let expected: BTreeSet<_> = expected.split_whitespace().collect();
        if said != expected {
            wrong.push(format!("{text:?}: {said:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// [`BASE`] with another text in the place of a line.
fn replaced(line: &str, text: &str) -> String {
    let number = BASE.lines().position(|it| it.trim() == line);
    assert!(number.is_some(), "there is no line {line}");
    let lines = BASE.lines().enumerate().map(|(at, it)| if Some(at) == number { text } else { it });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// A configuration that no rule has anything to say of.
const BASE: &str = r#"ServerRoot /etc/apache2
User www-data
Group www-data
Listen 80
Listen 443
ServerTokens Prod
ServerSignature Off
TraceEnable Off
Timeout 60
KeepAliveTimeout 5
RequestReadTimeout header=20 body=20
LimitRequestBody 1048576
FileETag None
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Directory /srv/www>
    AllowOverride none
    Options -Indexes
    Require all granted
</Directory>
<FilesMatch "^\.ht">
    Require all Denied
</FilesMatch>
<VirtualHost *:80>
    ServerName www.example.org
    Redirect permanent / https://www.example.org/
</VirtualHost>
<VirtualHost *:443>
    ServerName www.example.org
    DocumentRoot /srv/www
    SSLEngine on
    SSLProtocol -all +TLSv1.2 +TLSv1.3
    SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256
    SSLSessionTickets off
    Header always set Strict-Transport-Security max-age=31536000
    Header always set X-Content-Type-Options nosniff
    Header always set Referrer-Policy same-origin
    Header always set Content-Security-Policy "default-src 'self'"
</VirtualHost>
"#;
