//! Judges files of every format at one size and at twice that size, and names the steps that took more than twice as
//! long: what asks every part of a file about all the others. `growth [SIZE [SHAPE]]`

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use bartizan_audit::{Settings, Tree, discover};
use bartizan_rules::catalog::rules;
use bartizan_rules::judge;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given = std::env::args().skip(1);
    let size = given.next().map_or(Ok(2_000), |size| size.parse())?;
    let only = given.next();
    let mut out = std::io::stdout();
    let mut before: HashMap<(&str, &str), f64> = HashMap::new();
    for count in [size, 2 * size] {
        for shape in SHAPES.iter().filter(|shape| only.as_deref().is_none_or(|only| only == shape.name)) {
            for (step, took) in steps(shape, count) {
                let known = *before.entry((shape.name, step)).or_insert(took);
                // Less is the machine's own noise.
                if took > 0.05 && took > known * 2.8 {
                    writeln!(out, "{:10} {step:40} {known:.3} s, then {took:.3} s", shape.name)?;
                }
            }
        }
    }
    Ok(())
}

/// Reads and judges one file; returns how many seconds each step took.
fn steps(shape: &Shape, count: usize) -> Vec<(&'static str, f64)> {
    let parts: String = (0..count).map(|number| shape.part.replace("{}", &number.to_string())).collect();
    let text = [shape.head, &parts, shape.tail].concat();
    let start = Instant::now();
    let tree = Tree::in_memory([(PathBuf::from(shape.file), text.into_bytes())]);
    let units = discover::units(&tree, |_| {});
    let audited = discover::read(&tree, units, &Settings::default());
    let mut steps = vec![("read", start.elapsed().as_secs_f64())];
    for rule in rules() {
        let start = Instant::now();
        let findings = judge([rule], &audited.facts);
        steps.push((rule.id(), start.elapsed().as_secs_f64()));
        drop(findings);
    }
    steps
}

/// A file of many alike parts.
struct Shape {
    name: &'static str,
    file: &'static str,
    head: &'static str,
    /// What comes again and again, with its number for `{}`.
    part: &'static str,
    tail: &'static str,
}

const SERVER: &str = "events{}\nhttp{\nserver { listen 443 ssl;\nserver_name a;\n";
const HTTP: &str = "events{}\nhttp{\n";
const APACHE: &str = "ServerRoot /etc\n";
const APACHE_HOST: &str = "ServerRoot /etc\n<VirtualHost *:443>\nSSLEngine on\n";
const UNIT: &str = "[Service]\nExecStart=/bin/x\n";

static SHAPES: &[Shape] = &[
    Shape {
        name: "returns",
        file: "nginx.conf",
        head: SERVER,
        part: "location /a{} { return 301 http://$host$uri; }\n",
        tail: "}}\n",
    },
    Shape {
        name: "servers",
        file: "nginx.conf",
        head: HTTP,
        part: "server { listen 443 ssl; server_name a{}; location / { add_header A{} b; alias /x; } }\n",
        tail: "}\n",
    },
    Shape {
        name: "plain",
        file: "nginx.conf",
        head: HTTP,
        part: "server { listen 80; server_name a{}.x; root /; return 301 https://$host$uri; }\n",
        tail: "}\n",
    },
    Shape {
        name: "same-name",
        file: "nginx.conf",
        head: HTTP,
        part: "server { listen 80; server_name a; }\n",
        tail: "}\n",
    },
    Shape {
        name: "fields",
        file: "nginx.conf",
        head: SERVER,
        part: "add_header A{} b;\nadd_header A{} b;\n",
        tail: "}}\n",
    },
    Shape {
        name: "set-fields",
        file: "nginx.conf",
        head: SERVER,
        part: "proxy_set_header A{} $x{};\n",
        tail: "location / { proxy_pass http://x; }\n}}\n",
    },
    Shape {
        name: "proxies",
        file: "nginx.conf",
        head: SERVER,
        part: "location ~ ^/x{}/(.*)$ { proxy_pass http://a{}/$1; proxy_set_header Host $http_host; }\n",
        tail: "}}\n",
    },
    Shape {
        name: "sets",
        file: "nginx.conf",
        head: SERVER,
        part: "set $v{} $uri;\nlocation /{} { return 302 https://x$v{}; }\n",
        tail: "}}\n",
    },
    Shape {
        name: "ifs",
        file: "nginx.conf",
        head: SERVER,
        part: "if ($http_x ~ a{}) { set $z $1; rewrite ^/(.*)$ /$1 break; }\n",
        tail: "}}\n",
    },
    Shape {
        name: "maps",
        file: "nginx.conf",
        head: HTTP,
        part: "map $http_a{} $m{} { default $m1; ~^(?<q>.*)$ $q; }\n",
        tail: "server { listen 80; location / { add_header X $m5; } }\n}\n",
    },
    Shape {
        name: "entries",
        file: "nginx.conf",
        head: "events{}\nhttp{\nmap $uri $m {\n",
        part: "~^/a{}(.*)$ /b$1;\n",
        tail: "}\nserver { listen 80; return 302 https://x$m; }\n}\n",
    },
    Shape {
        name: "groups",
        file: "nginx.conf",
        head: SERVER,
        part: "location /{} { proxy_pass http://u{}/x; }\n}\nupstream u{} { server a{}.example:80; }\nserver {\n",
        tail: "}}\n",
    },
    Shape {
        name: "allows",
        file: "nginx.conf",
        head: SERVER,
        part: "location /{} { allow 10.0.0.1; root /srv/a{}; try_files $uri =404; }\n",
        tail: "}}\n",
    },
    Shape { name: "allow", file: "nginx.conf", head: SERVER, part: "allow 10.0.0.{};\n", tail: "}}\n" },
    Shape {
        name: "listens",
        file: "nginx.conf",
        head: "events{}\nhttp{\nserver {\n",
        part: "listen {};\n",
        tail: "}}\n",
    },
    Shape {
        name: "origins",
        file: "nginx.conf",
        head: SERVER,
        part: "if ($http_origin ~ \"https://a{}.example\") { add_header Access-Control-Allow-Origin $http_origin; }\n",
        tail: "}}\n",
    },
    Shape {
        name: "names",
        file: "nginx.conf",
        head: "events{}\nhttp{\nserver { listen 80; server_name\n",
        part: "a{}.example\n",
        tail: ";}}\n",
    },
    Shape {
        name: "aliases",
        file: "nginx.conf",
        head: SERVER,
        part: "location /s{} { alias /srv/s{}/; }\n",
        tail: "}}\n",
    },
    Shape {
        name: "hosts",
        file: "httpd.conf",
        head: APACHE,
        part: "<VirtualHost *:443>\nServerName a{}\nSSLEngine on\nHeader set A{} b\nRedirect / http://x/\n</VirtualHost>\n",
        tail: "",
    },
    Shape {
        name: "folders",
        file: "httpd.conf",
        head: APACHE,
        part: "<Directory /srv/a{}>\nOptions Indexes FollowSymLinks\nAllowOverride All\n</Directory>\nAlias /a{} /srv/a{}/\n",
        tail: "",
    },
    Shape {
        name: "headers",
        file: "httpd.conf",
        head: APACHE_HOST,
        part: "Header set A{} b\nHeader always set A{} b\n",
        tail: "</VirtualHost>\n",
    },
    Shape {
        name: "rewrites",
        file: "httpd.conf",
        head: APACHE_HOST,
        part: "RewriteCond %{HTTP_HOST} a{}\nRewriteRule ^/a{}(.*)$ http://x{}/$1 [P]\n",
        tail: "</VirtualHost>\n",
    },
    Shape {
        name: "locations",
        file: "httpd.conf",
        head: APACHE,
        part: "<Location /s{}>\nSetHandler server-status\nRequire all granted\n</Location>\n",
        tail: "",
    },
    Shape {
        name: "defines",
        file: "httpd.conf",
        head: APACHE,
        part: "Define A{} b\n<IfDefine A{}>\nHeader set X ${A{}}\n</IfDefine>\n",
        tail: "",
    },
    Shape {
        name: "unit",
        file: "a.service",
        head: UNIT,
        part: "SystemCallFilter=~s{}\nCapabilityBoundingSet=~CAP_SYS_ADMIN\nEnvironment=A{}=b\nReadWritePaths=/x{}\n",
        tail: "",
    },
    Shape { name: "keys", file: "a.service", head: UNIT, part: "Key{}=x\n", tail: "" },
    Shape {
        name: "settings",
        file: "settings.py",
        head: "MIDDLEWARE = []\n",
        part: "A{} = {}\nSECRET{} = 'abc{}'\n",
        tail: "",
    },
    Shape { name: "lists", file: "settings.py", head: "DEBUG = True\nX = []\n", part: "X = X + ['a{}']\n", tail: "" },
    Shape {
        name: "middleware",
        file: "settings.py",
        head: "DEBUG = True\nMIDDLEWARE = [\n",
        part: "'a.b{}',\n",
        tail: "]\n",
    },
    Shape { name: "variables", file: ".env", head: "", part: "A{}=b\nSECRET_{}=changeme\n", tail: "" },
    Shape {
        name: "services",
        file: "compose.yaml",
        head: "services:\n",
        part: "  s{}:\n    image: x\n    privileged: true\n    environment:\n      SECRET_KEY{}: changeme\n    ports: ['80:80']\n",
        tail: "",
    },
    Shape { name: "layers", file: "Dockerfile", head: "FROM x\n", part: "ENV SECRET{}=abc\nRUN x\n", tail: "" },
    Shape {
        name: "elixir",
        file: "prod.secret.exs",
        head: "",
        part: "config :pleroma, :instance{}, name: \"x\", secret_key_base: \"abc{}\"\n",
        tail: "",
    },
    Shape {
        name: "endpoints",
        file: "krakend.json",
        head: "{\"version\":3,\"endpoints\":[",
        part: "{\"endpoint\":\"/a{}\",\"backend\":[{\"host\":[\"http://x\"],\"url_pattern\":\"/a{}\",\"extra_config\":{\"auth/client-credentials\":{\"client_id\":1}}}]},",
        tail: "{}]}",
    },
];
