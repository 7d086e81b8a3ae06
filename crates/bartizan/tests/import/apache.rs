//! Configurations of Apache.

use crate::Case;
use crate::ask::{plain, send, tls};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a site with a redirect and headers",
        text: r#"<VirtualHost 127.0.0.1:{plain}>
    ServerName a.example
    Redirect permanent / https://a.example/
</VirtualHost>
<VirtualHost 127.0.0.1:{tls}>
    ServerName a.example
    SSLEngine on
    SSLCertificateFile {pem}
    SSLProtocol -all +TLSv1.2 +TLSv1.3
    ProxyPreserveHost On
    ProxyPass / http://{app}/
    Header always set Strict-Transport-Security "max-age=31536000"
    Header always set X-Frame-Options "DENY"
    Header set X-Content-Type-Options nosniff
    Header set Content-Security-Policy "default-src 'self'"
    Header always set X-Custom one
    Header unset X-Powered-By
    Header edit Set-Cookie ^(.*)$ "$1; Secure; HttpOnly"
    LimitRequestBody 2000
    <Location "/private">
        Require all denied
    </Location>
    <Location "/api">
        Header always set X-Custom two
    </Location>
    <Location "/read">
        <LimitExcept GET>
            Require all denied
        </LimitExcept>
    </Location>
</VirtualHost>
"#,
        asks: &[
            tls("a.example", "/"),
            plain("a.example", "/x?y=z"),
            tls("a.example", "/private"),
            tls("a.example", "/api/x"),
            tls("a.example", "/read"),
            send("POST", "a.example", "/", 1000),
            send("POST", "a.example", "/", 3000),
            send("POST", "a.example", "/read", 10),
        ],
        differs: &["method-refused", "refusal-headers", "redirect-headers", "body-too-large"],
    },
    Case {
        name: "rewriting and aliases",
        text: r#"<VirtualHost 127.0.0.1:{plain}>
    ServerName a.example
    ServerAlias www.a.example
    RewriteEngine On
    RewriteRule ^ https://a.example%{REQUEST_URI} [R=301,L]
</VirtualHost>
<VirtualHost 127.0.0.1:{tls}>
    ServerName a.example
    SSLEngine on
    SSLCertificateFile {pem}
    ProxyPreserveHost On
    ProxyPass / http://{app}/
    Header set Referrer-Policy no-referrer
    Header set Permissions-Policy "camera=()"
</VirtualHost>
"#,
        asks: &[tls("a.example", "/"), plain("www.a.example", "/p"), plain("a.example", "/p")],
        differs: &["redirect-headers"],
    },
    Case {
        name: "plain HTTP with an order of headers",
        text: r#"Header set X-Custom server
Header set X-Frame-Options SAMEORIGIN
<VirtualHost 127.0.0.1:{plain}>
    ServerName a.example
    ProxyPreserveHost On
    ProxyPass / http://{app}/
    Header set X-Custom host
    Header unset X-Frame-Options
</VirtualHost>
<VirtualHost 127.0.0.1:{plain}>
    ServerName b.example
    ProxyPreserveHost On
    ProxyPass / http://{app}/
</VirtualHost>
<VirtualHost 127.0.0.1:{tls}>
    ServerName c.example
    SSLEngine on
    SSLCertificateFile {pem}
    ProxyPass / http://{app}/
</VirtualHost>
"#,
        asks: &[plain("a.example", "/"), plain("b.example", "/"), plain("x.example", "/")],
        differs: &["unknown-host"],
    },
];
