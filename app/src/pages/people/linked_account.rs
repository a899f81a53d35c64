use engine::LinkedAccount;
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, field, moment},
};

/// Where somebody takes away that an account of their organisation lets them in. `username`: with what they sign in, for what keeps their passwords;
/// `may`: they have another way in.
pub fn unlink_account(
    frame: &Frame,
    username: &str,
    accounts: &[LinkedAccount],
    may: bool,
    faults: &Faults,
) -> Rendered {
    let title = "The account of your organisation";
    frame.page(&faults.title(title), || {
        let known = accounts.iter().filter(|account| account.ended_at.is_none()).map(|account| {
            let since = format!("It lets you in since {}. Its organisation calls itself:", moment(account.since));
            view! { <p>{since} <br/> <b class="address">{account.issuer.clone()}</b></p> }
        });
        let form = if may {
            let password = field(Field { id: "password", label: "Your password", hint: None }, faults, |told| {
                view! {
                    <input id="password" name="password" type="password" required autocomplete="current-password" aria-describedby=told.described_by aria-invalid=told.invalid/>
                }
            });
            view! {
                <p>"If you take it away, only your email and password let you in. Everywhere else you are signed out. An administrator can allow that account again."</p>
                <form method="post" action="/account/sign-on" novalidate>
                    <input type="hidden" name="username" value=username.to_owned() autocomplete="username"/>
                    {password}
                    <div class="actions">
                        <button>"Take it away"</button>
                        " "
                        <a class="button second" href="/account">"Leave it as it is"</a>
                    </div>
                </form>
            }
            .into_any()
        } else {
            view! {
                <p>"It is the only way in that you have, so you cannot take it away yourself. If it is not yours, tell an administrator: they can take it away."</p>
                <div class="actions"><a class="button second" href="/account">"Back to your account"</a></div>
            }
            .into_any()
        };
        view! {
            <p class="crumb no-print"><a href="/account">"Your account"</a></p>
            <div class="column">
                {faults.list()}
                <h1>{title}</h1>
                {known.collect_view()}
                {form}
            </div>
        }
        .into_any()
    })
}
