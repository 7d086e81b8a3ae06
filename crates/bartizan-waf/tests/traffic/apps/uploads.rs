//! Files of all kinds, whole and in pieces, by forms and as bodies.

use super::{get, parts};
use crate::Request;

pub(super) fn requests() -> Vec<(&'static str, Request)> {
    let pdf: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\('hi'\\);)>>>>\nendobj\nxref\n0 1\ntrailer<</Root 1 0 R>>\n%%EOF";
    let zip: &[u8] = b"PK\x03\x04\x14\0\0\0\x08\0../a/../b.php\0\x01\x02' OR '1'='1\xff\xfePK\x05\x06";
    let png: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89tEXtComment\0it's <x>\0IEND\xaeB`\x82";
    let js: &[u8] = b"import fs from 'node:fs';\nconst { exec } = require('child_process');\ndocument.cookie = 'a=b'; el.innerHTML = '<img src=x onerror=alert(1)>';\nexport default () => eval('1');\n";
    let html: &[u8] = b"<!doctype html><html><head><script>alert('hi')</script></head><body onload=\"init()\"><?php echo $_GET['x']; ?></body></html>";
    let csv: &[u8] = b"id;name;note\n1;O'Brien;\"it's 5 > 3; -- ok\"\n2;\"=SUM(A1:A2)\";<b>x</b>\n";
    let svg: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><style>.a{fill:#fff}</style><path class=\"a\" d=\"M0 0h24v24H0z\"/></svg>";
    let sql: &[u8] = b"-- MySQL dump 10.13\nDROP TABLE IF EXISTS `users`;\nCREATE TABLE `users` (`id` int, `name` text);\nINSERT INTO `users` VALUES (1,'O\\'Brien'),(2,'x');\n/*!40101 SET NAMES utf8 */;\n";
    let file =
        |field: &str, name: &str, kind: &str| format!("name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {kind}");
    let one = |name: &str, kind: &str, bytes: &[u8]| parts("/upload", &[(&file("file", name, kind), bytes)]);
    let put = |name: &str, kind: &str, bytes: &[u8]| {
        Request::post(kind, bytes.to_vec()).to(&format!("/files/{name}")).by("PUT")
    };
    vec![
        ("pdf", one("Anna's offer (final) v2; signed.pdf", "application/pdf", pdf)),
        ("zip", one("backup 2024-05-01.zip", "application/zip", zip)),
        ("png", one("Screenshot 2024-05-01 at 10.00.00.png", "image/png", png)),
        ("svg", one("icon.svg", "image/svg+xml", svg)),
        ("script", one("app.min.js", "text/javascript", js)),
        ("module", one("index.mjs", "application/javascript", js)),
        ("page", one("index.html", "text/html", html)),
        ("table", one("Müller & Söhne, März '24.csv", "text/csv", csv)),
        ("dump", one("dump.sql", "application/sql", sql)),
        ("python", one("manage.py", "text/x-python", b"#!/usr/bin/env python\nimport os, subprocess\nos.system('ls -la; cat /etc/hostname')\n__import__('sys').exit()\n")),
        ("shell", one("install.sh", "application/x-sh", b"#!/bin/sh\nset -e\ncurl -fsSL https://example.com/x | sh\nrm -rf /tmp/x; cat /etc/passwd | head\n")),
        ("notebook", one("Sales.ipynb", "application/json", br#"{"cells":[{"cell_type":"code","source":["!ls -la; cat x\n","import os"]}],"nbformat":4}"#)),
        ("theme", one("theme.tar.gz", "application/gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03';<script>\0")),
        ("document", one("Brief an O\u{2019}Brien \u{2013} Entwurf (1).docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", zip)),
        ("unicode name", one("\u{65e5}\u{672c}\u{8a9e}\u{300c}\u{8cc7}\u{6599}\u{300d}.pdf", "application/pdf", pdf)),
        ("emoji name", one("\u{1f600} party!! & more.jpg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0")),
        ("name with signs", one("a+b=c, [1] {2} #3 @4 $5 %6 ~7 `8` ^9.txt", "text/plain", b"it's ok")),
        ("old browser", one("C:\\\\Users\\\\Anna\\\\Desktop\\\\letter.txt", "text/plain", b"hello")),
        ("many files", parts("/upload", &[(&file("files[]", "a's.png", "image/png"), png), (&file("files[]", "b;c.pdf", "application/pdf"), pdf), ("name=\"note\"", "it's both; \u{1f600} -- a & b".as_bytes())])),
        ("no file chosen", parts("/upload", &[(&file("file", "", "application/octet-stream"), b""), ("name=\"title\"", b"none")])),
        ("profile", parts("/profile", &[("name=\"first\"", b"Se\xc3\xa1n"), ("name=\"last\"", b"O'Neill-D'Arcy"), ("name=\"bio\"", b"I'm a dev; I like C++ & <3 tea -- and you?"), (&file("avatar", "me (1).jpg", "image/jpeg"), b"\xff\xd8\xff'--\0")])),
        ("piece", parts("/upload?resumableChunkNumber=1&resumableIdentifier=1024-a's%20filepdf&resumableFilename=a's%20file.pdf&resumableRelativePath=docs%2Fa's%20file.pdf", &[(&file("file", "blob", "application/octet-stream"), pdf)])),
        ("put pdf", put("a.pdf", "application/pdf", pdf)),
        ("put zip", put("a.zip", "application/zip", zip)),
        ("put script", put("app.js", "text/javascript", js)),
        ("put anything", put("x.bin", "application/octet-stream", b"\x00\xff<?php system($_GET[1]); ?>' OR 1=1 -- \x00")),
        ("put table", put("a.csv", "text/csv", csv)),
        ("put picture", put("a.png", "image/png", png)),
        ("put without a type", { let mut request = put("x", "text/plain", b"abc"); request.fields.clear(); request }),
        ("encrypted", Request::post("application/octet-stream", (0..=255_u8).rev().cycle().take(4096).collect::<Vec<_>>()).to("/backup/chunk/5")),
        ("download", get("/files/Anna's%20%26%20Bob's%20(2024)/report%20%231%20100%25.pdf?download=1&name=a%3B%20b.pdf")),
        ("listing", get("/files?path=%2FPhotos%2F2024-05%20Paris%20%26%20Rome%2F..&sort=name")),
        ("relative", get("/files?path=../shared/images&open=a.png")),
    ]
}
