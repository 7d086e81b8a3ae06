//! The one suite that every store passes.

use std::borrow::Cow;
use std::sync::Arc;

use bartizan_reports::noise::Class;
use bartizan_reports::sketch::{Client, Sketch};
use bartizan_reports::store::{
    Batch, Fact, Filter, GroupDelta, NoiseFilter, Order, PAGES, SAMPLES, Sample, SiteDelta, Store,
};
use bartizan_reports::subject::{Fingerprint, Subject};

const HOUR: i64 = 3_600_000;

/// One thing that every store does.
type Check = fn(&mut dyn Store);

/// What every store does, each entry in an empty one.
pub(crate) const SUITE: &[(&str, Check)] = &[
    ("counts add up over batches", counts_add_up_over_batches),
    ("a group twice in a batch counts twice", a_group_twice_in_a_batch_counts_twice),
    ("filters choose and orders arrange", filters_choose_and_orders_arrange),
    ("reports are added up by a fact in a time", reports_are_added_up_by_a_fact_in_a_time),
    ("facts are added up", facts_are_added_up),
    ("samples and pages are bounded", samples_and_pages_are_bounded_and_come_back_as_they_were),
    ("what is purged or old is gone", what_is_purged_or_old_is_gone_with_all_that_belongs_to_it),
    ("any text comes back", any_text_comes_back),
    ("notes are kept apart", notes_are_kept_apart),
];

pub(crate) fn delta(site: &str, what: &str, target: &str, noise: Option<Class>, count: u64, seen: i64) -> GroupDelta {
    let subject = Subject {
        kind: "csp-violation".into(),
        what: Cow::Owned(what.to_owned()),
        target: Cow::Owned(target.to_owned()),
        source: "".into(),
        disposition: "enforce".into(),
        noise,
    };
    let mut clients = Sketch::default();
    clients.add(Client(count));
    GroupDelta {
        id: subject.fingerprint(site, "1"),
        site: site.into(),
        policy: "1".into(),
        subject: Arc::new(subject),
        count,
        first_seen: seen,
        last_seen: seen,
        clients,
        pages: vec![("https://a.example/".into(), count)],
    }
}

fn sample(group: Fingerprint, number: i64) -> Sample {
    Sample {
        group,
        received: number,
        age: Some(5),
        url: "https://a.example/'; DROP TABLE groups;--".to_owned(),
        user_agent: "a\u{0}b\u{1b}[31m".to_owned(),
        body: format!("{{\"n\":{number},\"nul\":\"\\u0000\"}}"),
    }
}

pub(crate) fn filled(store: &mut dyn Store) {
    let mut clients = Sketch::default();
    clients.add(Client(7));
    let site = SiteDelta { site: "a".into(), clients };
    store
        .apply(&Batch {
            at: HOUR + 5,
            groups: vec![
                delta("a", "img-src", "https://x.example/One", None, 3, 100),
                delta("a", "script-src", "inline", None, 5, 200),
                delta("a", "script-src", "chrome-extension", Some(Class::Extension), 7, 300),
                delta("b", "img-src", "data", None, 11, 400),
            ],
            samples: Vec::new(),
            sites: vec![site],
        })
        .unwrap();
}

fn counts_add_up_over_batches(store: &mut dyn Store) {
    filled(store);
    let again = delta("a", "img-src", "https://x.example/One", None, 4, 50);
    let id = again.id;
    store.apply(&Batch { at: 3 * HOUR, groups: vec![again], ..Batch::default() }).unwrap();
    let group = store.group(id).unwrap().unwrap();
    assert_eq!((group.count, group.first_seen, group.last_seen, group.clients.estimate()), (7, 50, 100, 2));
    assert_eq!(group.subject.target, "https://x.example/One");
    let pages = store.pages(id).unwrap();
    assert_eq!((pages.len(), pages[0].count), (1, 7));
    let series = store.series(&Filter { site: Some("a".into()), ..Filter::default() }).unwrap();
    let points: Vec<_> = series.iter().map(|point| (point.hour / HOUR, point.count)).collect();
    assert_eq!(points, [(1, 15), (3, 4)]);
    assert_eq!(store.known().unwrap().len(), 4);
    assert_eq!(store.client_key().unwrap(), store.client_key().unwrap());
}

fn a_group_twice_in_a_batch_counts_twice(store: &mut dyn Store) {
    let one = delta("a", "img-src", "data", None, 3, 100);
    let other = GroupDelta { last_seen: 200, ..delta("a", "img-src", "data", None, 4, 50) };
    let id = one.id;
    store.apply(&Batch { groups: vec![one, other], ..Batch::default() }).unwrap();
    let group = store.group(id).unwrap().unwrap();
    assert_eq!((group.count, group.first_seen, group.last_seen, group.clients.estimate()), (7, 50, 200, 2));
    assert_eq!(store.pages(id).unwrap()[0].count, 7);
}

fn facts_are_added_up(store: &mut dyn Store) {
    filled(store);
    let again = delta("a", "img-src", "https://x.example/One", None, 40, 50);
    store.apply(&Batch { at: 9 * HOUR, groups: vec![again], ..Batch::default() }).unwrap();
    let all = Filter::default();
    let of_a = Filter { site: Some("a".into()), ..Filter::default() };
    for (filter, fact, most, expected) in [
        (&all, Fact::What, 9, vec![("img-src", 54, 2), ("script-src", 12, 2)]),
        (&all, Fact::What, 1, vec![("img-src", 54, 2)]),
        (&all, Fact::Site, 9, vec![("a", 55, 3), ("b", 11, 1)]),
        (&of_a, Fact::Target, 9, vec![("https://x.example/One", 43, 1), ("chrome-extension", 7, 1), ("inline", 5, 1)]),
        (&all, Fact::Policy, 9, vec![("1", 66, 4)]),
    ] {
        let found = store.tally(filter, fact, most).unwrap();
        let found: Vec<_> = found.iter().map(|tally| (tally.value.as_str(), tally.reports, tally.groups)).collect();
        assert_eq!(found, expected, "{fact:?} {filter:?}");
    }
}

fn any_text_comes_back(store: &mut dyn Store) {
    let texts = ["a\u{0}b", "\u{1a}0", "'; DROP TABLE groups; --", "\u{fffd}\u{202e}", "\\x41", "{a,b}", "NULL"];
    for text in texts {
        let mut one = delta(text, text, text, None, 1, 1);
        // Longer than an index of any database holds.
        let page = text.repeat(4000);
        one.pages = vec![(page.as_str().into(), 1)];
        let id = one.id;
        store.apply(&Batch { groups: vec![one], ..Batch::default() }).unwrap();
        let group = store.group(id).unwrap().unwrap();
        assert_eq!((group.site.as_str(), &*group.subject.what, &*group.subject.target), (text, text, text));
        assert_eq!(store.pages(id).unwrap()[0].page, page);
        let filter = Filter { site: Some(text.into()), text: Some(text.into()), ..Filter::default() };
        assert_eq!(store.groups(&filter).unwrap().len(), 1, "{text:?}");
    }
    assert_eq!(store.sites().unwrap().len(), texts.len());
    assert_eq!(store.known().unwrap().len(), texts.len());
}

fn notes_are_kept_apart(store: &mut dyn Store) {
    let key = store.client_key().unwrap();
    assert_eq!(store.note("client-key").unwrap(), None);
    for value in [&b"one"[..], b"", b"two\0"] {
        store.set_note("client-key", value).unwrap();
        store.set_note("other", b"x").unwrap();
        assert_eq!(store.note("client-key").unwrap().as_deref(), Some(value));
    }
    filled(store);
    store.purge(&Filter::default()).unwrap();
    assert_eq!(store.note("other").unwrap().as_deref(), Some(&b"x"[..]));
    assert_eq!(store.client_key().unwrap(), key);
}

fn filters_choose_and_orders_arrange(store: &mut dyn Store) {
    filled(store);
    for (filter, expected) in [
        (Filter::default(), vec![11, 7, 5, 3]),
        (Filter { site: Some("a".into()), ..Filter::default() }, vec![7, 5, 3]),
        (Filter { what: Some("img-src".into()), ..Filter::default() }, vec![11, 3]),
        (Filter { kind: Some("coop".into()), ..Filter::default() }, vec![]),
        (Filter { policy: Some("2".into()), ..Filter::default() }, vec![]),
        (Filter { noise: NoiseFilter::Exclude, ..Filter::default() }, vec![11, 5, 3]),
        (Filter { noise: NoiseFilter::Only, ..Filter::default() }, vec![7]),
        (Filter { since: Some(300), ..Filter::default() }, vec![11, 7]),
        (Filter { until: Some(300), ..Filter::default() }, vec![5, 3]),
        (Filter { text: Some("ONE".into()), ..Filter::default() }, vec![3]),
        (Filter { text: Some("' OR 1=1 --".into()), ..Filter::default() }, vec![]),
        (Filter { limit: 2, order: Order::Count, ..Filter::default() }, vec![11, 7]),
        (Filter { limit: 1, order: Order::FirstSeen, ..Filter::default() }, vec![11]),
    ] {
        let counts: Vec<_> = store.groups(&filter).unwrap().iter().map(|group| group.count).collect();
        assert_eq!(counts, expected, "{filter:?}");
        if filter.limit == 0 {
            assert_eq!(store.totals(&filter).unwrap().reports, expected.iter().sum::<u64>(), "{filter:?}");
        }
    }
    let sites = store.sites().unwrap();
    let sums: Vec<_> = sites.iter().map(|site| (site.site.as_str(), site.reports, site.noise, site.groups)).collect();
    assert_eq!(sums, [("a", 15, 7, 3), ("b", 11, 0, 1)]);
    assert_eq!(sites[0].clients.estimate(), 1);
}

fn samples_and_pages_are_bounded_and_come_back_as_they_were(store: &mut dyn Store) {
    filled(store);
    let id = store.groups(&Filter { limit: 1, ..Filter::default() }).unwrap()[0].id;
    for start in [0, 8] {
        let samples = (start..start + 8).map(|number| sample(id, number)).collect();
        store.apply(&Batch { samples, ..Batch::default() }).unwrap();
    }
    let samples = store.samples(id).unwrap();
    assert_eq!(samples.len(), SAMPLES);
    assert_eq!(samples[0].sample, sample(id, 15));
    assert!(samples.windows(2).all(|pair| pair[0].number > pair[1].number));
    let mut many = delta("b", "img-src", "data", None, 100, 1);
    many.pages = (0..100).map(|n| (format!("https://a.example/{n}").into(), 1)).collect();
    store.apply(&Batch { groups: vec![many.clone()], ..Batch::default() }).unwrap();
    store.apply(&Batch { groups: vec![many], ..Batch::default() }).unwrap();
    let pages = store.pages(id).unwrap();
    assert_eq!(pages.len(), PAGES);
    assert_eq!(pages[1].count, 2);
}

fn what_is_purged_or_old_is_gone_with_all_that_belongs_to_it(store: &mut dyn Store) {
    filled(store);
    let id = store.groups(&Filter { site: Some("b".into()), ..Filter::default() }).unwrap()[0].id;
    store.apply(&Batch { samples: vec![sample(id, 1)], ..Batch::default() }).unwrap();
    assert_eq!(store.purge(&Filter { site: Some("b".into()), ..Filter::default() }).unwrap(), 1);
    assert!(store.group(id).unwrap().is_none());
    assert!(store.samples(id).unwrap().is_empty() && store.pages(id).unwrap().is_empty());
    // A sample of what is gone comes too late.
    store.apply(&Batch { samples: vec![sample(id, 2)], ..Batch::default() }).unwrap();
    assert!(store.samples(id).unwrap().is_empty());
    assert_eq!(store.retain_since(250).unwrap(), 2);
    store.vacuum().unwrap();
    assert_eq!(store.totals(&Filter::default()).unwrap().reports, 7);
    assert_eq!(store.sites().unwrap().len(), 1);
}

fn reports_are_added_up_by_a_fact_in_a_time(store: &mut dyn Store) {
    filled(store);
    let later = delta("a", "img-src", "https://x.example/Two", None, 20, 5 * HOUR);
    store.apply(&Batch { at: 5 * HOUR, groups: vec![later], ..Batch::default() }).unwrap();
    for (filter, fact, most, expected) in [
        (Filter::default(), Fact::What, 9, vec![("img-src", 34, 3), ("script-src", 12, 2)]),
        (Filter::default(), Fact::What, 1, vec![("img-src", 34, 3)]),
        (Filter::default(), Fact::Site, 9, vec![("a", 35, 4), ("b", 11, 1)]),
        (Filter::default(), Fact::Kind, 9, vec![("csp-violation", 46, 5)]),
        (Filter { noise: NoiseFilter::Exclude, ..Filter::default() }, Fact::Policy, 9, vec![("1", 39, 4)]),
        (Filter { since: Some(4 * HOUR), ..Filter::default() }, Fact::What, 9, vec![("img-src", 20, 1)]),
        (Filter { until: Some(2 * HOUR), ..Filter::default() }, Fact::Site, 9, vec![("a", 15, 3), ("b", 11, 1)]),
        (Filter { site: Some("c".into()), ..Filter::default() }, Fact::Target, 9, vec![]),
    ] {
        let tallies = store.tally(&filter, fact, most).unwrap();
        let found: Vec<_> = tallies.iter().map(|tally| (&*tally.value, tally.reports, tally.groups)).collect();
        assert_eq!(found, expected, "{filter:?} {fact:?}");
    }
}
