//! A mail by SMTP (RFC 5321): greeting, encryption, login, envelope, message, each step answered before the next.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::connect::{self, Stream};
use super::message::message;
use super::smtp::Talk;
use super::{DeliveryError, Encryption, Mail};
use crate::alerts::Alert;
use crate::collector::now;

pub(super) async fn deliver(mail: &Mail, alerts: &[Alert]) -> Result<(), DeliveryError> {
    let mut random = [0; 12];
    getrandom::fill(&mut random).map_err(|_| DeliveryError::Setting("the system has no random numbers"))?;
    let id: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let date = jiff::Timestamp::from_millisecond(now()).unwrap_or_default();
    // RFC 5322, 3.3.
    let message = message(mail, alerts, &id, &date.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string());
    let authorities = mail.authorities.as_deref();
    let mut stream: Box<dyn Stream> = Box::new(connect::tcp(&mail.host, mail.port).await?);
    if mail.encryption == Encryption::Implicit {
        stream = connect::tls(stream, &mail.host, authorities).await?;
    }
    let mut talk = Talk::new(stream);
    talk.answer("the connection", &[220]).await?;
    let mut offers = talk.hello().await?;
    if mail.encryption == Encryption::StartTls {
        if !offers.iter().any(|offer| offer == "STARTTLS") {
            return Err(DeliveryError::Missing("STARTTLS"));
        }
        talk.ask("STARTTLS", "STARTTLS", &[220]).await?;
        let stream = connect::tls(talk.into_stream()?, &mail.host, authorities).await?;
        talk = Talk::new(stream);
        // What was offered in the clear counts for nothing (RFC 3207, 4.2).
        offers = talk.hello().await?;
    }
    if let Some((name, password)) = &mail.login {
        let words: Vec<_> = offers.iter().filter_map(|offer| offer.strip_prefix("AUTH ")).collect();
        let can = |way: &str| words.iter().any(|words| words.split(' ').any(|word| word.eq_ignore_ascii_case(way)));
        if can("PLAIN") {
            let both = STANDARD.encode(format!("\0{name}\0{}", password.expose()));
            talk.ask("AUTH", &format!("AUTH PLAIN {both}"), &[235]).await?;
        } else if can("LOGIN") {
            talk.ask("AUTH", "AUTH LOGIN", &[334]).await?;
            talk.ask("AUTH", &STANDARD.encode(name), &[334]).await?;
            talk.ask("AUTH", &STANDARD.encode(password.expose()), &[235]).await?;
        } else {
            return Err(DeliveryError::Missing("AUTH PLAIN or AUTH LOGIN"));
        }
    }
    talk.ask("MAIL FROM", &format!("MAIL FROM:<{}>", mail.from), &[250]).await?;
    for to in &mail.to {
        talk.ask("RCPT TO", &format!("RCPT TO:<{to}>"), &[250, 251]).await?;
    }
    talk.ask("DATA", "DATA", &[354]).await?;
    talk.ask("the message", &format!("{message}."), &[250]).await?;
    // It is delivered, whatever is said to this.
    let _ = talk.ask("QUIT", "QUIT", &[221]).await;
    Ok(())
}
