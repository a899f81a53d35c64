use std::collections::HashSet;

use axum::{
    Router,
    handler::Handler,
    http::Method,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodFilter, MethodRouter, on},
};

use crate::{
    assets, compress,
    door::{AppState, RIGHTS, guard, headers, origin, right, sessions, within_limits},
    routes::{
        agreements, attempts, audit, cpd, health, help, leave, log, matrix, media, modules, own_page, provider_pages,
        quizzes, sign_in, signatures, tutor_tasks, versions, words,
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
        .post("/sign-out", sign_in::sign_out)
        .post("/leave", leave::leave)
        .get("/help", help::show)
        .get("/help/card", help::card)
        .get("/help/poster", help::poster)
        .get("/cpd", cpd::show)
        .get_as_it_is("/cpd/file", cpd::file)
        .get("/privacy", provider_pages::privacy)
        .get("/accessibility", provider_pages::accessibility)
        .get("/employers", provider_pages::employers)
        .get("/families", provider_pages::families)
        .post("/words", words::choose)
        .get("/matrix", matrix::show)
        .get_as_it_is("/matrix/csv", matrix::csv)
        .get_as_it_is("/matrix/xlsx", matrix::xlsx)
        .get("/people/{person}", matrix::person)
        .get("/modules", modules::list)
        .get("/modules/{module}", modules::show)
        .get("/modules/{module}/{page}", modules::page)
        .post("/modules/{module}/{page}/read", modules::read)
        .get("/modules/{module}/versions", versions::of_module)
        .get("/modules/{module}/versions/{number}", versions::module)
        .get("/modules/{module}/quiz", quizzes::show)
        .post("/modules/{module}/quiz", quizzes::start)
        .get("/attempts/{attempt}", attempts::show)
        .get("/attempts/{attempt}/review", attempts::review_page)
        .post("/attempts/{attempt}/answers", attempts::save)
        .post("/attempts/{attempt}/submit", attempts::submit)
        .get("/agreements", agreements::list)
        .get("/agreements/{agreement}", agreements::show)
        .get("/agreements/{agreement}/versions", versions::of_agreement)
        .get("/agreements/{agreement}/versions/{number}", versions::agreement)
        .get("/agreements/{agreement}/sign", agreements::to_form)
        .post("/agreements/{agreement}/sign", agreements::sign)
        .get("/signatures/{signature}", signatures::evidence)
        .get("/receipts/{signature}", signatures::receipt)
        .get("/receipts/{signature}/file", signatures::receipt_file)
        .get_as_it_is("/audit", audit::register)
        .get_as_it_is("/audit/unsigned", audit::unsigned)
        .get("/audit/looks", audit::looks)
        .post("/audit/csv", audit::csv)
        .get_as_it_is("/audit/pack", audit::pack)
        .post("/audit/pack", audit::make_pack)
        .get("/audit/verify", audit::verify)
        .get_as_it_is("/log/checkpoint", log::checkpoint)
        .get_as_it_is("/log/tile/{*tile}", log::tile)
        .get_as_it_is("/media/{file}", media::show)
        .post("/tutor-tasks/{task}/allow", tutor_tasks::allow);
    // These read neither session nor person: they must answer when the database does not.
    let plain = Routes::new(state.clone())
        .get_as_it_is("/healthz", health::alive)
        .get_as_it_is("/readyz", health::ready)
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
    let whole = if state.settings.is_secure() { whole.layer(from_fn(headers::tls_alone)) } else { whole };
    whole.with_state(state)
}
