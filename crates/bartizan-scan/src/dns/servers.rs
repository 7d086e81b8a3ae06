//! Which servers the system asks (resolv.conf(5)); only where it says so in a file.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Returns the servers of the system; `None` on a system without the file.
pub(super) fn of_system() -> Option<Vec<SocketAddr>> {
    fs::read_to_string("/etc/resolv.conf").ok().map(|text| listed(&text))
}

fn listed(text: &str) -> Vec<SocketAddr> {
    let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("nameserver"));
    let words = lines.filter(|rest| rest.starts_with([' ', '\t'])).filter_map(|rest| rest.split_whitespace().next());
    // A zone behind an address of IPv6 names an interface, which a socket cannot be told here.
    let addresses = words.filter_map(|word| word.parse::<IpAddr>().ok());
    let mut servers: Vec<_> = addresses.take(MOST).map(|address| SocketAddr::new(address, PORT)).collect();
    if servers.is_empty() {
        servers.push(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), PORT));
    }
    servers
}

/// As many as the system's own resolver reads.
const MOST: usize = 3;
const PORT: u16 = 53;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_listed_as_the_system_lists_them() {
        for (text, servers) in [
            ("# x\nnameserver 192.0.2.1\n nameserver\t2001:db8::1 # y\n", &["192.0.2.1:53", "[2001:db8::1]:53"][..]),
            ("search example\nnameservers 192.0.2.1\nnameserver fe80::1%eth0\n", &["127.0.0.1:53"]),
            ("", &["127.0.0.1:53"]),
            (&"nameserver 192.0.2.1\n".repeat(9), &["192.0.2.1:53"; 3]),
        ] {
            assert_eq!(listed(text).iter().map(ToString::to_string).collect::<Vec<_>>(), servers, "{text}");
        }
    }
}
