//! Signing in, cookies and the fields that browsers send with every request.

use super::{form, get, json};
use crate::Request;

pub(super) fn requests() -> Vec<(&'static str, Request)> {
    let jwt = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiIxMjM0NSIsImF1ZCI6ImFwcCIsImV4cCI6MTcxNDU1MDAwMCwibmFtZSI6Ik8nQnJpZW4ifQ.c2lnbmF0dXJlLXdpdGgtLWRhc2hlc19hbmRfdW5kZXJzY29yZXM";
    let cookie = |value: &str| get("/").with("Cookie", value);
    vec![
        ("oidc: callback", get("/auth/callback?code=4%2F0AeaYSHDx-abc_DEF&scope=email%20profile%20openid%20https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fuserinfo.email&authuser=0&prompt=none&state=eyJyIjoiL2FjY291bnQ_YT0xJmI9MiIsIm4iOiJhYmMifQ%3D%3D&session_state=a1b2..c3d4")),
        ("oidc: authorize", get("/oauth2/authorize?client_id=app&response_type=code+id_token&response_mode=form_post&scope=openid+offline_access&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fnext%3D%252Fa%253Fb%253Dc&nonce=n-0S6_WzA2Mj&state=%7B%22a%22%3A%22b%27c%22%7D&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&claims=%7B%22id_token%22%3A%7B%22email%22%3Anull%7D%7D")),
        ("oidc: token", form("/oauth2/token", &[("grant_type", "authorization_code"), ("code", "SplxlOBeZQQYbYS6WxSbIA"), ("redirect_uri", "http://localhost:3000/cb"), ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), ("client_assertion", jwt)])),
        ("oidc: form post", form("/signin-oidc", &[("id_token", jwt), ("state", "CfDJ8-abc_DEF--x"), ("session_state", "x.y")])),
        ("oidc: logout", get("/oauth2/logout?id_token_hint=eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F")),
        ("saml: post", form("/saml/acs", &[("SAMLResponse", "PHNhbWxwOlJlc3BvbnNlIHhtbG5zOnNhbWxwPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjA6cHJvdG9jb2wiIElEPSJfMSIgVmVyc2lvbj0iMi4wIj48c2FtbDpJc3N1ZXI+aHR0cHM6Ly9pZHAuZXhhbXBsZTwvc2FtbDpJc3N1ZXI+PHNhbWxwOlN0YXR1cz48c2FtbHA6U3RhdHVzQ29kZSBWYWx1ZT0idXJuOm9hc2lzOm5hbWVzOnRjOlNBTUw6Mi4wOnN0YXR1czpTdWNjZXNzIi8+PC9zYW1scDpTdGF0dXM+PC9zYW1scDpSZXNwb25zZT4="), ("RelayState", "https://app.example/a?b=c&d='e'")])),
        ("saml: redirect", get("/sso?SAMLRequest=fZFNb8IwDIb%2FSpV7m6TlY0RtJTY0CYlNCNgOu4U0hUiJ08UJ2%2F79AmwSXHxw%2FDh%2BX9dIR9qz5NMRtvrjpDFmX7YHds5VkQZgTpBHBrTVyKJku%2BXLhlWFYEMAF5h0PXmzuM5QRB2OA9LNqiEbrOBSjMSMixGnOhVTKmZTWlIlhFhMOQ%3D%3D&RelayState=ss%3Amem%3Ab1&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature=abc%2Bdef%3D%3D")),
        ("cas", get("/login?service=https%3A%2F%2Fapp.example%2F%3Fa%3D1&ticket=ST-956-Lyg0BdLkgdrBO9W17bXS")),
        ("sign in: odd passwords", form("/login", &[("username", "o'brien@example.com"), ("password", "x' y\"--;#$%&/()=?`<>|\\^~*+[]{}"), ("next", "/a?b=c&d=e#f"), ("csrf", "a+b/c==")])),
        ("sign in: passphrase", json("/api/login", r#"{"email":"d'arc+test@example.co.uk","password":"correct horse; battery 'staple' -- one or 2"}"#)),
        ("sign in: generated passwords", json("/api/login", r#"{"login":"anna","password":"}$<k;(x'Q`|&&9*--/=1"}"#)),
        ("webauthn", json("/webauthn/finish", r#"{"id":"abc_DEF-1","rawId":"abc","type":"public-key","response":{"attestationObject":"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVjESZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NB","clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiYWJjIiwib3JpZ2luIjoiaHR0cHM6Ly9hcHAuZXhhbXBsZSJ9"}}"#)),
        ("bearer", get("/api/me").with("Authorization", format!("Bearer {jwt}"))),
        ("basic with an odd password", get("/").with("Authorization", "Basic YW5uYTpwQHNzOyd3MHJkLS0=")),
        ("digest", get("/").with("Authorization", "Digest username=\"Mufasa\", realm=\"a@b.example\", uri=\"/dir/index.html\", algorithm=MD5, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, response=\"8ca523f5e9506fed4657c9700eebdbec\"")),
        ("signed by aws", get("/bucket/key").with("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-date, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024")),
        ("presigned", get("/b/k.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404&response-content-disposition=attachment%3B%20filename%3D%22a%20b.jpg%22")),
        ("cookies: analytics", cookie("_ga=GA1.1.123456789.1714550000; _ga_ABC=GS1.1.1714550000.1.1.1714550010.50.0.0; _gid=GA1.2.1.1; _fbp=fb.1.1714550000000.123; _hjSessionUser_1=eyJpZCI6ImFiYyIsImNyZWF0ZWQiOjE3MTQ1NTAwMDAwMDAsImV4aXN0aW5nIjp0cnVlfQ==; __utma=1.2.3.4.5.6; __utmz=1.1.1.1.utmcsr=google|utmccn=(organic)|utmcmd=organic|utmctr=(not%20provided)")),
        ("cookies: consent", cookie("OptanonConsent=isGpcEnabled=0&datestamp=Wed+May+01+2024+10%3A00%3A00+GMT%2B0200+(CEST)&version=6.33.0&isIABGlobal=false&hosts=&consentId=1a2b&interactionCount=1&landingPath=NotLandingPage&groups=C0001%3A1%2CC0002%3A0&AwaitingReconsent=false; CookieConsent={stamp:%27abc==%27%2Cnecessary:true%2Cpreferences:false%2Cver:1%2Cutc:1714550000000%2Cregion:%27de%27}")),
        ("cookies: json", cookie("prefs={\"theme\":\"dark\",\"lang\":\"en\",\"cols\":[\"name\",\"date\"],\"q\":\"it's\"}; cart=%7B%22items%22%3A%5B%7B%22id%22%3A1%2C%22n%22%3A2%7D%5D%2C%22note%22%3A%22don%27t%22%7D")),
        ("cookies: mixpanel", cookie("mp_abc_mixpanel=%7B%22distinct_id%22%3A%20%22%24device%3A18f3%22%2C%22%24device_id%22%3A%20%2218f3%22%2C%22%24initial_referrer%22%3A%20%22https%3A%2F%2Fwww.google.com%2F%22%2C%22__mps%22%3A%20%7B%7D%2C%22__mpso%22%3A%20%7B%7D%7D")),
        ("cookies: posthog", cookie("ph_phc_abc_posthog=%7B%22distinct_id%22%3A%22018f%22%2C%22%24sesid%22%3A%5B1714550000000%2C%22018f%22%2C1714550000000%5D%2C%22%24epp%22%3Atrue%7D")),
        ("cookies: long session", cookie(&format!("session=.eJw{}.ZjH-8A.abc-_def; csrftoken=aB3dE5gH7jK9", "lj0FqwzAQBv_KojMF2yKQN-TYUAiBFnrpxay0SnYTaSVWckgI-ffq0Ov7GGYe".repeat(40)))),
        ("cookies: signed", cookie("connect.sid=s%3AabcDEF123-_.%2Bx%2Fy%3D; remember_web_59ba=eyJpdiI6Ik1UST0iLCJ2YWx1ZSI6ImFiYz0iLCJtYWMiOiIxMjMifQ%3D%3D; XSRF-TOKEN=eyJpdiI6IkEifQ%3D%3D; laravel_session=eyJpdiI6IkIifQ%3D%3D")),
        ("cookies: wordpress", cookie("wordpress_logged_in_abc=anna%7C1714550000%7Cabc%7Cdef; wp-settings-1=editor%3Dhtml%26libraryContent%3Dbrowse%26hidetb%3D1; wp-settings-time-1=1714550000")),
        ("cookies: rails", cookie("_app_session=QmpKc3%2BabcD%2F%2FeF%3D--ab12cd34ef56--7890; flash=%7B%22notice%22%3A%22It%27s+saved%22%7D")),
        ("cookies: aspnet", cookie(".AspNetCore.Antiforgery.abc=CfDJ8Nq-x_; .AspNetCore.Culture=c%3Den%7Cuic%3Den; ARRAffinity=1a2b")),
        ("cookies: quotes", cookie("a=\"x y; z\"; b='single'; c=a=b=c; d; e=; =f")),
        ("cookies: django messages", cookie("messages=W1siX19qc29uX21lc3NhZ2UiLDAsMjUsIlRoZSBwb3N0IFx1MjAxY0l0J3NcdTIwMWQgd2FzIHNhdmVkLiJdXQ:1s2bXY:abc-_DEF; sessionid=abc123")),
        ("cookies: referrers", cookie("ref=https%3A%2F%2Fwww.google.com%2Fsearch%3Fq%3Dhow%2Bto%2Bselect%2B%2527x%2527; last=/shop/a's?b=1&c=(d)")),
        ("referer: a search", get("/").with("Referer", "https://search.example/?q=what+is+%27left+join%27+in+sql&ei=abc&ved=0ahUKEwi")),
        ("referer: with a fragmentless path", get("/a").with("Referer", "https://app.example/wiki/C++_(programming)?diff=1&oldid=2;x='y'")),
        ("client hints", get("/").with("Sec-CH-UA", "\"Not/A)Brand\";v=\"8\", \"Chromium\";v=\"126\", \"Google Chrome\";v=\"126\"").with("Sec-CH-UA-Platform", "\"Windows\"").with("Sec-Fetch-Site", "same-origin").with("Priority", "u=0, i").with("DNT", "1").with("Save-Data", "on")),
        ("languages", get("/").with("Accept-Language", "zh-Hant-TW;q=0.9, en-US,en;q=0.8, *;q=0.1").with("Accept-Encoding", "gzip, deflate, br, zstd")),
        ("conditions", get("/app.js").with("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT").with("If-None-Match", "\"a\", W/\"b'c\", \"d;e\"").with("Cache-Control", "no-cache")),
        ("proxies", get("/").with("X-Forwarded-For", "203.0.113.7, 10.0.0.1").with("Forwarded", "for=\"[2001:db8::1]:4711\";proto=https;by=203.0.113.43").with("Via", "1.1 varnish (Varnish/6.0), HTTP/2 cache").with("X-Request-Id", "a1b2/c3+d4==")),
        ("traces", get("/").with("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").with("Tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE;x").with("Baggage", "userId=alice,serverNode=DF%2028,isProduction=false").with("Sentry-Trace", "abc-def-1")),
        ("preflight", get("/api").by("OPTIONS").with("Origin", "https://app.example").with("Access-Control-Request-Method", "PUT").with("Access-Control-Request-Headers", "authorization,content-type,x-csrf-token")),
        ("htmx", get("/rows?page=2").with("HX-Request", "true").with("HX-Current-URL", "https://app.example/?q=it's%20(a)%20%22b%22").with("HX-Target", "rows").with("HX-Trigger-Name", "q[]")),
        ("livewire", json("/livewire/update", r#"{"_token":"abc","components":[{"snapshot":"{\"data\":{\"q\":\"it's\",\"rows\":[[],{\"s\":\"arr\"}]},\"memo\":{\"id\":\"x\",\"name\":\"search\"},\"checksum\":\"ab12\"}","updates":{"q":"O'Br"},"calls":[{"path":"","method":"$set","params":["q","x"]}]}]}"#)),
        ("aspnet view state", form("/Default.aspx", &[("__VIEWSTATE", "/wEPDwUKMTY1NDU2MTA1MmRkq3l0bQ+abc/DEF=="), ("__EVENTTARGET", "ctl00$Main$GridView1"), ("__EVENTARGUMENT", "Page$2"), ("__EVENTVALIDATION", "/wEdAAUyDI6H/s9f+ZALqNAA=="), ("ctl00$Main$Search", "O'Brien")])),
        ("jsf view state", form("/app/list.xhtml", &[("j_idt5:form", "j_idt5:form"), ("javax.faces.ViewState", "-5824683427402381213:1523423432"), ("javax.faces.partial.ajax", "true"), ("javax.faces.source", "j_idt5:form:btn")])),
        ("two factors", form("/2fa", &[("otp_attempt", "012 345"), ("_method", "put"), ("trust", "on")])),
    ]
}
