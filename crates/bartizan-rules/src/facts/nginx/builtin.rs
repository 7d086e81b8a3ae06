//! The variables that nginx itself has, and what each can hold, as other auditors know them.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use foldhash::fast::RandomState;

use super::reader::Peer;
use super::scope::{Value, VarName, Variable, named};
use crate::facts::regex::{Case, Regex};

/// Returns what is known of a variable: its own name counts more than the beginning of it.
pub(super) fn builtin(peer: Peer, name: &str) -> Option<Arc<Variable>> {
    let table = table(peer);
    let of_family = || Some(Arc::new(variable(name, family(table, name)?.value.clone())));
    table.get(name).cloned().or_else(of_family)
}

/// Whether a variable is nginx's own.
pub(super) fn is_builtin(peer: Peer, name: &str) -> bool {
    let table = table(peer);
    table.contains_key(name) || family(table, name).is_some()
}

/// Returns what begins as the name does.
fn family<'a>(table: &'a Table, name: &str) -> Option<&'a Variable> {
    let ends = name.bytes().enumerate().filter(|(_, byte)| *byte == b'_').map(|(at, _)| at + 1);
    ends.rev().find_map(|end| table.get(name.get(..end)?)).map(|known| &**known)
}

fn table(peer: Peer) -> &'static Table {
    match peer {
        Peer::Next => &NEXT,
        Peer::Ng => &NG,
    }
}

/// Variables that are known by their whole names stand ready.
type Table = HashMap<&'static str, Arc<Variable>, RandomState>;

static NG: LazyLock<Table> = LazyLock::new(|| read(&[SHARED, NG_ONLY]));
static NEXT: LazyLock<Table> = LazyLock::new(|| read(&[SHARED, NEXT_ONLY]));

fn read(parts: &[&[(&'static str, &'static str)]]) -> Table {
    let ready = |(pattern, names): &(&str, &'static str)| {
        // What visitors decide nothing of is a text that stands for whatever nginx puts in.
        let pattern = Some(*pattern).filter(|pattern| !pattern.is_empty());
        let regex = pattern.and_then(|pattern| Regex::read_whole(pattern, Case::Insensitive).ok());
        let value = regex.map_or_else(|| Value::Text("builtin".into()), Value::Regex);
        names.split_whitespace().map(|name| (name, Arc::new(variable(name, value.clone())))).collect::<Vec<_>>()
    };
    parts.iter().copied().flatten().flat_map(ready).collect()
}

fn variable(name: &str, value: Value) -> Variable {
    named(VarName::Name(name.into()), value, None)
}

/// A name that ends with an underscore is the beginning of names; no pattern means that visitors decide nothing.
static SHARED: &[(&str, &str)] = &[
    (r"/[^\s]*", "request_uri"),
    (r"/[^\x20\t]*", "document_uri uri"),
    ("/etc/nginx", "document_root"),
    (r"[\x21-\x7e]", "http_"),
    (r"[^\s&]+", "arg_"),
    (r"[^\s]+", "args query_string"),
    (
        "",
        "content_type cookie_ fastcgi_path_info fastcgi_script_name host hostname limit_rate memcached_key \
         proxy_add_x_forwarded_for proxy_host proxy_port proxy_protocol_port realpath_root remote_user request \
         request_body request_completion request_filename request_id secure_link secure_link_expires sent_http_ \
         server_name slice_range upstream_cookie_ upstream_http_ ancient_browser binary_remote_addr body_bytes_sent \
         bytes_received bytes_sent connection connection_requests connection_time connections_active \
         connections_reading connections_waiting connections_writing content_length date_gmt date_local http2 http3 \
         https invalid_referer is_args is_request_port limit_conn_status limit_req_status modern_browser msec msie \
         nginx_version pid pipe protocol proxy_protocol_addr proxy_protocol_server_addr proxy_protocol_server_port \
         proxy_protocol_tlv_ realip_remote_addr realip_remote_port remote_addr remote_port request_body_file \
         request_length request_method request_port request_time scheme sent_trailer_ server_addr server_port \
         server_protocol session_log_binary_id session_log_id session_time spdy spdy_request_priority status \
         tcpinfo_ time_iso8601 time_local uid_got uid_reset uid_set upstream_addr upstream_bytes_received \
         upstream_bytes_sent upstream_cache_status upstream_connect_time upstream_first_byte_time \
         upstream_header_time upstream_response_length upstream_response_time upstream_session_time upstream_status \
         upstream_trailer_",
    ),
];

static NEXT_ONLY: &[(&str, &str)] = &[("", "geoip_ gzip_ratio jwt_ ssl_")];

static NG_ONLY: &[(&str, &str)] = &[
    ("BYPASS|MISS|HIT", "srcache_fetch_status"),
    ("BYPASS|STORE", "srcache_store_status"),
    ("[-0-9]*", "geoip_area_code geoip_dma_code srcache_expire"),
    ("[0-9.]*", "brotli_ratio echo_timer_elapsed gzip_ratio zstd_ratio"),
    (
        "[0-9]*",
        "echo_incr echo_response_status jwt_nowtime ssl_client_v_remain vts_1xx_counter vts_2xx_counter \
         vts_3xx_counter vts_4xx_counter vts_5xx_counter vts_cache_bypass_counter vts_cache_expired_counter \
         vts_cache_hit_counter vts_cache_miss_counter vts_cache_revalidated_counter vts_cache_scarce_counter \
         vts_cache_stale_counter vts_cache_updating_counter vts_in_bytes vts_out_bytes vts_request_counter \
         vts_request_time vts_request_time_counter",
    ),
    ("[0-9a-f]*", "ssl_client_fingerprint ssl_session_id"),
    ("[1]*", "ssl_early_data"),
    ("[A-Za-z0-9.]*", "ssl_preread_protocol"),
    (
        r"[\s\S]*",
        "echo_cacheable_request_uri echo_client_request_headers echo_client_request_method echo_it \
         echo_request_body echo_request_method echo_request_uri geoip_city geoip_city_continent_code \
         geoip_city_country_code geoip_city_country_code3 geoip_city_country_name geoip_country_code \
         geoip_country_code3 geoip_country_name geoip_latitude geoip_longitude geoip_org geoip_postal_code \
         geoip_region geoip_region_name jwt_claim_ jwt_claims jwt_header_ jwt_headers jwt_payload ssl_alpn_protocol \
         ssl_cipher ssl_ciphers ssl_client_cert ssl_client_escaped_cert ssl_client_i_dn ssl_client_i_dn_legacy \
         ssl_client_raw_cert ssl_client_s_dn ssl_client_s_dn_legacy ssl_client_serial ssl_client_sigalg \
         ssl_client_v_end ssl_client_v_start ssl_client_verify ssl_curve ssl_curves ssl_ech_outer_server_name \
         ssl_ech_status ssl_preread_alpn_protocols ssl_preread_server_name ssl_protocol ssl_server_name ssl_sigalg",
    ),
    ("[r.]*", "ssl_session_reused"),
];
