//! Which directives httpd refuses in the file of a directory.
//!
//! The list is what `httpd -L` of 2.4 says of its modules, without those that are allowed there, too.

/// Whether a directive is only allowed in the configuration of the server; names are in lower case.
pub(super) fn is_server_only(name: &str) -> bool {
    SERVER_ONLY.binary_search(&name).is_ok()
}

#[rustfmt::skip]
static SERVER_ONLY: &[&str] = &[
    "acceptfilter", "accessfilename", "addmoduleinfo", "alias", "aliasmatch", "allowencodedslashes", "allowoverride",
    "allowoverridelist", "asyncrequestworkerfactor", "authdigestshmemsize", "authnprovideralias",
    "authzprovideralias", "balancergrowth", "balancerinherit", "balancermember", "balancerpersist",
    "brotlialteretag", "brotlicompressionmaxinputblock", "brotlicompressionquality", "brotlicompressionwindow",
    "brotlifilternote", "bufferedlogs", "cachedefaultexpire", "cachedetailheader", "cachedirlength",
    "cachedirlevels", "cachedisable", "cacheenable", "cacheheader", "cacheignorecachecontrol", "cacheignoreheaders",
    "cacheignorenolastmod", "cacheignorequerystring", "cacheignoreurlsessionidentifiers", "cachekeybaseurl",
    "cachelastmodifiedfactor", "cachelock", "cachelockmaxage", "cachelockpath", "cachemaxexpire", "cachemaxfilesize",
    "cacheminexpire", "cacheminfilesize", "cachenegotiateddocs", "cachequickhandler", "cachereadsize",
    "cachereadtime", "cacheroot", "cachestaleonerror", "cachestoreexpired", "cachestorenostore", "cachestoreprivate",
    "cgidscripttimeout", "chrootdir", "coredumpdirectory", "customlog", "dav", "davbasepath", "davdepthinfinity",
    "davlockdb", "davlockdiscovery", "davmintimeout", "defaultruntimedir", "define", "deflatealteretag",
    "deflatebuffersize", "deflatecompressionlevel", "deflatefilternote", "deflatememlevel", "deflatewindowsize",
    "directory", "directorymatch", "documentroot", "errorlog", "errorlogformat", "extendedstatus", "filtertrace",
    "flushmaxpipelined", "flushmaxthreshold", "forensiclog", "globallog", "gracefulshutdowntimeout", "group",
    "h2direct", "h2earlyhints", "h2maxdataframelen", "h2maxheaderblocklen", "h2maxsessionstreams",
    "h2maxstreamerrors", "h2maxworkeridleseconds", "h2maxworkers", "h2minworkers", "h2moderntlsonly",
    "h2outputbuffering", "h2padding", "h2pushdiarysize", "h2pushpriority", "h2serializeheaders",
    "h2sessionextrafiles", "h2streammaxmemsize", "h2streamtimeout", "h2tlscooldownsecs", "h2tlswarmupsize",
    "h2websockets", "h2windowsize", "hostnamelookups", "httpprotocoloptions", "include", "includeoptional",
    "keepalive", "keepalivetimeout", "limitinternalrecursion", "limitrequestfields", "limitrequestfieldsize",
    "limitrequestline", "listen", "listenbacklog", "listencoresbucketsratio", "listentcpdeferaccept", "loadfile",
    "loadmodule", "location", "locationmatch", "logformat", "loglevel", "maxclients", "maxconnectionsperchild",
    "maxkeepaliverequests", "maxmemfree", "maxrangeoverlaps", "maxrangereversals", "maxranges",
    "maxrequestsperchild", "maxrequestworkers", "maxsparethreads", "mdactivationdelay", "mdbaseserver",
    "mdcacertificatefile", "mdcachallenges", "mdcertificateagreement", "mdcertificateauthority",
    "mdcertificatecheck", "mdcertificatefile", "mdcertificatekeyfile", "mdcertificateprotocol",
    "mdcertificatestatus", "mdchallengedns01", "mdchallengedns01version", "mdcheckinterval", "mdcontactemail",
    "mddrivemode", "mdexternalaccountbinding", "mdhttpproxy", "mdhttpproxycacertificatefile", "mdinitialdelay",
    "mdmatchnames", "mdmember", "mdmembers", "mdmessagecmd", "mdmuststaple", "mdnotifycmd", "mdomain", "mdomainset",
    "mdportmap", "mdprivatekeys", "mdprofile", "mdprofilemandatory", "mdrenewmode", "mdrenewviaari", "mdrenewwindow",
    "mdretrydelay", "mdretryfailover", "mdserverstatus", "mdstapleothers", "mdstapling", "mdstaplingkeepresponse",
    "mdstaplingrenewwindow", "mdstoredir", "mdstorelocks", "mdwarnwindow", "mergeslashes", "mergetrailers",
    "minsparethreads", "modmimeusepathinfo", "mutex", "namevirtualhost", "noproxy", "pidfile", "port", "protocol",
    "protocols", "protocolshonororder", "proxy", "proxy100continue", "proxyaddheaders", "proxybadheader",
    "proxyblock", "proxydomain", "proxyerroroverride", "proxyiobuffersize", "proxymatch", "proxymaxforwards",
    "proxypass", "proxypassinherit", "proxypassinterpolateenv", "proxypassmatch", "proxypassreverse",
    "proxypassreversecookiedomain", "proxypassreversecookiepath", "proxypreservehost", "proxyreceivebuffersize",
    "proxyremote", "proxyremotematch", "proxyrequests", "proxyset", "proxysourceaddress", "proxystatus",
    "proxytimeout", "proxyvia", "readbuffersize", "receivebuffersize", "regexdefaultoptions", "registerhttpmethod",
    "remoteipheader", "remoteipinternalproxy", "remoteipinternalproxylist", "remoteipproxiesheader",
    "remoteipproxyprotocol", "remoteipproxyprotocolexceptions", "remoteiptrustedproxy", "remoteiptrustedproxylist",
    "requestreadtimeout", "rewritemap", "scoreboardfile", "scriptalias", "scriptaliasmatch", "scriptlog",
    "scriptlogbuffer", "scriptloglength", "scriptsock", "seerequesttail", "sendbuffersize", "serveradmin",
    "serveralias", "serverlimit", "servername", "serverpath", "serverroot", "servertokens", "ssiendtag",
    "ssistarttag", "sslcadnrequestfile", "sslcadnrequestpath", "sslcarevocationcheck", "sslcarevocationfile",
    "sslcarevocationpath", "sslcertificatechainfile", "sslcertificatefile", "sslcertificatekeyfile",
    "sslcompression", "sslcryptodevice", "sslengine", "sslfips", "sslhonorcipherorder", "sslinsecurerenegotiation",
    "sslocspdefaultresponder", "sslocspenable", "sslocspnoverify", "sslocspoverrideresponder", "sslocspproxyurl",
    "sslocsprespondercertificatefile", "sslocsprespondertimeout", "sslocspresponsemaxage", "sslocspresponsetimeskew",
    "sslocspuserequestnonce", "sslopensslconfcmd", "sslpassphrasedialog", "sslprotocol", "sslproxycacertificatefile",
    "sslproxycacertificatepath", "sslproxycarevocationcheck", "sslproxycarevocationfile", "sslproxycarevocationpath",
    "sslproxycheckpeercn", "sslproxycheckpeerexpire", "sslproxycheckpeername", "sslproxyciphersuite",
    "sslproxyengine", "sslproxymachinecertificatechainfile", "sslproxymachinecertificatefile",
    "sslproxymachinecertificatepath", "sslproxyprotocol", "sslproxyverify", "sslproxyverifydepth", "sslrandomseed",
    "sslsessioncache", "sslsessioncachetimeout", "sslsessionticketkeyfile", "sslsessiontickets",
    "sslsrpunknownuserseed", "sslsrpverifierfile", "sslstaplingcache", "sslstaplingerrorcachetimeout",
    "sslstaplingfaketrylater", "sslstaplingforceurl", "sslstaplingrespondertimeout", "sslstaplingresponsemaxage",
    "sslstaplingresponsetimeskew", "sslstaplingreturnrespondererrors", "sslstaplingstandardcachetimeout",
    "sslstrictsnivhostcheck", "sslusestapling", "sslvhostsnipolicy", "startservers", "stricthostcheck", "suexec",
    "suexecusergroup", "threadlimit", "threadsperchild", "threadstacksize", "timeout", "traceenable", "transferlog",
    "typesconfig", "undefine", "usecanonicalname", "usecanonicalphysicalport", "user", "userdir",
    "virtualdocumentroot", "virtualdocumentrootip", "virtualhost", "virtualscriptalias", "virtualscriptaliasip",
    "watchdoginterval",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(SERVER_ONLY.is_sorted());
        for (name, expected) in
            [("servertokens", true), ("proxypass", true), ("dav", true), ("header", false), ("options", false)]
        {
            assert_eq!(is_server_only(name), expected, "{name}");
        }
    }
}
