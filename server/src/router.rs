use std::collections::HashSet;

use axum::{
    Router,
    handler::Handler,
    http::Method,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodFilter, MethodRouter, on},
};

use crate::{
    compress,
    door::{AppState, RIGHTS, counts, guard, headers, origin, right, sessions, within_limits},
    routes::{
        account, administration, agreements, assets, assignments, attempts, audit, calendar, certificates, cpd,
        declines, discussions, elsewhere, erase_person, forgotten, groups, health, help, import_people, jobs, join,
        leave, letters, linked_accounts, log, matrix, media, metrics, modules, overview, own_page, passes, passkeys,
        people, person_data, programmes, provider_pages, quizzes, reflections, reminders, resources, scim,
        second_factor, selected, sign_in, sign_on, signatures, signed_in, stop_letters, submitted, time_spent,
        tutor_tasks, versions, welcome, words, workshops,
    },
    serve::Limits,
};

/// Puts handlers at addresses, each with the guard that its row in the table of rights asks for.
struct Routes {
    state: AppState,
    router: Router<AppState>,
    placed: HashSet<(Method, &'static str)>,
}

impl Routes {
    fn new(state: AppState) -> Self {
        Self { state, router: Router::new(), placed: HashSet::new() }
    }

    /// # Panics
    /// When the table of rights has no row for the address: such a binary must not serve.
    #[expect(clippy::expect_used, reason = "an address without a right must not be served, not even once")]
    fn at<T: 'static>(
        mut self,
        method: Method,
        path: &str,
        handler: impl Handler<T, AppState>,
        dressed: fn(MethodRouter<AppState>) -> MethodRouter<AppState>,
    ) -> Self {
        let right = right(&method, path).expect("every address has a row in the table of rights");
        let filter = MethodFilter::try_from(method).expect("the table of rights has only plain methods");
        let guarded: MethodRouter<AppState> =
            on(filter, handler).layer(from_fn_with_state((self.state.clone(), right), guard::check));
        self.router = self.router.route(right.path, dressed(guarded));
        self.placed.insert((right.method.clone(), right.path));
        self
    }

    /// What is looked at, and repeats nothing that came with the request.
    fn get<T: 'static>(self, path: &str, handler: impl Handler<T, AppState>) -> Self {
        self.at(Method::GET, path, handler, |guarded| guarded.layer(compress::pages()))
    }

    /// What is looked at and must not be compressed, because it repeats what came with the request, or need not be.
    fn get_as_it_is<T: 'static>(self, path: &str, handler: impl Handler<T, AppState>) -> Self {
        self.at(Method::GET, path, handler, |guarded| guarded)
    }

    /// What a directory asks or sends.
    fn directory<T: 'static>(self, method: Method, path: &str, handler: impl Handler<T, AppState>) -> Self {
        self.at(method, path, handler, |guarded| guarded)
    }

    fn post<T: 'static>(self, path: &str, handler: impl Handler<T, AppState>) -> Self {
        self.at(Method::POST, path, handler, |guarded| guarded)
    }
}

/// The whole site.
///
/// # Panics
/// When the table of rights and the handlers do not match one to one.
pub fn router(state: AppState) -> Router {
    let pages = Routes::new(state.clone())
        .get("/", own_page::show)
        .get_as_it_is("/sign-in", sign_in::show)
        .post("/sign-in", sign_in::sign_in)
        .get_as_it_is("/sign-in/code", sign_in::show)
        .post("/sign-in/passkey/ask", passkeys::ask)
        .post("/sign-in/passkey", passkeys::sign_in)
        .post("/sign-in/code", sign_in::sign_in_with_code)
        .get_as_it_is("/sign-in/with", sign_on::leave)
        .get_as_it_is("/sign-in/back", sign_on::come_back)
        .get_as_it_is("/sign-in/forgotten", forgotten::show)
        .post("/sign-in/forgotten", forgotten::ask)
        .post("/sign-out", sign_in::sign_out)
        .post("/leave", leave::leave)
        .get("/help", help::show)
        .get("/help/card", help::card)
        .get("/help/poster", help::poster)
        .get_as_it_is("/cpd", cpd::show)
        .get_as_it_is("/cpd/file", cpd::file)
        .get("/cpd/elsewhere", elsewhere::show)
        .post("/cpd/elsewhere", elsewhere::add)
        .get("/cpd/elsewhere/{evidence}/end", elsewhere::ask_to_end)
        .post("/cpd/elsewhere/{evidence}/end", elsewhere::end)
        .get_as_it_is("/cpd/elsewhere/{evidence}/file", elsewhere::file)
        .post("/cpd/calendar", calendar::change)
        .get_as_it_is("/calendar/{feed}", calendar::feed)
        .get("/cpd/reflections/{completion}", reflections::show)
        .post("/cpd/reflections/{completion}", reflections::write)
        .get_as_it_is("/certificates/{completion}", certificates::file)
        .get_as_it_is("/certificates/{completion}/badge", certificates::badge)
        .get("/badges/issuer", certificates::badge_profile)
        .get("/badges/keys", certificates::badge_keys)
        .get("/badges/keys/{key}", certificates::badge_key)
        .get_as_it_is("/verify", certificates::ask)
        .get_as_it_is("/verify/{code}", certificates::verify)
        .get("/privacy", provider_pages::privacy)
        .get("/accessibility", provider_pages::accessibility)
        .get("/employers", provider_pages::employers)
        .get("/families", provider_pages::families)
        .post("/words", words::choose)
        .get("/matrix", matrix::show)
        .get("/matrix/rows", matrix::rows)
        .get_as_it_is("/matrix/csv", matrix::csv)
        .get_as_it_is("/matrix/xlsx", matrix::xlsx)
        .get("/matrix/selected", selected::show)
        .post("/matrix/assign", selected::assign)
        .post("/matrix/exempt", selected::exempt)
        .post("/matrix/attempts", selected::give_attempts)
        .post("/matrix/remind", selected::remind)
        .get("/matrix/done", selected::all_done)
        .get("/matrix/done/{together}", selected::done)
        .post("/matrix/done/{together}/undo", selected::undo)
        .post("/matrix/views", selected::save_view)
        .post("/matrix/views/{view}/delete", selected::delete_view)
        .get("/overview", overview::show)
        .get("/people/{person}", matrix::person)
        .get("/people", people::list)
        .get("/people/new", people::show_new)
        .post("/people/new", people::add)
        .get("/people/import", import_people::show)
        .post("/people/import", import_people::take)
        .get("/people/import/{upload}", import_people::look)
        .post("/people/import/{upload}", import_people::go_on)
        .post("/people/import/undo", import_people::undo)
        .get("/people/{person}/change", people::show_change)
        .post("/people/{person}/change", people::change)
        .post("/people/{person}/way-in", people::way_in)
        .post("/people/{person}/second-factor", people::remove_second_factor)
        .post("/people/{person}/sign-on", linked_accounts::end_for)
        .get("/groups", groups::list)
        .post("/groups", groups::make)
        .get("/groups/{group}", groups::show)
        .post("/groups/{group}", groups::change)
        .get("/groups/{group}/codes/{code}", groups::code)
        .post("/groups/{group}/ways-in", groups::make_ways_in)
        .get_as_it_is("/join", join::show)
        .get_as_it_is("/join/{code}", join::open)
        .post("/join/{code}", join::enter)
        .get_as_it_is("/welcome/{secret}", welcome::show)
        .post("/welcome/{secret}", welcome::choose)
        .get("/people/{person}/attempts/{attempt}", matrix::answers)
        .get_as_it_is("/people/{person}/exemptions", assignments::show_excuse)
        .post("/people/{person}/exemptions", assignments::excuse)
        .post("/people/{person}/exemptions/{exemption}/end", assignments::end_excuse)
        .get_as_it_is("/assignments", assignments::show)
        .get_as_it_is("/assignments/new", assignments::preview)
        .post("/assignments", assignments::give)
        .get_as_it_is("/assignments/{assignment}/end", assignments::ask_to_end)
        .post("/assignments/{assignment}/end", assignments::end)
        .get("/people/{person}/data", person_data::show)
        .get_as_it_is("/people/{person}/data/file", person_data::show_file)
        .get("/people/{person}/erase", erase_person::ask)
        .post("/people/{person}/erase", erase_person::erase)
        .get("/account", account::show)
        .get("/account/password", account::ask)
        .post("/account/password", account::change)
        .post("/account/sessions/end", account::end_session)
        .post("/account/letters", account::letters)
        .get_as_it_is("/account/second-factor", second_factor::show)
        .post("/account/second-factor", second_factor::begin)
        .post("/account/second-factor/confirm", second_factor::confirm)
        .post("/account/second-factor/codes", second_factor::make_codes)
        .post("/account/second-factor/end", second_factor::end)
        .get_as_it_is("/account/passkeys", passkeys::show)
        .post("/account/passkeys/ask", passkeys::want)
        .post("/account/passkeys", passkeys::add)
        .post("/account/passkeys/end", passkeys::end)
        .get_as_it_is("/account/sign-on", linked_accounts::show)
        .post("/account/sign-on", linked_accounts::end)
        .get("/account/data", person_data::own)
        .get_as_it_is("/account/data/file", person_data::own_file)
        .get("/programmes", programmes::list)
        .get("/programmes/{programme}", programmes::show)
        .get("/modules", modules::list)
        .get("/modules/{module}", modules::show)
        .get("/modules/{module}/{page}", modules::page)
        .post("/modules/{module}/{page}/read", modules::read)
        .post("/time/{module}", time_spent::spend)
        .get("/modules/{module}/versions", versions::of_module)
        .get("/modules/{module}/versions/{number}", versions::module)
        .get("/modules/{module}/quiz", quizzes::show)
        .post("/modules/{module}/quiz", quizzes::start)
        .get("/modules/{module}/quiz/refresher", quizzes::refresher)
        .post("/modules/{module}/quiz/refresher", quizzes::start_refresher)
        .get("/attempts/{attempt}", attempts::show)
        .get("/attempts/{attempt}/review", attempts::review_page)
        .post("/attempts/{attempt}/answers", attempts::save)
        .post("/attempts/{attempt}/submit", attempts::submit)
        .post("/attempts/{attempt}/whole", attempts::take_whole)
        .get("/agreements", agreements::list)
        .get("/agreements/{agreement}", agreements::show)
        .get("/agreements/{agreement}/versions", versions::of_agreement)
        .get("/agreements/{agreement}/versions/csv", versions::agreement_table)
        .get("/agreements/{agreement}/versions/{number}", versions::agreement)
        .get("/agreements/{agreement}/sign", agreements::to_form)
        .post("/agreements/{agreement}/sign", agreements::sign)
        .get("/agreements/{agreement}/decline", declines::ask)
        .post("/agreements/{agreement}/decline", declines::decline)
        .get("/declines/{decline}", declines::show)
        .get("/modules/{module}/run-sheet", discussions::run_sheet)
        .get("/discussions", discussions::list)
        .get("/discussions/{discussion}", discussions::show)
        .post("/discussions/{discussion}", discussions::answer)
        .get_as_it_is("/people/{person}/discussions", discussions::with)
        .post("/people/{person}/discussions", discussions::hold)
        .get("/workshops", workshops::list)
        .post("/workshops", workshops::sign_in)
        .get("/workshops/new", workshops::ask)
        .post("/workshops/new", workshops::plan)
        .get("/workshops/{workshop}", workshops::show)
        .post("/workshops/{workshop}", workshops::act)
        .get("/workshops/{workshop}/sign-in", workshops::ask_sign_in_for)
        .post("/workshops/{workshop}/sign-in", workshops::sign_in_for)
        .get("/workshops/{workshop}/resources", resources::show)
        .post("/workshops/{workshop}/resources", resources::give)
        .get_as_it_is("/workshops/{workshop}/resources/{resource}", resources::file)
        .post("/workshops/{workshop}/resources/{resource}/end", resources::end)
        .get("/submitted", submitted::list)
        .post("/submitted", submitted::tick)
        .post("/submitted/csv", submitted::csv)
        .get("/passes/{completion}/withdraw", passes::ask)
        .post("/passes/{completion}/withdraw", passes::withdraw)
        .get("/signatures/{signature}", signatures::evidence)
        .get("/receipts/{signature}", signatures::receipt)
        .get("/receipts/{signature}/file", signatures::receipt_file)
        .get_as_it_is("/audit", audit::register)
        .get_as_it_is("/audit/unsigned", audit::unsigned)
        .get("/audit/declined", audit::declined)
        .get("/audit/looks", audit::looks)
        .post("/audit/csv", audit::csv)
        .post("/audit/xlsx", audit::xlsx)
        .post("/audit/unsigned/csv", audit::unsigned_csv)
        .post("/audit/unsigned/xlsx", audit::unsigned_xlsx)
        .post("/audit/declined/csv", audit::declined_csv)
        .post("/audit/declined/xlsx", audit::declined_xlsx)
        .get_as_it_is("/audit/pack", audit::pack)
        .post("/audit/pack", audit::make_pack)
        .get("/audit/verify", audit::verify)
        .get("/admin", administration::front)
        .get("/admin/contacts", administration::contacts)
        .get("/admin/settings", administration::settings)
        .post("/admin/settings", administration::try_settings)
        .get("/admin/log", administration::log)
        .get("/admin/jobs", jobs::show)
        .get("/admin/sessions", signed_in::list)
        .get("/admin/sessions/{person}", signed_in::ask)
        .post("/admin/sessions/{person}", signed_in::end)
        .get("/letters/stop/{secret}", stop_letters::show)
        .post("/letters/stop/{secret}", stop_letters::act)
        .get("/admin/letters", letters::show)
        .post("/admin/letters", letters::act)
        .get("/admin/reminders", reminders::show)
        .post("/admin/reminders", reminders::act)
        .get_as_it_is("/log/checkpoint", log::checkpoint)
        .get_as_it_is("/log/tile/{*tile}", log::tile)
        .get_as_it_is("/media/{file}", media::show)
        .post("/tutor-tasks/{task}/allow", tutor_tasks::allow);
    // These read neither session nor person: they must answer when the database does not.
    let plain = Routes::new(state.clone())
        .directory(Method::GET, "/scim/v2/ServiceProviderConfig", scim::config)
        .directory(Method::GET, "/scim/v2/ResourceTypes", scim::list_types)
        .directory(Method::GET, "/scim/v2/ResourceTypes/{name}", scim::resource_type)
        .directory(Method::GET, "/scim/v2/Schemas", scim::list_all_schemas)
        .directory(Method::GET, "/scim/v2/Schemas/{name}", scim::schema)
        .directory(Method::GET, "/scim/v2/Users", scim::list_users)
        .directory(Method::POST, "/scim/v2/Users", scim::add_user)
        .directory(Method::POST, "/scim/v2/Users/.search", scim::search_users)
        .directory(Method::GET, "/scim/v2/Users/{person}", scim::user)
        .directory(Method::PUT, "/scim/v2/Users/{person}", scim::set_user)
        .directory(Method::PATCH, "/scim/v2/Users/{person}", scim::patch_user)
        .directory(Method::DELETE, "/scim/v2/Users/{person}", scim::delete_user)
        .directory(Method::GET, "/scim/v2/Groups", scim::list_groups)
        .directory(Method::POST, "/scim/v2/Groups", scim::add_group)
        .directory(Method::POST, "/scim/v2/Groups/.search", scim::search_groups)
        .directory(Method::GET, "/scim/v2/Groups/{group}", scim::group)
        .directory(Method::PUT, "/scim/v2/Groups/{group}", scim::set_group)
        .directory(Method::PATCH, "/scim/v2/Groups/{group}", scim::patch_group)
        .directory(Method::DELETE, "/scim/v2/Groups/{group}", scim::delete_group)
        .get_as_it_is("/healthz", health::alive)
        .get_as_it_is("/readyz", health::ready)
        .get_as_it_is("/metrics", metrics::show)
        .get_as_it_is("/assets/{file}", assets::show);
    let missing: Vec<_> = RIGHTS
        .iter()
        .filter(|right| {
            let key = (right.method.clone(), right.path);
            !pages.placed.contains(&key) && !plain.placed.contains(&key)
        })
        .collect();
    assert!(missing.is_empty(), "rows in the table of rights without a handler: {missing:?}");

    let pages = pages.router.fallback(guard::not_found).layer(sessions::layer(&state));
    let pages = within_limits(pages, &state, Limits::default()).layer(from_fn_with_state(state.clone(), origin::check));
    let whole = plain.router.merge(pages).layer(from_fn(headers::secure));
    let whole = whole.layer(from_fn_with_state(state.clone(), counts::count));
    let whole = if state.settings.is_secure() { whole.layer(from_fn(headers::tls_alone)) } else { whole };
    whole.with_state(state)
}
