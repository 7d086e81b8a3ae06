//! nginx under the TLS configurations of the corpus, with certificates made for the occasion.

use std::collections::HashSet;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use bartizan_testkit::{Program, free_port, outside_program};
use serde_json::Value;
use tempfile::TempDir;

/// A running nginx with a port for each case.
pub(crate) struct Server {
    program: Program,
    cases: usize,
}

impl Server {
    /// Starts it; `None` where nginx or openssl is missing, which is said loudly.
    pub(crate) fn start(cases: &[Value]) -> Option<Self> {
        let nginx = outside_program(Path::new("/usr/sbin/nginx"))?;
        outside_program(Path::new("/usr/bin/openssl"))?;
        let directory = TempDir::new().unwrap();
        let path = directory.path();
        let mut made = HashSet::new();
        for case in cases {
            let name = word(case, "cert").strip_suffix(".pem").unwrap();
            make(path, name, &mut made);
            if word(case, "extra").contains("dh1024.pem") && made.insert("dh1024".to_owned()) {
                run(path, &["dhparam", "-dsaparam", "-out", "dh1024.pem", "1024"]);
            }
        }
        let ports: Vec<u16> = cases.iter().map(|_| free_port()).collect();
        fs::write(path.join("nginx.conf"), config(path, cases, &ports)).unwrap();
        let mut command = Command::new(nginx);
        command.args(["-g", "daemon off; master_process off;", "-c"]).arg(path.join("nginx.conf"));
        command.arg("-e").arg(path.join("error.log"));
        Some(Self { program: Program::start(&mut command, directory, ports), cases: cases.len() })
    }

    /// Returns where each case is served.
    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        (0..self.cases).map(|case| self.program.address(case)).collect()
    }

    /// Returns a file of its directory.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.program.directory().join(name)).unwrap()
    }

    /// Returns the end of a certificate's life as openssl says it.
    pub(crate) fn end_of(&self, name: &str) -> String {
        let output = Command::new("openssl")
            .args(["x509", "-noout", "-enddate", "-dateopt", "iso_8601", "-in", name])
            .current_dir(self.program.directory())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().trim_start_matches("notAfter=").replace(' ', "T")
    }
}

/// Returns a word of a case's configuration.
pub(crate) fn word<'a>(case: &'a Value, key: &str) -> &'a str {
    case["nginx"][key].as_str().unwrap()
}

fn config(path: &Path, cases: &[Value], ports: &[u16]) -> String {
    let path = path.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders: String = temporary.iter().map(|name| format!("{name}_temp_path {path}/{name}; ")).collect();
    let servers = cases.iter().zip(ports).map(|(case, port)| {
        let (pem, protocols) = (word(case, "cert"), word(case, "ssl_protocols"));
        let key = pem.replace(".pem", ".key");
        let extra = word(case, "extra");
        let http2 = if extra == "#h2" { " http2" } else { "" };
        let extra = if extra.starts_with('#') { "" } else { extra };
        let extra = extra.replace("{D}", "").replace("ssl_dhparam ", &format!("ssl_dhparam {path}/"));
        format!(
            "server {{ listen 127.0.0.1:{port} ssl{http2}; ssl_certificate {path}/{pem}; ssl_certificate_key {path}/{key}; \
             ssl_protocols {protocols}; {extra} return 200 ok; }}\n"
        )
    });
    let servers: String = servers.collect();
    format!("pid {path}/pid;\nevents {{}}\nhttp {{ access_log off; {folders}\n{servers}}}\n")
}

/// Makes a certificate by its name, and first whoever signs it.
fn make(path: &Path, name: &str, made: &mut HashSet<String>) {
    if !made.insert(name.to_owned()) {
        return;
    }
    let rsa = |bits: &str| vec!["-newkey".to_owned(), format!("rsa:{bits}")];
    let curve =
        |name: &str| ["-newkey", "ec", "-pkeyopt", &format!("ec_paramgen_curve:{name}")].map(str::to_owned).to_vec();
    let site = "subjectAltName=DNS:a.obs.test\nextendedKeyUsage=serverAuth\n";
    let (key, hash, signer, extensions) = match name {
        "ca" | "badca" => {
            let key = curve("P-256");
            let mut arguments =
                vec!["req", "-x509", "-nodes", "-days", "3650", "-addext", "basicConstraints=critical,CA:TRUE"];
            let (file, out, subject) = (format!("{name}.key"), format!("{name}.pem"), format!("/CN=test {name}"));
            arguments.extend([
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
                "-keyout",
                &file,
                "-out",
                &out,
                "-subj",
                &subject,
            ]);
            arguments.extend(key.iter().map(String::as_str));
            return run(path, &arguments);
        }
        "selfsigned" => {
            let arguments =
                ["req", "-x509", "-nodes", "-days", "3000", "-subj", "/CN=x.badself.test", "-keyout", "selfsigned.key"];
            let key = curve("P-256");
            let rest = ["-out", "selfsigned.pem", "-addext", "subjectAltName=DNS:*.badself.test"];
            let all: Vec<&str> = arguments.into_iter().chain(rest).chain(key.iter().map(String::as_str)).collect();
            return run(path, &all);
        }
        "chain_ok" | "chain_missing" | "chain_anchor" | "chain_order" => {
            make(path, "leafi", made);
            let parts: &[&str] = match name {
                "chain_ok" => &["leafi", "inter"],
                "chain_missing" => &["leafi"],
                "chain_anchor" => &["leafi", "inter", "ca"],
                _ => &["leafi", "ca", "inter"],
            };
            let chain: String =
                parts.iter().map(|part| fs::read_to_string(path.join(format!("{part}.pem"))).unwrap()).collect();
            fs::write(path.join(format!("{name}.pem")), chain).unwrap();
            fs::copy(path.join("leafi.key"), path.join(format!("{name}.key"))).unwrap();
            return;
        }
        "rsa1024" => (rsa("1024"), "sha256", "ca", site.to_owned()),
        "rsa2048" => (rsa("2048"), "sha256", "ca", site.to_owned()),
        "rsa4096" => (rsa("4096"), "sha384", "ca", site.to_owned()),
        "rsasha1" => (rsa("2048"), "sha1", "ca", site.to_owned()),
        "ec256" => (curve("P-256"), "sha256", "ca", site.to_owned()),
        "ec384" => (curve("P-384"), "sha384", "ca", site.to_owned()),
        "muststaple" => (rsa("2048"), "sha256", "ca", format!("{site}tlsfeature=status_request\n")),
        "inter" => {
            let authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n";
            (rsa("2048"), "sha256", "ca", authority.to_owned())
        }
        "leafi" => (rsa("2048"), "sha256", "inter", site.to_owned()),
        "untrusted" => (curve("P-256"), "sha256", "badca", other("DNS:*.badca.test")),
        "wrongname" => (curve("P-256"), "sha256", "ca", other("DNS:other.example")),
        "expired" => (curve("P-256"), "sha256", "ca", other("DNS:*.badexp.test")),
        "valid" => (curve("P-256"), "sha256", "ca", other(VALID)),
        unknown => panic!("no recipe for {unknown}.pem"),
    };
    make(path, signer, made);
    let [file, request, out, extension] = ["key", "csr", "pem", "ext"].map(|ending| format!("{name}.{ending}"));
    let subject = format!("/CN={name}");
    let mut arguments = vec!["req", "-new", "-nodes", "-keyout", &file, "-out", &request, "-subj", &subject];
    arguments.extend(key.iter().map(String::as_str));
    run(path, &arguments);
    fs::write(path.join(&extension), extensions).unwrap();
    let (ca, ca_key) = (format!("{signer}.pem"), format!("{signer}.key"));
    if name == "expired" {
        // Only this command sets both ends of a life.
        fs::write(path.join("db.txt"), "").unwrap();
        fs::write(path.join("serial.txt"), "01").unwrap();
        fs::write(path.join("ca.cnf"), CA).unwrap();
        let dates = ["-startdate", "20240101000000Z", "-enddate", "20250101000000Z"];
        let who = ["-cert", &ca, "-keyfile", &ca_key, "-in", &request, "-out", &out, "-extfile", &extension];
        let all: Vec<&str> =
            ["ca", "-batch", "-notext", "-config", "ca.cnf"].into_iter().chain(who).chain(dates).collect();
        return run(path, &all);
    }
    let digest = format!("-{hash}");
    let days = if matches!(name, "leafi" | "muststaple") { "300" } else { "800" };
    let who = ["-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial", "-in", &request, "-out", &out, "-extfile", &extension];
    let all: Vec<&str> = ["x509", "-req", &digest, "-days", days].into_iter().chain(who).collect();
    run(path, &all);
}

fn other(names: &str) -> String {
    format!("subjectAltName={names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
}

fn run(path: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(path).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

const CA: &str = "[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=.\ndatabase=db.txt\nserial=serial.txt\ndefault_md=sha256\npolicy=p\n\
                  [p]\ncommonName=supplied\n";

const VALID: &str = "DNS:*.obs.test,DNS:obs.test,DNS:*.foreign.test,DNS:foreign.test,DNS:*.h80.test,DNS:*.s443.test,\
                     DNS:*.pre.test,DNS:pre.test,DNS:*.prenosub.test,DNS:prenosub.test,DNS:*.premode.test,DNS:*.obs.dev,\
                     DNS:*.hang80.test,DNS:*.hang443.test";
