//! Bodies with and without disorder.

use super::{Fault, Multipart, MultipartError, read};

const TYPE: &str = "multipart/form-data; boundary=B";

fn part(disposition: &str, content: &str) -> String {
    format!("--B\r\nContent-Disposition: {disposition}\r\n\r\n{content}\r\n")
}

fn of(body: &str) -> Multipart {
    read(TYPE.as_bytes(), body.as_bytes(), 10)
}

#[test]
fn parts_have_names_and_contents() {
    let body = format!(
        "{}{}--B--\r\n",
        part("form-data; name=\"a\"", "one\r\ntwo"),
        part("form-data; name=\"f\"; filename=\"x \\\"y\\\".txt\"", "")
    );
    let found = of(&body);
    assert!(!found.is_disorderly(), "{found:?}");
    assert_eq!(found.parts.len(), 2);
    assert_eq!(&body[found.parts[0].content.clone()], "one\r\ntwo");
    assert_eq!(found.parts[0].headers, [b"Content-Disposition: form-data; name=\"a\"".to_vec()]);
    assert_eq!(found.parts[1].filename.as_deref(), Some(b"x \"y\".txt".as_slice()));
    assert!(found.parts[1].content.is_empty());
    assert_eq!(
        (found.last_name.as_slice(), found.last_filename.as_slice()),
        (b"f".as_slice(), b"x \"y\".txt".as_slice())
    );
    assert!(of(&body[..body.len() - 2]).error.is_none(), "the last line end may be missing");
}

#[test]
fn each_disorder_is_noted() {
    let good = part("form-data; name=a", "x");
    for (body, fault) in [
        (format!("before\r\n{good}--B--\r\n"), Fault::DataBefore),
        (format!("{good}--B--\r\nafter"), Fault::DataAfter),
        (good.replace("\r\n", "\n") + "--B--\n", Fault::LfLine),
        (
            format!("--B\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\nx\r\n{good}--B--\r\n"),
            Fault::HeaderFolding,
        ),
        (
            format!("--B\r\nContent-Disposition: form-data;\r\n\x0bname=a\r\n\r\nx\r\n{good}--B--\r\n"),
            Fault::InvalidHeaderFolding,
        ),
        (format!("{}--B--\r\n", part("form-data; name='a'", "x")), Fault::InvalidQuoting),
        (format!("--B\r\n{good}--B--\r\n"), Fault::InvalidPart),
    ] {
        let found = of(&body);
        assert!(found.disorder.has(fault) && found.is_disorderly(), "{fault:?} {found:?} {body:?}");
        assert!(!of(&format!("{good}--B--\r\n")).disorder.has(fault), "{fault:?}");
    }
    let mixed = of(&format!("{good}--B--\n"));
    assert!(mixed.disorder.has_mixed_lines());
    assert_eq!(of(&format!("{}--B--\r\n", part("form-data; name=a", "--C"))).disorder.unmatched_boundary, 2);
    assert_eq!(of(&part("form-data; name=a", "x--B")).disorder.unmatched_boundary, 1);
}

#[test]
fn what_can_be_read_in_two_ways_is_an_error() {
    let good = part("form-data; name=a", "x");
    let header = |reason| MultipartError::Header { reason };
    for (body, error) in [
        (good.clone(), MultipartError::Unfinished),
        (format!("{good}--Bx\r\n--B--\r\n"), MultipartError::BoundaryLine),
        (format!("{good}-- B\r\n--B--\r\n"), MultipartError::BoundaryLine),
        ("--B\r\n\r\nx\r\n--B--\r\n".to_owned(), header("there is no content disposition")),
        ("--B\r\nnonsense\r\n\r\nx\r\n--B--\r\n".to_owned(), header("it has no colon")),
        ("--B\r\n: x\r\n\r\nx\r\n--B--\r\n".to_owned(), header("it has no name")),
        ("--B\r\nA: 1\r\na: 2\r\n\r\n--B--\r\n".to_owned(), header("it stands twice")),
        (format!("--B\r\nA: {}\r\n", "x".repeat(5000)), header("it is too long")),
        (part("form-data; name=a; name=b", "x"), MultipartError::Disposition),
        (part("form-data; name=\"a\"x", "x"), MultipartError::Disposition),
        (part("form-data; name=a; other=b", "x"), MultipartError::Disposition),
        (part("attachment; name=a", "x"), MultipartError::Disposition),
        (part("form-data", "x"), MultipartError::Disposition),
        (good.repeat(12), MultipartError::TooMany { limit: 10 }),
    ] {
        assert_eq!(of(&body).error, Some(error), "{body:?}");
    }
}

#[test]
fn boundaries_are_read_in_one_way_only() {
    let body = part("form-data; name=a", "x") + "--B--\r\n";
    for (field, is_valid, fault) in [
        ("multipart/form-data; boundary=B", true, None),
        ("Multipart/Form-Data;boundary=B", true, None),
        ("multipart/form-data; boundary=\"B\"", true, Some(Fault::BoundaryQuoted)),
        ("multipart/form-data boundary=B", true, Some(Fault::MissingSemicolon)),
        ("multipart/form-data; boundary =B", true, Some(Fault::BoundaryWhitespace)),
        ("multipart/form-data; boundary=\"B", false, None),
        ("multipart/form-data; boundary=B; boundary=C", false, None),
        ("multipart/form-data; Boundary=B", false, None),
        ("multipart/form-data; charset=x; boundary=B", false, None),
        ("multipart/form-data; boundaryx=B", false, None),
        ("multipart/form-data; boundary=", false, None),
        ("multipart/form-data; boundary=B;", true, None),
        ("multipart/form-data", false, None),
        ("multipart/mixed; boundary=B", false, None),
    ] {
        let found = read(field.as_bytes(), body.as_bytes(), 10);
        assert_eq!(found.error.is_none(), is_valid, "{field}: {found:?}");
        assert!(fault.is_none_or(|fault| found.disorder.has(fault)), "{field}: {found:?}");
        assert_eq!(found.is_disorderly(), !is_valid || fault.is_some(), "{field}");
    }
}
