//! A rule: the knowledge about one fault, two examples, and the function that finds it.

use crate::example;
use crate::explanation::Explanation;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::severity::Severity;
use crate::topic::Topic;

/// One fault: what is known of it, how it looks, how it is found.
#[derive(Debug)]
pub struct Rule {
    /// What it is, why it matters, how to mend it.
    pub about: Explanation,
    /// What it is about.
    pub topic: Topic,
    /// How much it matters.
    pub severity: Severity,
    /// An example in which the rule must find the fault.
    pub bad: Example,
    /// An example in which the rule must find nothing.
    pub good: Example,
    /// Finds the fault; pure.
    pub check: fn(&Facts, &mut Findings),
}

impl Rule {
    /// Returns the rule's id.
    pub const fn id(&self) -> &'static str {
        self.about.id
    }
}

impl PartialEq for Rule {
    /// Rules are the same when their ids are: an id is never used twice.
    fn eq(&self, other: &Self) -> bool {
        self.about.id == other.about.id
    }
}

impl Eq for Rule {}

/// Something that a rule can be tried on, and that a reader can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Example {
    /// Requests and answers: `>` before what is asked, `<` before what is answered. See [`crate::facts`].
    Exchange(&'static str),
    /// A file, or the files of a small tree; only the crate that reads files can try it.
    File(Format, &'static str),
    /// A file, and behind a line of three dashes an exchange with the site that it is of.
    Joined(Format, &'static str),
    /// How a server speaks TLS, where it differs from a sound one; a fact to a line.
    Handshake(&'static str),
    /// The markup of a page at `https://app.example/`, perhaps after header lines and an empty line.
    Page(&'static str),
    /// All header lines of a 200 response to `GET https://app.example/`.
    Response(&'static str),
}

/// What kind of file an example is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Apache's main configuration.
    Apache,
    /// A Docker Compose file.
    Compose,
    /// Django settings.
    Django,
    /// A Dockerfile.
    Dockerfile,
    /// Elixir configuration, as Akkoma and Pleroma have it.
    Elixir,
    /// A file of environment variables.
    Environment,
    /// Apache's configuration of a directory.
    Htaccess,
    /// A key or a certificate in PEM.
    Key,
    /// KrakenD's configuration.
    Krakend,
    /// nginx's main configuration, or a part that is included into `http`.
    Nginx,
    /// A systemd unit.
    Systemd,
}

impl Format {
    /// Returns the word for it, as Markdown names languages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Apache | Self::Htaccess => "apache",
            Self::Compose => "yaml",
            Self::Django => "python",
            Self::Dockerfile => "dockerfile",
            Self::Elixir => "elixir",
            Self::Environment => "sh",
            Self::Key => "text",
            Self::Krakend => "json",
            Self::Nginx => "nginx",
            Self::Systemd => "ini",
        }
    }
}

impl Example {
    /// Returns the facts that the example shows, if no file has to be read for them.
    pub fn facts(self) -> Option<Facts> {
        match self {
            Self::Exchange(text) => Some(example::exchange(text)),
            Self::File(..) | Self::Joined(..) => None,
            Self::Page(text) => Some(example::page(text)),
            Self::Handshake(lines) => Some(Facts::from_handshake_example(lines)),
            Self::Response(lines) => Some(Facts::from_example(lines)),
        }
    }

    /// Returns the file and what was seen of the site, where an example has both.
    pub fn joined(self) -> Option<(Format, &'static str, Facts)> {
        let Self::Joined(format, text) = self else { return None };
        let (file, exchange) = text.split_once("---\n")?;
        Some((format, file, example::exchange(exchange)))
    }

    /// Returns the text to show.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Exchange(text)
            | Self::File(_, text)
            | Self::Joined(_, text)
            | Self::Handshake(text)
            | Self::Page(text)
            | Self::Response(text) => text,
        }
    }

    /// Returns the language to show the text in, as Markdown names it.
    pub const fn language(self) -> &'static str {
        match self {
            Self::File(format, _) | Self::Joined(format, _) => format.as_str(),
            Self::Exchange(_) | Self::Response(_) => "http",
            Self::Page(_) => "html",
            Self::Handshake(_) => "yaml",
        }
    }
}
