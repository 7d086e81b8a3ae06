//! How other programs write addresses, sizes, times and rates, as we write them.

/// Returns what is listened on.
pub(super) fn address(text: &str) -> Option<String> {
    if text.parse::<u16>().is_ok() {
        return Some(format!("0.0.0.0:{text}"));
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => (host, port),
        _ => (text, "80"),
    };
    let host = match host {
        "*" => "0.0.0.0",
        "localhost" => "127.0.0.1",
        host => host,
    };
    let is_address = host.parse::<std::net::Ipv4Addr>().is_ok()
        || host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .is_some_and(|host| host.parse::<std::net::Ipv6Addr>().is_ok());
    is_address.then(|| format!("{host}:{port}"))
}

/// Returns a size; nothing is no limit.
pub(super) fn size(text: &str) -> Option<String> {
    let (number, unit) = match text.char_indices().next_back()? {
        (at, 'k' | 'K') => (text.get(..at)?, "KiB"),
        (at, 'm' | 'M') => (text.get(..at)?, "MiB"),
        (at, 'g' | 'G') => (text.get(..at)?, "GiB"),
        _ => (text, "B"),
    };
    let number: u64 = number.parse().ok()?;
    Some(if number == 0 { "none".to_owned() } else { format!("{number}{unit}") })
}

/// Returns a number of bytes.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let (number, unit) = match text.char_indices().next_back()? {
        (at, 'k' | 'K') => (text.get(..at)?, 1 << 10),
        (at, 'm' | 'M') => (text.get(..at)?, 1 << 20),
        (at, 'g' | 'G') => (text.get(..at)?, 1 << 30),
        _ => (text, 1),
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

/// Returns a number of bytes as Go's programs write it: `10MB` are millions, `10MiB` are not.
pub(super) fn count_of_bytes(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text.get(..digits)?.parse().ok()?;
    let unit = match &*text.get(digits..)?.trim().to_ascii_lowercase() {
        "" | "b" => 1,
        "kb" | "k" => 1_000,
        "mb" | "m" => 1_000_000,
        "gb" | "g" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(unit)
}

/// Returns a time: `90`, `90s`, `1m30s`.
pub(super) fn time(text: &str) -> Option<String> {
    let mut milliseconds = 0_u64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        let after = rest.get(digits..)?.trim_start();
        let (unit, after) = match () {
            () if after.starts_with("ms") => (1, after.get(2..)?),
            () if after.starts_with('s') => (1_000, after.get(1..)?),
            () if after.starts_with('m') => (60_000, after.get(1..)?),
            () if after.starts_with('h') => (3_600_000, after.get(1..)?),
            () if after.starts_with('d') => (86_400_000, after.get(1..)?),
            () if after.is_empty() => (1_000, after),
            () => return None,
        };
        milliseconds = milliseconds.checked_add(number.checked_mul(unit)?)?;
        rest = after.trim_start();
    }
    Some(super::plan::duration(milliseconds))
}

/// Returns a rate: `10r/s`, `30r/m`.
pub(super) fn rate(text: &str) -> Option<String> {
    let (number, unit) = text.split_once("r/")?;
    let number: u32 = number.parse().ok()?;
    (number > 0 && matches!(unit, "s" | "m")).then(|| format!("{number}/{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_ours() {
        for (read, text, expected) in [
            (address as fn(&str) -> Option<String>, "443", Some("0.0.0.0:443")),
            (address, "[::]:443", Some("[::]:443")),
            (address, "*:80", Some("0.0.0.0:80")),
            (address, "127.0.0.1", Some("127.0.0.1:80")),
            (address, "unix:/run/a.sock", None),
            (size, "10m", Some("10MiB")),
            (size, "0", Some("none")),
            (size, "1024", Some("1024B")),
            (size, "ten", None),
            (time, "60", Some("60s")),
            (time, "1m30s", Some("90s")),
            (time, "500ms", Some("500ms")),
            (time, "1x", None),
            (time, "99999999999999999999h", None),
            (rate, "10r/s", Some("10/s")),
            (rate, "10", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
    }
}
