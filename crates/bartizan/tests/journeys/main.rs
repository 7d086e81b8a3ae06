//! Real apps that nobody here wrote, each driven by Chromium: direct, and behind the wall.
//!
//! An app is a folder of `apps/`: `app.toml` says how it is installed, seeded and started, `journey.mjs` what a
//! person does with it. Neither knows of the wall, and nothing here knows an app. What the browser saw behind the
//! wall must be what it saw without. With `BARTIZAN_JOURNEYS` set to a folder, more is measured and written
//! there, for `cargo xtask journeys` to make its table of.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

mod app;
mod browser;
mod flight;
mod outcome;
mod seen;
mod tamper;
mod wall;

use app::App;
use browser::Browser;
use outcome::Outcome;
use wall::Wall;

#[test]
fn bokeh() {
    travel("bokeh");
}

#[test]
fn datasette() {
    travel("datasette");
}

#[test]
fn django() {
    travel("django");
}

#[test]
fn jupyter() {
    travel("jupyter");
}

#[test]
fn nodered() {
    travel("nodered");
}

#[test]
fn tiddlywiki() {
    travel("tiddlywiki");
}

#[test]
fn verdaccio() {
    travel("verdaccio");
}

#[test]
fn wagtail() {
    travel("wagtail");
}

/// Goes the app's journey direct and behind `balanced`, and sees the same.
fn travel(name: &str) {
    let (Some(app), Some(browser)) = (App::find(name), Browser::find()) else { return };
    let running = app.start();
    let mut outcome = Outcome::of(&app);
    let direct = browser.drive(&app, &running.url(), "direct");
    assert_eq!(direct.error, None, "without any wall: {direct:#?}\n{}", running.output());
    outcome.add_direct(&direct);
    for profile in outcome.profiles() {
        let wall = Wall::start(&running.url(), profile);
        let walled = browser.drive(&app, &wall.url(), profile);
        let broken = walled.worse_than(&direct, &app.row.noise);
        outcome.add_walled(profile, &walled, &broken, &wall);
        // Strict is for apps that were written for it: what it breaks is told, not judged.
        if profile != "strict" {
            assert!(broken.is_empty(), "{profile} breaks it: {broken:#?}\n{walled:#?}\n{}", wall.output());
        }
    }
    flight::fly(&app, &browser, &running, &direct, &mut outcome);
}

#[test]
fn every_folder_has_its_test() {
    let mut folders = app::folders();
    folders.sort();
    let tested = ["bokeh", "datasette", "django", "jupyter", "nodered", "tiddlywiki", "verdaccio", "wagtail"];
    assert_eq!(folders, tested);
}
