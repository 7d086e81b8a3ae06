//! The flags of `serve` and the variables it reads, each on the program itself.

use std::collections::BTreeSet;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;

use bartizan::cli::Cli;
use bartizan_testkit::{Program, RecordingUpstream, TlsOptions, Trust, WireClient, free_port, wait_until};
use clap::CommandFactory;
use tempfile::TempDir;

use super::Seen;
use super::asks::{Ask, HOST, shape};
use super::fixture::Fixture;
use super::server::trust_in;
use super::started;

/// A flag or a variable, two of its values, and what tells them apart.
///
/// In a value, `{port}` is a port of its own, `{one}` and `{two}` are apps, and `@name` a file or folder.
pub(crate) struct Door {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
    pub(crate) probe: fn(&Fixture, &Self, &str) -> Seen,
}

pub(crate) const DOORS: &[Door] = &[
    Door { name: "--config", values: &["@file_one", "@file_two"], probe: page },
    Door { name: "--upstream", values: &["{one}", "{two}"], probe: page },
    Door { name: "--host", values: &[HOST, "other.example"], probe: page },
    Door { name: "--listen", values: &["127.100.255.1:{port}", "127.100.255.2:{port}"], probe: listening },
    Door { name: "--listen-http", values: &["127.100.255.1:{port}", "127.100.255.2:{port}"], probe: listening },
    Door { name: "--admin", values: &["127.100.255.1:{port}", "127.100.255.2:{port}"], probe: listening },
    Door { name: "--profile", values: &["compatible", "strict"], probe: page },
    Door { name: "--state-dir", values: &["@state_one", "@state_two"], probe: authority },
    Door { name: "--log-format", values: &["human", "json"], probe: log },
    Door { name: "BARTIZAN_CONFIG", values: &["@file_one", "@file_two"], probe: page },
    Door { name: "BARTIZAN_ALLOWED_HOSTS", values: &[HOST, "other.example"], probe: page },
    Door {
        name: "BARTIZAN_CSRF_TRUSTED_ORIGINS",
        values: &["https://elsewhere.example", "https://another.example"],
        probe: form_elsewhere,
    },
];

#[test]
fn every_flag_and_variable_of_serve_is_tried() {
    let mut cli = Cli::command();
    let serve = cli.find_subcommand_mut("serve").unwrap();
    let help = serve.render_long_help().to_string();
    let flags = serve.get_arguments().filter_map(|argument| argument.get_long()).filter(|name| *name != "help");
    let mut known: BTreeSet<String> = flags.map(|name| format!("--{name}")).collect();
    let words = help.split(|letter: char| !(letter.is_ascii_uppercase() || letter == '_'));
    known.extend(words.filter(|word| word.starts_with("BARTIZAN_")).map(str::to_owned));
    let tried: BTreeSet<String> = DOORS.iter().map(|door| door.name.to_owned()).collect();
    assert_eq!(known, tried);
}

/// The running program, and what it stands before.
struct Run {
    program: Program,
    tls: SocketAddr,
    _apps: [RecordingUpstream; 2],
}

/// Starts the program with one flag or variable, and all else that it needs.
fn run(fixture: &Fixture, door: &Door, value: &str) -> Run {
    let apps = [RecordingUpstream::answering("one"), RecordingUpstream::answering("two")];
    let folder = TempDir::new().unwrap();
    let tls = started::place();
    let mut flags = vec![
        ("--listen", tls.to_string()),
        ("--listen-http", started::place().to_string()),
        ("--admin", started::place().to_string()),
        ("--state-dir", folder.path().join("state").display().to_string()),
        ("--log-format", "off".to_owned()),
    ];
    fs::create_dir(folder.path().join("state")).unwrap();
    let is_file = value.starts_with("@file");
    if !is_file {
        flags.push(("--upstream", apps[0].url()));
        if door.name != "BARTIZAN_ALLOWED_HOSTS" {
            flags.push(("--host", HOST.to_owned()));
        }
    }
    let value = fill(fixture, folder.path(), &apps, value);
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.arg("serve").env_remove("BARTIZAN_CONFIG");
    flags.retain(|(name, _)| *name != door.name);
    if door.name.starts_with("--") {
        flags.push((door.name, value));
    } else {
        command.env(door.name, value);
    }
    for (name, value) in &flags {
        command.args([*name, value]);
    }
    // Where it is the listener itself that is tried, another one tells that the program runs.
    let listens = flags.iter().find(|(name, _)| *name == if door.name == "--listen" { "--admin" } else { "--listen" });
    let listens = listens.map(|(_, place)| place.parse().unwrap()).unwrap();
    Run { program: started::start(&mut command, folder, listens), tls, _apps: apps }
}

fn fill(fixture: &Fixture, folder: &Path, apps: &[RecordingUpstream; 2], value: &str) -> String {
    let [one, two] = apps.each_ref().map(RecordingUpstream::url);
    if let Some(name) = value.strip_prefix("@file_") {
        let url = if name == "one" { one } else { two };
        let file = folder.join("wall.toml");
        fs::write(&file, format!("[[site]]\nhosts = [\"{HOST}\"]\nupstream = [\"{url}\"]\n")).unwrap();
        return file.display().to_string();
    }
    if let Some(name) = value.strip_prefix('@') {
        return fixture.path(name).display().to_string();
    }
    value.replace("{one}", &one).replace("{two}", &two).replace("{port}", &free_port().to_string())
}

fn client(run: &Run) -> WireClient {
    let options = TlsOptions::new(&Trust::DangerousAnyone, HOST, &["http/1.1"]);
    WireClient::tls(run.tls, &options).unwrap()
}

fn page(fixture: &Fixture, door: &Door, value: &str) -> Seen {
    let run = run(fixture, door, value);
    vec![("page", shape(&client(&run).ask(&Ask::get("/").bytes())))]
}

fn form_elsewhere(fixture: &Fixture, door: &Door, value: &str) -> Seen {
    let run = run(fixture, door, value);
    let ask = Ask { more: &[("Origin", "https://elsewhere.example")], ..Ask::post("/", "a=b") };
    vec![("form", shape(&client(&run).ask(&ask.bytes())))]
}

/// Says at which of the two addresses somebody answers.
fn listening(fixture: &Fixture, door: &Door, value: &str) -> Seen {
    let port = free_port();
    let _run = run(fixture, door, &value.replace("{port}", &port.to_string()));
    let hosts = [1, 2].map(|last| SocketAddr::from(([127, 100, 255, last], port)));
    let answering = wait_until("a listener", || hosts.into_iter().find(|host| TcpStream::connect(host).is_ok()));
    vec![("address", answering.ip().to_string())]
}

fn authority(fixture: &Fixture, door: &Door, value: &str) -> Seen {
    let run = run(fixture, door, value);
    let trust = trust_in(&fixture.path("state_one").join("ca/ca.pem"));
    let options = TlsOptions::new(&trust, HOST, &["http/1.1"]);
    vec![("trusts the first", WireClient::tls(run.tls, &options).is_ok().to_string())]
}

fn log(fixture: &Fixture, door: &Door, value: &str) -> Seen {
    let run = run(fixture, door, value);
    assert_eq!(client(&run).ask(&Ask::get("/logged").bytes()).status, 200);
    let output = run.program.wait_for_output("/logged");
    let line = output.lines().find(|line| line.contains("/logged")).unwrap_or_default();
    vec![("form", (if line.starts_with('{') { "JSON" } else { "for people" }).to_owned())]
}
