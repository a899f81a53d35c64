//! The table of rights, walked in full.

use axum::http::{Method, StatusCode};
use engine::{Actor, Duty, Role, local_date};
use server::{Need, RIGHTS, Right};

use crate::{
    site::{Browser, Reply, Site, bare},
    visitor::Visitor,
};
use world::{World, group, on_both};

on_both![
    every_address_lets_in_whom_its_row_says,
    whose_duties_have_ended_is_let_in_where_anybody_is,
    who_has_left_is_let_in_nowhere,
    who_looks_after_another_group_is_shown_nothing_of_this_one,
    nobody_gets_in_anywhere_without_signing_in,
    asking_for_the_head_is_asking_for_the_page,
    an_address_without_a_row_leads_nowhere,
    no_address_fails_over_what_nobody_can_type,
    no_get_changes_anything,
];

/// Whoever changes a right changes this text, too, and means it.
#[test]
fn the_table_of_rights() {
    let row = |right: &Right| format!("{} {}: {:?}", right.method, right.path, right.need);
    let table: Vec<String> = RIGHTS.iter().map(row).collect();
    insta::assert_snapshot!(table.join("\n"), @"
    GET /: SignedIn
    GET /sign-in: Nothing
    POST /sign-in: Nothing
    GET /sign-in/code: Nothing
    POST /sign-in/code: Nothing
    GET /sign-in/with: Nothing
    GET /sign-in/back: Nothing
    POST /sign-in/passkey/ask: Nothing
    POST /sign-in/passkey: Nothing
    GET /sign-in/forgotten: Nothing
    POST /sign-in/forgotten: Nothing
    POST /sign-out: Nothing
    POST /leave: Nothing
    GET /help: Nothing
    GET /help/card: Nothing
    GET /help/poster: Nothing
    GET /privacy: Nothing
    GET /accessibility: Nothing
    GET /employers: Nothing
    GET /families: Nothing
    POST /words: SignedIn
    GET /matrix: Role([Manager, Dsl, Auditor, Administrator])
    GET /matrix/rows: Role([Manager, Dsl, Auditor, Administrator])
    GET /matrix/csv: Role([Manager, Dsl, Auditor, Administrator])
    GET /matrix/xlsx: Role([Manager, Dsl, Auditor, Administrator])
    GET /matrix/selected: Role([Manager, Dsl, Administrator])
    POST /matrix/assign: Role([Manager, Dsl, Administrator])
    POST /matrix/exempt: Role([Manager, Dsl, Administrator])
    POST /matrix/attempts: Role([Manager, Dsl, Administrator])
    POST /matrix/remind: Role([Manager, Dsl, Administrator])
    GET /matrix/done: Role([Manager, Dsl, Administrator])
    GET /matrix/done/{together}: Role([Manager, Dsl, Administrator])
    POST /matrix/done/{together}/undo: Role([Manager, Dsl, Administrator])
    POST /matrix/views: Role([Manager, Dsl, Auditor, Administrator])
    POST /matrix/views/{view}/delete: Role([Manager, Dsl, Auditor, Administrator])
    GET /overview: Role([Manager, Dsl, Administrator])
    GET /people/{person}: Role([Manager, Dsl, Auditor, Administrator])
    GET /people: Role([Manager, Dsl, Auditor, Administrator])
    GET /people/new: Role([Administrator])
    POST /people/new: Role([Administrator])
    GET /people/import: Role([Administrator])
    POST /people/import: Role([Administrator])
    GET /people/import/{upload}: Role([Administrator])
    POST /people/import/{upload}: Role([Administrator])
    POST /people/import/undo: Role([Administrator])
    GET /people/{person}/change: Role([Administrator])
    POST /people/{person}/change: Role([Administrator])
    POST /people/{person}/way-in: Role([Administrator])
    POST /people/{person}/second-factor: Role([Administrator])
    POST /people/{person}/sign-on: Role([Administrator])
    GET /groups: Role([Manager, Dsl, Auditor, Administrator])
    POST /groups: Role([Administrator])
    GET /groups/{group}: Role([Manager, Dsl, Auditor, Administrator])
    POST /groups/{group}: Role([Administrator])
    GET /groups/{group}/codes/{code}: Role([Administrator])
    POST /groups/{group}/ways-in: Role([Administrator])
    GET /join: Nothing
    GET /join/{code}: Nothing
    POST /join/{code}: Nothing
    GET /welcome/{secret}: Nothing
    POST /welcome/{secret}: Nothing
    GET /people/{person}/attempts/{attempt}: Role([Manager, Dsl])
    GET /people/{person}/exemptions: Role([Manager, Dsl, Administrator])
    POST /people/{person}/exemptions: Role([Manager, Dsl, Administrator])
    POST /people/{person}/exemptions/{exemption}/end: Role([Manager, Dsl, Administrator])
    GET /assignments: Role([Manager, Dsl, Administrator])
    GET /assignments/new: Role([Manager, Dsl, Administrator])
    POST /assignments: Role([Manager, Dsl, Administrator])
    GET /assignments/{assignment}/end: Role([Manager, Dsl, Administrator])
    POST /assignments/{assignment}/end: Role([Manager, Dsl, Administrator])
    GET /people/{person}/data: Role([Administrator])
    GET /people/{person}/data/file: Role([Administrator])
    GET /people/{person}/erase: Role([Administrator])
    POST /people/{person}/erase: Role([Administrator])
    GET /account: SignedIn
    GET /account/password: SignedIn
    POST /account/password: SignedIn
    POST /account/sessions/end: SignedIn
    POST /account/letters: SignedIn
    GET /account/second-factor: SignedIn
    POST /account/second-factor: SignedIn
    POST /account/second-factor/confirm: SignedIn
    POST /account/second-factor/codes: SignedIn
    POST /account/second-factor/end: SignedIn
    GET /account/passkeys: SignedIn
    POST /account/passkeys/ask: SignedIn
    POST /account/passkeys: SignedIn
    POST /account/passkeys/end: SignedIn
    GET /account/sign-on: SignedIn
    POST /account/sign-on: SignedIn
    GET /account/data: SignedIn
    GET /account/data/file: SignedIn
    GET /programmes: SignedIn
    GET /programmes/{programme}: SignedIn
    GET /modules: SignedIn
    GET /modules/{module}: SignedIn
    GET /modules/{module}/{page}: SignedIn
    POST /modules/{module}/{page}/read: SignedIn
    POST /time/{module}: SignedIn
    GET /modules/{module}/versions: SignedIn
    GET /modules/{module}/versions/{number}: SignedIn
    GET /modules/{module}/quiz: SignedIn
    POST /modules/{module}/quiz: SignedIn
    GET /modules/{module}/quiz/refresher: SignedIn
    POST /modules/{module}/quiz/refresher: SignedIn
    GET /attempts/{attempt}: SignedIn
    GET /attempts/{attempt}/review: SignedIn
    POST /attempts/{attempt}/answers: SignedIn
    POST /attempts/{attempt}/submit: SignedIn
    POST /attempts/{attempt}/whole: SignedIn
    GET /agreements: SignedIn
    GET /agreements/{agreement}: SignedIn
    GET /agreements/{agreement}/versions: SignedIn
    GET /agreements/{agreement}/versions/csv: SignedIn
    GET /agreements/{agreement}/versions/{number}: SignedIn
    GET /agreements/{agreement}/sign: SignedIn
    POST /agreements/{agreement}/sign: SignedIn
    GET /agreements/{agreement}/decline: SignedIn
    POST /agreements/{agreement}/decline: SignedIn
    GET /declines/{decline}: SignedIn
    GET /modules/{module}/run-sheet: Role([Manager, Dsl, Administrator])
    GET /discussions: Role([Manager, Dsl, Administrator])
    GET /discussions/{discussion}: SignedIn
    POST /discussions/{discussion}: SignedIn
    GET /people/{person}/discussions: Role([Manager, Dsl, Administrator])
    POST /people/{person}/discussions: Role([Manager, Dsl, Administrator])
    GET /workshops: SignedIn
    POST /workshops: SignedIn
    GET /workshops/new: Role([Manager, Dsl, Administrator])
    POST /workshops/new: Role([Manager, Dsl, Administrator])
    GET /workshops/{workshop}: Role([Manager, Dsl, Administrator])
    POST /workshops/{workshop}: Role([Manager, Dsl, Administrator])
    GET /workshops/{workshop}/sign-in: Role([Manager, Dsl, Administrator])
    POST /workshops/{workshop}/sign-in: Role([Manager, Dsl, Administrator])
    GET /workshops/{workshop}/resources: SignedIn
    POST /workshops/{workshop}/resources: Role([Manager, Dsl, Administrator])
    GET /workshops/{workshop}/resources/{resource}: SignedIn
    POST /workshops/{workshop}/resources/{resource}/end: Role([Manager, Dsl, Administrator])
    GET /submitted: SignedIn
    POST /submitted: SignedIn
    POST /submitted/csv: SignedIn
    GET /passes/{completion}/withdraw: Role([Administrator])
    POST /passes/{completion}/withdraw: Role([Administrator])
    GET /signatures/{signature}: SignedIn
    GET /receipts/{signature}: SignedIn
    GET /receipts/{signature}/file: SignedIn
    GET /cpd: SignedIn
    GET /cpd/file: SignedIn
    GET /cpd/elsewhere: SignedIn
    POST /cpd/elsewhere: SignedIn
    GET /cpd/elsewhere/{evidence}/file: SignedIn
    GET /cpd/elsewhere/{evidence}/end: SignedIn
    POST /cpd/elsewhere/{evidence}/end: SignedIn
    GET /calendar/{feed}: Nothing
    POST /cpd/calendar: SignedIn
    GET /cpd/reflections/{completion}: SignedIn
    POST /cpd/reflections/{completion}: SignedIn
    GET /certificates/{completion}: SignedIn
    GET /certificates/{completion}/badge: SignedIn
    GET /badges/issuer: Nothing
    GET /badges/keys: Nothing
    GET /badges/keys/{key}: Nothing
    GET /verify: Nothing
    GET /verify/{code}: Nothing
    GET /audit: Role([Auditor, Administrator])
    GET /audit/unsigned: Role([Auditor, Administrator])
    GET /audit/declined: Role([Auditor, Administrator])
    GET /audit/looks: Role([Auditor, Administrator])
    POST /audit/csv: Role([Auditor, Administrator])
    POST /audit/xlsx: Role([Auditor, Administrator])
    POST /audit/unsigned/csv: Role([Auditor, Administrator])
    POST /audit/unsigned/xlsx: Role([Auditor, Administrator])
    POST /audit/declined/csv: Role([Auditor, Administrator])
    POST /audit/declined/xlsx: Role([Auditor, Administrator])
    GET /audit/pack: Role([Auditor, Administrator])
    POST /audit/pack: Role([Auditor, Administrator])
    GET /audit/verify: Nothing
    GET /admin: Role([Administrator])
    GET /admin/contacts: Role([Administrator])
    GET /admin/settings: Role([Administrator])
    POST /admin/settings: Role([Administrator])
    GET /admin/log: Role([Auditor, Administrator])
    GET /admin/jobs: Role([Administrator])
    GET /admin/sessions: Role([Administrator])
    GET /admin/sessions/{person}: Role([Administrator])
    POST /admin/sessions/{person}: Role([Administrator])
    GET /letters/stop/{secret}: Nothing
    POST /letters/stop/{secret}: Nothing
    GET /admin/letters: Role([Administrator])
    POST /admin/letters: Role([Administrator])
    GET /admin/reminders: Role([Administrator])
    POST /admin/reminders: Role([Administrator])
    GET /log/checkpoint: Nothing
    GET /log/tile/{*tile}: Nothing
    GET /media/{file}: SignedIn
    POST /tutor-tasks/{task}/allow: Role([Manager, Dsl, Administrator])
    GET /scim/v2/ServiceProviderConfig: Directory
    GET /scim/v2/ResourceTypes: Directory
    GET /scim/v2/ResourceTypes/{name}: Directory
    GET /scim/v2/Schemas: Directory
    GET /scim/v2/Schemas/{name}: Directory
    GET /scim/v2/Users: Directory
    POST /scim/v2/Users: Directory
    POST /scim/v2/Users/.search: Directory
    GET /scim/v2/Users/{person}: Directory
    PUT /scim/v2/Users/{person}: Directory
    PATCH /scim/v2/Users/{person}: Directory
    DELETE /scim/v2/Users/{person}: Directory
    GET /scim/v2/Groups: Directory
    POST /scim/v2/Groups: Directory
    POST /scim/v2/Groups/.search: Directory
    GET /scim/v2/Groups/{group}: Directory
    PUT /scim/v2/Groups/{group}: Directory
    PATCH /scim/v2/Groups/{group}: Directory
    DELETE /scim/v2/Groups/{group}: Directory
    GET /healthz: Nothing
    GET /readyz: Nothing
    GET /metrics: MetricsToken
    GET /assets/{file}: Nothing
    ");
}

/// Who sees what others signed.
const SEE_EVIDENCE: [Option<Role>; 3] = [Some(Role::Dsl), Some(Role::Auditor), Some(Role::Administrator)];

/// What the door of an address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Open,
    SignInFirst,
    NotForYou,
    Odd(StatusCode),
}

impl Door {
    /// What an address says that wants a token to whoever brings none.
    const HIDDEN: Self = Self::Odd(StatusCode::NOT_FOUND);

    /// What an address of a directory says to whoever brings none, whoever they are.
    const WANTS_A_TOKEN: Self = Self::Odd(StatusCode::UNAUTHORIZED);

    /// What it says to whoever is not signed in.
    fn to_nobody(right: &Right) -> Self {
        match right.need {
            Need::Nothing => Self::Open,
            Need::MetricsToken => Self::HIDDEN,
            Need::Directory => Self::WANTS_A_TOKEN,
            Need::SignedIn | Need::Role(_) => Self::SignInFirst,
        }
    }

    fn of(right: &Right, reply: &Reply) -> Self {
        match reply.status {
            status if reply.header("content-type") == "application/scim+json" => Self::Odd(status),
            StatusCode::SEE_OTHER if right.method == Method::GET && reply.location().starts_with("/sign-in") => {
                Self::SignInFirst
            }
            StatusCode::UNAUTHORIZED if right.method == Method::POST => Self::SignInFirst,
            StatusCode::FORBIDDEN => Self::NotForYou,
            StatusCode::OK | StatusCode::NO_CONTENT | StatusCode::SEE_OTHER | StatusCode::UNPROCESSABLE_ENTITY => {
                Self::Open
            }
            other => Self::Odd(other),
        }
    }
}

async fn every_address_lets_in_whom_its_row_says(world: World) {
    let site = Site::over(&world);
    let mut visitors = Vec::new();
    visitors.push((None, Visitor::arrives(&world, "learner", &[]).await));
    for role in Role::ALL {
        visitors.push((Some(role), Visitor::arrives(&world, role.code(), &[role]).await));
    }
    let mut wrong = Vec::new();
    for (role, visitor) in &visitors {
        let browser = site.browser_of(&visitor.someone).await;
        wrong.extend(walks(&site, browser, visitor, *role).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Sends somebody who is signed in to every address, and says where they are let in and should not be, or the other way round.
async fn walks(site: &Site, mut browser: Browser, visitor: &Visitor, role: Option<Role>) -> Vec<String> {
    let stylesheet = stylesheet(site).await;
    let mut wrong = Vec::new();
    for right in RIGHTS {
        let mut request = visitor.request(right);
        if right.path == "/assets/{file}" {
            *request.uri_mut() = stylesheet.parse().unwrap();
        }
        let reply = match right.path {
            "/sign-out" | "/leave" => browser.clone().send(request).await,
            _ => browser.send(request).await,
        };
        if matches!(right.path, "/sign-out" | "/leave") {
            browser = site.browser_of(&visitor.someone).await;
        }
        let expected = match right.need {
            Need::MetricsToken => Door::HIDDEN,
            Need::Directory => Door::WANTS_A_TOKEN,
            Need::Role(roles) if !role.is_some_and(|role| roles.contains(&role)) => Door::NotForYou,
            // Who holds the role to which agreements are submitted says `organisation.toml`; nobody here does.
            _ if right.path.starts_with("/submitted") && !SEE_EVIDENCE.contains(&role) => Door::NotForYou,
            _ => Door::Open,
        };
        let found = Door::of(right, &reply);
        if found != expected {
            wrong.push(format!("{role:?} {} {}: {found:?}, not {expected:?}", right.method, right.path));
        }
    }
    wrong
}

/// In the session that they began before.
async fn whose_duties_have_ended_is_let_in_where_anybody_is(world: World) {
    let site = Site::over(&world);
    let visitor = Visitor::arrives(&world, "former", &Role::ALL).await;
    let browser = site.browser_of(&visitor.someone).await;
    let person = &visitor.someone.person;
    assert!(person.duties.len() >= Role::ALL.len(), "{:?}", person.duties);
    for duty in &person.duties {
        let today = local_date(world.engine.now());
        world.engine.end_duty(person.id, *duty, today, Actor::CommandLine).await.unwrap();
    }
    let wrong = walks(&site, browser, &visitor, None).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn who_has_left_is_let_in_nowhere(world: World) {
    let site = Site::over(&world);
    let visitor = Visitor::arrives(&world, "leaver", &Role::ALL).await;
    let browser = site.browser_of(&visitor.someone).await;
    let today = local_date(world.engine.now());
    world.engine.leave(visitor.someone.person.id, today, Actor::CommandLine).await.unwrap();
    let mut wrong = Vec::new();
    for right in RIGHTS.iter().filter(|right| matches!(right.need, Need::SignedIn | Need::Role(_))) {
        // Each time with the session that they had.
        let reply = browser.clone().send(visitor.request(right)).await;
        let found = Door::of(right, &reply);
        if found != Door::SignInFirst {
            wrong.push(format!("{} {}: {found:?}", right.method, right.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// With every duty over that other group.
async fn who_looks_after_another_group_is_shown_nothing_of_this_one(world: World) {
    let site = Site::over(&world);
    let visitor = Visitor::arrives(&world, "manager", &[Role::Manager]).await;
    let other = world.learner("otto").await;
    let (over, today) = (Some(group(&world, "Northfield/Cohort B").await), local_date(world.engine.now()));
    for role in [Role::Manager, Role::Dsl, Role::Auditor, Role::Administrator] {
        world.engine.give_duty(other.person.id, Duty { role, over }, today, Actor::CommandLine).await.unwrap();
    }
    let mut browser = site.browser_of(&other).await;
    let of_somebody =
        ["{person}", "{attempt}", "{signature}", "{decline}", "{discussion}", "{evidence}", "/{completion}"];
    let shows = |right: &&Right| {
        right.method == Method::GET
            && matches!(right.need, Need::SignedIn | Need::Role(_))
            && of_somebody.iter().any(|part| right.path.contains(part))
    };
    let mut wrong = Vec::new();
    for right in RIGHTS.iter().filter(shows) {
        let reply = browser.send(visitor.request(right)).await;
        if !matches!(reply.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN) {
            wrong.push(format!("{}: {}", right.path, reply.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // And nothing is changed by what they send there: of whom they may not see nobody says that there is anything.
    let before = world.raw.count("log_leaf").await;
    for right in RIGHTS.iter().filter(|right| right.method == Method::POST && right.path.contains("{person}")) {
        let reply = browser.send(visitor.request(right)).await;
        assert!(!reply.status.is_success(), "{}: {}", right.path, reply.status);
    }
    assert_eq!(world.raw.count("log_leaf").await, before);
}

async fn nobody_gets_in_anywhere_without_signing_in(world: World) {
    let site = Site::over(&world);
    let everybody = Visitor::arrives(&world, "everybody", &Role::ALL).await;
    let stylesheet = stylesheet(&site).await;
    let before = world.raw.everything().await;
    let mut browser = site.browser();
    let mut wrong = Vec::new();
    for right in RIGHTS.iter().filter(|right| right.path != "/sign-in" || right.method == Method::GET) {
        let mut request = everybody.request(right);
        if right.path == "/assets/{file}" {
            *request.uri_mut() = stylesheet.parse().unwrap();
        }
        let reply = browser.send(request).await;
        if right.path == "/leave" {
            // That it was left is all that a browser remembers which nobody has signed in with.
            assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["induct-left"]);
            browser = site.browser();
        }
        let expected = Door::to_nobody(right);
        let found = Door::of(right, &reply);
        let address = everybody.address(right.path);
        let remembers = match (&right.method, expected) {
            (_, Door::Open | Door::Odd(_)) => true,
            // Nobody has signed in here for whom a form could be kept, and it is said.
            (&Method::POST, _) => reply.field("next") == "/" && reply.text().contains("did not reach us"),
            _ if address == "/" => reply.location() == "/sign-in",
            _ => reply.location() == format!("/sign-in?next={}", address.replace('/', "%2F")),
        };
        if found != expected || !remembers {
            wrong.push(format!("{} {}: {found:?}, not {expected:?}; {}", right.method, right.path, reply.location()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(world.raw.everything().await, before);
    assert_eq!(browser.cookies.len(), 0);
}

async fn asking_for_the_head_is_asking_for_the_page(world: World) {
    let site = Site::over(&world);
    let everybody = Visitor::arrives(&world, "everybody", &Role::ALL).await;
    for right in RIGHTS.iter().filter(|right| right.method == Method::GET && right.need != Need::Nothing) {
        let reply = site.browser().send(bare(Method::HEAD, &everybody.address(right.path))).await;
        assert_eq!(Door::of(right, &reply), Door::to_nobody(right), "{}", right.path);
    }
}

async fn an_address_without_a_row_leads_nowhere(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    for mut browser in [site.browser(), site.browser_of(&amy).await] {
        for address in [
            "/admin/nothing",
            "/modules/four-cs/four-words/read/more",
            "/api/v1/people",
            "/.env",
            "/assets/nothing.css",
        ] {
            assert_eq!(browser.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
        }
        for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
            let reply = browser.send(bare(method, "/help")).await;
            assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
        }
    }
}

/// PostgreSQL keeps no text with that character, and says so by failing.
async fn no_address_fails_over_what_nobody_can_type(world: World) {
    let site = Site::over(&world);
    let everybody = Visitor::arrives(&world, "everybody", &Role::ALL).await;
    let mut browser = site.browser_of(&everybody.someone).await;
    let names = "after agree agreement anew as-at asks audience audience_on back back_on below by code confirm current days \
                 done due-before duty_on email end_on ended external_id file find from from_what given group group_on held how key \
                 last_name leave_on letter lines most move_on name next no_day of on order over page password path programme \
                 provider q query reason result role sample seconds site start start_date state status sure text title to to_name twin \
                 typed_name until version view visit what which who why word year";
    let fields: Vec<(&str, &str)> = names.split_whitespace().map(|name| (name, "N\0UL")).collect();
    let query: String = names.split_whitespace().map(|name| format!("{name}=N%00UL&")).collect();
    let (looks, acts): (Vec<&Right>, Vec<&Right>) = RIGHTS.iter().partition(|right| right.method == Method::GET);
    for right in looks {
        let address = everybody.address(right.path);
        let reply = browser.get(&format!("{address}?{query}")).await;
        assert!(reply.status.as_u16() < 500, "GET {address}: {}", reply.status);
    }
    for right in acts {
        let address = everybody.address(right.path);
        let reply = site.browser_of(&everybody.someone).await.post(&address, &fields).await;
        assert!(reply.status.as_u16() < 500, "POST {address}: {}", reply.status);
    }
}

async fn no_get_changes_anything(world: World) {
    let site = Site::over(&world);
    let everybody = Visitor::arrives(&world, "everybody", &Role::ALL).await;
    let mut browser = site.browser_of(&everybody.someone).await;
    let before = world.raw.everything().await;
    // That somebody looked at the record or the answers of another is noted.
    let notes = [
        "/people/{person}/attempts/{attempt}",
        "/people/{person}/change",
        "/people/{person}/discussions",
        "/people/{person}/exemptions",
    ];
    for right in RIGHTS.iter().filter(|right| right.method == Method::GET && !notes.contains(&right.path)) {
        browser.send(everybody.request(right)).await;
    }
    assert_eq!(world.raw.everything().await, before);
}

/// The address of a file that pages load.
async fn stylesheet(site: &Site) -> String {
    let page = site.browser().get("/help").await.text();
    let (_, rest) = page.split_once("rel=\"stylesheet\" href=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}
