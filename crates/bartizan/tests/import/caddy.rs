//! Caddyfiles.

use crate::Case;
use crate::ask::{plain, send, tls};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a site with headers and refusals",
        text: r#"a.example {
	tls {pem} {pem}
	header Strict-Transport-Security "max-age=31536000"
	header {
		X-Frame-Options DENY
		X-Content-Type-Options nosniff
		Content-Security-Policy "default-src 'self'"
		X-Custom one
		-X-Powered-By
	}
	header /api/* X-Custom two
	header /api/* Permissions-Policy camera=()
	request_body {
		max_size 2KB
	}
	respond /private/* 403
	@write not method GET HEAD POST
	respond @write 405
	reverse_proxy {app}
}
"#,
        asks: &[
            tls("a.example", "/"),
            plain("a.example", "/x?y=z"),
            tls("a.example", "/private/x"),
            tls("a.example", "/api/x"),
            send("POST", "a.example", "/", 1000),
            send("POST", "a.example", "/", 3000),
            send("PUT", "a.example", "/", 0),
        ],
        differs: &["redirect-status", "redirect-headers", "body-too-large"],
    },
    Case {
        name: "snippets, a canonical name and plain HTTP",
        text: r#"(fields) {
	header Referrer-Policy {args.0}
}
a.example {
	tls {pem} {pem}
	import fields no-referrer
	reverse_proxy {app} {
		header_up Host {host}
		header_down -X-Powered-By
	}
}
www.a.example {
	tls {pem} {pem}
	redir https://a.example{uri} permanent
}
http://b.example {
	import fields origin
	reverse_proxy {app}
}
"#,
        asks: &[tls("a.example", "/"), tls("www.a.example", "/p?q"), plain("b.example", "/")],
        differs: &["redirect-headers"],
    },
];
