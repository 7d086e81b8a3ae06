//! How many words each directive of nginx takes, and whether it has a block.
//!
//! From the tables of nginx's own modules (`ngx_command_t`); directives of other modules are not known here.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::facts::blocks::At;

/// Whether nginx would take the directive with these words; what is not known may be right.
pub(super) fn fits(node: At<'_>) -> bool {
    let Some(shapes) = SHAPES_OF.get(node.name()) else { return true };
    let count = node.words().len();
    shapes.iter().any(|shape| {
        let has_count = match shape.words {
            Words::Flag => count == 1 && (node.says("on") || node.says("off")),
            Words::Least(least) => count >= least,
            Words::Listed(counts) => count < 10 && counts & (1 << count) != 0,
        };
        has_count && shape.is_block == node.is_block()
    })
}

/// How a directive may look.
struct Shape {
    is_block: bool,
    words: Words,
}

enum Words {
    /// On or off.
    Flag,
    /// So many or more.
    Least(usize),
    /// A bit for each count below ten.
    Listed(u16),
}

fn shape(text: &'static str) -> Option<Shape> {
    let (sign, counts) = text.split_at_checked(1)?;
    let words = match counts.strip_suffix('+') {
        Some(least) => Words::Least(least.parse().ok()?),
        None if counts == "f" => Words::Flag,
        None => {
            Words::Listed(counts.bytes().filter(u8::is_ascii_digit).fold(0, |all, digit| all | 1 << (digit - b'0')))
        }
    };
    Some(Shape { is_block: sign == "{", words })
}

static SHAPES_OF: LazyLock<HashMap<&str, Vec<Shape>, RandomState>> = LazyLock::new(|| {
    let names = |(shapes, names): &(&'static str, &'static str)| {
        let shapes = || shapes.split(' ').filter_map(shape).collect();
        names.split_whitespace().map(|name| (name, shapes())).collect::<Vec<_>>()
    };
    SHAPES.iter().flat_map(names).collect()
});

/// A shape is `;` or `{`, and how many words: each number that fits, `f` for on or off, `2+` for two or more.
static SHAPES: &[(&str, &str)] = &[
    (";0", "break empty_gif f4f flv hls internal ip_hash least_conn mp4 ntlm status upstream_conf zone_sync"),
    (";0+", "health_check"),
    (";01", "api stub_status"),
    (";012", "random"),
    (
        ";1",
        "accept_mutex_delay add_after_body add_before_body aio alias allow ancient_browser_value auth_basic \
         auth_basic_user_file auth_http auth_http_timeout auth_jwt_key_file auth_jwt_key_request \
         auth_jwt_leeway auth_request autoindex_format charset client_body_buffer_size \
         client_body_in_file_only client_body_timeout client_header_buffer_size client_header_timeout \
         client_max_body_size connection_pool_size debug_connection debug_points default_type deny directio \
         directio_alignment env f4f_buffer_size fastcgi_buffer_size fastcgi_busy_buffers_size fastcgi_cache \
         fastcgi_cache_key fastcgi_cache_lock_age fastcgi_cache_lock_timeout fastcgi_cache_max_range_offset \
         fastcgi_cache_min_uses fastcgi_catch_stderr fastcgi_connect_timeout fastcgi_hide_header \
         fastcgi_index fastcgi_limit_rate fastcgi_max_temp_file_size fastcgi_next_upstream_timeout \
         fastcgi_next_upstream_tries fastcgi_pass fastcgi_pass_header fastcgi_read_timeout fastcgi_send_lowat \
         fastcgi_send_timeout fastcgi_split_path_info fastcgi_store fastcgi_temp_file_write_size geoip_proxy \
         google_perftools_profiles grpc_buffer_size grpc_connect_timeout grpc_hide_header \
         grpc_next_upstream_timeout grpc_next_upstream_tries grpc_pass grpc_pass_header grpc_read_timeout \
         grpc_send_timeout grpc_ssl_certificate grpc_ssl_certificate_key grpc_ssl_ciphers grpc_ssl_crl \
         grpc_ssl_name grpc_ssl_password_file grpc_ssl_trusted_certificate grpc_ssl_verify_depth \
         gzip_comp_level gzip_http_version gzip_min_length gzip_static health_check_timeout hls_fragment \
         hls_mp4_buffer_size hls_mp4_max_buffer_size http2_body_preread_size http2_chunk_size \
         http2_idle_timeout http2_max_concurrent_pushes http2_max_concurrent_streams http2_max_field_size \
         http2_max_header_size http2_max_requests http2_push http2_recv_buffer_size http2_recv_timeout \
         if_modified_since image_filter_buffer image_filter_jpeg_quality image_filter_sharpen \
         image_filter_webp_quality imap_client_buffer include js_access js_content js_filter js_include \
         js_path js_preread keepalive keepalive_requests limit_conn_dry_run limit_conn_log_level \
         limit_conn_status limit_rate limit_rate_after limit_req_dry_run limit_req_log_level limit_req_status \
         lingering_close lingering_time lingering_timeout load_module lock_file map_hash_bucket_size \
         map_hash_max_size max_ranges memcached_buffer_size memcached_connect_timeout memcached_gzip_flag \
         memcached_next_upstream_timeout memcached_next_upstream_tries memcached_pass memcached_read_timeout \
         memcached_send_timeout min_delete_depth mirror modern_browser_value mp4_buffer_size mp4_limit_rate \
         mp4_limit_rate_after mp4_max_buffer_size open_file_cache_min_uses open_file_cache_valid perl \
         perl_modules perl_require pid postpone_output preread_buffer_size preread_timeout protocol \
         proxy_buffer proxy_buffer_size proxy_busy_buffers_size proxy_cache proxy_cache_key \
         proxy_cache_lock_age proxy_cache_lock_timeout proxy_cache_max_range_offset proxy_cache_min_uses \
         proxy_connect_timeout proxy_download_rate proxy_headers_hash_bucket_size proxy_headers_hash_max_size \
         proxy_hide_header proxy_http_version proxy_limit_rate proxy_max_temp_file_size proxy_method \
         proxy_next_upstream_timeout proxy_next_upstream_tries proxy_pass proxy_pass_header \
         proxy_protocol_timeout proxy_read_timeout proxy_requests proxy_responses proxy_send_lowat \
         proxy_send_timeout proxy_set_body proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_ciphers \
         proxy_ssl_crl proxy_ssl_name proxy_ssl_password_file proxy_ssl_trusted_certificate \
         proxy_ssl_verify_depth proxy_store proxy_temp_file_write_size proxy_timeout proxy_upload_rate \
         read_ahead real_ip_header referer_hash_bucket_size referer_hash_max_size request_pool_size \
         resolver_timeout root satisfy scgi_buffer_size scgi_busy_buffers_size scgi_cache scgi_cache_key \
         scgi_cache_lock_age scgi_cache_lock_timeout scgi_cache_max_range_offset scgi_cache_min_uses \
         scgi_connect_timeout scgi_hide_header scgi_limit_rate scgi_max_temp_file_size \
         scgi_next_upstream_timeout scgi_next_upstream_tries scgi_pass scgi_pass_header scgi_read_timeout \
         scgi_send_timeout scgi_store scgi_temp_file_write_size secure_link secure_link_md5 \
         secure_link_secret send_lowat send_timeout sendfile_max_chunk server_names_hash_bucket_size \
         server_names_hash_max_size server_tokens session_log set_real_ip_from slice smtp_client_buffer \
         smtp_greeting_delay source_charset spdy_chunk_size spdy_headers_comp ssi_min_file_chunk \
         ssi_value_length ssl_buffer_size ssl_certificate ssl_certificate_key ssl_ciphers \
         ssl_client_certificate ssl_crl ssl_dhparam ssl_ecdh_curve ssl_engine ssl_handshake_timeout \
         ssl_password_file ssl_session_ticket_key ssl_session_timeout ssl_stapling_file \
         ssl_stapling_responder ssl_trusted_certificate ssl_verify_client ssl_verify_depth starttls state \
         status_zone subrequest_output_buffer_size timeout timer_resolution types_hash_bucket_size \
         types_hash_max_size use userid userid_domain userid_expires userid_mark userid_name userid_p3p \
         userid_path userid_service uwsgi_buffer_size uwsgi_busy_buffers_size uwsgi_cache \
         uwsgi_cache_background_update uwsgi_cache_key uwsgi_cache_lock_age uwsgi_cache_lock_timeout \
         uwsgi_cache_max_range_offset uwsgi_cache_min_uses uwsgi_connect_timeout uwsgi_hide_header \
         uwsgi_limit_rate uwsgi_max_temp_file_size uwsgi_modifier1 uwsgi_modifier2 \
         uwsgi_next_upstream_timeout uwsgi_next_upstream_tries uwsgi_pass uwsgi_pass_header \
         uwsgi_read_timeout uwsgi_send_timeout uwsgi_ssl_certificate uwsgi_ssl_certificate_key \
         uwsgi_ssl_ciphers uwsgi_ssl_crl uwsgi_ssl_name uwsgi_ssl_password_file uwsgi_ssl_trusted_certificate \
         uwsgi_ssl_verify_depth uwsgi_store uwsgi_temp_file_write_size variables_hash_bucket_size \
         variables_hash_max_size worker_aio_requests worker_connections worker_priority worker_processes \
         worker_rlimit_core worker_rlimit_nofile worker_shutdown_timeout working_directory xml_entities \
         zone_sync_connect_retry_interval zone_sync_connect_timeout zone_sync_interval \
         zone_sync_recv_buffer_size zone_sync_ssl_certificate zone_sync_ssl_certificate_key \
         zone_sync_ssl_ciphers zone_sync_ssl_crl zone_sync_ssl_name zone_sync_ssl_password_file \
         zone_sync_ssl_trusted_certificate zone_sync_ssl_verify_depth zone_sync_timeout",
    ),
    (";1 ;1+", "server_name"),
    (";1 ;12", "keepalive_timeout return"),
    (
        ";1+",
        "access_log addition_types ancient_browser charset_types dav_methods error_log fastcgi_cache_bypass \
         fastcgi_cache_methods fastcgi_cache_purge fastcgi_cache_use_stale fastcgi_cache_valid \
         fastcgi_ignore_headers fastcgi_next_upstream fastcgi_no_cache grpc_ignore_headers grpc_next_upstream \
         grpc_ssl_protocols gzip_disable gzip_proxied gzip_types imap_auth imap_capabilities index \
         keyval_zone listen memcached_next_upstream pop3_auth pop3_capabilities proxy_cache_bypass \
         proxy_cache_methods proxy_cache_purge proxy_cache_use_stale proxy_cache_valid proxy_ignore_headers \
         proxy_no_cache proxy_ssl_protocols resolver scgi_cache_bypass scgi_cache_methods scgi_cache_purge \
         scgi_cache_use_stale scgi_cache_valid scgi_ignore_headers scgi_next_upstream scgi_no_cache smtp_auth \
         smtp_capabilities ssi_types ssl_protocols sticky sub_filter_types uwsgi_cache_bypass \
         uwsgi_cache_methods uwsgi_cache_purge uwsgi_cache_use_stale uwsgi_cache_valid uwsgi_ignore_headers \
         uwsgi_next_upstream uwsgi_no_cache uwsgi_ssl_protocols valid_referers worker_cpu_affinity \
         xslt_stylesheet xslt_types zone_sync_ssl_protocols",
    ),
    (";1+ ;f", "proxy_next_upstream"),
    (";1+ {0", "server"),
    (
        ";12",
        "auth_jwt disable_symlinks expires fastcgi_bind geoip_city geoip_country geoip_org grpc_bind hash \
         keepalive_disable least_time memcached_bind modern_browser open_file_cache proxy_bind \
         proxy_cookie_domain proxy_cookie_path proxy_redirect queue scgi_bind ssl_session_cache status_format \
         user uwsgi_bind zone zone_sync_server",
    ),
    (
        ";123",
        "dav_access fastcgi_store_access image_filter limit_req proxy_store_access scgi_store_access \
         uwsgi_store_access",
    ),
    (
        ";1234",
        "client_body_temp_path fastcgi_temp_path open_log_file_cache proxy_temp_path scgi_temp_path \
         sticky_cookie_insert uwsgi_temp_path",
    ),
    (
        ";2",
        "auth_http_header auth_request_set fastcgi_buffers grpc_set_header gunzip_buffers gzip_buffers \
         hls_buffers js_set large_client_header_buffers limit_conn limit_conn_zone output_buffers perl_set \
         proxy_buffers proxy_set_header scgi_buffers set sub_filter uwsgi_buffers xslt_param \
         xslt_string_param zone_sync_buffers",
    ),
    (
        ";2+",
        "auth_jwt_claim_set auth_jwt_header_set error_page fastcgi_cache_path log_format proxy_cache_path \
         scgi_cache_path session_log_format try_files uwsgi_cache_path",
    ),
    (";23", "add_header add_trailer fastcgi_param rewrite scgi_param thread_pool uwsgi_param"),
    (";23456", "session_log_zone"),
    (";3", "keyval limit_zone"),
    (";34", "limit_req_zone"),
    (
        ";f",
        "absolute_redirect accept_mutex aio_write auth_http_pass_client_cert autoindex autoindex_exact_size \
         autoindex_localtime chunked_transfer_encoding client_body_in_single_buffer create_full_put_path \
         daemon etag fastcgi_buffering fastcgi_cache_background_update fastcgi_cache_lock \
         fastcgi_cache_revalidate fastcgi_force_ranges fastcgi_ignore_client_abort fastcgi_intercept_errors \
         fastcgi_keep_conn fastcgi_pass_request_body fastcgi_pass_request_headers fastcgi_request_buffering \
         fastcgi_socket_keepalive geoip_proxy_recursive grpc_intercept_errors grpc_socket_keepalive \
         grpc_ssl_server_name grpc_ssl_session_reuse grpc_ssl_verify gunzip gzip gzip_vary hls_forward_args \
         http2_push_preload ignore_invalid_headers image_filter_interlace image_filter_transparency \
         log_not_found log_subrequest master_process memcached_force_ranges memcached_socket_keepalive \
         merge_slashes mirror_request_body msie_padding msie_refresh multi_accept open_file_cache_errors \
         override_charset pcre_jit port_in_redirect proxy_buffering proxy_cache_background_update \
         proxy_cache_convert_head proxy_cache_lock proxy_cache_revalidate proxy_force_ranges \
         proxy_ignore_client_abort proxy_intercept_errors proxy_pass_error_message proxy_pass_request_body \
         proxy_pass_request_headers proxy_protocol proxy_request_buffering proxy_socket_keepalive proxy_ssl \
         proxy_ssl_server_name proxy_ssl_session_reuse proxy_ssl_verify random_index real_ip_recursive \
         recursive_error_pages reset_timedout_connection rewrite_log scgi_buffering \
         scgi_cache_background_update scgi_cache_lock scgi_cache_revalidate scgi_force_ranges \
         scgi_ignore_client_abort scgi_intercept_errors scgi_pass_request_body scgi_pass_request_headers \
         scgi_request_buffering scgi_socket_keepalive sendfile server_name_in_redirect ssi ssi_last_modified \
         ssi_silent_errors ssl ssl_early_data ssl_prefer_server_ciphers ssl_preread ssl_session_tickets \
         ssl_stapling ssl_stapling_verify sub_filter_last_modified sub_filter_once tcp_nodelay tcp_nopush \
         underscores_in_headers uninitialized_variable_warn uwsgi_buffering uwsgi_cache_lock \
         uwsgi_cache_revalidate uwsgi_force_ranges uwsgi_ignore_client_abort uwsgi_intercept_errors \
         uwsgi_pass_request_body uwsgi_pass_request_headers uwsgi_request_buffering uwsgi_socket_keepalive \
         uwsgi_ssl_server_name uwsgi_ssl_session_reuse uwsgi_ssl_verify xclient xslt_last_modified \
         zone_sync_ssl zone_sync_ssl_server_name zone_sync_ssl_verify",
    ),
    ("{0", "events http mail stream types"),
    ("{1", "match upstream"),
    ("{1+", "if limit_except"),
    ("{12", "geo location"),
    ("{2", "charset_map map split_clients"),
];
