//! For every field: what is written is read back, as the same value and without a note.

use std::fmt::Debug;
use std::time::Duration;

use bartizan_headers::cross_origin::{Embedder, EmbedderPolicy, Opener, OpenerPolicy};
use bartizan_headers::nel::Nel;
use bartizan_headers::permissions_policy::{Allowlist, Feature, Member, PermissionsPolicy};
use bartizan_headers::set_cookie::{SameSite, SetCookie};
use bartizan_headers::{Field, Hsts, Tighten};
use proptest::prelude::*;

fn check<T: Field + PartialEq + Debug>(value: &T) {
    let written = value.to_string();
    assert_eq!(T::strict(&written).as_ref(), Ok(value), "{written}");
}

/// The app's value is kept or made stricter once; a second time changes nothing.
fn check_tighten<T: Tighten + PartialEq + Debug>(app: &T, ours: &T) {
    let once = app.tighten(ours);
    assert_eq!(once.tighten(ours), once, "{app:?} / {ours:?}");
    assert_eq!(app.tighten(app), *app, "{app:?} with itself");
}

fn hsts() -> impl Strategy<Value = Hsts> {
    (any::<u64>(), any::<bool>(), any::<bool>()).prop_map(|(seconds, include_subdomains, preload)| Hsts {
        max_age: Duration::from_secs(seconds),
        include_subdomains,
        preload,
    })
}

fn endpoint() -> impl Strategy<Value = Option<String>> {
    prop::option::of("[ -~]{1,8}")
}

fn opener_policy() -> impl Strategy<Value = OpenerPolicy> {
    let values = [Opener::NoopenerAllowPopups, Opener::SameOrigin, Opener::SameOriginAllowPopups, Opener::UnsafeNone];
    (prop::sample::select(values.to_vec()), endpoint()).prop_map(|(value, report_to)| OpenerPolicy { value, report_to })
}

fn embedder_policy() -> impl Strategy<Value = EmbedderPolicy> {
    let values = [Embedder::Credentialless, Embedder::RequireCorp, Embedder::UnsafeNone];
    (prop::sample::select(values.to_vec()), endpoint())
        .prop_map(|(value, report_to)| EmbedderPolicy { value, report_to })
}

fn permissions_policy() -> impl Strategy<Value = PermissionsPolicy> {
    let member = prop_oneof![
        Just(Member::SelfOrigin),
        Just(Member::Src),
        prop::sample::select(vec!["https://a.example", "https://b.example", "odd \" \\"])
            .prop_map(|origin| Member::Origin(origin.to_owned())),
    ];
    let allowed = prop_oneof![
        1 => Just(Allowlist::Everyone),
        4 => prop::collection::vec(member, 0..4).prop_map(|mut members| {
            let all = members.clone();
            let mut index = 0;
            members.retain(|member| {
                index += 1;
                !all[..index - 1].contains(member)
            });
            Allowlist::Only(members)
        }),
    ];
    let names = prop::sample::subsequence(vec!["camera", "geolocation", "microphone", "usb"], 1..4);
    (names, prop::collection::vec((allowed, endpoint()), 4)).prop_map(|(names, values)| PermissionsPolicy {
        features: names
            .into_iter()
            .zip(values)
            .map(|(name, (allowed, report_to))| Feature { name: name.to_owned(), allowed, report_to })
            .collect(),
    })
}

fn nel() -> impl Strategy<Value = Nel> {
    ("[ -~é\u{1f600}]{1,8}", 0..1_u64 << 50, any::<bool>(), 0.0..=1.0, 0.0..=1.0).prop_map(
        |(group, age, include_subdomains, success_fraction, failure_fraction)| Nel {
            include_subdomains,
            success_fraction,
            failure_fraction,
            ..Nel::failures(group, Duration::from_secs(age))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hsts_is_read_back(app in hsts(), ours in hsts()) {
        check(&app);
        check_tighten(&app, &ours);
        let result = app.tighten(&ours);
        prop_assert!(result.max_age >= app.max_age && result.include_subdomains >= app.include_subdomains);
    }

    #[test]
    fn isolation_is_read_back(
        opener in opener_policy(), our_opener in opener_policy(),
        embedder in embedder_policy(), our_embedder in embedder_policy(),
    ) {
        check(&opener);
        check_tighten(&opener, &our_opener);
        check(&embedder);
        check_tighten(&embedder, &our_embedder);
        prop_assert!(embedder.tighten(&our_embedder).value >= embedder.value);
    }

    #[test]
    fn permissions_are_read_back(app in permissions_policy(), ours in permissions_policy()) {
        check(&app);
        check_tighten(&app, &ours);
        let result = app.tighten(&ours);
        for feature in &app.features {
            let Some(Allowlist::Only(members)) = result.allowed(&feature.name) else {
                prop_assert_eq!(&feature.allowed, &Allowlist::Everyone);
                continue;
            };
            if let Allowlist::Only(before) = &feature.allowed {
                prop_assert!(members.iter().all(|member| before.contains(member)), "{}", feature);
            }
        }
    }

    #[test]
    fn nel_is_read_back(policy in nel()) {
        check(&policy);
    }

    #[test]
    fn hardened_cookies_are_read_back(name in "[a-z]{1,8}", value in "[!-:<-~]{0,8}") {
        let cookie = SetCookie::session(&name, &value);
        check(&cookie);
        prop_assert!(cookie.is_secure() && cookie.is_http_only() && cookie.keeps_prefix());
        prop_assert_eq!(cookie.same_site(), Some(SameSite::Lax));
    }
}
