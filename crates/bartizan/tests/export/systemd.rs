//! systemd's own judgement of the exported units, and ours.

use std::fs;
use std::path::Path;
use std::process::Command;

use bartizan_testkit::outside_program;

use crate::audited::audit;
use crate::command::{PROFILES, export_to};

#[test]
fn units_are_valid_and_little_exposed() {
    let program = outside_program(Path::new("/usr/bin/systemd-analyze"));
    for (unit, exec) in [("app", "/bin/true"), ("wall", "/bin/true")] {
        for profile in PROFILES {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(format!("{unit}.service"));
            export_to(
                &file,
                &["systemd", "--host", "app.example", "--profile", profile, "--unit", unit, "--exec", exec],
            );
            let report = audit(file.to_str().unwrap(), &[]);
            let exposure = &report["systemd"][format!("{unit}.service")]["exposure"];
            println!("{unit} {profile}: {exposure}");
            assert!(exposure.as_f64().is_some_and(|exposure| exposure < 2.0), "{unit} {profile}: {exposure}");
            let Some(program) = &program else { continue };
            // The program of the wall is not installed here.
            let text = fs::read_to_string(&file).unwrap().replace("/usr/bin/bartizan", "/bin/true");
            fs::write(&file, text.replace("Documentation=man:bartizan(1)\n", "")).unwrap();
            let verified = Command::new(program).arg("verify").arg(&file).output().unwrap();
            let said = String::from_utf8_lossy(&verified.stderr);
            let about_it: Vec<_> = said.lines().filter(|line| line.contains(&format!("{unit}.service"))).collect();
            assert!(verified.status.success() && about_it.is_empty(), "{unit} {profile}: {said}");
            let judged = Command::new(program).args(["security", "--offline=true"]).arg(&file).output().unwrap();
            let said = String::from_utf8_lossy(&judged.stdout);
            assert!(said.contains(&format!(": {exposure} OK")), "{unit} {profile}: {said}");
        }
    }
}

#[test]
fn a_command_stays_on_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.service");
    export_to(&file, &["systemd", "--host", "app.example", "--exec", "/bin/echo 100% $HOME"]);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("\nExecStart=/bin/echo 100%% $$HOME\n"), "{text}");
}
