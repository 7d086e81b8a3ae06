//! Whom a service may talk to: families of sockets, and addresses.

use std::net::IpAddr;

use super::value::{Quotes, words};

/// The families of sockets as far as the score tells them apart (`RestrictAddressFamilies=`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Families {
    list: Option<(bool, Vec<String>)>,
}

impl Families {
    /// Adds a value; returns the names in it that are no families.
    pub(super) fn add(&mut self, value: &str) -> Vec<String> {
        match value {
            "" => {
                self.list = None;
                return Vec::new();
            }
            "none" => {
                self.list = Some((true, Vec::new()));
                return Vec::new();
            }
            _ => {}
        }
        let (value, is_inverted) = value.strip_prefix('~').map_or((value, false), |rest| (rest, true));
        // A list from which all was taken is still one: what it began as decides.
        let (is_allowing, names) = self.list.get_or_insert_with(|| (!is_inverted, Vec::new()));
        let (found, is_whole) = words(value, Quotes::Removed);
        let mut unknown = Vec::new();
        for word in found {
            if !FAMILIES.contains(&&*word) {
                unknown.push(word);
                continue;
            }
            names.retain(|name| *name != word);
            if is_inverted != *is_allowing {
                names.push(word);
            }
        }
        if !is_whole {
            unknown.push("the rest of the line".to_owned());
        }
        unknown
    }

    /// Whether sockets of such a family may be made; `None` stands for all that have no setting of their own.
    pub(super) fn is_usable(&self, families: Option<&[&str]>) -> bool {
        let Some((is_allowing, names)) = &self.list else { return true };
        let is_one = |name: &String| match families {
            Some(families) => families.contains(&&**name),
            None => !OWN.contains(&&**name),
        };
        names.iter().any(is_one) == *is_allowing
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
