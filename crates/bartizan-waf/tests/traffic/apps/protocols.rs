//! Protocols over HTTP: git, WebDAV, S3, packages, feeds, calls in parts.

use super::{form, get, json};
use crate::Request;

pub(super) fn requests() -> Vec<(&'static str, Request)> {
    let pkt = "0098want 0a53e9ddeaddad63ad106860237bbf53411d11a7 multi_ack_detailed no-done side-band-64k thin-pack ofs-delta agent=git/2.45.0\n00000009done\n";
    let propfind = "<?xml version=\"1.0\" encoding=\"utf-8\"?><d:propfind xmlns:d=\"DAV:\" xmlns:oc=\"http://owncloud.org/ns\"><d:prop><d:getetag/><d:getlastmodified/><oc:permissions/><oc:size/></d:prop></d:propfind>";
    let vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Seán O'Neill\r\nN:O'Neill;Seán;;Dr.;\r\nADR;TYPE=HOME:;;5 Rue de l'Église;Paris;;75001;FR\r\nNOTE:It's him -- really\\; <3\r\nEND:VCARD\r\n";
    let ical = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@app.example\r\nSUMMARY:Dinner; Anna's\r\nRRULE:FREQ=WEEKLY;BYDAY=MO\r\nATTENDEE;CN=\"O'Brien, Bob\":mailto:bob@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let report = "<?xml version=\"1.0\"?><c:calendar-query xmlns:c=\"urn:ietf:params:xml:ns:caldav\" xmlns:d=\"DAV:\"><d:prop><d:getetag/></d:prop><c:filter><c:comp-filter name=\"VCALENDAR\"><c:comp-filter name=\"VEVENT\"><c:time-range start=\"20240101T000000Z\"/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>";
    let feed = "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Anna's feed</title><entry><title>It's new</title><content type=\"html\">&lt;p&gt;a &amp;amp; b&lt;/p&gt;&lt;img src=\"/a.png\"&gt;</content></entry></feed>";
    vec![
        ("git: refs", get("/anna/app.git/info/refs?service=git-upload-pack").with("Git-Protocol", "version=2").with("User-Agent", "git/2.45.0")),
        ("git: fetch", Request::post("application/x-git-upload-pack-request", pkt).to("/anna/app.git/git-upload-pack").with("User-Agent", "git/2.45.0")),
        ("git: push", Request::post("application/x-git-receive-pack-request", b"00a80000000000000000000000000000000000000000 0a53e9ddeaddad63ad106860237bbf53411d11a7 refs/heads/fix'it\0 report-status\n0000PACK\0\0\0\x02\0\0\0\x01\x9f;'<script>\0\xff".to_vec()).to("/anna/app.git/git-receive-pack")),
        ("git: lfs", Request::post("application/vnd.git-lfs+json", r#"{"operation":"upload","transfers":["basic"],"ref":{"name":"refs/heads/main"},"objects":[{"oid":"12345678","size":123}],"hash_algo":"sha256"}"#).to("/anna/app.git/info/lfs/objects/batch")),
        ("webdav: propfind", Request::post("application/xml; charset=utf-8", propfind).to("/remote.php/dav/files/anna/Anna's%20%26%20Bob's%20photos/").by("PROPFIND").with("Depth", "1")),
        ("webdav: proppatch", Request::post("text/xml", "<?xml version=\"1.0\"?><D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop><displayname xmlns=\"DAV:\">It's mine; a &amp; b</displayname></D:prop></D:set></D:propertyupdate>").to("/dav/a").by("PROPPATCH")),
        ("webdav: move", get("/dav/files/anna/old%20name.txt").by("MOVE").with("Destination", "https://app.example/dav/files/anna/it's%20(new)%20%231.txt").with("Overwrite", "F")),
        ("webdav: mkcol", get("/dav/files/anna/2024-05%20Paris%20%26%20Rome/").by("MKCOL")),
        ("webdav: put", Request::post("text/plain", "#!/bin/sh\nset -e\ncat /etc/hostname; curl -fsS http://localhost/ | grep ok && echo 'fine'\n").to("/dav/files/anna/check.sh").by("PUT")),
        ("webdav: search", Request::post("text/xml", "<?xml version=\"1.0\"?><d:searchrequest xmlns:d=\"DAV:\"><d:basicsearch><d:select><d:prop><d:displayname/></d:prop></d:select><d:from><d:scope><d:href>/files/anna</d:href><d:depth>infinity</d:depth></d:scope></d:from><d:where><d:like><d:prop><d:displayname/></d:prop><d:literal>%it's%</d:literal></d:like></d:where></d:basicsearch></d:searchrequest>").to("/dav/").by("SEARCH")),
        ("carddav: put", Request::post("text/vcard; charset=utf-8", vcard).to("/dav/addressbooks/anna/default/1.vcf").by("PUT")),
        ("caldav: put", Request::post("text/calendar; charset=utf-8", ical).to("/dav/calendars/anna/work/1.ics").by("PUT").with("If-None-Match", "*")),
        ("caldav: report", Request::post("application/xml", report).to("/dav/calendars/anna/work/").by("REPORT").with("Depth", "1")),
        ("s3: put", Request::post("application/octet-stream", b"\x00\x01'--<script>\xff\xfe".to_vec()).to("/bucket/folder/a%20b%27s%20%28copy%29.bin?partNumber=1&uploadId=VXBsb2FkIElE").by("PUT").with("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")),
        ("s3: list", get("/bucket?list-type=2&prefix=photos%2F2024%2F&delimiter=%2F&max-keys=100&continuation-token=1ueGcxLPRx1Tr%2FXYExHnhbYLgveDs2J%2Fwm36Hy4vbOwM%3D")),
        ("s3: complete", Request::post("application/xml", "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"a54357aff0632cce46d942af68356b38\"</ETag></Part></CompleteMultipartUpload>").to("/bucket/k?uploadId=x")),
        ("npm: publish", json("/@anna%2fapp", r##"{"_id":"@anna/app","name":"@anna/app","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"name":"@anna/app","version":"1.0.0","scripts":{"test":"node --test && echo ok","postinstall":"node -e \"console.log('hi')\""},"bin":{"app":"./bin/app.js"},"dist":{"integrity":"sha512-abc+/==","tarball":"http://app.example/@anna/app/-/app-1.0.0.tgz"}}},"readme":"# app\n\n```js\nconst app = require('@anna/app');\nrequire('fs').readFileSync('x');\n```\nIt's good -- use it; <b>now</b>","_attachments":{"app-1.0.0.tgz":{"content_type":"application/octet-stream","data":"H4sIAAAAAAAAA+3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA","length":100}}}"##).by("PUT")),
        ("npm: audit", json("/-/npm/v1/security/audits", r#"{"name":"x","requires":{"lodash":"^4.17.0 || >=5"},"dependencies":{"lodash":{"version":"4.17.21","integrity":"sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg=="}}}"#)),
        ("pypi: simple", get("/simple/zope-interface/").with("Accept", "application/vnd.pypi.simple.v1+json, text/html;q=0.01").with("User-Agent", "pip/24.0 {\"ci\":null,\"cpu\":\"x86_64\",\"distro\":{\"id\":\"bookworm\",\"libc\":{\"lib\":\"glibc\",\"version\":\"2.36\"},\"name\":\"Debian GNU/Linux\",\"version\":\"12\"},\"implementation\":{\"name\":\"CPython\",\"version\":\"3.11.2\"},\"installer\":{\"name\":\"pip\",\"version\":\"24.0\"}}")),
        ("docker: manifest", get("/v2/library/nginx/manifests/sha256:0d17b565c37bcbd895e9d92315a05c1c3c9a29f762b011a10c54a66cd53c9b31").with("Accept", "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.v2+json")),
        ("docker: upload", Request::post("application/octet-stream", b"\x1f\x8b\x08\x00;|`$(<?=".to_vec()).to("/v2/a/b/blobs/uploads/0f3e?_state=HZ3oB_x-CNk%3D").by("PATCH").with("Content-Range", "0-99")),
        ("cargo: crate", get("/api/v1/crates?q=it%27s&per_page=10&sort=downloads").with("User-Agent", "cargo 1.80.0 (376290515 2024-07-16)")),
        ("go: module", get("/github.com/!burnt!sushi/toml/@v/v1.3.2.info?go-get=1").with("User-Agent", "Go-http-client/2.0")),
        ("apt", get("/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/ab12").with("User-Agent", "Debian APT-HTTP/1.3 (2.6.1)").with("Range", "bytes=1024-")),
        ("feed: publish", Request::post("application/atom+xml;type=entry", feed).to("/feed/entries")),
        ("feed: opml", Request::post("text/x-opml", "<opml version=\"2.0\"><body><outline text=\"It's\" xmlUrl=\"https://example.com/feed?a=1&amp;b=2\"/></body></opml>").to("/import")),
        ("grpc-web", Request::post("application/grpc-web+proto", b"\0\0\0\0\x07\n\x05it's;".to_vec()).to("/app.v1.Notes/Get").with("X-Grpc-Web", "1")),
        ("connect", json("/app.v1.Notes/Get", r#"{"id":"1","filter":"name = \"it's\" AND (a OR b)"}"#).with("Connect-Protocol-Version", "1")),
        ("protobuf", Request::post("application/x-protobuf", b"\n\x0bO'Brien; --\x12\x03<b>\x1a\x02||".to_vec()).to("/api")),
        ("msgpack", Request::post("application/msgpack", b"\x82\xa1a\xa6' OR 1\xa1b\x01".to_vec()).to("/api")),
        ("cbor", Request::post("application/cbor", b"\xa1aad' x;".to_vec()).to("/api")),
        ("ocsp", Request::post("application/ocsp-request", b"0Q0O0M0K0I0\t\x06\x05+\x0e\x03\x02\x1a\x05\0".to_vec()).to("/")),
        ("doh", get("/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB").with("Accept", "application/dns-message")),
        ("tus: create", get("/files/").by("POST").with("Tus-Resumable", "1.0.0").with("Upload-Length", "100").with("Upload-Metadata", "filename d29ybGQncyBlbmQucGRm,filetype YXBwbGljYXRpb24vcGRm")),
        ("tus: patch", Request::post("application/offset+octet-stream", b"%PDF-1.7 <</JS (app.alert(1))>>".to_vec()).to("/files/24e5").by("PATCH").with("Upload-Offset", "0")),
        ("events", get("/events?topics[]=a&topics[]=b%2F%7Bid%7D&lastEventID=urn:uuid:1").with("Accept", "text/event-stream").with("Last-Event-ID", "5")),
        ("socket.io", Request::post("text/plain;charset=UTF-8", "42[\"message\",{\"text\":\"it's <b>me</b>; hi\"}]").to("/socket.io/?EIO=4&transport=polling&t=P0x&sid=abc-DEF_1")),
        ("websocket", get("/ws?token=eyJhIjoxfQ.eyJiIjoyfQ.c2ln").with("Upgrade", "websocket").with("Connection", "Upgrade").with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==").with("Sec-WebSocket-Version", "13").with("Sec-WebSocket-Protocol", "graphql-transport-ws, base64.binary")),
        ("range", get("/media/v.mp4").with("Range", "bytes=0-499, 1000-1499").with("If-Range", "\"abc\"")),
        ("ranges of a pdf", get("/doc.pdf").with("Range", "bytes=0-1023,4096-8191,9000-9999,10000-10001,20000-")),
        ("h2 version", get("/").version("HTTP/2.0")),
        ("h3 version", get("/").version("HTTP/3")),
        ("http/1.0 probe", get("/health").version("HTTP/1.0").with("User-Agent", "HAProxy/health")),
        ("acme", Request::post("application/jose+json", r#"{"protected":"eyJhbGciOiJFUzI1NiJ9","payload":"","signature":"abc-_"}"#).to("/acme/order/1")),
        ("scim", Request::post("application/scim+json", r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"emails[type eq \"work\" and primary eq true].value","value":"o'brien@example.com"}]}"#).to("/scim/v2/Users/1").by("PATCH")),
        ("scim: filter", get("/scim/v2/Users?filter=userName%20eq%20%22o'brien%22%20and%20(emails%20co%20%22example.com%22%20or%20active%20eq%20true)&startIndex=1&count=10")),
        ("fhir", get("/fhir/Patient?name:contains=O%27Brien&birthdate=ge1950-01-01&_include=Patient:organization&_sort=-_lastUpdated")),
        ("ipp", Request::post("application/ipp", b"\x01\x01\0\x0b\0\0\0\x01\x01G\0\x12attributes-charset\0\x05utf-8".to_vec()).to("/ipp/print")),
        ("cups form", form("/printers/p", &[("OP", "print-test-page"), ("org.cups.sid", "ab")])),
        ("prometheus", get("/api/v1/query_range?query=sum%20by%20(job)%20(rate(http_requests_total%7Bstatus%3D~%225..%22%2Cpath!~%22%2Fhealth%7C%2Fready%22%7D%5B5m%5D))%20%2F%202%20%3E%200%20or%20vector(0)&start=1&end=2&step=15")),
        ("kubernetes", get("/api/v1/namespaces/default/pods?labelSelector=app%20in%20(a,b),tier!%3Dx&fieldSelector=status.phase%3DRunning&watch=true")),
        ("kubernetes: exec", get("/api/v1/namespaces/default/pods/web/exec?command=ls&command=-la&container=web&stdout=true").with("Upgrade", "websocket").with("Connection", "Upgrade")),
        ("puppet", Request::post("text/pson", r#"{"certname":"a.example","values":{"os":{"family":"Debian"},"path":"/usr/bin:/bin:/usr/sbin:/sbin"}}"#).to("/puppet/v3/facts/a").by("PUT")),
    ]
}
