//! A whole transaction from any bytes, before rules that lead into every parser and most of the language.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use crate::{Phase, Progress, RuleSet, Start, Transaction, Verdict};

/// A request before rules of every kind; in small steps it comes out as in one.
pub(super) fn run(bytes: &[u8]) {
    let mut transaction = Transaction::new(Arc::clone(&RULES));
    let once = judge(&mut transaction, bytes, u64::MAX);
    assert_eq!(judge(&mut transaction, bytes, 50), once);
}

/// A request as lines: method, target and version, fields, an empty line, the body.
fn judge(transaction: &mut Transaction, bytes: &[u8], budget: u64) -> Verdict {
    let (head, body) = match bytes.windows(2).position(|window| window == b"\n\n") {
        Some(at) => (&bytes[..at], &bytes[at + 2..]),
        None => (bytes, &b""[..]),
    };
    let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
    transaction.begin(&Start { client: (local, 1), server: (local, 80), id: "1", now: 1 });
    let mut lines = head.split(|&byte| byte == b'\n');
    let mut words = lines.next().unwrap_or_default().splitn(3, |&byte| byte == b' ');
    let mut word = || words.next().unwrap_or_default();
    transaction.request_line(word(), word(), word());
    for line in lines {
        let at = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(at);
        transaction.request_header(name, value.get(1..).unwrap_or_default().trim_ascii());
    }
    for phase in
        [Phase::RequestHeaders, Phase::RequestBody, Phase::ResponseHeaders, Phase::ResponseBody, Phase::Logging]
    {
        match phase {
            Phase::RequestBody => _ = transaction.request_body(body),
            Phase::ResponseHeaders => {
                transaction.response_line(200, b"HTTP/1.1");
                transaction.response_header(b"Content-Type", b"text/html");
            }
            Phase::ResponseBody => _ = transaction.response_body(body),
            Phase::RequestHeaders | Phase::Logging => {}
        }
        transaction.begin_phase(phase);
        while transaction.run(budget) == Progress::More {}
    }
    drop(transaction.audit_entry());
    transaction.verdict()
}

static RULES: LazyLock<Arc<RuleSet>> = LazyLock::new(|| {
    let rules = RuleSet::from_text(Path::new("/fuzz.conf"), TEXT, &BTreeMap::new());
    Arc::new(rules.expect("the text below is tested"))
});

/// Rules that lead each part of a request into every parser and most of the language.
const TEXT: &str = r#"
SecRuleEngine On
SecAuditEngine On
SecAuditLogFormat JSON
SecAuditLogParts ABCEFHZ
SecRequestBodyAccess On
SecRequestBodyLimit 65536
SecRequestBodyLimitAction ProcessPartial
SecResponseBodyAccess On
SecDefaultAction "phase:2,log,auditlog,pass"
SecRule REQUEST_HEADERS:Content-Type "@contains xml" "id:1,phase:1,pass,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "@contains json" "id:2,phase:1,pass,ctl:requestBodyProcessor=JSON"
SecAction "id:3,phase:1,pass,nolog,ctl:forceRequestBodyVariable=On,setvar:tx.limit=3,initcol:ip=%{REMOTE_ADDR}"
SecRule ARGS|ARGS_NAMES|REQUEST_COOKIES|XML:/*|XML://@*|!ARGS:/^skip/ "@rx (?i)union\s+select|<script" "id:4,block,capture,t:none,t:urlDecodeUni,t:lowercase,multiMatch,msg:'%{TX.0}',logdata:'%{MATCHED_VAR_NAME}=%{MATCHED_VAR}',setvar:'tx.score=+%{tx.limit}'"
SecRule ARGS|REQUEST_BODY "@detectSQLi" "id:5,block,t:none,t:urlDecodeUni,t:jsDecode,setvar:tx.score=+1"
SecRule ARGS|REQUEST_BODY|FILES "@detectXSS" "id:6,block,t:none,t:htmlEntityDecode,t:cssDecode,setvar:'tx.seen_%{MATCHED_VAR_NAME}=1'"
SecRule TX:/^seen_/ "@eq 1" "id:7,chain,t:none"
SecRule MATCHED_VARS_NAMES "@rx ^TX:(.+)" "capture,setvar:'tx.name=%{TX.1}',setvar:ip.count=+1"
SecRule &ARGS "@gt 20" "id:8,pass,skipAfter:END"
SecRule REQUEST_URI|REQUEST_HEADERS "!@validateByteRange 1-255" "id:9,pass,ctl:ruleRemoveTargetById=4;ARGS:a"
SecMarker END
SecRule MULTIPART_STRICT_ERROR|REQBODY_ERROR|URLENCODED_ERROR "!@eq 0" "id:10,pass"
SecRule RESPONSE_BODY "@pm error exception" "id:11,phase:4,deny,status:500"
SecRule TX:score "@ge %{tx.limit}" "id:12,phase:2,deny,t:none"
SecRule HIGHEST_SEVERITY|TIME_HOUR|RULE:id|FULL_REQUEST "@unconditionalMatch" "id:13,phase:5,pass,t:none,t:sha1,t:hexEncode"
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_rules() {
        let mut transaction = Transaction::new(Arc::clone(&RULES));
        let verdict = judge(&mut transaction, b"GET /?a=1+union++select+2 HTTP/1.1\nHost: a\n\n", u64::MAX);
        assert!(verdict.matches.iter().any(|found| found.id == 4), "{verdict:?}");
        assert!(verdict.refusal.is_some());
        let verdict = judge(&mut transaction, b"GET /?a=1 HTTP/1.1\nHost: a\n\n", u64::MAX);
        assert_eq!(verdict.refusal, None);
        run(b"POST /?a=%3Cscript%3E HTTP/1.1\nContent-Type: application/json\n\n{\"a\":\"' or 1=1--\"}");
    }
}
