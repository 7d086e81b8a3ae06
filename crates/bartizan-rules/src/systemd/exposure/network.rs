//! Whom a service may talk to: families of sockets, and addresses.

use std::net::IpAddr;

use super::value::{Quotes, words};

/// The families of sockets as far as the score tells them apart (`RestrictAddressFamilies=`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Families {
    /// Whether all but the listed families are forbidden.
    is_allowing: bool,
    /// Nothing until a line names families: the first that does decides how the list is read.
    names: Option<Vec<&'static str>>,
}

impl Families {
    /// Adds a value; returns the names in it that are no families.
    pub(super) fn add(&mut self, value: &str) -> Vec<String> {
        match value {
            "" | "none" => {
                *self = Self { is_allowing: value == "none", names: None };
                return Vec::new();
            }
            _ => {}
        }
        let (value, is_inverted) = value.strip_prefix('~').map_or((value, false), |rest| (rest, true));
        if self.names.is_none() {
            self.is_allowing = !is_inverted;
        }
        let names = self.names.get_or_insert_default();
        let (found, is_whole) = words(value, Quotes::Removed);
        let mut unknown = Vec::new();
        for word in found {
            let Some(family) = FAMILIES.iter().find(|family| family.eq_ignore_ascii_case(&word)) else {
                unknown.push(word);
                continue;
            };
            names.retain(|name| name != family);
            if is_inverted != self.is_allowing {
                names.push(family);
            }
        }
        if !is_whole {
            unknown.push("the rest of the line".to_owned());
        }
        unknown
    }

    /// Whether sockets of such a family may be made; `None` stands for all that have no setting of their own.
    pub(super) fn is_usable(&self, families: Option<&[&str]>) -> bool {
        let is_one = |name: &&str| match families {
            Some(families) => families.contains(name),
            None => !OWN.contains(name),
        };
        self.names.iter().flatten().any(is_one) == self.is_allowing
    }
}

/// Addresses that are denied or allowed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Addresses {
    list: Vec<(IpAddr, u8)>,
}

impl Addresses {
    /// Adds a value; returns what in it is no address.
    pub(super) fn add(&mut self, value: &str) -> Vec<String> {
        if value.is_empty() {
            self.list.clear();
            return Vec::new();
        }
        let (found, is_whole) = words(value, Quotes::Kept);
        let mut unknown = Vec::new();
        for word in found {
            let known: &[&str] = match &*word {
                "any" => &["0.0.0.0/0", "::/0"],
                "localhost" => &["127.0.0.0/8", "::1/128"],
                "link-local" => &["169.254.0.0/16", "fe80::/64"],
                "multicast" => &["224.0.0.0/4", "ff00::/8"],
                other => &[other],
            };
            let parsed: Vec<_> = known.iter().filter_map(|text| prefix(text)).collect();
            if parsed.is_empty() {
                unknown.push(word);
            }
            self.list.extend(parsed);
        }
        if !is_whole {
            unknown.push("the rest of the line".to_owned());
        }
        unknown
    }

    /// Whether they are all addresses of both kinds.
    pub(super) fn is_all(&self) -> bool {
        let is_all = |is_v4: bool| self.list.iter().any(|(address, length)| address.is_ipv4() == is_v4 && *length == 0);
        is_all(true) && is_all(false)
    }

    /// Whether any of them is beyond this machine.
    pub(super) fn has_other(&self) -> bool {
        self.list.iter().any(|prefix| !is_local(*prefix))
    }

    /// Whether any of them is this machine.
    pub(super) fn has_local(&self) -> bool {
        self.list.iter().any(|prefix| is_local(*prefix))
    }
}

fn prefix(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let length = length.map_or(Some(most), |length| length.parse().ok())?;
    (length <= most).then_some((address, length))
}

/// Whether the first address of a prefix is one of this machine.
const fn is_local((address, length): (IpAddr, u8)) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() && length >= 7,
        IpAddr::V6(address) => address.is_loopback() && length == 128,
    }
}

/// The families that have a setting of their own.
const OWN: [&str; 7] = ["AF_INET", "AF_INET6", "AF_UNIX", "AF_LOCAL", "AF_FILE", "AF_NETLINK", "AF_PACKET"];
/// The families of Linux (socket.h), as far as systemd 252 knows them.
const FAMILIES: [&str; 48] = [
    "AF_LOCAL",
    "AF_UNIX",
    "AF_FILE",
    "AF_INET",
    "AF_AX25",
    "AF_IPX",
    "AF_APPLETALK",
    "AF_NETROM",
    "AF_BRIDGE",
    "AF_ATMPVC",
    "AF_X25",
    "AF_INET6",
    "AF_ROSE",
    "AF_DECnet",
    "AF_NETBEUI",
    "AF_SECURITY",
    "AF_KEY",
    "AF_NETLINK",
    "AF_ROUTE",
    "AF_PACKET",
    "AF_ASH",
    "AF_ECONET",
    "AF_ATMSVC",
    "AF_RDS",
    "AF_SNA",
    "AF_IRDA",
    "AF_PPPOX",
    "AF_WANPIPE",
    "AF_LLC",
    "AF_IB",
    "AF_MPLS",
    "AF_CAN",
    "AF_TIPC",
    "AF_BLUETOOTH",
    "AF_IUCV",
    "AF_RXRPC",
    "AF_ISDN",
    "AF_PHONET",
    "AF_IEEE802154",
    "AF_CAIF",
    "AF_ALG",
    "AF_NFC",
    "AF_VSOCK",
    "AF_KCM",
    "AF_QIPCRTR",
    "AF_SMC",
    "AF_XDP",
    "AF_MCTP",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_allowed_or_forbidden() {
        let inet: Option<&[&str]> = Some(&["AF_INET", "AF_INET6"]);
        for (values, families, expected) in [
            (&[][..], inet, true),
            (&["AF_INET"], inet, true),
            (&["AF_UNIX"], inet, false),
            (&["~AF_INET"], inet, false),
            (&["~AF_INET"], None, true),
            (&["AF_VSOCK"], None, true),
            (&["none"], None, false),
            (&["none", "~AF_UNIX"], inet, true), // the list begins anew
            (&["AF_UNIX", "~AF_UNIX"], inet, false),
            (&["AF_UNIX", ""], inet, true),
            (&["AF_BOGUS"], inet, false), // the list is empty, and looks hardened
        ] {
            let mut list = Families::default();
            for value in values {
                list.add(value);
            }
            assert_eq!(list.is_usable(families), expected, "{values:?} {families:?}");
        }
    }

    #[test]
    fn addresses_are_all_local_or_other() {
        for (values, all, local, other) in [
            (&["any"][..], true, false, true),
            (&["0.0.0.0/0"], false, false, true),
            (&["localhost"], false, true, false),
            (&["127.0.0.1/1"], false, false, true),
            (&["10.0.0.0/33", "bogus"], false, false, false),
            (&["any", ""], false, false, false),
        ] {
            let mut list = Addresses::default();
            for value in values {
                list.add(value);
            }
            assert_eq!((list.is_all(), list.has_local(), list.has_other()), (all, local, other), "{values:?}");
        }
    }
}
