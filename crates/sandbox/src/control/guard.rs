//! Who may use the control API: pages and programs of this machine. A foreign page could reach a loopback port by a host name of
//! its own that it lets point there (DNS rebinding), so the Host header must name a host that we serve, and so must the Origin.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use url::{Host, Url};

use super::refusal::Refusal;

/// Host names besides the loopback's under which the sandbox is served on purpose.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Arc<[String]>);

impl Hosts {
    /// The loopback, the host of the public URL, and the address that is bound, where it is one.
    pub fn of(public_url: &str, bound: SocketAddr) -> Self {
        let public = Url::parse(public_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let bound = (!bound.ip().is_unspecified()).then(|| bound.ip().to_string());
        Self(public.into_iter().chain(bound).collect())
    }

    fn allows(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else {
            return false;
        };
        match url.host() {
            Some(Host::Domain(name)) => {
                name == "localhost"
                    || name.ends_with(".localhost")
                    || self.0.iter().any(|known| known == name)
            }
            Some(Host::Ipv4(address)) => {
                address.is_loopback() || self.0.contains(&address.to_string())
            }
            Some(Host::Ipv6(address)) => {
                address.is_loopback() || self.0.contains(&address.to_string())
            }
            None => false,
        }
    }

    fn allow(&self, headers: &HeaderMap) -> bool {
        let header = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let host = header(header::HOST).is_some_and(|host| self.allows(&format!("http://{host}")));
        host && header(header::ORIGIN).is_none_or(|origin| self.allows(origin))
    }
}

/// Refuses a request whose Host or Origin is foreign.
pub(super) async fn check(
    State(hosts): State<Hosts>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    if hosts.allow(request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(Refusal::foreign())
    }
}

#[cfg(test)]
mod tests {
    use super::Hosts;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};
    use std::net::SocketAddr;

    fn allowed(hosts: &Hosts, headers: &[(&str, &str)]) -> bool {
        let header = |(name, value): &(&str, &str)| {
            (
                HeaderName::from_bytes(name.as_bytes()).expect("a name"),
                HeaderValue::from_str(value).expect("a value"),
            )
        };
        hosts.allow(&headers.iter().map(header).collect::<HeaderMap>())
    }

    #[test]
    fn this_machine_may_ask_under_any_of_its_names_and_ports() {
        let hosts = Hosts::default();
        for host in [
            "localhost:8081",
            "127.0.0.1:8081",
            "127.0.0.2",
            "[::1]:8081",
            "app.localhost",
        ] {
            assert!(allowed(&hosts, &[("host", host)]), "{host}");
        }
        assert!(allowed(
            &hosts,
            &[
                ("host", "localhost:8081"),
                ("origin", "http://localhost:8080")
            ]
        ));
    }

    #[test]
    fn a_foreign_page_may_not_ask_whatever_name_it_lets_point_here() {
        let hosts = Hosts::default();
        assert!(!allowed(&hosts, &[("host", "evil.example:8081")]));
        assert!(!allowed(&hosts, &[("host", "localhost.evil.example")]));
        assert!(!allowed(
            &hosts,
            &[
                ("host", "localhost:8081"),
                ("origin", "https://evil.example")
            ]
        ));
        assert!(!allowed(
            &hosts,
            &[("host", "localhost:8081"), ("origin", "null")]
        ));
        assert!(!allowed(&hosts, &[]));
    }

    #[test]
    fn a_host_that_is_served_on_purpose_may_ask() {
        let hosts = Hosts::of(
            "http://phone-lab.local:8081",
            SocketAddr::from(([192, 168, 1, 5], 8081)),
        );
        assert!(allowed(&hosts, &[("host", "192.168.1.5:8081")]));
        assert!(allowed(
            &hosts,
            &[
                ("host", "phone-lab.local:8081"),
                ("origin", "http://phone-lab.local:8081")
            ]
        ));
        assert!(!allowed(&hosts, &[("host", "192.168.1.6:8081")]));
    }
}
