//! Docker Compose: the app without a door of its own, and the wall before it.

use bartizan_proxy::config::UpstreamAddress;

use super::plan::Plan;
use super::written::{Plain, Syntax, Written, raw, text};
use crate::config::{Choices as _, ProfileName};

/// Double quotes as JSON has them, which is YAML; Compose fills in `$`, unless there are two.
pub(super) const SYNTAX: Syntax = Syntax {
    quote: |text| serde_json::to_string(&text.replace('$', "$$")).ok(),
    plain: Plain::Quoted,
    end: "",
    indent: "  ",
};

/// Writes the services.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) {
    out.note(format!(
        "the image of Bartizan: make one named bartizan:{} that runs the program, with bash for the health check",
        env!("CARGO_PKG_VERSION")
    ));
    out.open("services:", &[], "");
    wall(plan, out);
    out.gap();
    app(plan, out);
    out.close("");
    out.gap();
    out.open("networks:", &[], "");
    out.comment("Visitors come in here, and meet the wall alone.");
    out.say("outside:", &[raw("{}")]);
    out.open("inside:", &[], "");
    if plan.profile == ProfileName::Strict {
        out.comment("The app reaches the wall and nothing beyond.");
        out.say("internal:", &[raw("true")]);
    } else {
        out.comment("`internal: true` ends what the app asks of other machines.");
        out.say("internal:", &[raw("false")]);
    }
    out.close("");
    out.close("");
    out.gap();
    out.open("volumes:", &[], "");
    out.say("state:", &[raw("{}")]);
    out.close("");
}

fn wall(plan: &Plan<'_>, out: &mut Written) {
    out.open("wall:", &[], "");
    out.say("image:", &[text(format!("bartizan:{}", env!("CARGO_PKG_VERSION")))]);
    out.open("command:", &[], "");
    let mut command = vec!["bartizan".to_owned(), "serve".to_owned()];
    let is_of_file = plan.told.has_file;
    if is_of_file {
        command.extend(["--config".to_owned(), CONFIG.to_owned()]);
    } else {
        for host in &plan.site.hosts {
            command.extend(["--host".to_owned(), host.to_string()]);
        }
        command.extend(["--profile".to_owned(), plan.profile.word().to_owned()]);
    }
    let upstream = format!("http://app:{}", port(plan));
    for (option, value) in [
        ("--upstream", upstream.as_str()),
        ("--listen", "0.0.0.0:8443"),
        ("--listen-http", "0.0.0.0:8080"),
        ("--admin", "127.0.0.1:9180"),
        ("--state-dir", "/var/lib/bartizan"),
    ] {
        command.extend([option.to_owned(), value.to_owned()]);
    }
    for word in command {
        out.say("-", &[text(word)]);
    }
    out.close("");
    out.comment("The only ports that are open to anybody.");
    out.open("ports:", &[], "");
    out.say("-", &[text("443:8443")]);
    out.say("-", &[text("80:8080")]);
    out.close("");
    out.open("volumes:", &[], "");
    out.say("-", &[text("state:/var/lib/bartizan")]);
    if is_of_file {
        out.say("-", &[text(format!("./bartizan.toml:{CONFIG}:ro"))]);
        if !plan.certificate.is_assumed {
            let key = plan.certificate.key.as_ref();
            for path in [Some(&plan.certificate.chain), key].into_iter().flatten() {
                let path = path.display();
                out.say("-", &[text(format!("{path}:{path}:ro"))]);
            }
            out.comment("The user below has to be able to read the key.");
        }
    } else {
        out.note("a certificate of files: without bartizan.toml (--config) the wall issues one of its own authority");
    }
    out.close("");
    out.comment("It is alive when it says so on its admin listener, which no other container reaches.");
    out.open("healthcheck:", &[], "");
    out.open("test:", &[], "");
    let ask = "exec 3<>/dev/tcp/127.0.0.1/9180 && printf 'GET /ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && \
               grep -q '200 OK' <&3";
    for word in ["CMD", "bash", "-c", ask] {
        out.say("-", &[text(word)]);
    }
    out.close("");
    for (name, value) in [("interval", "10s"), ("timeout", "3s"), ("retries", "3"), ("start_period", "10s")] {
        out.say(&format!("{name}:"), &[raw(value)]);
    }
    out.close("");
    out.open("depends_on:", &[], "");
    out.say("-", &[raw("app")]);
    out.close("");
    out.open("networks:", &[], "");
    out.say("-", &[raw("outside")]);
    out.say("-", &[raw("inside")]);
    out.close("");
    out.comment("A number, so that no image decides it.");
    out.say("user:", &[text("10001:10001")]);
    confined(out);
    out.close("");
}

fn app(plan: &Plan<'_>, out: &mut Written) {
    out.open("app:", &[], "");
    out.say("image:", &[text(plan.told.image)]);
    out.comment("No `ports`: whoever reached the app past the wall would have none of it.");
    out.open("expose:", &[], "");
    out.say("-", &[text(port(plan).to_string())]);
    out.close("");
    out.open("networks:", &[], "");
    out.say("-", &[raw("inside")]);
    out.close("");
    confined(out);
    out.close("");
    out.note("what the app writes beside /tmp: give it a volume, for its own files are read-only");
    out.note("the app's own environment, health check and user");
}

fn confined(out: &mut Written) {
    out.say("init:", &[raw("true")]);
    out.say("restart:", &[raw("unless-stopped")]);
    out.comment("It cannot change what it is made of, and has no right that root has.");
    out.say("read_only:", &[raw("true")]);
    for (name, value) in [
        ("tmpfs:", "/tmp:rw,noexec,nosuid,nodev,size=64m"),
        ("cap_drop:", "ALL"),
        ("security_opt:", "no-new-privileges:true"),
    ] {
        out.open(name, &[], "");
        out.say("-", &[text(value)]);
        out.close("");
    }
    out.say("pids_limit:", &[raw("512")]);
}

/// The port of the app, as it was on the machine.
fn port(plan: &Plan<'_>) -> u16 {
    let ports = plan.site.upstream.addresses.iter().filter_map(|address| match address {
        UpstreamAddress::Tcp { port, .. } => Some(*port),
        UpstreamAddress::Unix(_) => None,
    });
    // Where frameworks listen unless told otherwise.
    ports.into_iter().next().unwrap_or(8000)
}

/// Where the wall finds its configuration.
const CONFIG: &str = "/etc/bartizan/bartizan.toml";
