//! `tls HOST ADDRESS:PORT [CA.pem]`: prints how a server speaks TLS, as one object of JSON.
#![allow(clippy::print_stdout, reason = "an example for the terminal")]

use std::error::Error;
use std::{env, fs};

use bartizan_scan::tls::{Authorities, Options, Target, inspect};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(host), Some(address)) = (arguments.next(), arguments.next()) else {
        return Err("usage: tls HOST ADDRESS:PORT [CA.pem]".into());
    };
    let mut options = Options::default();
    if let Some(file) = arguments.next() {
        let named = CertificateDer::pem_slice_iter(&fs::read(file)?).collect::<Result<Vec<_>, _>>()?;
        options.authorities = Authorities::default().with_named(named);
    }
    let report = inspect(&Target { host, address: address.parse()? }, &options).await;
    println!("{}", serde_json::to_string(&report)?);
    for unseen in &report.unseen {
        println!("not seen: {unseen}");
    }
    Ok(())
}
