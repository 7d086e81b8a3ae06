//! Debug pages and stack traces by the marks that frameworks leave in them.
//!
//! Each mark needs several signs at once, so that a page that merely speaks of errors passes. It judges
//! error answers only; a documentation page that shows a trace comes with status 200.

use memchr::memmem;

/// Returns the program whose debug page or stack trace this is.
pub(super) fn recognise(page: &[u8]) -> Option<&'static str> {
    MARKS.iter().find(|mark| mark.signs.iter().all(|sign| sign.is_in(page))).map(|mark| mark.program)
}

struct Mark {
    program: &'static str,
    signs: &'static [Sign],
}

enum Sign {
    /// The text followed by a line number, as in `.rb:12`.
    Numbered(&'static str),
    /// The text as it is.
    Text(&'static str),
}

use Sign::{Numbered, Text};

impl Sign {
    fn is_in(&self, page: &[u8]) -> bool {
        match self {
            Self::Text(text) => memmem::find(page, text.as_bytes()).is_some(),
            Self::Numbered(text) => memmem::find_iter(page, text.as_bytes())
                .any(|at| page.get(at + text.len()).is_some_and(u8::is_ascii_digit)),
        }
    }
}

const fn mark(program: &'static str, signs: &'static [Sign]) -> Mark {
    Mark { program, signs }
}

static MARKS: &[Mark] = &[
    mark("ASP.NET error page", &[Text("Server Error in '"), Text("' Application")]),
    mark(".NET stack trace", &[Text("   at "), Text(" in "), Numbered(".cs:line ")]),
    mark("ASP.NET Core developer page", &[Text("An unhandled exception occurred while processing the request")]),
    mark("Django debug page", &[Text("Exception Type:"), Text("Exception Value:"), Text("Request Method:")]),
    mark("Django debug 404", &[Text("Using the URLconf defined in"), Text("Request URL:")]),
    mark("Elixir stack trace", &[Text("lib/"), Numbered(".ex:"), Text("** (")]),
    mark("Phoenix debug page", &[Text("Phoenix.Router"), Numbered(".ex:")]),
    mark("Plug debug page", &[Text("Plug.Debugger"), Numbered(".ex:")]),
    mark("Go panic", &[Text("goroutine "), Text(" [running]")]),
    mark("Spring error page", &[Text("Whitelabel Error Page")]),
    mark("Java stack trace", &[Text("at "), Text("Exception"), Numbered(".java:")]),
    mark("Kotlin stack trace", &[Text("at "), Text("Exception"), Numbered(".kt:")]),
    mark("Tomcat error page", &[Text("<h1>HTTP Status "), Text("Apache Tomcat/")]),
    mark("Laravel Ignition", &[Text("_ignition/"), Text("laravel")]),
    mark("Laravel debug answer", &[Text("\"exception\":"), Text("\"file\":"), Text("\"line\":"), Text("\"trace\":")]),
    mark("Whoops", &[Text("Whoops container"), Text("stack-container")]),
    mark("Symfony debug page", &[Text("exception-summary"), Text("exception-message-wrapper")]),
    mark("PHP error", &[Text("Fatal error"), Text(".php"), Text(" on line ")]),
    mark("PHP error", &[Text("Parse error"), Text(".php"), Text(" on line ")]),
    mark("PHP error", &[Text("Warning</b>:"), Text(".php"), Text(" on line ")]),
    mark("PHP stack trace", &[Text("#0 "), Text("{main}"), Numbered(".php(")]),
    mark("PHP database error", &[Text("SQLSTATE["), Text("]:")]),
    mark("Node.js stack trace", &[Text("at "), Numbered(".js:"), Text("node_modules/")]),
    mark("Node.js stack trace", &[Text("at "), Numbered(".js:"), Text("node:internal/")]),
    mark("Node.js stack trace", &[Text("at Object."), Numbered(".js:"), Text("Error")]),
    mark("Werkzeug debugger", &[Text("Werkzeug Debugger"), Text("__debugger__=yes")]),
    mark("Python traceback", &[Text("Traceback (most recent call last)"), Text("File "), Numbered(", line ")]),
    mark("Rails debug page", &[Text("Action Controller: Exception caught")]),
    mark("Rails debug page", &[Text("Rails.root: "), Text("Application Trace")]),
    mark("Ruby stack trace", &[Numbered(".rb:"), Text(":in `")]),
    mark("Ruby stack trace", &[Numbered(".rb:"), Text(":in '")]),
    mark("Ruby stack trace", &[Numbered(".rb:"), Text(":in &#39;")]),
    mark("Rust panic", &[Text("thread '"), Text("panicked at "), Numbered(".rs:")]),
    mark("MySQL error", &[Text("You have an error in your SQL syntax"), Text("server version for the right syntax")]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, program: Option<&str>) {
        assert_eq!(recognise(page.as_bytes()), program, "{page}");
    }

    #[test]
    fn debug_pages_are_known_by_their_marks() {
        for (page, program) in [
            (
                "<th>Request Method:</th><td>GET</td> <th>Exception Type:</th><td>KeyError</td> <th>Exception Value:</th>",
                "Django debug page",
            ),
            (
                "<th>Request URL:</th> Using the URLconf defined in <code>shop.urls</code>, Django tried these",
                "Django debug 404",
            ),
            ("<link href=\"?__debugger__=yes&amp;cmd=resource\"> KeyError // Werkzeug Debugger", "Werkzeug debugger"),
            (
                "Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in f\nKeyError: 'x'",
                "Python traceback",
            ),
            ("Traceback (most recent call last):<br>File &quot;/srv/app.py&quot;, line 3", "Python traceback"),
            ("<title>Action Controller: Exception caught</title>", "Rails debug page"),
            ("app/models/order.rb:12:in `total'", "Ruby stack trace"),
            ("app/models/order.rb:12:in 'Order#total'", "Ruby stack trace"),
            ("{\"config\":\"/_ignition/execute-solution\",\"framework\":\"laravel\"}", "Laravel Ignition"),
            (
                "{\"message\":\"x\",\"exception\":\"E\",\"file\":\"/a.php\",\"line\":1,\"trace\":[]}",
                "Laravel debug answer",
            ),
            ("<div class=\"Whoops container\"><div class=\"stack-container\">", "Whoops"),
            ("<div class=\"exception-summary \"><div class=\"exception-message-wrapper\">", "Symfony debug page"),
            (
                "<pre>TypeError: x<br> &nbsp; &nbsp;at Object.&lt;anonymous&gt; (/srv/app.js:5:9)</pre>",
                "Node.js stack trace",
            ),
            (
                "Error: no\n    at Layer.handle (/srv/node_modules/express/lib/router/layer.js:95:5)",
                "Node.js stack trace",
            ),
            ("<span><H1>Server Error in '/' Application.<hr>", "ASP.NET error page"),
            ("   at Shop.Cart.Total() in /src/Cart.cs:line 12", ".NET stack trace"),
            ("<h1>Whitelabel Error Page</h1>", "Spring error page"),
            ("java.lang.IllegalStateException: no\n\tat shop.Cart.total(Cart.java:12)", "Java stack trace"),
            ("<h1>HTTP Status 404</h1><hr><h3>Apache Tomcat/9.0.70</h3>", "Tomcat error page"),
            ("<b>Fatal error</b>: Uncaught Error in <b>/srv/a.php</b> on line <b>3</b>", "PHP error"),
            ("#0 /srv/a.php(12): f()\n#1 {main}", "PHP stack trace"),
            ("SQLSTATE[42S02]: Base table or view not found", "PHP database error"),
            ("panic: no\n\ngoroutine 7 [running]:\nmain.f()", "Go panic"),
            ("** (RuntimeError) no\n    lib/shop/cart.ex:12: Shop.Cart.total/1", "Elixir stack trace"),
            ("Phoenix.Router.NoRouteError lib/shop_web/router.ex:1:", "Phoenix debug page"),
            ("thread 'main' panicked at src/main.rs:2:5:\nno", "Rust panic"),
        ] {
            check(page, Some(program));
        }
    }

    #[test]
    fn pages_that_speak_of_errors_pass() {
        for page in [
            "",
            "<h1>Not found</h1><p>The page you asked for is not here.</p><script src=\"/static/app.js\"></script>",
            "{\"error\":\"not found\",\"line\":3}",
            "{\"exception\":\"NotFound\",\"message\":\"no such order\"}",
            "<p>Set DEBUG to see the exception type in Django.</p>",
            "<p>Werkzeug Debugger: how to use it</p>",
            "<p>A traceback (most recent call last) is printed by Python.</p>",
            "Validation failed on line 3: name is required",
            "Whoops! Something went wrong. We are looking into it.",
            "<title>Not found - Apache Tomcat</title>",
            "Our office: 12 Goroutine Street, [running] club",
            "see app/models/order.rb for the form",
            "meet at the bar.js:meetup tonight, Error-free",
        ] {
            check(page, None);
        }
    }
}
