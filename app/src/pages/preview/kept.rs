//! How a preview is looked at, kept in the addresses of its pages.

use engine::{TwinName, catalogue::Audience};

use crate::pages::frame::Rendered;

/// Puts who looks at it, and in which language, into every address of ours, so that following links keeps both. The audience that is
/// listed first and a module's own language need no mark (`None`): without one, things are shown to the former in the latter.
#[must_use]
pub fn keep_view(page: Rendered, audience: Option<&Audience>, chosen: Option<TwinName>) -> Rendered {
    Rendered { html: keep(&page.html, audience, chosen), ..page }
}

fn keep(html: &str, audience: Option<&Audience>, chosen: Option<TwinName>) -> String {
    let audience = audience.map(|audience| format!("as={audience}"));
    let chosen = chosen.map(|chosen| format!("in={chosen}"));
    let marks: Vec<String> = audience.into_iter().chain(chosen).collect();
    if marks.is_empty() {
        return html.to_owned();
    }
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = [" href=\"/", " action=\"/", " data-next=\"/"]
        .iter()
        .filter_map(|attribute| rest.find(attribute).map(|at| at + attribute.len() - 1))
        .min()
    {
        let (before, from) = rest.split_at(start);
        let (address, after) = from.split_at(from.find('"').unwrap_or(from.len()));
        let path = address.split(['?', '#']).next().unwrap_or_default();
        kept.push_str(before);
        kept.push_str(path);
        let says = |mark: &str| mark.split_once('=').is_some_and(|(key, _)| says(&address[path.len()..], key));
        let marks = marks.iter().filter(|mark| !says(mark) && !path.starts_with("/assets/"));
        let marks = marks.map(String::as_str).collect::<Vec<_>>().join("&amp;");
        if marks.is_empty() {
            kept.push_str(&address[path.len()..]);
        } else {
            kept.push('?');
            kept.push_str(&marks);
            kept.push_str(&address[path.len()..].replacen('?', "&amp;", 1));
        }
        rest = after;
    }
    kept + rest
}

/// Whether a query, as it stands in HTML, has a key.
fn says(query: &str, key: &str) -> bool {
    let query = query.split('#').next().unwrap_or_default().trim_start_matches('?');
    query.split("&amp;").any(|pair| pair.split('=').next() == Some(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = concat!(
        r##"<link href="/assets/a.css"><a href="/">1</a><a href="/a#why">2</a><a href="/a?as=learner">3</a>"##,
        r##"<a href="https://a.example/">4</a><a href="#b">5</a><form action="/a/read" data-next="/b"><a href="/a?b=1">6</a>"##,
    );

    fn kept(audience: Option<&str>, chosen: Option<&str>) -> String {
        let audience = audience.map(|audience| Audience::new(audience).unwrap());
        keep(HTML, audience.as_ref(), chosen.and_then(TwinName::new))
    }

    #[test]
    fn addresses_of_ours_keep_who_looks() {
        let staff = concat!(
            r##"<link href="/assets/a.css"><a href="/?as=staff">1</a><a href="/a?as=staff#why">2</a>"##,
            r##"<a href="/a?as=learner">3</a><a href="https://a.example/">4</a><a href="#b">5</a>"##,
            r##"<form action="/a/read?as=staff" data-next="/b?as=staff"><a href="/a?as=staff&amp;b=1">6</a>"##,
        );
        assert_eq!(kept(Some("staff"), None), staff);
        assert_eq!(kept(None, None), HTML);
    }

    #[test]
    fn addresses_of_ours_keep_the_language() {
        let learner = concat!(
            r##"<link href="/assets/a.css"><a href="/?in=cy">1</a><a href="/a?in=cy#why">2</a>"##,
            r##"<a href="/a?in=cy&amp;as=learner">3</a><a href="https://a.example/">4</a><a href="#b">5</a>"##,
            r##"<form action="/a/read?in=cy" data-next="/b?in=cy"><a href="/a?in=cy&amp;b=1">6</a>"##,
        );
        assert_eq!(kept(None, Some("cy")), learner);
        let staff = kept(Some("staff"), Some("easy-read"));
        assert!(staff.contains(r##"<a href="/?as=staff&amp;in=easy-read">1"##));
        assert!(staff.contains(r##"<a href="/a?in=easy-read&amp;as=learner">3"##));
    }
}
