//! Configurations of nginx.

use crate::Case;
use crate::ask::{plain, send, tls};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a site with a redirect and headers",
        text: r#"http {
    access_log off;
    upstream app { server {app}; keepalive 8; }
    server {
        listen 127.0.0.1:{plain};
        server_name a.example;
        return 301 https://$host:{tls}$request_uri;
    }
    server {
        listen 127.0.0.1:{tls} ssl;
        server_name a.example;
        ssl_certificate {pem};
        ssl_certificate_key {pem};
        ssl_protocols TLSv1.2 TLSv1.3;
        add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
        add_header Content-Security-Policy "default-src 'self'; object-src 'none'" always;
        add_header X-Frame-Options DENY;
        add_header X-Content-Type-Options nosniff;
        add_header Referrer-Policy no-referrer;
        add_header X-Custom one;
        proxy_hide_header X-Powered-By;
        client_max_body_size 2k;
        location / { proxy_pass http://app; proxy_set_header Host $host; }
        location /private/ { deny all; }
        location /api/ { proxy_pass http://app; proxy_set_header Host $host; add_header X-Custom two; }
        location /read { proxy_pass http://app; proxy_set_header Host $host; limit_except GET { deny all; } }
    }
}
"#,
        asks: &[
            tls("a.example", "/"),
            tls("a.example", "/a?b=c"),
            plain("a.example", "/x?y=z"),
            tls("a.example", "/private/x"),
            tls("a.example", "/api/x"),
            tls("a.example", "/read"),
            send("POST", "a.example", "/", 1000),
            send("POST", "a.example", "/", 3000),
            send("POST", "a.example", "/read", 10),
        ],
        differs: &["method-refused", "refusal-headers", "redirect-headers"],
    },
    Case {
        name: "a canonical name",
        text: r#"http {
    access_log off;
    ssl_certificate {pem};
    ssl_certificate_key {pem};
    server { listen 127.0.0.1:{plain}; server_name a.example www.a.example; return 301 https://a.example:{tls}$request_uri; }
    server { listen 127.0.0.1:{tls} ssl; server_name www.a.example; return 301 https://a.example:{tls}$request_uri; }
    server {
        listen 127.0.0.1:{tls} ssl default_server;
        server_name a.example;
        location / { proxy_pass http://{app}; proxy_set_header Host $host; proxy_cookie_flags ~ secure httponly samesite=strict; }
    }
}
"#,
        asks: &[tls("a.example", "/"), tls("www.a.example", "/p"), plain("www.a.example", "/p"), tls("b.example", "/")],
        differs: &["unknown-host"],
    },
    Case {
        name: "plain HTTP and inherited headers",
        text: r#"http {
    access_log off;
    add_header X-Frame-Options SAMEORIGIN;
    server {
        listen 127.0.0.1:{plain};
        listen 127.0.0.1:{tls} ssl;
        ssl_certificate {pem};
        ssl_certificate_key {pem};
        server_name a.example;
        location / { proxy_pass http://{app}; proxy_set_header Host $host; }
        location /own { proxy_pass http://{app}; proxy_set_header Host $host; add_header X-Content-Type-Options nosniff; }
    }
    server {
        listen 127.0.0.1:{plain};
        server_name b.example;
        location / { proxy_pass http://{app}; proxy_set_header Host $host; add_header X-Custom b; }
    }
}
"#,
        asks: &[plain("a.example", "/"), tls("a.example", "/"), plain("a.example", "/own"), plain("b.example", "/")],
        differs: &[],
    },
    Case {
        name: "any name, and what is closed",
        text: r#"http {
    access_log off;
    server {
        listen 127.0.0.1:{plain} default_server;
        listen 127.0.0.1:{tls} ssl;
        ssl_certificate {pem};
        ssl_certificate_key {pem};
        server_name _;
        location / { proxy_pass http://{app}; proxy_set_header Host $host; }
        location /office { proxy_pass http://{app}; allow 10.0.0.0/8; deny all; }
        location /gone { return 404; }
    }
}
"#,
        asks: &[plain("x.example", "/"), tls("a.example", "/office"), tls("a.example", "/gone")],
        differs: &["denied-status"],
    },
];
