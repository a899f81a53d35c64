//! The site as a browser meets it: the real router, cookies, forms and redirects, without a network.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use server::{AppState, router, settings::Settings};
use tower::ServiceExt as _;

use world::{PASSWORD, Someone, World, email};

/// The site over a world.
#[derive(Clone)]
pub struct Site(Router);

impl Site {
    pub fn over(world: &World) -> Self {
        Self::with(world, Settings::default())
    }

    /// The site as people reach it over TLS.
    pub fn secure(world: &World) -> Self {
        Self::with(world, Settings { base_url: "https://induct.example".to_owned(), ..Settings::default() })
    }

    pub fn with(world: &World, settings: Settings) -> Self {
        Self(router(AppState::new(world.engine.clone(), settings, false)))
    }

    /// The site as it is filled with demonstration people.
    pub fn of_a_demonstration(world: &World) -> Self {
        Self(router(AppState::new(world.engine.clone(), Settings::default(), true)))
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser { site: self.clone(), cookies: BTreeMap::new(), from: SocketAddr::from(([192, 0, 2, 7], 40_000)) }
    }

    /// The browser of somebody who has just signed in.
    pub async fn browser_of(&self, someone: &Someone) -> Browser {
        let mut browser = self.browser();
        let reply = browser.signs_in(&someone.person.name).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        browser
    }
}

/// A browser with its cookies. It follows no redirect by itself.
#[derive(Clone)]
pub struct Browser {
    site: Site,
    pub cookies: BTreeMap<String, String>,
    /// The network address that it comes from.
    pub from: SocketAddr,
}

impl Browser {
    pub async fn get(&mut self, address: &str) -> Reply {
        self.send(Request::get(address).body(Body::empty()).unwrap()).await
    }

    /// Sends a form of ours.
    pub async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(form(address, fields)).await
    }

    /// Sends a form as the quiz island does.
    pub async fn post_for_json(&mut self, address: &str, fields: &[(&str, &str)]) -> Reply {
        let mut request = form(address, fields);
        request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
        self.send(request).await
    }

    pub async fn signs_in(&mut self, name: &str) -> Reply {
        self.post("/sign-in", &[("email", &email(name)), ("password", PASSWORD)]).await
    }

    /// Sends a request with the cookies and the address of this browser, and takes the cookies of the reply.
    pub async fn send(&mut self, mut request: Request<Body>) -> Reply {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        headers.entry(header::HOST).or_insert("127.0.0.1:3000".parse().unwrap());
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(self.from));
        let response = self.site.0.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let reply = Reply { status: head.status, headers: head.headers, body };
        for cookie in reply.cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }
}

/// A form as a page of ours sends it.
pub fn form(address: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let body = serde_html_form::to_string(fields).unwrap();
    Request::post(address)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, body.len())
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap()
}

/// A request without a body.
pub fn bare(method: Method, address: &str) -> Request<Body> {
    Request::builder().method(method).uri(address).body(Body::empty()).unwrap()
}

/// What came back, to the last byte.
#[derive(Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// A header, or nothing when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Where it redirects to.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The cookies that it sets.
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()).collect()
    }

    /// Everything that came back, as one text.
    pub fn whole(&self) -> String {
        format!("{} {:?}\n{}", self.status, self.headers, self.text())
    }

    /// What the page's scripts are marked with, as its policy says.
    pub fn nonce(&self) -> &str {
        let policy = self.header("content-security-policy");
        policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).map_or("", |(nonce, _)| nonce)
    }

    /// The value of the first field of that name on the page that has one: where people are looked for from the bar, nothing stands in it.
    pub fn field(&self, name: &str) -> String {
        let text = self.text();
        let is_it = |tag: &&str| tag.contains(&format!("name=\"{name}\"")) && tag.contains("value=\"");
        let tag = text.split('<').find(is_it).unwrap_or_else(|| {
            panic!("no field {name:?} in {text}");
        });
        let (_, value) = tag.split_once("value=\"").unwrap();
        let (value, _) = value.split_once('"').unwrap();
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#x27;", "'")
            .replace("&amp;", "&")
    }
}
