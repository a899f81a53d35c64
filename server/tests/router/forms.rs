//! Every form that a page has. What a browser could refuse by itself comes back from the server, in the words of the page and with what was typed.

use std::collections::BTreeSet;

use axum::http::Method;
use engine::Role;
use server::RIGHTS;

use crate::{
    site::{Browser, Reply, Site, form},
    visitor::Visitor,
};
use world::{World, on_both};

on_both![what_is_missing_comes_back_in_the_words_of_the_page];

/// A form as a page holds it.
struct Found {
    /// What stands in its tag.
    tag: String,
    /// The tags of its controls.
    controls: Vec<String>,
}

/// What somebody typed into a field that may stay empty.
const TYPED: &str = "</textarea><b>Typed before";

impl Found {
    fn all(page: &str) -> Vec<Self> {
        let forms = page.split("<form").skip(1).filter_map(|rest| rest.split_once("</form>"));
        let found = forms.filter_map(|(form, _)| {
            let (tag, inside) = form.split_once('>')?;
            let tags = inside.split('<').filter_map(|piece| piece.split_once('>').map(|(tag, _)| tag));
            let is_control = |tag: &&str| ["input", "select", "textarea"].iter().any(|name| tag.starts_with(name));
            Some(Self { tag: tag.to_owned(), controls: tags.filter(is_control).map(str::to_owned).collect() })
        });
        found.collect()
    }

    /// Whether a browser would look at what is typed before it is sent.
    fn is_looked_at(&self) -> bool {
        let looks = |tag: &String| {
            let kinds = ["email", "date", "time", "number", "url"];
            is_required(tag)
                || kinds.iter().any(|kind| attribute(tag, "type") == *kind)
                || ["pattern=", "min=", "max=", "minlength="].iter().any(|name| tag.contains(&format!(" {name}")))
        };
        self.controls.iter().any(looks)
    }

    fn action(&self) -> String {
        attribute(&self.tag, "action")
    }

    /// What it sends where nothing is in the fields that must be filled in, and something in those that need not.
    fn fields(&self) -> Vec<(String, String)> {
        let sent = self.controls.iter().filter_map(|tag| {
            let name = Some(attribute(tag, "name")).filter(|name| !name.is_empty())?;
            let value = match (attribute(tag, "type").as_str(), is_required(tag)) {
                ("hidden", _) => attribute(tag, "value"),
                ("checkbox" | "radio" | "password", _) => return None,
                (_, true) => String::new(),
                ("text", false) => TYPED.to_owned(),
                (_, false) if tag.starts_with("textarea") => TYPED.to_owned(),
                (_, false) => attribute(tag, "value"),
            };
            Some((name, value))
        });
        sent.collect()
    }
}

fn is_required(tag: &str) -> bool {
    tag.split_whitespace().any(|word| word.trim_end_matches('/') == "required")
}

fn attribute(tag: &str, name: &str) -> String {
    let value = tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
    value.map_or("", |(value, _)| value).replace("&quot;", "\"").replace("&amp;", "&")
}

async fn send(browser: &mut Browser, found: &Found) -> Reply {
    let fields = found.fields();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let action = found.action();
    if attribute(&found.tag, "method") == "post" {
        return browser.send(form(&action, &fields)).await;
    }
    let query = serde_html_form::to_string(&fields).unwrap();
    browser.get(&format!("{action}?{query}")).await
}

async fn what_is_missing_comes_back_in_the_words_of_the_page(world: World) {
    let site = Site::over(&world);
    let everybody = Visitor::arrives(&world, "everybody", &Role::ALL).await;
    let (mut met, mut wrong) = (BTreeSet::new(), Vec::new());
    for mut browser in [site.browser(), site.browser_of(&everybody.someone).await] {
        for right in RIGHTS.iter().filter(|right| right.method == Method::GET) {
            let reply = browser.get(&everybody.address(right.path)).await;
            if !reply.header("content-type").starts_with("text/html") {
                continue;
            }
            // What has no method stays in the browser.
            let forms = Found::all(&reply.text()).into_iter().filter(|found| found.tag.contains("method="));
            for found in forms.filter(Found::is_looked_at) {
                let called = format!("{} on {}", found.action(), right.path);
                if !found.tag.contains("novalidate") {
                    wrong.push(format!("{called}: a browser looks at it first"));
                }
                // Forms that send a file are sent in their own tests.
                let is_sent = found.controls.iter().any(|tag| is_required(tag)) && !found.tag.contains("multipart");
                if !is_sent || !met.insert(called.clone()) {
                    continue;
                }
                let reply = send(&mut browser, &found).await;
                let text = reply.text();
                if !text.contains("class=\"error-summary\"") || !text.contains("aria-invalid=\"true\"") {
                    wrong.push(format!("{called}: {} and no word of what is wrong", reply.status));
                } else if found.fields().iter().any(|(_, value)| value == TYPED) && !text.contains("Typed before") {
                    wrong.push(format!("{called}: what was typed is lost"));
                } else if text.contains(TYPED) {
                    wrong.push(format!("{called}: what was typed is a part of the page"));
                }
            }
        }
    }
    assert!(met.len() > 15, "{met:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
