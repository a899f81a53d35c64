//! Every form that a page has. What a browser could refuse by itself comes back from the server, in the words of the page, in sight, and with what was
//! typed.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use engine::Role;
use server::RIGHTS;

use crate::{
    site::{Browser, Reply, Site, form},
    visitor::Visitor,
};
use world::{World, on_both};

on_both![
    what_is_missing_comes_back_in_the_words_of_the_page,
    what_is_no_day_is_said_with_the_name_of_its_field_and_stays_in_it
];

/// A form as a page holds it.
struct Found {
    /// What stands in its tag.
    tag: String,
    /// The tags of its controls.
    controls: Vec<String>,
}

/// What somebody typed where a day should stand.
const NO_DAY: &str = "foo";

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

    /// Its address, what it does there and what it asks for, where several forms have the same.
    fn called(&self) -> String {
        let does = self.controls.iter().find(|tag| attribute(tag, "name") == "do");
        let asks = self.controls.iter().filter(|tag| attribute(tag, "type") != "hidden");
        let asks: BTreeSet<String> = asks.map(|tag| attribute(tag, "name")).collect();
        format!("{} {} {asks:?}", self.action(), does.map(|tag| attribute(tag, "value")).unwrap_or_default())
    }

    /// The fields for a day.
    fn days(&self) -> impl Iterator<Item = &String> {
        self.controls.iter().filter(|tag| attribute(tag, "type") == "date")
    }

    /// What it sends where no day is in the fields for one, and some text in those for texts.
    fn with_no_day(&self) -> Vec<(String, String)> {
        let sent = self.controls.iter().filter_map(|tag| {
            let name = Some(attribute(tag, "name")).filter(|name| !name.is_empty())?;
            let value = match attribute(tag, "type").as_str() {
                "checkbox" | "radio" | "password" => return None,
                "date" => NO_DAY.to_owned(),
                "text" | "search" => "Typed before".to_owned(),
                _ => attribute(tag, "value"),
            };
            Some((name, value))
        });
        sent.collect()
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

/// Whether what stands at this place of a page lies in nothing that is folded up.
fn is_in_sight(page: &str, at: usize) -> bool {
    let mut folds = Vec::new();
    for piece in page[..at].split('<').skip(1) {
        if piece.starts_with("details") {
            folds.push(piece.split_once('>').is_some_and(|(tag, _)| tag.split_whitespace().any(|word| word == "open")));
        } else if piece.starts_with("/details") {
            folds.pop();
        }
    }
    folds.into_iter().all(|is_open| is_open)
}

/// Whether all that is marked as wrong on a page can be seen.
fn all_wrong_in_sight(page: &str) -> bool {
    page.match_indices("aria-invalid=\"true\"").all(|(at, _)| is_in_sight(page, at))
}

/// The tag of the control of that name that a page marks as wrong.
fn wrong_control<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    let is_it = |tag: &&str| attribute(tag, "name") == name && tag.contains(" aria-invalid=\"true\"");
    page.split('<').filter_map(|piece| piece.split_once('>').map(|(tag, _)| tag)).find(is_it)
}

/// What stands beside a control, or what it is called for those who cannot see it.
fn label_of(page: &str, control: &str) -> String {
    let beside = format!("<label for=\"{}\">", attribute(control, "id"));
    match page.split_once(&beside) {
        Some((_, rest)) => rest.split('<').next().unwrap_or_default().to_owned(),
        None => attribute(control, "aria-label"),
    }
}

/// Every page with its forms, but those that stay in the browser or send a file, which are sent in their own tests: as somebody without an account and as
/// somebody who may do everything meet them.
async fn every_form(world: &World) -> Vec<(Browser, String, Found)> {
    let site = Site::over(world);
    let everybody = Visitor::arrives(world, "everybody", &Role::ALL).await;
    // Nobody changes themselves: the forms with which somebody is changed stand on another's page.
    let change = everybody.address("/people/{person}/exemptions").replace("/exemptions", "/change");
    let rows = RIGHTS.iter().filter(|right| right.method == Method::GET);
    let mut pages: Vec<(&str, String)> = rows.map(|right| (right.path, everybody.address(right.path))).collect();
    pages.push(("/people/{another}/change", change));
    let mut forms = Vec::new();
    for mut browser in [site.browser(), site.browser_of(&everybody.someone).await] {
        for (path, address) in &pages {
            let reply = browser.get(address).await;
            if !reply.header("content-type").starts_with("text/html") {
                continue;
            }
            let found = Found::all(&reply.text()).into_iter();
            let sent = found.filter(|found| found.tag.contains("method="));
            forms.extend(sent.map(|found| (browser.clone(), (*path).to_owned(), found)));
        }
    }
    forms
}

async fn send(browser: &mut Browser, found: &Found, fields: &[(String, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let action = found.action();
    if attribute(&found.tag, "method") == "post" {
        return browser.send(form(&action, &fields)).await;
    }
    let query = serde_html_form::to_string(&fields).unwrap();
    browser.get(&format!("{action}?{query}")).await
}

async fn what_is_missing_comes_back_in_the_words_of_the_page(world: World) {
    let (mut met, mut wrong) = (BTreeSet::new(), Vec::new());
    for (mut browser, path, found) in every_form(&world).await {
        if !found.is_looked_at() {
            continue;
        }
        let called = format!("{} on {path}", found.called());
        if !found.tag.contains("novalidate") {
            wrong.push(format!("{called}: a browser looks at it first"));
        }
        let is_sent = found.controls.iter().any(|tag| is_required(tag)) && !found.tag.contains("multipart");
        if !is_sent || !met.insert(called.clone()) {
            continue;
        }
        let reply = send(&mut browser, &found, &found.fields()).await;
        let text = reply.text();
        let is_told = text.contains("class=\"error-summary\"") && text.contains("aria-invalid=\"true\"");
        let is_typed = found.fields().iter().any(|(_, value)| value == TYPED);
        if !is_told {
            wrong.push(format!("{called}: {} and no word of what is wrong", reply.status));
        } else if attribute(&found.tag, "method") == "post" && !reply.status.is_client_error() {
            wrong.push(format!("{called}: {}", reply.status));
        } else if !all_wrong_in_sight(&text) {
            wrong.push(format!("{called}: what is wrong lies in a fold that is shut"));
        } else if is_typed && !text.contains("Typed before") {
            wrong.push(format!("{called}: what was typed is lost"));
        } else if text.contains(TYPED) {
            wrong.push(format!("{called}: what was typed is a part of the page"));
        }
    }
    assert!(met.len() > 22, "{met:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn what_is_no_day_is_said_with_the_name_of_its_field_and_stays_in_it(world: World) {
    let (mut met, mut wrong) = (BTreeSet::new(), Vec::new());
    for (mut browser, path, found) in every_form(&world).await {
        let called = format!("{} on {path}", found.called());
        if found.days().next().is_none() || found.tag.contains("multipart") || !met.insert(called.clone()) {
            continue;
        }
        let reply = send(&mut browser, &found, &found.with_no_day()).await;
        let text = reply.text();
        if reply.status != StatusCode::UNPROCESSABLE_ENTITY || !all_wrong_in_sight(&text) {
            wrong.push(format!("{called}: {}", reply.status));
        }
        for day in found.days() {
            let name = attribute(day, "name");
            let Some(control) = wrong_control(&text, &name) else {
                wrong.push(format!("{called}: {name} is not marked"));
                continue;
            };
            let (label, typed) = (label_of(&text, control), attribute(control, "value"));
            let said = format!("{label}: “{NO_DAY}” is no day. Write it as 3 September 2026 or 03/09/2026.");
            if label.is_empty() || typed != NO_DAY || !text.contains(&said) {
                wrong.push(format!("{called}: {name} says nothing of {label:?} or has {typed:?} in it"));
            }
        }
        if found.with_no_day().iter().any(|(_, value)| value == "Typed before") && !text.contains("Typed before") {
            wrong.push(format!("{called}: what was typed is lost"));
        }
    }
    assert!(met.len() > 14, "{met:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
