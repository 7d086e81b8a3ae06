//! The exported services: what is open, and what each may do. `docker compose` is not at hand in every build.

use bartizan_audit::Source;
use bartizan_audit::formats::compose::parse;
use bartizan_rules::facts::node::Node;

use crate::command::{PROFILES, export};

fn texts(node: Option<&Node>) -> Vec<String> {
    node.map(Node::items).unwrap_or_default().iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}

#[test]
fn only_the_wall_has_a_door() {
    for profile in PROFILES {
        let output =
            export(&["docker-compose", "--host", "app.example", "--profile", profile, "--image", "app: $1 #x"]);
        let root = parse(&Source::new("compose.yaml", output.stdout));
        let services = root.get("services").unwrap();
        let names: Vec<_> = services.entries().iter().map(|entry| &*entry.key).collect();
        assert_eq!(names, ["wall", "app"]);
        for entry in services.entries() {
            let service = &entry.value;
            assert_eq!(service.get("read_only").and_then(Node::bool), Some(true), "{}", entry.key);
            assert_eq!(texts(service.get("cap_drop")), ["ALL"]);
            assert_eq!(texts(service.get("security_opt")), ["no-new-privileges:true"]);
            assert!(service.get("privileged").is_none() && service.get("network_mode").is_none());
        }
        let (wall, app) = (services.get("wall").unwrap(), services.get("app").unwrap());
        assert!(app.get("ports").is_none());
        assert_eq!(texts(app.get("networks")), ["inside"]);
        assert_eq!(texts(wall.get("ports")), ["443:8443", "80:8080"]);
        // Compose reads two dollars as one.
        assert_eq!(app.get("image").and_then(Node::text), Some("app: $$1 #x"));
        let command = texts(wall.get("command"));
        assert!(command.windows(2).any(|pair| pair == ["--upstream", "http://app:8000"]), "{command:?}");
        assert!(texts(wall.get("healthcheck").and_then(|check| check.get("test"))).join(" ").contains("/ready"));
        let is_internal = root.get("networks").and_then(|all| all.get("inside")?.get("internal")?.bool());
        assert_eq!(is_internal, Some(profile == "strict"));
    }
}

/// The command of the service is one that the program understands.
#[test]
fn the_wall_starts_with_its_command() {
    let app = bartizan_testkit::RecordingUpstream::answering("hello");
    let output = export(&["docker-compose", "--host", "app.example"]);
    let root = parse(&Source::new("compose.yaml", output.stdout));
    let command = texts(root.get("services").and_then(|all| all.get("wall")?.get("command")));
    let ports: Vec<u16> = (0..3).map(|_| bartizan_testkit::free_port()).collect();
    let home = tempfile::tempdir().unwrap();
    let arguments = command.iter().skip(1).map(|word| {
        word.replace("http://app:8000", &app.url())
            .replace("0.0.0.0:8443", &format!("127.0.0.1:{}", ports[0]))
            .replace("0.0.0.0:8080", &format!("127.0.0.1:{}", ports[1]))
            .replace("127.0.0.1:9180", &format!("127.0.0.1:{}", ports[2]))
            .replace("/var/lib/bartizan", home.path().to_str().unwrap())
    });
    let mut wall = std::process::Command::new(env!("CARGO_BIN_EXE_bartizan"));
    wall.args(arguments).env_remove("BARTIZAN_CONFIG");
    let wall = bartizan_testkit::Program::start(&mut wall, home, ports);
    let ready =
        bartizan_testkit::WireClient::plain(wall.address(2)).ask(b"GET /ready HTTP/1.0\r\nHost: localhost\r\n\r\n");
    assert_eq!(ready.status, 200, "{}", wall.output());
}
