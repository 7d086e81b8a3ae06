//! `@ipMatch`: the value is an address in one of the networks.

use super::{Captures, Entry, Operator, OperatorError};
use ipnet::IpNet;
use std::net::{AddrParseError, IpAddr};

pub(super) const OPERATOR: Entry = Entry {
    name: "ipMatch",
    aliases: &[],
    compile: |argument, _| Ok(Box::new(networks(argument.split(','))?)),
    evaluate: None,
};

/// Networks, of which an address is in one.
#[derive(Debug)]
pub(super) struct Networks(Vec<IpNet>);

/// Reads networks: an address, or an address and the length of its prefix.
pub(super) fn networks<'a>(items: impl Iterator<Item = &'a str>) -> Result<Networks, OperatorError> {
    let networks = items.map(str::trim).filter(|item| !item.is_empty()).map(network).collect::<Result<_, _>>()?;
    Ok(Networks(networks))
}

fn network(item: &str) -> Result<IpNet, OperatorError> {
    let wrong = |source: Option<AddrParseError>| OperatorError::Network { network: item.to_owned(), source };
    let (address, prefix) = item.split_once('/').map_or((item, None), |(address, prefix)| (address, Some(prefix)));
    let address = address.parse::<IpAddr>().map_err(|source| wrong(Some(source)))?;
    match prefix {
        None => Ok(IpNet::from(address)),
        Some(prefix) => {
            let prefix = prefix.parse().map_err(|_| wrong(None))?;
            IpNet::new(address, prefix).map_err(|_| wrong(None))
        }
    }
}

impl Operator for Networks {
    fn matches(&self, value: &[u8], _: Option<&mut Captures>) -> bool {
        let address = std::str::from_utf8(value).ok().and_then(|text| text.trim().parse::<IpAddr>().ok());
        address.is_some_and(|address| self.0.iter().any(|network| network.contains(&address)))
    }
}
