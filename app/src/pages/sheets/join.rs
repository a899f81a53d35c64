use engine::{JoinCode, WayIn};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, address_code, mark, moment},
};

/// A sheet for the wall of an induction day: a code to scan, and one to type. `base_url` is where people find this site.
pub fn join_sheet(frame: &Frame, of: &JoinCode, group_name: &str, as_whom: Option<&str>, base_url: &str) -> Rendered {
    let typed = of.shown();
    frame.page(&format!("Code {typed} for {group_name}"), || {
        let address = format!("{base_url}/join/{}", of.code);
        let whom = match as_whom {
            Some(_) => "If you are new, you choose your password there. If you have an account, you sign in.",
            None => "Sign in there, and you are in the group.",
        };
        view! {
            <div class="sheet-intro no-print">
                <p class="crumb"><a href=format!("/groups/{}", of.group) dir="auto">{group_name.to_owned()}</a></p>
                <p>{mark(Mark::Print)} " A sheet to print, or to show on a screen. Whoever sees it can come into the group until it ends."</p>
            </div>
            <article class="sheet poster">
                <header>
                    <p class="sheet-from">{frame.around.organisation.clone()}</p>
                    <h1 dir="auto">{group_name.to_owned()}</h1>
                    <p class="lead">"Start your induction on your own phone."</p>
                </header>
                <section class="poster-scan">
                    {address_code(&address)}
                    <div>
                        <h2>"Scan it"</h2>
                        <p>"Or open this address, and type the code:"</p>
                        <p class="number">{format!("{}/join", shown(base_url))}</p>
                        <p class="number join-code">{typed.clone()}</p>
                        <p>{whom}</p>
                    </div>
                </section>
                <footer><p>{format!("This code holds until {}.", moment(of.expires_at))}</p></footer>
            </article>
        }
    })
}

/// An address as people type it: without what a browser adds by itself.
fn shown(base_url: &str) -> &str {
    base_url.trim_start_matches("https://").trim_start_matches("http://")
}

/// Slips to cut out, one for each person: with which they choose their password. Nobody sees these again.
pub fn ways_in(frame: &Frame, made: &[WayIn], back: &str, base_url: &str) -> Rendered {
    frame.page("Ways in", || {
        let slips = made
            .iter()
            .map(|way| {
                let address = format!("{base_url}/welcome/{}", way.secret);
                view! {
                    <article class="slip">
                        <div>
                            <p class="sheet-from">{frame.around.organisation.clone()}</p>
                            <h2 dir="auto">{way.name.clone()}</h2>
                            <p>"Scan this with your phone, or type the address below, and choose a password that only you know."</p>
                            <p>"You sign in with " <strong>{way.email.clone()}</strong></p>
                            <p class="slip-until">{format!("It works once, until {}. Keep it to yourself.", moment(way.expires_at))}</p>
                        </div>
                        {address_code(&address)}
                        <p class="slip-address">{address}</p>
                    </article>
                }
            })
            .collect_view();
        let none = made.is_empty().then(|| view! { <p>"Everybody in this group who has an e-mail address has a password."</p> });
        view! {
            <div class="sheet-intro no-print">
                <p class="crumb"><a href=back.to_owned()>"Back"</a></p>
                <h1>"Ways in"</h1>
                <p>
                    {mark(Mark::Print)}
                    " Print this now: it is shown this once. Each slip lets its holder choose the password of the person on it, so hand it to that person and nobody else. When you leave this page, slips that are not printed must be made anew."
                </p>
            </div>
            {none}
            <div class="slips">{slips}</div>
        }
    })
}
