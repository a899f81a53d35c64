use axum::http::Uri;

/// Whether an address that a provider names may be asked: over TLS; or on this very machine, as tests and proxies beside us are, where that is how
/// the settings name the provider. One elsewhere has no say over what is asked on this machine.
pub(super) fn may_be_asked(address: &str, issuer: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let has_no_user = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    let by_issuer = || issuer.parse().is_ok_and(|issuer| is_without_tls_here(&issuer));
    has_no_user && (uri.scheme_str() == Some("https") || is_without_tls_here(&uri) && by_issuer())
}

fn is_without_tls_here(uri: &Uri) -> bool {
    uri.scheme_str() == Some("http") && matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::may_be_asked;

    #[test]
    fn nobody_is_asked_over_the_network_without_tls() {
        let (here, elsewhere) = ("http://127.0.0.1:8", "https://login.example");
        for address in
            ["https://login.example", "https://login.example/a?b", "http://127.0.0.1:9", "http://localhost:9/a"]
        {
            assert!(may_be_asked(address, here), "{address}");
        }
        for address in ["http://login.example", "ftp://login.example", "login.example", "", "https://a:b@login.example"]
        {
            assert!(!may_be_asked(address, here) && !may_be_asked(address, elsewhere), "{address}");
        }
    }

    #[test]
    fn a_provider_elsewhere_has_nothing_asked_on_this_machine_without_tls() {
        for issuer in ["https://login.example", "http://login.example", "https://127.0.0.1:8", ""] {
            assert!(may_be_asked("https://login.example/token", issuer), "{issuer}");
            for address in ["http://127.0.0.1:9", "http://localhost:9/a", "http://[::1]:9"] {
                assert!(!may_be_asked(address, issuer), "{issuer} {address}");
            }
        }
    }
}
